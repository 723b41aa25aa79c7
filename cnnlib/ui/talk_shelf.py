"""The talks there are: those that come with the project, and a lecturer's own."""

from functools import cache
from pathlib import Path

from cnnlib.talks.talk import Talk
from cnnlib.talks.text import read

_FOLDER = Path(__file__).parents[2] / "assets" / "talks"
LECTURE = "lecture"


@cache
def shipped() -> dict[str, Talk]:
    """Return the talks that come with the project, by their ids; the lecture is one."""
    return {path.stem: read(path.read_text("utf-8")) for path in sorted(_FOLDER.glob("*.talk"))}


def find(talk_id: str) -> Talk | None:
    """Return a talk, whoever made it, or None: whoever has a talk's link may follow it."""
    return shipped().get(talk_id)
