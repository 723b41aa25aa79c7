"""Parts that pages with walkthroughs share: typed cells, the last good state, and the cursor."""

from collections.abc import Callable
from typing import Any, TypeVar

from cnnlib.lessons.fields import sentence
from cnnlib.ui.components import player
from cnnlib.ui.components.player import Edit
from cnnlib.ui.controls import put
from cnnlib.ui.page import Page
from cnnlib.ui.session import visit
from cnnlib.walkthroughs.form import Walkthrough
from cnnlib.walkthroughs.numbers import numbers
from cnnlib.walkthroughs.typed import read, read_grid

Setup = TypeVar("Setup")


def last_good(
    lesson: str, wanted: Setup, check: Callable[[Setup], Any], opening: Setup
) -> tuple[Setup, str]:
    """Return what is wanted if it can be shown; else what was last shown, and a sentence why.

    Parameters
    ----------
    lesson : str
        The lesson whose state is meant.
    wanted, opening : Setup
        The state of the controls, and the state on which the lesson opens.
    check : callable
        Raises ValueError for a setup that cannot be shown.
    """
    good = visit().good
    try:
        check(wanted)
    except ValueError as error:
        return good.get(lesson, opening), sentence(error)
    good[lesson] = wanted
    return wanted, ""


def take_edit(
    key: str, operands: dict[str, tuple[str, str]], most: tuple[int, int]
) -> tuple[Edit, str] | None:
    """Write what was typed into a cell of the player into the control that holds the array.

    Call `take_edit` before the controls are shown.

    Parameters
    ----------
    key : str
        The player's key.
    operands : dict
        For "input" and "kernel", as far as they can be typed into: the key of the control
        and the text of the array that is shown.
    most : (int, int)
        The most rows and columns of a pasted array.

    Returns
    -------
    (Edit, str) or None
        An edit that was refused, and why.
    """
    refused = None
    for edit in player.edits(key):
        if edit.operand not in operands:
            continue
        control, shown = operands[edit.operand]
        try:
            if edit.cell is None:
                cells = read_grid(edit.text, *most, pasted=True)
            else:
                cells = read_grid(shown, *most)
                read(edit.text)
                row, column = divmod(edit.cell, len(cells[0]))
                cells[row][column] = edit.text
        except (ValueError, IndexError) as error:
            refused = edit, sentence(error)
            continue
        text = numbers(cells).to_text()
        operands = operands | {edit.operand: (control, text)}
        put({control: text})
        if refused and (refused[0].operand, refused[0].cell) == (edit.operand, edit.cell):
            refused = None
    return refused


def play(walks: list[Walkthrough], *, page: Page, key: str, **how: Any) -> tuple[Walkthrough, int]:
    """Play walkthroughs from where the cursor rests, in the player or else in the link.

    Parameters
    ----------
    walks : list of Walkthrough
    key : str
        The player's key.
    page : Page
        Its state's fields `step` and `lead` say where the cursor rests.
    how
        As `player.show`.

    Returns
    -------
    (Walkthrough, int)
        The leading one, and its step.
    """
    step, lead = page.cursor(player.cursor(key))
    lead = min(lead, len(walks) - 1)
    step = player.show(walks, key=key, step=step, lead=lead, **how)
    return walks[lead], step
