"""From an address to a lesson, also where Streamlit starts at the page and skips `app.py`.

With a `pages/` folder, Streamlit runs the page's own file for a cold link to it, as long as no
session of this server has called `st.navigation`. Then the page would have no menu, no width
and the wrong title. So every page begins with `router.open_page()`, which goes back through
the router where the router has not run.
"""

import gc
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from cnnlib.lessons.listing import LESSONS, Listed
from cnnlib.ui import crowd, heard, inside, values
from cnnlib.ui.components import ear
from cnnlib.ui.fragment import end, fragment
from cnnlib.ui.places import place
from cnnlib.ui.session import arrive, visit
from cnnlib.ui.talks import present

_CSS = tuple(Path(__file__).with_name(f"{name}.css") for name in ("page", "present"))
_ROOT = Path(__file__).parents[2]
_ICON = _ROOT / "assets" / "icon" / "icon.svg"
_PAGES = _ROOT / "pages"
values.guard()


def run() -> None:
    """Show the menu, set the page up, and run the lesson that the address names, in its turn."""
    with crowd.turn():
        _run()


def _run() -> None:
    heard.here()
    # The default page answers to the bare address alone: its own path needs a page of its own.
    first = LESSONS[0]
    alias = st.Page(_script(first), title=first.title, url_path=first.stem, visibility="hidden")
    sections: dict[str, list[st.Page]] = {"": [alias]}
    for lesson in LESSONS:
        page = st.Page(
            _script(lesson),
            title=lesson.title,
            url_path="start" if lesson is first else lesson.stem,
            default=lesson is first,
        )
        sections.setdefault(lesson.section, []).append(page)
    chosen = st.navigation(sections, position="top")
    st.set_page_config(page_title=f"{chosen.title} · CNN Classroom", page_icon=_ICON, layout="wide")
    for css in _CSS:
        st.html(css)
    corner = st.container(key="corner")
    stem = first.stem if chosen.url_path in ("", "start") else chosen.url_path
    arrive(stem)
    present.show(stem)
    visit().routed = True
    try:
        _make(chosen)
    finally:
        visit().routed = False
    with corner:
        _listen()
    end(stem)
    _keep_what_is_loaded()


@fragment
def _listen() -> None:
    """Mount the ear that speaks for the page, after everything that the ear tells of."""
    ear.show(key=heard.EAR, speaks=True)


def _script(lesson: Listed) -> Path:
    return _PAGES / f"{lesson.stem}.py"


def _make(page: StreamlitPage) -> None:
    with place():
        page.run()


@cache
def _keep_what_is_loaded() -> None:
    """Tell the garbage collector, once the first page stands, that modules and caches stay.

    A full collection then looks at what visitors made, not at the half a million objects of the
    libraries: without this, an answer now and then waits 100 ms for a collection.
    """
    gc.collect()  # what is garbage by now would stay too
    gc.freeze()


def open_page() -> None:
    """Begin a page: go back through the router, unless the router has come here itself."""
    if not visit().routed:
        run()
        inside.stop()
