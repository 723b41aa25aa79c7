"""One visitor's state: one typed object in the session, shared with nobody."""

from dataclasses import dataclass, field
from typing import Any

from cnnlib.drawings.drawing import Drawing
from cnnlib.drawings.pictures import Picture
from cnnlib.talks.remote import Channel
from cnnlib.ui import heard, inside, link

_KEY = "classroom.visit"
# Beyond this, mail programs and chats cut links.
_LONGEST_LINK = 6000


@dataclass
class Visit:
    """The state of one browser tab.

    Attributes
    ----------
    drawing : Drawing
        The learner's digit, kept when they go to another lesson.
    offered : Drawing or None
        A drawing that the pad is to write, until the pad tells of that drawing.
    load_id : int
        Grows whenever Python, not the pen, changes the drawing.
    heard : int
        The pad's last message.
    pen_down : bool
        Whether the pen was down in that message.
    note : str
        The pad's sentence about the last thing that was refused.
    samples : int
        How many sample digits were asked for; each is another one.
    upload : (str, Picture) or None
        The file that was taken in last, and its picture.
    good : dict
        For each lesson with controls, the last setup that could be shown.
    refused_edits : dict
        For each player, by its key, the last edit that could not be taken, and why.
    lessons : dict
        The memory of each lesson, kept by `ui/page.py`.
    going : (str, dict) or None
        The page and the link that a button leads to.
    leaving : bool
        Whether a button leads to another link, which then decides as if it was opened.
    routed : bool
        Whether the router is making a page.
    remark : str
        The sentence about what went wrong with talks, until it is shown.
    talk, deleted : str
        The talk that is worked on, and the one that was deleted last.
    talk_file : str
        The talk's file that was taken in last.
    window : str
        The name by which speaker views that drive this window know it.
    tells_code : bool
        Whether the speaker view's code is to be shown now.
    driving : Channel or None
        The projector's window that this one drives.
    owner : str
        The browser's token, once a page has asked for it; `ui/owner.py` keeps the token.
    refused : str
        Why the last thing that was asked of a training run was not done.
    histories : dict
        The histories of runs, by the run's id, as far as this tab has read them.
    playback : Any
        The runs that are played back, with their clock.
    beat_runs : dict
        The runs that were last shown at each beat of a talk, as the link names them.
    reader : Any
        The network of the file that was taken in last, ready to read drawings.
    weights : tuple of str, or None
        That file's id, and why its network can't read.
    unnamed : bytes or None
        That file's bytes, while it is not known which architecture its weights have.
    """

    drawing: Drawing = field(default_factory=Drawing)
    offered: Drawing | None = None
    load_id: int = 1
    heard: int = 0
    pen_down: bool = False
    note: str = ""
    samples: int = 0
    upload: tuple[str, Picture | None, str] | None = None
    good: dict[str, Any] = field(default_factory=dict)
    refused_edits: dict[str, Any] = field(default_factory=dict)
    lessons: dict[type, Any] = field(default_factory=dict)
    going: tuple[str, dict[str, str]] | None = None
    leaving: bool = False
    routed: bool = False
    remark: str = ""
    talk: str = ""
    deleted: str = ""
    talk_file: str = ""
    window: str = ""
    tells_code: bool = False
    driving: Channel | None = None
    owner: str = ""
    refused: str = ""
    histories: dict[str, Any] = field(default_factory=dict)
    playback: Any = None
    beat_runs: dict[tuple[str, str], str] = field(default_factory=dict)
    reader: Any = None
    weights: tuple[str, str] | None = None
    unnamed: bytes | None = None

    def offer(self, drawing: Drawing) -> None:
        """Have the pad write a drawing, which becomes the learner's as its strokes come back."""
        self.offered = drawing
        self.load_id += 1


def arrive(page: str) -> None:
    """Let the link decide, not the page, where the browser went to another link in mid-visit.

    Earlier words of components are dropped here, so that lessons look into the link; and the link's
    drawing, if any, is taken over.

    Parameters
    ----------
    page : str
        The path of the page that is made.
    """
    here = visit()
    told = heard.here()
    if told.path != page:
        told.path = page
        here.lessons.clear()
        told.leave()
    if not (inside.was_led() or here.leaving):
        return
    here.leaving = False
    here.lessons.clear()
    here.refused_edits.clear()
    told.arrive()
    _take_drawing(here)
    here.load_id += 1
    here.offered = None


def visit() -> Visit:
    """Return this visitor's state, at first with the drawing of the link, if it has one."""
    found = inside.recall(_KEY)
    if found is None:
        found = inside.memory()[_KEY] = Visit()
        _take_drawing(found)
    return found


def _take_drawing(here: Visit) -> None:
    if text := link.read("drawing"):
        try:
            here.drawing = Drawing.decode(text)
        except ValueError as error:
            here.note = str(error)


def keep_in_link(drawing: Drawing) -> None:
    """Write the learner's drawing into the page's link, as long as links of its length arrive."""
    text = drawing.encode() if drawing else ""
    link.write("drawing", text if len(text) <= _LONGEST_LINK else None)
