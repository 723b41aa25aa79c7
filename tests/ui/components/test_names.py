"""Components show any lesson: none of their modules knows the name of one, or of what it tells."""

import re
from pathlib import Path
from typing import get_args

import pytest

from cnnlib.lessons.listing import LESSONS
from cnnlib.ui import components
from cnnlib.walkthroughs import form

FOLDER = Path(components.__file__).parent
FILES = sorted(FOLDER.rglob("*.js"))
TOLD = {
    name
    for literal in (
        form.Operation,
        form.Transposed,
        form.Pooling,
        form.Method,
        form.TransposedMethod,
        form.Pooled,
    )
    for name in get_args(literal)
}
NAMES = TOLD | {name for lesson in LESSONS for name in (lesson.stem, lesson.title)}
# A lesson whose name is one everyday word, such as "draw", is named only by a whole text or a path.
# A word of an operation or a method, such as "pooling", is no everyday word.
TERMS = {word for told in TOLD for word in told.split()}
EVERYDAY = {lesson.stem for lesson in LESSONS if "_" not in lesson.stem} - TERMS


def known(source):
    """Return the names that a source knows, wherever they stand, also in a comment."""
    found = set()
    for name in NAMES:
        word = re.escape(name)
        pattern = rf"[\"'`/]{word}[\"'`/?]" if name.lower() in EVERYDAY else rf"\b{word}\b"
        if re.search(pattern, source, re.IGNORECASE):
            found.add(name)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_component_knows_no_method_no_operation_and_no_lesson(path):
    assert known(path.read_text(encoding="utf-8")) == set()


def test_all_files_and_names_are_looked_at():
    assert {"player.js", "figures.js", "ledger.js", "maps.js"} <= {path.name for path in FILES}
    assert {"flip-and-filter", "window by window", "L2 pooling", "conv_layer"} <= NAMES
    assert {"draw", "kernels", "train", "talks"} <= EVERYDAY <= NAMES - {"pooling"}


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ('if (walk.method === "matrix form") return;', "matrix form"),
        ("// A pooling adds up no products.", "pooling"),
        ('const told = "Transposed convolution, step by step";', "transposed convolution"),
        ("visit(`train?run=${id}`);", "train"),
        ('const here = page === "draw";', "draw"),
        ('note.textContent = "See Classic kernels.";', "Classic kernels"),
    ],
)
def test_a_component_that_knew_a_name_would_be_found(source, name):
    assert name in known(source)


def test_everyday_words_are_no_names():
    assert known('function draw() { say("clear it to draw on"); } // for kernels') == set()
