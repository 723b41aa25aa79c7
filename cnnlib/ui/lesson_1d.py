"""The lesson on convolution in 1D: its setup, what can be played of it, and its code."""

from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np

from cnnlib.definitions import convolve_loops, correlate_loops
from cnnlib.geometry import Mode, PaddingMode, mode_span
from cnnlib.numbers import Numbers
from cnnlib.ui import code_panel, walk_room
from cnnlib.ui.code_panel import Peer
from cnnlib.walkthrough import Method, Operation, Walkthrough
from cnnlib.walkthroughs import associativity, commutativity, convolution
from cnnlib.walkthroughs.links import LONGEST

MOST = (1, LONGEST)
Played = Literal["a ∗ b", "b ∗ c", "a ∗ (b ∗ c)", "(a ∗ b) ∗ c"]
PLAYED: tuple[Played, ...] = get_args(Played)
# What stands on the left and on the right of the operation's sign.
_SIDES: dict[Played, tuple[str, str]] = {
    "a ∗ b": ("a", "b"),
    "b ∗ c": ("b", "c"),
    "a ∗ (b ∗ c)": ("a", "(b ∗ c)"),
    "(a ∗ b) ∗ c": ("(a ∗ b)", "c"),
}


@dataclass(frozen=True)
class Setup:
    """What the lesson's controls say. Arrays are texts, as typed."""

    a: str = "2,-1,1"
    b: str = "1,1,2"
    c: str | None = None
    operation: Operation = "convolution"
    padding: Mode = "full"
    padding_mode: PaddingMode = "zero"
    played: Played = "a ∗ b"

    def operand(self, name: str) -> Numbers:
        """Return the array a, b or c.

        Raises
        ------
        ValueError
            With one sentence that names the array.
        """
        text = getattr(self, name) or ""
        try:
            return walk_room.operand(text, MOST, dimensions=1)
        except ValueError as error:
            raise ValueError(f"{name}: {walk_room.sentence(error)}") from None

    def walk(self, method: Method) -> Walkthrough:
        """Tell what is played, by one method."""
        a, b = self.operand("a"), self.operand("b")
        options: dict[str, Any] = {"operation": self.operation}
        if self.played == "a ∗ b":
            return convolution(
                a, b, method, padding=self.padding, padding_mode=self.padding_mode, **options
            )
        sides = associativity(a, b, self.operand("c"), method, **options)
        walk = {
            "b ∗ c": sides.left[0],
            "a ∗ (b ∗ c)": sides.left[1],
            "(a ∗ b) ∗ c": sides.right[1],
        }[self.played]
        return self._named(walk)

    def check(self) -> None:
        """Raise ValueError, with one sentence, for what cannot be shown."""
        self.walk("flip-and-filter")
        if self.c is not None:
            self.operand("c")

    @property
    def operands(self) -> dict[str, tuple[str, str]]:
        """For each operand that can be typed into: its name, and its text."""
        names = dict(zip(("input", "kernel"), _SIDES[self.played], strict=True))
        return {o: (name, getattr(self, name)) for o, name in names.items() if len(name) == 1}

    @property
    def law(self) -> str:
        """Say whether the laws hold for these arrays, all outputs counted."""
        a, b = self.operand("a"), self.operand("b")
        kind = "Convolution" if self.operation == "convolution" else "Cross-correlation"
        if self.c is None:
            sides, name, also = commutativity(a, b, operation=self.operation), "commutative", ""
            left, right = "a ∗ b", "b ∗ a"
            if not sides.equal and self.operation == "cross-correlation":
                also = ", the same backwards"
        else:
            sides = associativity(a, b, self.operand("c"), operation=self.operation)
            name, also, left, right = "associative", "", "a ∗ (b ∗ c)", "(a ∗ b) ∗ c"
        texts = [f"({', '.join(side[-1].result().texts)})" for side in (sides.left, sides.right)]
        if sides.equal:
            told = f"{left} = {right} = {texts[0]}"
            end = f": {kind.lower()} is {name}." if kind == "Convolution" else ": here they agree."
        else:
            told = f"{left} = {texts[0]}, but {right} = {texts[1]}{also}"
            end = f": {kind.lower()} is not {name}."
        return self.signed(told) + end

    def signed(self, text: str) -> str:
        """Write the operation's own sign."""
        return text if self.operation == "convolution" else text.replace("∗", "⊗")

    def _named(self, walk: Walkthrough) -> Walkthrough:
        """Say in the titles which arrays are meant, rather than a and b."""
        left, right = _SIDES[self.played]
        titles = {
            "Input a": f"Input {left}",
            "Kernel b": f"Kernel {right}",
            "Kernel b, flipped": f"Kernel {right}, flipped",
            self.signed("Output a ∗ b"): f"Output {self.played}",
        }
        grids = [
            replace(grid, title=self.signed(titles.get(grid.title, grid.title)))
            for grid in walk.grids
        ]
        return replace(walk, grids=tuple(grids))


