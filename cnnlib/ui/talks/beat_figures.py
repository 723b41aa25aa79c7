"""The figure of a beat, from its link alone, for lecture notes."""

import re
from collections.abc import Callable, Mapping

from cnnlib.figures.scene import Scene
from cnnlib.figures.svg import to_svg
from cnnlib.handouts import notes
from cnnlib.handouts.notes import plain
from cnnlib.handouts.page import Figure
from cnnlib.lessons.fields import sentence
from cnnlib.lessons.listing import LESSONS, find
from cnnlib.talks.talk import Beat
from cnnlib.ui.talks import beat_pictures
from cnnlib.ui.talks.beat_pictures import State

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


_FIGURES: Mapping[str, Callable[[State], Told]] = {
    "train": beat_pictures.train,
}
