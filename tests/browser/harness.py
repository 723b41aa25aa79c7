"""The app in a process of its own, and the system's Chromium to look at it with."""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, Playwright, ViewportSize

from cnnlib.storage import database

ROOT = Path(__file__).parents[2]
HOW_TO_INSTALL = (
    "no Chromium here: install Debian's with `apt-get install chromium`, "
    "or name one in the environment variable CHROMIUM"
)
PROJECTOR: ViewportSize = {"width": 1280, "height": 720}
PHONE: ViewportSize = {"width": 390, "height": 844}


def chromium_path() -> str | None:
    """Return the path of an installed Chromium, or None."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if name and (path := shutil.which(name))), None)


def launch(playwright: Playwright) -> Browser:
    """Start a headless Chromium that asks nothing of any other host by itself."""
    return playwright.chromium.launch(
        executable_path=chromium_path(),
        args=[
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            # A camera that shows a test picture, and needs nobody to allow it.
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
        ],
    )


@contextlib.contextmanager
def serve(
    script: Path = ROOT / "serve.py",
    *,
    folder: Path | None = None,
    data: Path | None = None,
    base: str = "",
) -> Iterator[str]:
    """Serve a Streamlit script on a free port and yield its address.

    The script's configuration is that of `folder`, by default its own. The server answers below
    the path `base`, and keeps its data in `data`, by default a folder that is deleted afterwards.
    """
    port = _free_port()
    address = f"http://127.0.0.1:{port}/{base}".rstrip("/")
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1"]
    command += [f"--server.baseUrlPath={base}"]
    # A process of the server may write into the folder for a moment after the server has ended.
    made = tempfile.TemporaryDirectory(prefix="classroom-", ignore_cleanup_errors=True)
    with made as own, tempfile.TemporaryFile() as log:
        environment = os.environ | {database.FOLDER_VARIABLE: str(data or own)}
        process = subprocess.Popen(
            command, cwd=folder or script.parent, env=environment, stdout=log, stderr=log
        )
        try:
            while not _answers(address):
                if process.poll() is not None:
                    log.seek(0)
                    raise RuntimeError(f"the app did not start:\n{log.read().decode()}")
                time.sleep(0.05)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _free_port() -> int:
    """Return a port on which nothing listens, below those that the system gives to connections.

    A connection that somebody opens before the server listens cannot take it.
    """
    while True:
        port = 15_000 + secrets.randbelow(15_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as reply:  # noqa: S310
            return reply.status == 200
    except (urllib.error.URLError, OSError):
        return False


def open_pad(page: Page, address: str) -> Locator:
    """Open an address of the draw page, wait until its pad can be drawn on, and return the pad."""
    page.goto(address)
    paper = page.locator("canvas.paper")
    paper.wait_for()
    page.locator("canvas.maps[data-layer=pool2]").wait_for()
    return paper


def open_walk(page: Page, address: str) -> Locator:
    """Open a lesson with a walkthrough, wait until its player stands, and return the player."""
    page.goto(address)
    player = page.locator(".player[data-ready]")
    player.wait_for()
    return player


def present(page: Page) -> None:
    """Press the key that begins a presentation, once the page listens to keys, and wait for it."""
    page.locator(".stage[data-page]").wait_for(state="attached")
    page.keyboard.press("p")
    page.locator(".stage .strip").wait_for()


@contextlib.contextmanager
def before_all_scripts(page: Page, script: str) -> Iterator[None]:
    """Run a script in each document that a page opens meanwhile, before the document's own."""
    tools = page.context.new_cdp_session(page)
    tools.send("Page.enable")
    tools.send("Page.addScriptToEvaluateOnNewDocument", {"source": script})
    try:
        yield
    finally:
        tools.detach()


# One way of writing each digit, as a hand with a mouse would: points x,y in hundredths of the
# pad, a slash between strokes. These strokes were made apart from the built-in digits.
STROKES = {
    0: "50,20 36,28 30,50 36,73 50,80 64,73 70,50 64,28 50,20",
    1: "50,18 49,50 48,82",
    2: "33,33 40,22 55,20 65,30 62,43 47,62 32,78 50,78 70,78",
    3: "34,26 48,19 62,26 62,40 47,48 62,55 66,69 52,80 34,74",
    4: "40,20 36,38 33,55 50,55 68,54 / 62,22 61,50 60,82",
    5: "38,20 36,34 35,47 50,43 64,53 64,70 50,80 34,75 / 38,20 52,20 66,20",
    6: "60,18 45,33 36,55 38,73 50,81 63,73 62,59 50,54 38,64",
    7: "30,22 50,22 70,22 60,45 50,65 44,82",
    8: "62,28 50,19 38,28 42,42 58,55 63,69 50,81 37,70 42,55 58,42 62,28",
    9: "63,33 50,20 38,28 38,42 50,48 62,40 63,33 62,58 57,82",
}


def draw(page: Page, paper: Locator, digit: int, *, scale: float = 1.0, shift=(0.0, 0.0)) -> None:
    """Draw a digit with the mouse, `scale` times as large about the centre and moved by `shift`."""
    for stroke in strokes_of(digit):
        trace(page, paper, stroke, scale, shift)
        page.mouse.up()


def strokes_of(digit: int) -> list[list[tuple[float, float]]]:
    """Return a digit's strokes as points in the pad's unit square."""
    return [
        [tuple(int(v) / 100 for v in point.split(",")) for point in stroke.split()]
        for stroke in STROKES[digit].split("/")
    ]


def trace(page: Page, paper: Locator, stroke, scale=1.0, shift=(0.0, 0.0)) -> None:
    """Draw one stroke with the mouse and leave its button down."""
    box = paper.bounding_box()
    assert box is not None

    def place(point):
        x, y = (0.5 + (v - 0.5) * scale + s for v, s in zip(point, shift, strict=True))
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    page.mouse.move(*place(stroke[0]))
    page.mouse.down()
    for point in stroke[1:]:
        page.mouse.move(*place(point), steps=3)
