"""The player: walkthroughs step by step, several methods with one cursor, in the browser."""

import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from cnnlib.figures.palette import THEMES, ties
from cnnlib.ui import heard
from cnnlib.ui.components import all_said, kept, last_said, register
from cnnlib.ui.session import visit
from cnnlib.ui.told import nothing_or, one_of, record, text
from cnnlib.ui.told import whole as whole_number
from cnnlib.walkthroughs import question
from cnnlib.walkthroughs.form import Walkthrough

_mount = register("player")
_MOST = 10**6  # cells and steps
_LONGEST = 20_000  # characters of a pasted array


@dataclass(frozen=True)
class Edit:
    """An edit that a learner typed or pasted.

    Attributes
    ----------
    operand : str
        "input" or "kernel".
    cell : int or None
        The flat number of the cell; None if `text` is to replace the whole array.
    text : str
    """

    operand: str
    cell: int | None
    text: str


def edits(key: str) -> list[Edit]:
    """Return what was typed into cells just now, in order. Ask before `show`."""
    told = all_said(key, "edit")
    if told:
        visit().refused_edits.pop(key, None)
    kinds = {
        "operand": one_of(("input", "kernel")),
        "cell": nothing_or(whole_number(0, _MOST)),
        "text": text(_LONGEST),
    }
    return [Edit(**edit) for one in told if (edit := record(one, **kinds)) is not None]


def cursor(key: str) -> tuple[int, int] | None:
    """Return where the cursor rests, as (step, number of the leading walkthrough), or None.

    The result is also None where another link was opened since, because then the link says where
    the cursor stands.
    """
    number = whole_number(0, _MOST)
    told = record(kept(key, "cursor"), step=number, lead=number)
    return None if told is None else (told["step"], told["lead"])


def show(
    walkthroughs: Sequence[Walkthrough],
    *,
    key: str,
    predict: bool = False,
    step: int | None = None,
    lead: int = 0,
    editable: Collection[str] = ("input", "kernel"),
    equation: bool = True,
    height: int = 330,
    whole: bool = False,
    refused: tuple[Edit, str] | None = None,
) -> int:
    """Play one walkthrough, or several that tell the same operation, with one cursor.

    Parameters
    ----------
    walkthroughs : sequence of Walkthrough
        Products with the same output and kernel cell are the same product in all of them.
    key : str
        The component's key.
    predict : bool
        Whether outputs stay hidden until the learner has typed what they expect.
    step : int, optional
        Where the cursor first stands; by default the first step that has the most products.
    lead : int
        Number of the walkthrough whose steps the cursor first counts.
    editable : collection of str
        Which of "input" and "kernel" can be typed into: `edits` then tells what was typed.
    equation : bool
        Whether operands and result stand above several walkthroughs, once for all.
    height : int
        About how many pixels high the panels may become.
    whole : bool
        Whether the whole output is shown at every step, as while its weights are looked for.
    refused : (Edit, str), optional
        An edit that could not be taken, and the sentence that says why, shown at its cell.

    Returns
    -------
    int
        The step at which the cursor stands, as far as is known: the player tells of moves only.
    """
    walks = f"[{','.join(walk.to_json() for walk in walkthroughs)}]".encode()
    sizes = [stop - start for start, stop in (s.terms for s in walkthroughs[lead].steps)]
    opens = sizes.index(max(sizes)) if step is None else min(step, len(sizes) - 1)
    data: dict[str, Any] = {
        "id": f"{zlib.crc32(walks):08x}",
        "step": opens,
        "lead": lead,
        "predict": predict,
        "editable": sorted(editable),
        "equation": equation,
        "height": height,
        "whole": whole,
        "marks": _marks(walkthroughs),
        "refused": _refusal(key, refused),
        "verdict": _verdict(walkthroughs, last_said(key, "answer")),
    }
    _mount(data, key=key, body=walks)
    return opens


def _refusal(key: str, refused: tuple[Edit, str] | None) -> dict[str, Any] | None:
    """Return the last refusal, with a number of its own, as long as nothing was typed since."""
    kept_here = visit().refused_edits
    if refused is not None:
        what, sentence = refused
        number = kept_here.get(key, {}).get("number", heard.here().mailbox.taken.get(key, 0))
        kept_here[key] = vars(what) | {"sentence": sentence, "number": number}
    return kept_here.get(key)


def _marks(walks: Sequence[Walkthrough]) -> dict[str, list[tuple[str, str]]] | None:
    """Return how weights are marked where a matrix is made of them."""
    if not any(grid.role == "matrix" for walk in walks for grid in walk.grids):
        return None
    count = prod(walks[0].shapes["kernel"])
    return {theme: ties(count, theme) for theme in THEMES}


def _verdict(walks: Sequence[Walkthrough], given: Any) -> dict[str, Any] | None:
    """Check a prediction. `right` is None where what was typed is no answer at all."""
    number = whole_number(0, _MOST)
    kinds = {"serial": number, "walk": number, "step": nothing_or(number), "typed": text(_LONGEST)}
    answer = record(given, **kinds)
    if answer is None:
        return None
    walk, step = walks[min(answer["walk"], len(walks) - 1)], answer["step"]
    reply: dict[str, Any] = {"serial": answer["serial"], "step": step}
    try:
        told = question(walk, step).judge(answer["typed"])
    except ValueError as error:
        return reply | {"right": None, "sentence": str(error)}
    return reply | {"right": told.right, "sentence": told.sentence}
