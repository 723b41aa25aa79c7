"""The figure of each beat of a talk, made from the beat's link alone."""

import re
from collections.abc import Mapping
from math import inf
from time import perf_counter

from cnnlib.drawings.drawing import Drawing
from cnnlib.figures.svg import to_svg
from cnnlib.handouts.page import Figure, to_html
from cnnlib.lessons.fields import sentence
from cnnlib.lessons.given import Given
from cnnlib.lessons.listing import LESSONS, find
from cnnlib.talks.talk import Beat, Talk

_MARKS = re.compile(r":(?:gray|small|red)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]")
_MOST_DRAWN = 20_000_000  # characters of all figures
_SIGNS = {"**": "", "$": "", "W_1": "W₁", "W_2": "W₂", "P_o": "Pₒ"}
_TITLES = {lesson.stem: lesson.title for lesson in LESSONS}


def notes(talk: Talk, address: str, seconds: float = inf) -> str:
    """Return a talk's lecture notes as one HTML document.

    Parameters
    ----------
    talk : Talk
    address : str
        The app's address, to which each beat's link leads.
    seconds : float
        How long figures are drawn; then a sentence stands in the place of each that remains. The
        same holds once the figures have 20 million characters.
    """
    began, drawn, figures = perf_counter(), 0, list[Figure]()
    for beat in talk.beats:
        if drawn > _MOST_DRAWN or perf_counter() - began > seconds:
            figures.append(Figure("", "This figure is left out: the notes are too large."))
            continue
        figures.append(figure(beat))
        drawn += len(figures[-1].svg)
    return to_html(talk, figures, address)


def figure(beat: Beat) -> Figure:
    """Return a beat's figure, or a sentence that says why there is none."""
    lesson = find(beat.lesson)
    if lesson is None:
        title = _TITLES.get(beat.lesson)
        told = f"The page “{title}”." if title else f"There is no lesson “{beat.lesson}” here."
        return Figure("", told)
    state, changed = lesson.from_link(beat.state)
    try:
        given = given_by(beat.state)
        state.check(given)
        drawn, told = state.scene(given), state.told(given)
    except (ValueError, OSError) as error:
        why = " ".join([*changed, sentence(error)])
        return Figure("", f"This state can't be shown. {why}")
    return Figure(to_svg(drawn), plain(" ".join([*changed, told])), drawn.width)


def given_by(query: Mapping[str, str]) -> Given:
    """Return the things that a link gives a lesson: its drawing, and the runs that it names.

    Raises
    ------
    ValueError
        If the drawing's text is damaged.
    """
    text = query.get("drawing", "")
    drawing = Drawing.decode(text) if text else Drawing()
    return Given(drawing, query.get("run", ""), query.get("recorded"), "replay" in query)


def plain(markdown: str) -> str:
    """Return the Markdown of a page as plain text.

    Examples
    --------
    >>> plain("**Separable:** $W_2=3$. :gray[Source [1].]")
    'Separable: W₂=3. Source [1].'
    """
    text = _MARKS.sub(r"\1", _MARKS.sub(r"\1", markdown))
    for mark, sign in _SIGNS.items():
        text = text.replace(mark, sign)
    return " ".join(text.split())
