"""Component files have an address that bears their hash; without a server of ours they are text."""

import asyncio
import base64
import gzip
import json
import re
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.applications import Starlette

from cnnlib.ui.components import files

NAMES = sorted(path.parent.name for path in files._HERE.glob("*/__init__.py"))
MODULES = sorted(path for path in files._all() if path.endswith(".js"))


@pytest.fixture
def served(monkeypatch):
    monkeypatch.setattr(files, "_served", False)
    return Starlette(routes=[files.route("/below")])


def ask(app, path, **headers):
    """Return the status, the headers and the body of the server's answer."""
    told = []

    async def hear(message):
        told.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": b""}
    names = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    # A loop of another test, such as the browser's, may run in this thread.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(app(scope | {"headers": names}, None, hear))).result()
    start, *rest = told
    found = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], found, b"".join(part.get("body", b"") for part in rest)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("player/player.js", "text/javascript"),
        ("player/player.css", "text/css"),
        ("player/player.html", "text/html"),
        ("shared/life.js", "text/javascript"),
    ],
)
def test_a_file_is_kept_for_good_under_its_hash(served, path, kind):
    status, headers, body = ask(served, f"/below/components/{files.version()}/{path}")
    assert status == 200
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["content-type"] == f"{kind}; charset=utf-8"
    assert body == (files._HERE / path).read_bytes()
    assert "content-encoding" not in headers


def test_a_browser_that_can_gets_it_deflated(served):
    address = f"/below/components/{files.version()}/pad/pad.js"
    _, headers, body = ask(served, address, accept_encoding="gzip, deflate, br")
    assert headers["content-encoding"] == "gzip"
    assert headers["vary"] == "Accept-Encoding"
    assert (
        int(headers["content-length"])
        == len(body)
        < files._HERE.joinpath("pad/pad.js").stat().st_size
    )
    assert gzip.decompress(body) == (files._HERE / "pad/pad.js").read_bytes()


@pytest.mark.parametrize("path", ["pad/pad.js", "shared/life.js"])
def test_the_hash_of_another_day_leads_to_todays_file_and_is_not_kept(served, path):
    status, headers, _ = ask(served, f"/below/components/0123456789abcdef/{path}")
    assert status == 307
    assert headers["cache-control"] == "no-store"
    assert headers["location"] == f"../../{files.version()}/{path}"


@pytest.mark.parametrize(
    "path",
    [
        "player/no.js",
        "player/__init__.py",
        "files.py",
        "../session.py",
        "../components/files.py",
        "%2e%2e/session.py",
        "/etc/passwd",
        "..\\session.py",
        "player/../pad/pad.js",
        "player",
        "",
    ],
)
@pytest.mark.parametrize("version", ["today", "../..", "0123456789abcdef"])
def test_nothing_else_can_be_asked_for(served, path, version):
    version = files.version() if version == "today" else version
    status, headers, body = ask(served, f"/below/components/{version}/{path}")
    assert status == 404
    assert "cache-control" not in headers
    assert b"import" not in body


@pytest.mark.parametrize("path", ["pad/pad.css", "shared/life.js", "unit/unit.html"])
def test_every_file_decides_over_the_hash(monkeypatch, path):
    made = files.version.__wrapped__()
    assert made == files.version()
    known = dict(files._all())
    monkeypatch.setattr(files, "_all", lambda: known | {path: known[path] + b"\n"})
    assert files.version.__wrapped__() != made
    monkeypatch.setattr(
        files, "_all", lambda: {f"{name}x": content for name, content in known.items()}
    )
    assert files.version.__wrapped__() != made


@pytest.mark.parametrize("name", NAMES)
def test_by_address_a_component_is_one_line_for_streamlit(served, name):
    html, css, js = files.given(name)
    assert (html, css) == ("", "")
    assert len(js) < 200
    assert f"components/{files.version()}/shared/mount.js" in js
    assert f'("{name}")' in js


@pytest.mark.parametrize("name", NAMES)
def test_as_text_a_component_has_all_that_it_imports_each_after_what_it_imports(monkeypatch, name):
    monkeypatch.setattr(files, "_served", False)
    html, css, js = files.given(name)
    assert html == (files._HERE / name / f"{name}.html").read_text()
    assert css == (files._HERE / name / f"{name}.css").read_text()
    packed = re.search(r'atob\("([^"]+)"\)', js)[1]
    seen = []
    for path, parts in json.loads(zlib.decompress(base64.b64decode(packed))):
        whole = ""
        for part in parts:
            if isinstance(part, dict):
                assert part["path"] in seen
            whole += part if isinstance(part, str) else '""'
        seen.append(path)
        original = files._all()[path].decode()
        assert whole == re.sub(r'from "[^"]+";$', 'from "";', original, flags=re.MULTILINE)
    assert seen[-1] == f"{name}/{name}.js"


@pytest.mark.parametrize("path", MODULES)
def test_a_module_imports_as_the_bundle_reads_it_and_never_in_a_circle(path):
    source = files._all()[path].decode()
    lines = re.findall(r"^(?:import|export .* from)\b.*$", source, re.MULTILINE)
    assert len(lines) == len(files._IMPORT.findall(source))

    def follow(at, above):
        for _, imported in files._IMPORT.findall(files._all()[at].decode()):
            other = files._resolved(at, imported)
            assert other in files._all(), f"{at} imports {imported}, which is not there"
            assert other not in above, f"{other} is imported by what it imports: {above}"
            follow(other, (*above, other))

    follow(path, (path,))


def test_a_page_is_told_of_all_that_a_component_leads_to():
    text = files._all()["shared/modules.js"].decode()
    told = json.loads(text.removeprefix("export const MODULES = ").removesuffix(";\n"))
    assert told == {name: files.modules_of(name) for name in NAMES}


def test_modules_have_plain_names_and_each_is_used():
    used = {path for name in NAMES for path in files.modules_of(name)}
    assert used | {"shared/mount.js", "shared/modules.js"} == set(MODULES)
    assert not [path for path in files._all() if re.search(r"\d", path)]
