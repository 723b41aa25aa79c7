"""The house keeps its own rules: imports one way, one command each, documents that are true."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cnnlib.lessons.listing import LESSONS

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "pages"

# The levels that each level may import, and the packages beyond the standard library.
LEVELS = {
    "core": ({"core"}, {"numpy"}),
    "storage": ({"storage"}, set()),
    "talks": ({"core", "storage", "talks"}, set()),
    "records": ({"storage", "records"}, set()),
    "runs": ({"core", "storage", "runs"}, {"numpy"}),
    "admin": ({"core", "storage", "talks", "runs", "admin"}, set()),
    "training": ({"core", "storage", "runs", "training"}, {"numpy", "torch"}),
    "peers": ({"core", "peers"}, {"numpy"}),
    "figures": ({"core", "figures"}, {"numpy", "plotly"}),
    "lessons": ({"core", "storage", "runs", "peers", "figures", "lessons"}, {"numpy"}),
    "handouts": ({"core", "talks", "figures", "lessons", "handouts"}, set()),
    "ui": (
        {
            *("core", "storage", "talks", "runs", "peers", "figures"),
            *("lessons", "handouts", "ui"),
        },
        {"numpy", "streamlit", "starlette"},
    ),
    "server": (
        {"core", "storage", "talks", "runs", "lessons", "ui", "server"},
        {"streamlit", "starlette"},
    ),
    "pages": ({"core", "figures", "ui", "pages"}, {"numpy", "streamlit"}),
}
# Heavy packages that a function may import for itself, at the moment that it is called.
LAZY = {
    "core": {"pooch", "PIL"},
    "peers": {"scipy", "torch"},
    "figures": {"PIL"},
    "training": {"pooch"},
}


def level_of(module: str) -> str | None:
    first, _, rest = module.partition(".")
    if first != "cnnlib":
        return None
    second = rest.partition(".")[0]
    return second if second in LEVELS else "core"


def offences(level: str, source: str) -> list[str]:
    """Return the imports in a module of this level that the house does not allow."""
    inside, outside = LEVELS[level]
    tree = ast.parse(source)
    later = {id(node) for function in _functions(tree) for node in ast.walk(function)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            # `from cnnlib import conv` names a module, not an attribute.
            modules = (
                [f"cnnlib.{alias.name}" for alias in node.names]
                if node.module == "cnnlib"
                else [node.module or ""]
            )
        else:
            continue
        allowed = outside | (LAZY.get(level, set()) if id(node) in later else set())
        for module in modules:
            own = level_of(module)
            package = module.partition(".")[0]
            known = own in inside if own else package in allowed | sys.stdlib_module_names
            if not known:
                found.append(module)
    return found


def _functions(tree: ast.Module) -> list[ast.AST]:
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def modules():
    found = [*(ROOT / "cnnlib").rglob("*.py"), *(ROOT / "pages").glob("*.py")]
    assert len(found) > 10, "the house's modules were not found"
    return sorted(path.relative_to(ROOT) for path in found)


@pytest.mark.parametrize("path", modules(), ids=str)
def test_imports_run_one_way(path):
    level = "pages" if path.parts[0] == "pages" else level_of(".".join(path.with_suffix("").parts))
    assert offences(level, (ROOT / path).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("level", "source"),
    [
        ("core", "import torch"),
        ("core", "from PIL import Image"),
        ("core", "from cnnlib.figures import palette"),
        ("core", "from cnnlib import ui"),
        ("core", "from cnnlib.storage.database import connect"),
        ("storage", "from cnnlib.runs.config import TrainConfig"),
        ("lessons", "import streamlit as st"),
        ("lessons", "from cnnlib.ui import cache"),
        ("handouts", "import streamlit as st"),
        ("talks", "from cnnlib.lessons.listing import LESSONS"),
        ("figures", "import streamlit as st"),
        ("peers", "import scipy"),
        ("core", "from cnnlib.peers import Peer"),
        ("training", "from cnnlib.lessons.listing import LESSONS"),
        ("runs", "import torch"),
        ("runs", "def start():\n    import torch"),
        ("runs", "from cnnlib.training.trainer import train"),
        ("runs", "from cnnlib.lessons.listing import LESSONS"),
        ("ui", "from cnnlib.training.trainer import train"),
        ("ui", "from cnnlib.training import model"),
        ("ui", "def start():\n    import cnnlib.training.worker"),
        ("ui", "def start():\n    import torch"),
        ("ui", "from cnnlib.server import owner_cookie"),
        ("pages", "import requests"),
    ],
)
def test_the_import_rule_can_fail(level, source):
    assert offences(level, source)


# The parts of Streamlit that have one way of use here, and the one module that may use each. A
# message may hold an old state, and a callback that is stopped half-way is not called again.
ONE_WAY = {
    r"\bst\.session_state\b|\bst\.query_params\b|get_script_run_ctx": "inside",
    r"\bst\.fragment\b": "fragment",
    r"\bst\.rerun\(": "",
    r"\bst\.stop\(|\bif\b.*button\(": "",
    r"\bst\.components\b": "__init__",
}


def past_the_one_way(name: str, source: str) -> list[str]:
    return [rule for rule, owner in ONE_WAY.items() if name != owner and re.search(rule, source)]


def test_link_controls_and_components_have_one_way_in_and_out():
    paths = [*(ROOT / "cnnlib" / "ui").rglob("*.py"), *(ROOT / "pages").glob("*.py")]
    assert len(paths) > 50
    found = {path: past_the_one_way(path.stem, path.read_text("utf-8")) for path in paths}
    assert {path: rules for path, rules in found.items() if rules} == {}


@pytest.mark.parametrize(
    "source",
    [
        'text = st.session_state["a"]',
        'st.query_params["unit"] = ""',
        "@st.fragment\ndef show(): ...",
        'if st.button("Save"): ...',
        'if row.form_submit_button("Save"): ...',
        "st.stop()",
        "st.rerun()",
    ],
)
def test_the_rule_of_one_way_can_fail(source):
    assert past_the_one_way("page", source)


# Streamlit's calls that read Markdown. Options of a list of choices are shown as they are.
MARKDOWN = {
    *("markdown", "caption", "error", "warning", "info", "success", "toast", "write", "title"),
    *("header", "subheader", "button", "toggle", "checkbox", "radio", "segmented_control"),
    *("expander", "popover", "page_link", "download_button", "form_submit_button", "text_input"),
}
QUOTING = {"quoted", "lines", "refusal"}
# Names and attributes of things that may quote what somebody typed.
TYPED = {"error", "problem", "sentence"}
TYPED_OF = {"title", "line", "notes", "whose", "sentence", "lesson"}


def unquoted(source: str) -> list[str]:
    """Return what a module shows of a learner's text without quoting it."""
    found = []
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in MARKDOWN:
            labels = [more.value for more in call.keywords if more.arg in ("help", "format_func")]
            for shown in [*call.args[:1], *labels]:
                found += _bare(shown)
    return found


