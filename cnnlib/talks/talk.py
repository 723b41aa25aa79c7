"""A talk is an ordered list of beats; a beat is a lesson in one state, with a line to say."""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, quote, urlencode

MOST_BEATS = 200
LONGEST = {"title": 120, "line": 240, "shows": 120, "notes": 4000, "link": 8000}
MOST_SECONDS = 3600
# Fields of the address that speak of the talk itself, or that Streamlit keeps for itself.
RESERVED = frozenset({"present", "talk", "beat", "speak", "embed", "embed_options"})
# Control characters, halves of characters, and the characters that end a line or a paragraph.
_REFUSED = frozenset({"Cc", "Cs", "Zl", "Zp"})
_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_LESSON = re.compile(r"[a-z][a-z0-9_]{0,39}")


class TalkError(ValueError):
    """A talk or a beat with a value that is not allowed.

    Attributes
    ----------
    field : str
        The field of the beat or talk that has the value.
    """

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Beat:
    """One moment of a talk.

    Attributes
    ----------
    lesson : str
        The lesson's path in the address, such as "convolution_1d".
    state : dict of str to str
        The fields of the lesson's link; a field that is left out has the lesson's default.
    line : str
        One line to say, shown above the figure.
    notes : str
        For the speaker alone; may have several lines.
    seconds : int
        The planned length, from 1 to 3600.
    shows : str
        A number or a word that the page must show in this state.

    Raises
    ------
    TalkError
        If a value is too long, empty, or cannot be part of a link.
    """

    lesson: str
    state: dict[str, str] = field(default_factory=dict)
    line: str = ""
    notes: str = ""
    seconds: int = 60
    shows: str = ""

    def __post_init__(self) -> None:
        if not _LESSON.fullmatch(self.lesson):
            raise TalkError(
                "lesson",
                f"“{self.lesson[:40]}” is no lesson's path: write it as in the address, "
                "such as convolution_1d?step=2",
            )
        taken = sorted(RESERVED & set(self.state))
        if taken:
            raise TalkError(
                "lesson", f"the field {taken[0]} is the talk's own: take it out of the link"
            )
        said = "".join([*self.state, *self.state.values()])
        if not said.isascii() and any("\ud800" <= letter <= "\udfff" for letter in said):
            raise TalkError("lesson", "the link holds half of a character: copy the link anew")
        _one_line("line", self.line)
        _one_line("shows", self.shows)
        _short("notes", self.notes)
        _short("link", self.link)
        _of_text("notes", self.notes, besides="\n\t")
        if not 1 <= self.seconds <= MOST_SECONDS:
            raise TalkError(
                "seconds", f"{self.seconds} seconds is not a plan: use 1 to {MOST_SECONDS}"
            )

    @property
    def link(self) -> str:
        """The lesson and its state as they stand in the address, without the leading slash."""
        query = urlencode(self.state, quote_via=quote, safe=",;:/()")
        return f"{self.lesson}?{query}" if query else self.lesson


@dataclass(frozen=True)
class Talk:
    """A title and beats.

    Raises
    ------
    TalkError
        If the title can't be shown, or there are more than 200 beats.
    """

    title: str
    beats: tuple[Beat, ...] = ()

    def __post_init__(self) -> None:
        if all(unicodedata.category(sign) in ("Zs", "Cf", "Cc") for sign in self.title):
            raise TalkError("title", "a talk needs a title")
        _one_line("title", self.title)
        if len(self.beats) > MOST_BEATS:
            raise TalkError(
                "beats", f"{len(self.beats)} beats are too many: use at most {MOST_BEATS}"
            )

    @property
    def seconds(self) -> int:
        """The planned length of the whole talk."""
        return sum(beat.seconds for beat in self.beats)

    def inserted(self, at: int, beat: Beat) -> "Talk":
        """Return the talk with one more beat, before the beat that stood at `at`."""
        return replace(self, beats=(*self.beats[:at], beat, *self.beats[at:]))

    def removed(self, at: int) -> "Talk":
        """Return the talk without a beat."""
        return replace(self, beats=self.beats[:at] + self.beats[at + 1 :])

    def moved(self, at: int, to: int) -> "Talk":
        """Return the talk with a beat at another place, or the same talk if there is none."""
        if not 0 <= to < len(self.beats):
            return self
        return self.removed(at).inserted(to, self.beats[at])

    def changed(self, at: int, beat: Beat) -> "Talk":
        """Return the talk with another beat instead of one."""
        return self.removed(at).inserted(at, beat)


def read_link(text: str) -> tuple[str, dict[str, str]]:
    """Return lesson and state of a link, which may be a whole address copied from a browser.

    The fields of the address that say which talk is presented are left out.

    >>> read_link("http://localhost:8501/pooling?pool=average&present=1")
    ('pooling', {'pool': 'average'})

    Raises
    ------
    TalkError
        If the link is too long.
    """
    _short("link", text)
    path, _, query = text.strip().partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    state = {name: value for name, value in pairs if name not in RESERVED}
    return path.rstrip("/").rpartition("/")[2], state


def _short(name: str, text: str) -> None:
    if len(text) > LONGEST[name]:
        raise TalkError(
            name, f"{name} of {len(text)} characters is too long: use at most {LONGEST[name]}"
        )


def _one_line(name: str, text: str) -> None:
    _short(name, text)
    _of_text(name, text)


def _of_text(name: str, text: str, besides: str = "") -> None:
    """Refuse control characters and ends of lines; letters and spaces of every script are taken.

    Joiners and marks of direction are characters too, without which some scripts are misspelt.
    """
    for character in text:
        if unicodedata.category(character) in _REFUSED and character not in besides:
            held = "a line break" if character in _LINE_ENDS else f"U+{ord(character):04X}"
            where = f"the {name} holds" if name != "notes" else "the notes hold"
            raise TalkError(name, f"{where} {held}, which no text shows: take the character out")
