"""Docstrings and comments name their subject, and give reasons in words that are read once."""

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = [
    Path("app.py"),
    Path("serve.py"),
    *sorted(
        path.relative_to(ROOT)
        for folder in ("cnnlib", "pages", "benchmarks", "tests")
        for path in (ROOT / folder).rglob("*.py")
    ),
]
# A sentence that begins with such a word hides its subject.
OPENING = re.compile(r"(Who|Whoever|Whose|Whom|What|Whatever|Not|Nor)\b")
# "Because" gives a reason, and "except" an exception.
PHRASES = re.compile(r"\b(but for|all but|for (it|they|there) (is|are|was|were|has|have))\b")
SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+|\n\s*\n|\n(?= {4,})")


def texts(source):
    """Return the docstrings and comments of a module, the lines of a comment joined."""
    holders = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, holders)]
    found = [ast.get_docstring(node) or "" for node in nodes]
    last = -1
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            text = token.string.lstrip("#: ")
            whole = token.line.strip().startswith("#")
            if whole and token.start[0] == last + 1:
                found[-1] += f" {text}"
            else:
                found.append(text)
            last = token.start[0] if whole else -1
    return found


def unclear(source):
    """Return the sentences of a module's docstrings and comments that break a rule."""
    sentences = [
        " ".join(part.split()) for text in texts(source) for part in SENTENCE_ENDS.split(text)
    ]
    return [one for one in sentences if OPENING.match(one) or PHRASES.search(one)]


def test_sentences_name_their_subject():
    found = {str(path): unclear((ROOT / path).read_text(encoding="utf-8")) for path in FILES}
    assert {path: sentences for path, sentences in found.items() if sentences} == {}


def test_all_folders_are_read():
    folders = {path.parts[1] for path in FILES if path.parts[0] == "cnnlib"}
    assert {"data", "drawings", "figures", "lessons", "models", "runs", "training", "ui"} <= folders
    assert sum(path.parts[0] == "pages" for path in FILES) > 5


@pytest.mark.parametrize(
    "source",
    [
        '"""What every operation asks of its arrays."""',
        'class E(ValueError):\n    """An error.\n\n    f : str\n        What it names.\n    """',
        "x = 1  # Not for others",
        "# A process ends by itself. Whoever\n# started it need not wait.",
        "# Kept as bytes, for it is smaller.",
        "# The result is in ASCII, but for\n# letters.",
        "# A run keeps all but one.",
    ],
)
def test_an_unclear_sentence_would_be_found(source):
    assert unclear(source)


@pytest.mark.parametrize(
    "source",
    [
        '"""Return the number, not its text, for what follows."""',
        "# It asks for there to be room. The page says what is wrong.",
        "text = 'What is this?'",
    ],
)
def test_a_plain_sentence_is_left_alone(source):
    assert unclear(source) == []