def show_code(setup: Setup, walk: Walkthrough, *, key: str) -> None:
    """Show the definition and other libraries' calls for a ∗ b of a setup."""
    a, b = setup.operand("a"), setup.operand("b")
    flips = setup.operation == "convolution"
    definition = convolve_loops if flips else correlate_loops
    grid = walk.grid("input")
    before = -grid.origin[1]
    pads = before, grid.shape[1] - len(a.texts) - before
    plain = setup.padding_mode == "zero"
    n = len(a.texts) if plain else grid.shape[1]
    start, stop = mode_span(n, len(b.texts), setup.padding if plain else "valid")
    kept = "" if (start, stop) == (0, n + len(b.texts) - 1) else f"[{start}:{stop}]"
    style = {"reflect": "reflect", "edge": "edge", "circular": "wrap"}.get(setup.padding_mode)
    array = "a" if plain else f'np.pad(a, {pads}, "{style}")'
    imports = "from fractions import Fraction\n" if "/" in "".join(a.texts + b.texts) else ""
    code_panel.show(
        definition,
        f"{imports}a = {code_panel.literal(a)}\nb = {code_panel.literal(b)}",
        f"{definition.__name__}({array}, b){kept}  # {', '.join(walk.result().texts)}",
        walk.result().values,  # type: ignore[arg-type]
        _peers(a.values, b.values, flips, array, pads, style, slice(start, stop), kept),
        key=key,
    )


def _peers(
    a: Any,
    b: Any,
    flips: bool,
    array: str,
    pads: tuple[int, int],
    style: str | None,
    span: slice,
    kept: str,
) -> list[Peer]:
    """Return the same call in NumPy, SciPy and PyTorch: as a learner writes it, and to be run."""
    padded = a if style is None else np.pad(a, pads, style)  # type: ignore[call-overload]

    def run_numpy() -> Any:
        return (np.convolve(padded, b) if flips else np.correlate(padded, b, "full"))[span]

    def run_scipy() -> Any:
        from scipy import signal

        return (signal.convolve if flips else signal.correlate)(padded, b)[span]

    def run_torch() -> Any:
        import torch
        from torch.nn import functional

        x, w = (torch.tensor(v, dtype=torch.float64)[None, None] for v in (a, b))
        x = functional.pad(x, pads, mode=torch_style)
        return functional.conv1d(x, w.flip(-1) if flips else w)[0, 0].numpy()

    torch_style = {None: "constant", "edge": "replicate", "wrap": "circular"}.get(style, "reflect")
    numpy_call = f"np.convolve({array}, b)" if flips else f'np.correlate({array}, b, "full")'
    flip = ".flip(-1)" if flips else ""
    return [
        Peer("NumPy", "numpy", f"{numpy_call}{kept}", run_numpy),
        Peer(
            "SciPy",
            "scipy",
            f"scipy.signal.{'convolve' if flips else 'correlate'}({array}, b){kept}",
            run_scipy,
        ),
        Peer(
            "PyTorch",
            "torch",
            "x, w = (torch.tensor(v, dtype=torch.float64)[None, None] for v in (a, b))\n"
            f'F.conv1d(F.pad(x, {pads}, mode="{torch_style}"), w{flip})'
            f"  # {'conv1d does not flip: it is a cross-correlation' if flips else 'no flip'}",
            run_torch,
            on_request=True,
        ),
    ]
