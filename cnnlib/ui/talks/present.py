"""Presenter mode: which beat of which talk the address names, and where Right and Left lead."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from cnnlib.lessons.fields import sentence
from cnnlib.lessons.listing import LESSONS
from cnnlib.talks.remote import Channel
from cnnlib.talks.talk import Beat, Talk
from cnnlib.ui import link, refusals
from cnnlib.ui.components import stage
from cnnlib.ui.fragment import fragment
from cnnlib.ui.owner import address, owner
from cnnlib.ui.session import visit
from cnnlib.ui.talks import shelf
from cnnlib.ui.talks.speaker import REMOTES

_AROUND = 4  # beats in each direction whose links the browser knows
STEMS = {lesson.stem for lesson in LESSONS}
# A beat without a lesson here is shown on this page, with a sentence.
ELSEWHERE = "talks"


@dataclass(frozen=True)
class Place:
    """Where a talk stands.

    Attributes
    ----------
    talk_id : str
    talk : Talk
    number : int
        The number of the beat that is shown, from 1; 0 where a page is shown without a beat.
    """

    talk_id: str
    talk: Talk
    number: int

    @property
    def beat(self) -> Beat | None:
        """The beat that is shown, or None."""
        return self.talk.beats[self.number - 1] if self.number else None

    def target(self, number: int) -> tuple[str, dict[str, str]]:
        """Return where a beat is, as page and link: the talks' page if there is no such lesson."""
        beat = self.talk.beats[number - 1]
        here = {"present": "1", "talk": self.talk_id, "beat": str(number)}
        if beat.lesson not in STEMS:
            return f"pages/{ELSEWHERE}.py", here
        return f"pages/{beat.lesson}.py", beat.state | here

    def link(self, number: int) -> str:
        """Return where a beat is, as it stands in the address."""
        path, query = self.target(number)
        return f"{Path(path).stem}?{urlencode(query)}"


def place() -> Place:
    """Return where the talk of the address stands: the shipped lecture's, if it names none."""
    named = link.read("talk", shelf.LECTURE)
    talk = shelf.find(named)
    if talk is None or not talk.beats:
        named = shelf.LECTURE
        talk = shelf.shipped()[named]
    number = link.read("beat")
    known = number.isascii() and number.isdecimal() and len(number) < 4
    return Place(named, talk, min(int(number), len(talk.beats)) if known else 0)


@fragment
def show(stem: str) -> None:
    """Mount the stage on a page.

    Parameters
    ----------
    stem : str
        The page's path. Without a beat in the address, Right leads to the lesson's first one.
    """
    on = link.read("present") == "1"
    if on:
        owner()  # gives the browser its token before a first state is added
    here, note, channel = place(), "", None
    if added := stage.added():
        note = shelf.add(added, here.talk_id, here.number)
    if on:
        try:
            channel = _remote(here)
        except ValueError as error:
            note = sentence(refusals.told("projector", error))
    tells = channel is not None and visit().tells_code
    if tells:
        visit().tells_code = False
        note = "On a phone or in a second window: Talks, Speaker view, and this code. "
    before = next((at for at, beat in enumerate(here.talk.beats) if beat.lesson == stem), 0)
    at = here.number or before
    around = range(max(1, at - _AROUND), min(len(here.talk.beats), at + _AROUND) + 1)
    stage.show(
        on,
        page=stem,
        beat=at,
        count=len(here.talk.beats),
        links={number: here.link(number) for number in around},
        line=here.beat.line if here.beat else "",
        shown=here.beat is not None,
        note=note,
        window=channel.window if channel else "",
        code=channel.code if channel and tells else "",
    )


def _remote(here: Place) -> Channel | None:
    """Tell a speaker view where this window stands; return the channel, if there is one."""
    visitor = visit()
    elapsed = stage.speaks()
    if elapsed is not None:
        if not visitor.window:
            opened = REMOTES.open(here.talk_id, here.number, elapsed, address())
            visitor.window = opened.window
        visitor.tells_code = True
    # A window that came back says its earlier name, because a channel outlasts its window.
    window = visitor.window or stage.window()
    channel = REMOTES.here(window, here.talk_id, here.number)
    visitor.window = channel.window if channel else ""
    return channel
