"""The figure of a beat, from its link alone, for lecture notes."""

import re
from collections.abc import Callable, Mapping

from cnnlib.figures.scene import Scene, scene
from cnnlib.figures.svg import to_svg
from cnnlib.handouts import notes
from cnnlib.handouts.notes import plain
from cnnlib.handouts.page import Figure
from cnnlib.lessons.listing import LESSONS, find
from cnnlib.talks.talk import Beat
from cnnlib.ui import walk_room
from cnnlib.ui.controls import PADDING
from cnnlib.ui.pages import (
    lesson_1d,
    lesson_2d,
)
from cnnlib.ui.talks import beat_pictures
from cnnlib.ui.talks.beat_pictures import State, one_of, whole
from cnnlib.ui.walk_room import METHODS, sentence
from cnnlib.walkthroughs.form import Walkthrough

Told = tuple[Scene, str]
_MARKS = re.compile(r":(?:gray|small|red)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]")
_SIGNS = {"**": "", "$": "", "W_1": "W₁", "W_2": "W₂", "P_o": "Pₒ"}
_TITLES = {lesson.stem: lesson.title for lesson in LESSONS}


def figure(beat: Beat) -> Figure:
    """Return a beat's figure, or a sentence that says why there is none."""
    draw = _FIGURES.get(beat.lesson)
    if find(beat.lesson):
        return notes.figure(beat)
    if draw is None:
        title = _TITLES.get(beat.lesson)
        told = f"The page “{title}”." if title else f"There is no lesson “{beat.lesson}” here."
        return Figure("", told)
    try:
        drawn, told = draw(beat.state)
        return Figure(to_svg(drawn), plain(told), drawn.width)
    except (ValueError, OSError) as error:
        return Figure("", f"This state can't be shown. {sentence(error)}")
    except (TypeError, KeyError, IndexError):
        return Figure("", "This state can't be shown: its link was changed by hand.")


def _step_of(
    state: State,
    tell: Callable[..., Walkthrough],
    *,
    opens_last: bool = True,
) -> Scene:
    """Draw the link's step, by its method: else the step with the most products, or the first."""
    walks, _ = walk_room.tell(tell)
    walk = walks[min(whole(state, "lead", 0), len(walks) - 1)]
    sizes = [stop - start for start, stop in (step.terms for step in walk.steps)]
    step = whole(state, "step", sizes.index(max(sizes)) if opens_last else 0)
    return scene(walk, min(max(step, 0), len(walk.steps) - 1))


def _one_dimension(state: State) -> Told:
    usual = lesson_1d.Setup()
    third = state.get("third") == "true"
    setup = lesson_1d.Setup(
        state.get("a", usual.a),
        state.get("b", usual.b),
        state.get("c", "1,-1") if third else None,
        one_of(state, "op", ("convolution", "cross-correlation")),  # type: ignore[arg-type]
        one_of(state, "keep", ("full", "same", "valid")),  # type: ignore[arg-type]
        one_of(state, "pad", PADDING),  # type: ignore[arg-type]
        state.get("play", usual.played).replace("⊗", "∗") if third else usual.played,  # type: ignore[arg-type]
    )
    asked = state.get("predict") == "true"
    drawn = _step_of(state, setup.walk, opens_last=not asked)
    if asked:
        return drawn, "Your turn. How many outputs will there be? Which are they?"
    matrix = state.get("lead") == str(METHODS.index("matrix form"))
    count = lesson_1d.count(walk_room.tell(setup.walk)[0]) if matrix else ""
    return drawn, f"{setup.law} {count}"


def _two_dimensions(state: State) -> Told:
    usual = lesson_2d.Setup()
    setup = lesson_2d.Setup(
        state.get("A", usual.A),
        state.get("B", usual.B),
        one_of(state, "operation", ("convolution", "cross-correlation")),  # type: ignore[arg-type]
        one_of(state, "outputs", lesson_2d.OUTPUTS),  # type: ignore[arg-type]
        whole(state, "P", usual.P),
        one_of(state, "padding", PADDING),  # type: ignore[arg-type]
        whole(state, "S", usual.S),
        whole(state, "D", usual.D),
        state.get("letters") == "true",
    )
    walks, _ = walk_room.tell(setup.walk)
    asked = state.get("predict2d") == "true" and not setup.letters
    told = lesson_2d.size(walks[0], asked=asked)
    return _step_of(state, setup.walk, opens_last=not asked), f"{told} {_facts(walks[-1])}"


def _facts(walk: Walkthrough) -> str:
    """Say what a matrix is made of."""
    return (
        " · ".join(f"{number} {name}" for name, number in walk.facts.items()) if walk.facts else ""
    )


_FIGURES: Mapping[str, Callable[[State], Told]] = {
    "convolution_1d": _one_dimension,
    "convolution_2d": _two_dimensions,
    "kernels": beat_pictures.kernels,
    "train": beat_pictures.train,
}
