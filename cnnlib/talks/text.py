"""A talk as a small text that people can read, edit by hand and send: one field on each line.

::

    CNN Classroom talk 1
    title: Convolution in five minutes

    beat: convolution_1d?a=2,-1,1&step=2
    line: Flip, slide, multiply, add.
    seconds: 40
    shows: 4
    notes:
      Ask first what happens at the border.

    beat: train
    line: Now we train one.

The text after `beat:` is the link of the lesson's page. Empty lines between fields, and lines that
begin with #, are passed over. Nothing in a talk is ever executed, and every text stays text.
"""

from dataclasses import dataclass, field

from cnnlib.talks.talk import MOST_BEATS, Beat, Talk, TalkError, read_link

VERSION = 1
LARGEST = 1_000_000  # characters, enough for two hundred beats with a drawing each
_HEAD = "CNN Classroom talk"
_FIELDS = ("line", "seconds", "shows", "notes")


def write(talk: Talk) -> str:
    """Return a talk as text."""
    lines = [f"{_HEAD} {VERSION}", f"title: {talk.title}"]
    for beat in talk.beats:
        lines += ["", f"beat: {beat.link}", f"line: {beat.line}", f"seconds: {beat.seconds}"]
        if beat.shows:
            lines.append(f"shows: {beat.shows}")
        if beat.notes:
            lines += ["notes:", *(f"  {line}".rstrip() for line in beat.notes.split("\n"))]
    return "\n".join(lines) + "\n"


def read(text: str) -> Talk:
    """Return the talk that a text describes.

    Raises
    ------
    ValueError
        If the text is no talk; one sentence names the line at fault.
    """
    if len(text) > LARGEST:
        raise ValueError(f"this file has {len(text):,} characters: a talk has at most {LARGEST:,}")
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    _check_head(lines[0])
    title, drafts = "", list[_Draft]()
    for number, line in enumerate(lines[1:], 2):
        draft = drafts[-1] if drafts else None
        if draft and draft.in_notes and (line.startswith("  ") or not line.strip()):
            draft.notes.append(line[2:].rstrip())
            continue
        if not line.strip() or line.startswith("#"):
            continue
        name, colon, value = (part.strip() for part in line.partition(":"))
        if not colon:
            raise _fault(number, f"“{line[:40]}” is no field: write a name, a colon and a value")
        if name == "beat":
            if len(drafts) == MOST_BEATS:
                raise _fault(number, f"more than {MOST_BEATS} beats: use at most {MOST_BEATS}")
            drafts.append(_Draft(number, value))
        elif name == "title" and draft is None:
            title = value
        elif draft and name in _FIELDS:
            draft.take(name, value, number)
        else:
            where = "before the first beat" if draft is None else "in a beat"
            raise _fault(number, f"“{name[:40]}” is no field {where}")
    beats = tuple(draft.beat() for draft in drafts)
    try:
        return Talk(title, beats)
    except TalkError as error:
        raise _fault(2, str(error)) from None


@dataclass
class _Draft:
    """A beat that is being read: its fields so far, and the line of each."""

    at: int
    link: str
    values: dict[str, str] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    in_notes: bool = False

    def take(self, name: str, value: str, number: int) -> None:
        if name in self.places:
            raise _fault(number, f"{name} is said twice, first in line {self.places[name]}")
        self.places[name] = number
        self.in_notes = name == "notes"
        if name != "notes":
            self.values[name] = value
        elif value:
            self.notes.append(value)

    def beat(self) -> Beat:
        seconds = self.values.pop("seconds", str(Beat.seconds))
        if not (seconds.isascii() and seconds.isdecimal() and len(seconds) < 6):
            raise _fault(self.places["seconds"], f"“{seconds[:20]}” is no number of seconds")
        try:
            lesson, state = read_link(self.link)
            notes = "\n".join(self.notes).strip("\n")
            return Beat(lesson, state, notes=notes, seconds=int(seconds), **self.values)
        except TalkError as error:
            raise _fault(self.places.get(error.field, self.at), str(error)) from None


def _check_head(line: str) -> None:
    version = line.strip().removeprefix(_HEAD).strip()
    if not line.startswith(_HEAD) or not version.isdecimal():
        raise _fault(1, f"this is no talk: its first line must be “{_HEAD} {VERSION}”")
    if version != str(VERSION):
        raise _fault(1, f"this talk has version {version[:9]}, and only {VERSION} is known here")


def _fault(number: int, sentence: str) -> ValueError:
    return ValueError(f"line {number}: {sentence}")
