"""All talks: those that come with the project, and a lecturer's own."""

from functools import cache
from pathlib import Path

from cnnlib.lessons.listing import LESSONS
from cnnlib.storage.database import data_folder
from cnnlib.talks.store import TalkStore
from cnnlib.talks.talk import Beat, Talk, read_link
from cnnlib.talks.text import read
from cnnlib.ui import refusals
from cnnlib.ui.owner import address, owner
from cnnlib.ui.session import visit

_FOLDER = Path(__file__).parents[3] / "assets" / "talks"
LECTURE = "lecture"


@cache
def shipped() -> dict[str, Talk]:
    """Return the talks that come with the project, by their ids; the lecture is one."""
    return {path.stem: read(path.read_text("utf-8")) for path in sorted(_FOLDER.glob("*.talk"))}


@cache
def _store(folder: Path) -> TalkStore:
    return TalkStore(folder)


def store() -> TalkStore:
    """Return where own talks are kept, or raise RecordsError, a sentence."""
    return _store(data_folder())


def close() -> None:
    """Close the database, if anybody asked for a talk of theirs."""
    if _store.cache_info().currsize:
        _store(data_folder()).close()
        _store.cache_clear()


def find(talk_id: str) -> Talk | None:
    """Return anybody's talk, or None: a visitor with a talk's link may follow that talk."""
    if talk_id in shipped():
        return shipped()[talk_id]
    try:
        return store().find(talk_id)
    except OSError:
        return None


def add(link: str, talk_id: str, number: int) -> str:
    """Add a state to a talk of this visitor's and return a sentence about it.

    Parameters
    ----------
    link : str
        The visitor's page and its state.
    talk_id, number : str, int
        The talk that is presented, and its beat: if this talk is the visitor's own, the state
        becomes the next beat; otherwise it becomes the last beat of the talk that the visitor
        edited last, or of a new talk.
    """
    try:
        lesson, state = read_link(link)
        titles = {one.stem: one.title for one in LESSONS}
        beat = Beat(lesson or LESSONS[0].stem, state, line=titles.get(lesson, ""))
        own = store().of_owner(owner())
        here = visit()
        if talk_id in own:
            at = number
        else:
            talk_id = here.talk if here.talk in own else next(iter(own), "")
            talk_id = talk_id or store().create(owner(), Talk("My talk"), address())
            at = 10**6
        talk = store().change(talk_id, owner(), lambda talk: talk.inserted(at, beat), address())
    except (OSError, ValueError) as error:
        return f"Not added: {refusals.told('talk', error)}."
    here.talk = talk_id
    return f"Added as beat {min(at + 1, len(talk.beats))} of “{talk.title}”."