def _bare(node: ast.AST) -> list[str]:
    """Return the typed things in an expression, except those that are quoted or only tested."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in QUOTING:
        return []
    if isinstance(node, ast.IfExp):
        return [*_bare(node.body), *_bare(node.orelse)]
    if getattr(node, "id", "") in TYPED or getattr(node, "attr", "") in TYPED_OF:
        return [ast.unparse(node)]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return [one for part in [node.func.value, *node.args] for one in _bare(part)]
    return [one for child in ast.iter_child_nodes(node) for one in _bare(child)]


def test_a_page_quotes_what_somebody_typed():
    paths = [*(ROOT / "cnnlib" / "ui").rglob("*.py"), *(ROOT / "pages").glob("*.py")]
    found = {path: unquoted(path.read_text("utf-8")) for path in paths}
    assert {path: rules for path, rules in found.items() if rules} == {}


@pytest.mark.parametrize(
    "source",
    [
        "st.markdown(sentence(error))",
        "st.caption(str(error))",
        'place.markdown(f"**{beat.line}** {quoted(beat.notes)}")',
        "st.markdown(quoted(line) if beat.line else beat.notes)",
        "state.markdown(record.state, help=record.sentence)",
        'st.radio("Beats", talk.beats, format_func=lambda beat: beat.line)',
    ],
)
def test_the_rule_of_quoting_can_fail(source):
    assert unquoted(source)


def test_a_picture_library_may_be_imported_by_the_function_that_needs_it():
    assert offences("core", "def load():\n    from PIL import Image") == []


def loaded_by(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return set(result.stdout.split())


HEAVY = {"torch", "plotly", "streamlit", "PIL", "pooch", "pandas", "scipy"}


def test_the_core_loads_numpy_and_nothing_heavier():
    core = sorted((ROOT / "cnnlib").glob("*.py")) + sorted((ROOT / "cnnlib" / "data").glob("*.py"))
    names = [".".join(p.relative_to(ROOT).with_suffix("").parts) for p in core]
    loaded = loaded_by("import " + ", ".join(n.removesuffix(".__init__") for n in names))
    assert "numpy" in loaded
    assert not loaded & HEAVY


def test_loading_something_heavy_would_be_seen():
    assert "plotly" in loaded_by("import cnnlib, plotly")


def test_no_page_loads_torch_before_anybody_trains():
    assert "torch" not in loaded_by("import cnnlib.ui.router, cnnlib.ui.pages.draw")


def test_describing_runs_loads_no_torch():
    names = sorted(f"cnnlib.runs.{path.stem}" for path in (ROOT / "cnnlib" / "runs").glob("*.py"))
    assert "cnnlib.runs.service" in names
    assert not loaded_by("import " + ", ".join(names)) & HEAVY


def speaks_sql(source: str) -> bool:
    """Tell whether a module holds a statement about rows; a lock's PRAGMA or BEGIN is none."""
    texts = [n.value for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Constant)]
    statement = r"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE)\s"
    return any(re.match(statement, text) for text in texts if isinstance(text, str))


