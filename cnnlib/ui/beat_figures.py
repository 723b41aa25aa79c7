"""The figure of a beat, from its link alone, for lecture notes."""

from collections.abc import Callable, Mapping

import numpy as np

from cnnlib.data.digits import built_in
from cnnlib.drawing import Drawing, rasterize
from cnnlib.figures.scene import Scene, scene
from cnnlib.figures.svg import to_svg
from cnnlib.images import frame
from cnnlib.reading import RASTER
from cnnlib.talks.talk import Beat
from cnnlib.ui import lesson_1d, lesson_2d, lesson_fields, lesson_layer, lesson_pooling
from cnnlib.ui.controls import PADDING
from cnnlib.ui.walk_room import METHODS
from cnnlib.volume import Volume
from cnnlib.walkthrough import Walkthrough

State = Mapping[str, str]
_STYLES = {label: style for style, label in PADDING.items()}


def figure(beat: Beat) -> str | None:
    """Return a beat's figure as SVG, or None if its lesson has none or its state can't be shown."""
    draw = _FIGURES.get(beat.lesson)
    try:
        return to_svg(draw(beat.state)) if draw else None
    except (ValueError, TypeError, KeyError, IndexError):
        return None


def _only(state: State, key: str, view: str) -> None:
    """Raise ValueError for another view of a lesson than the one that has a figure."""
    if state.get(key, view) != view:
        raise ValueError(f"the view {state[key]} has no figure of its own")


def _step_of(state: State, tell: Callable[..., Walkthrough], lead: int) -> Scene:
    walk = tell(METHODS[lead])
    sizes = [stop - start for start, stop in (step.terms for step in walk.steps)]
    step = int(state.get("step", sizes.index(max(sizes))))
    return scene(walk, min(step, len(walk.steps) - 1))


def _one_dimension(state: State) -> Scene:
    usual = lesson_1d.Setup()
    setup = lesson_1d.Setup(
        state.get("a", usual.a),
        state.get("b", usual.b),
        state.get("c", "1,-1") if state.get("third") == "true" else None,
        state.get("op", usual.operation),  # type: ignore[arg-type]
        state.get("keep", usual.padding),  # type: ignore[arg-type]
        _STYLES[state.get("pad", "zeros")],  # type: ignore[arg-type]
        state.get("play", usual.played).replace("⊗", "∗"),  # type: ignore[arg-type]
    )
    return _step_of(state, setup.walk, int(state.get("lead", 0)))


def _two_dimensions(state: State) -> Scene:
    usual = lesson_2d.Setup()
    setup = lesson_2d.Setup(
        state.get("A", usual.A),
        state.get("B", usual.B),
        state.get("operation", usual.operation),  # type: ignore[arg-type]
        state.get("outputs", usual.outputs),  # type: ignore[arg-type]
        int(state.get("P", usual.P)),
        _STYLES[state.get("padding", "zeros")],  # type: ignore[arg-type]
        int(state.get("S", usual.S)),
        int(state.get("D", usual.D)),
        state.get("letters") == "true",
    )
    return _step_of(state, setup.walk, int(state.get("lead", 0)))


def _pooling(state: State) -> Scene:
    _only(state, "pool_view", "numbers")
    usual = lesson_pooling.Setup()
    setup = lesson_pooling.Setup(
        state.get("map", usual.a),
        state.get("pool", usual.kind),
        *(
            int(state.get(key, opening))
            for key, opening in (
                ("pool_k", usual.size),
                ("pool_s", usual.stride),
                ("pool_p", usual.padding),
            )
        ),
    )
    return _step_of({"step": "0", **state}, lambda _: setup.walk(), 0)


def _pixels(state: State) -> np.ndarray:
    """Return the drawing of the link, or the sample that lessons show without one."""
    if "drawing" in state:
        return frame(rasterize(Drawing.decode(state["drawing"]), RASTER)).pixels
    return built_in(10).images[3]


def _layer(state: State) -> Scene:
    _only(state, "layer_view", "layer")
    numbers = {name: state.get(f"v_{name}") for name in lesson_layer.NAMES}
    volume = Volume(**{name: int(text) for name, text in numbers.items() if text is not None})
    cell = lesson_layer.read_cell(state.get("cell", ""), volume)
    return lesson_layer.Layer(volume, _pixels(state), cell).scene("light")


def _fields(state: State) -> Scene:
    _only(state, "fields_view", "stack")
    usual = lesson_fields.Setup()
    setup = lesson_fields.Setup(
        state.get("layers", usual.layers), int(state.get("input_size", usual.size))
    )
    unit = setup.unit(state.get("unit", ""))
    return setup.scene(unit, setup.picture(_pixels(state)), "light")


_FIGURES: dict[str, Callable[[State], Scene]] = {
    "convolution_1d": _one_dimension,
    "convolution_2d": _two_dimensions,
    "pooling": _pooling,
    "conv_layer": _layer,
    "receptive_fields": _fields,
}
