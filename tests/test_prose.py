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
SCRIPTS = sorted(
    path.relative_to(ROOT)
    for kind in ("*.js", "*.css")
    for path in (ROOT / "cnnlib" / "ui").rglob(kind)
)
# Strings and regular expressions come first, because they may hold the signs of a comment.
COMMENT = re.compile(
    r""""(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`"""
    r"""|[(,=:!&|?>]\s*/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/"""
    r"""|/\*(?P<block>.*?)\*/|//(?P<line>[^\n]*)""",
    re.DOTALL,
)
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


def script_texts(source):
    """Return the comments of a script or a style sheet, lines that follow each other joined."""
    found, end = [], None
    for match in COMMENT.finditer(source):
        text = match["line"] if match["block"] is None else match["block"]
        if text is None:
            continue
        before = source[source.rfind("\n", 0, match.start()) + 1 : match.start()]
        whole = match["line"] is not None and not before.strip() and "----" not in text
        if whole and end is not None and source[end : match.start()] == "\n" + before:
            found[-1] += text
        else:
            found.append(text.strip())
        end = match.end() if whole else None
    return found


def unclear(source, read=texts):
    """Return the sentences that break a rule in what a reader finds in a source."""
    sentences = [
        " ".join(part.split()) for text in read(source) for part in SENTENCE_ENDS.split(text)
    ]
    return [one for one in sentences if OPENING.match(one) or PHRASES.search(one)]


def test_sentences_name_their_subject():
    found = {str(path): unclear((ROOT / path).read_text(encoding="utf-8")) for path in FILES}
    assert {path: sentences for path, sentences in found.items() if sentences} == {}


def test_sentences_in_scripts_name_their_subject():
    sources = {str(path): (ROOT / path).read_text(encoding="utf-8") for path in SCRIPTS}
    found = {path: unclear(source, script_texts) for path, source in sources.items()}
    assert {path: sentences for path, sentences in found.items() if sentences} == {}


def test_comments_of_scripts_are_found():
    assert {path.parts[3] for path in SCRIPTS if len(path.parts) > 4} >= {"player", "shared", "pad"}
    read = [
        text for path in SCRIPTS for text in script_texts((ROOT / path).read_text(encoding="utf-8"))
    ]
    assert len(read) > 250


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


@pytest.mark.parametrize(
    "source",
    [
        "// What a hand does.\n",
        "/* Out of the flow, for it is wide. */",
        'const a = "//"; // Not for others',
        'const r = /["`]/g; // Whose name?\n',
        "const a = `//`; /* Plain.\n   Whoever reads, plays. */",
        "  // A key counts anywhere. Whoever\n  // plays hears the key.\n",
        "let x = 0; // of a map\n// Who has keys.\n",
        "// ---- showing ----\n// What is lit.\n",
    ],
)
def test_an_unclear_comment_of_a_script_would_be_found(source):
    assert unclear(source, script_texts)


@pytest.mark.parametrize(
    "source",
    [
        'const a = "// What is this?";',
        "const a = `/* Who are you? */`;",
        "const r = text.replace(/\\/\\/ What/, 1);",
        "// The stage asks again, and tells\n// what was asked.\n",
        "const a = 4 / 2; // The half of four.\n",
    ],
)
def test_a_plain_script_is_left_alone(source):
    assert unclear(source, script_texts) == []