def test_storage_alone_speaks_sql():
    speakers = {path for path in modules() if speaks_sql((ROOT / path).read_text(encoding="utf-8"))}
    assert {path.parent for path in speakers} == {Path("cnnlib/storage")}
    assert speaks_sql('rows.execute("DELETE FROM runs")')


def test_every_lesson_has_its_page_and_every_page_its_lesson():
    assert LESSONS
    assert {lesson.stem for lesson in LESSONS} == {path.stem for path in PAGES.glob("*.py")}


def test_every_page_begins_at_the_router():
    for lesson in LESSONS:
        statements = ast.parse((PAGES / f"{lesson.stem}.py").read_text(encoding="utf-8")).body
        calls = [node for node in statements if isinstance(node, ast.Expr)]
        assert ast.unparse(calls[1]) == "router.open_page()", lesson.stem


def test_the_readmes_commands_exist():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"`make (\w+)`", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert {"run", "test", "bench", "screenshots"} <= named <= targets


def test_ci_runs_the_readmes_test_command():
    assert (ROOT / ".ci" / "run").read_text().rstrip().endswith("make test")


def test_readme_lists_every_lesson():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for lesson in LESSONS:
        assert f"**{lesson.title}**" in text


def test_every_folder_of_assets_tells_its_sources():
    folders = [path for path in (ROOT / "assets").iterdir() if path.is_dir()]
    assert folders
    for folder in folders:
        sources = (folder / "SOURCES.md").read_text(encoding="utf-8")
        for file in folder.iterdir():
            if file.name != "SOURCES.md":
                assert file.name in sources


def test_every_package_is_pinned():
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text().splitlines()
        wanted = [line for line in lines if line and not line.startswith(("#", "-r"))]
        assert wanted
        assert all(re.fullmatch(r"[\w-]+==[\w.]+", line) for line in wanted)
    assert "torch==2.13.0" in (ROOT / "requirements.txt").read_text()


def test_the_app_computes_on_one_thread_because_its_variable_is_set_before_numpy_is_loaded():
    assert "numpy" not in loaded_by("import cnnlib.ui")
    assert "numpy" in loaded_by("import cnnlib.ui.cache")
    code = "import cnnlib.ui.cache, os; print(os.environ['OPENBLAS_NUM_THREADS'])"
    environment = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"}
    command = [sys.executable, "-c", code]
    printed = subprocess.check_output(command, cwd=ROOT, env=environment, text=True)
    assert printed.split() == ["1"]
