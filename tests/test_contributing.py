"""CONTRIBUTING.md lists all places of a lesson, and every lesson has all of them."""

import re
from pathlib import Path

import pytest

from cnnlib.lessons.listing import LESSONS, find

ROOT = Path(__file__).parents[1]
MOST_PLACES = 7
ENTRIES = [lesson for lesson in LESSONS if find(lesson.stem)]
# How a file that is shared by all lessons names one of them.
NAMED = {
    "cnnlib/lessons/listing.py": 'Listed("{stem}", "{section}", "{title}")',
    "README.md": "\n- **{title}**",
    "assets/talks/lecture.talk": "\nbeat: {stem}",
}


def places():
    """Return the paths of the numbered list, with NAME for the lesson's name."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.partition("## Add a lesson in an hour\n")[2].partition("\n## ")[0]
    return re.findall(r"^\d+\. `([^`]+)`: ", section, re.MULTILINE)


def missing(lesson, root=ROOT):
    """Return the places of a lesson that are not there or do not name it."""
    lacking = []
    for place in places():
        path = root / place.replace("NAME", lesson.stem)
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        named = NAMED[place].format(**vars(lesson)) if place in NAMED else '"""'
        if named not in text:
            lacking.append(place)
    return lacking


def test_a_lesson_has_few_places_and_each_is_either_its_own_or_names_it():
    assert 1 < len(places()) <= MOST_PLACES
    assert {place for place in places() if "NAME" not in place} == set(NAMED)


@pytest.mark.parametrize("lesson", ENTRIES, ids=lambda lesson: lesson.stem)
def test_every_lesson_has_all_its_places(lesson):
    assert missing(lesson) == []


def test_a_lesson_without_its_places_would_be_found(tmp_path):
    assert missing(ENTRIES[0], tmp_path) == places()


def test_every_file_that_contributing_names_is_there():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:cnnlib|tests|pages|assets)/[\w./]+)`", text)
    assert len(named) > 10
    for path in named:
        assert "NAME" in path or (ROOT / path).exists(), path
