"""Component files: served under an address that bears their hash, or else sent as one text.

The hash is that of all files together, because modules import each other by relative paths. So an
address leads to files of one version alone, and a browser may keep them for good. Two modules lie
in no folder, because Python writes them: `shared/palette.js` and `shared/modules.js`.
"""

import base64
import gzip
import hashlib
import json
import posixpath
import re
import zlib
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from cnnlib.figures.palette import browser_palette

_HERE = Path(__file__).parent
_FOLDER = "components"
_KINDS = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}
_IMPORT = re.compile(r'^(import [^"]* from )"(\.[^"]+)";$', re.MULTILINE)
_KEPT = "public, max-age=31536000, immutable"
_served = False

# The page's own address may be a deep link; all pages are one level below the server's root.
_BY_ADDRESS = """const from = new URL("%s/shared/mount.js", document.baseURI);
export default await (await import(from)).default("%s");
"""
# Modules are sent as they are, each under an address that the browser makes up. A module that
# several components use is made once, so that these components share its state.
_AS_TEXT = """const bytes = Uint8Array.from(atob("%s"), (letter) => letter.charCodeAt(0));
const text = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
const made = globalThis[Symbol.for("classroom.modules")] ??= {};
for (const [path, parts] of JSON.parse(await new Response(text).text())) {
  const source = parts.map((part) => part.path ? JSON.stringify(made[part.path]) : part);
  made[path] ??= URL.createObjectURL(new Blob(source, { type: "text/javascript" }));
}
export default (await import(made["%s"])).default;
"""


def route(base: str) -> Route:
    """Return the server's route to the files; from now on components are given by address.

    Parameters
    ----------
    base : str
        The path below which the server answers, with a slash before it if there is one.
    """
    global _served
    _served = True
    return Route(f"{base}/{_FOLDER}/{{version}}/{{path:path}}", _answer)


def given(name: str) -> tuple[str, str, str]:
    """Return a component's HTML, CSS and JavaScript for Streamlit, which sends them each time.

    Where the files are served, HTML and CSS are empty, and two lines of JavaScript fetch all three.
    """
    if _served:
        return "", "", _BY_ADDRESS % (f"{_FOLDER}/{version()}", name)
    html, css = (_all()[f"{name}/{name}.{kind}"].decode() for kind in ("html", "css"))
    return html, css, _bundle(name)


@cache
def version() -> str:
    """Return the hash of all files, with their names."""
    digest = hashlib.sha256()
    for path, content in _all().items():
        digest.update(f"{path} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]


def modules_of(name: str) -> list[str]:
    """Return the paths of a component's modules, each after those that it imports."""
    return _led_to(_all(), name)


def _led_to(known: dict[str, bytes], name: str) -> list[str]:
    found: list[str] = []

    def add(path: str) -> None:
        for _, imported in _IMPORT.findall(known[path].decode()):
            if (other := _resolved(path, imported)) not in found:
                add(other)
        found.append(path)

    add(f"{name}/{name}.js")
    return found


def _bundle(name: str) -> str:
    """Return a component's modules as one text that Streamlit can send."""
    packed = []
    for path in modules_of(name):
        parts: list[str | dict[str, str]] = []
        at, source = 0, _all()[path].decode()
        for found in _IMPORT.finditer(source):
            parts += [source[at : found.end(1)], {"path": _resolved(path, found[2])}]
            at = found.end() - 1
        packed.append((path, [*parts, source[at:]]))
    text = zlib.compress(json.dumps(packed, ensure_ascii=False).encode(), 9)
    return _AS_TEXT % (base64.b64encode(text).decode(), f"{name}/{name}.js")


def _resolved(path: str, imported: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), imported))


@cache
def _all() -> dict[str, bytes]:
    # The files are read once, so that the served files are the hashed ones even if the folder
    # changes.
    paths = sorted(path for path in _HERE.rglob("*") if path.suffix in _KINDS)
    found = {path.relative_to(_HERE).as_posix(): path.read_bytes() for path in paths}
    found["shared/palette.js"] = _constant("PALETTE", browser_palette())
    names = sorted(path.partition("/")[0] for path in found if path.endswith(".html"))
    found["shared/modules.js"] = _constant("MODULES", {one: _led_to(found, one) for one in names})
    return found


def _constant(name: str, value: object) -> bytes:
    """Return a module that holds nothing but a constant."""
    return f"export const {name} = {json.dumps(value, separators=(',', ':'))};\n".encode()


@cache
def _zipped(path: str) -> bytes:
    return gzip.compress(_all()[path], 9, mtime=0)


async def _answer(request: Request) -> Response:
    asked, path = request.path_params["version"], request.path_params["path"]
    if path not in _all():
        return Response("There is no such component file.", 404, media_type="text/plain")
    if asked != version():
        # A page of yesterday, or of another server beside this one, is sent to today's file at that
        # file's own address, so that the file's imports are today's as well.
        up = "../" * (path.count("/") + 1)
        return RedirectResponse(f"{up}{version()}/{path}", headers={"Cache-Control": "no-store"})
    kind = _KINDS[posixpath.splitext(path)[1]]
    headers = {
        "Cache-Control": _KEPT,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(_all()[path], headers=headers, media_type=kind)
    headers["Content-Encoding"] = "gzip"
    return Response(_zipped(path), headers=headers, media_type=kind)
