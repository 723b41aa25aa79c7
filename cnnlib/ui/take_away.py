"""Take it away: animations, pictures, tables and a link, made when they are asked for."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from cnnlib.figures.palette import Theme
from cnnlib.figures.raster import to_png
from cnnlib.figures.scene import Scene, scene
from cnnlib.figures.svg import to_svg
from cnnlib.lessons.animation import gif
from cnnlib.lessons.given import Given
from cnnlib.lessons.lesson import State
from cnnlib.ui import link
from cnnlib.ui.quoting import quoted
from cnnlib.walkthroughs.form import Walkthrough
from cnnlib.walkthroughs.table import to_csv, to_text

Offer = tuple[str, str, Callable[[], str | bytes]]


def show(walk: Walkthrough, step: int, *, key: str, state: State, given: Given) -> None:
    """Offer a walkthrough as files, one step of it as pictures, and the page as a link.

    Parameters
    ----------
    walk : Walkthrough
    step : int
    key : str
    state : State
        Leads with this walkthrough.
    given : Given
    """
    offer(walk.method, animation(state, given) | files(walk, step), key=key)


def files(walk: Walkthrough, step: int) -> dict[str, Offer]:
    """Return the offers of a walkthrough's numbers, and of one step of it."""
    return {
        **pictures(lambda: scene(walk, step, theme()), f" of step {step + 1}"),
        "CSV": ("csv", "text/csv", lambda: to_csv(walk)),
    }


def pictures(make: Callable[[], Scene], what: str = "") -> dict[str, Offer]:
    """Return the offers of a scene as SVG and as PNG."""
    return {
        f"SVG{what}": ("svg", "image/svg+xml", lambda: to_svg(make())),
        f"PNG{what}": ("png", "image/png", lambda: to_png(make())),
    }


def animation(state: State, given: Given) -> dict[str, Offer]:
    """Return the offer of a state's figure as a GIF."""
    return {"GIF": ("gif", "image/gif", lambda: gif(state, given, theme()))}


def table(make: Callable[[], Iterable[Sequence[str]]]) -> dict[str, Offer]:
    """Return the offer of rows of texts as CSV."""
    return {"CSV": ("csv", "text/csv", lambda: to_text(make()))}


def offer(name: str, offers: Mapping[str, Offer], *, key: str) -> None:
    """Offer files, each by its label: ending, type and what makes it; and the page as a link."""
    box = st.expander("Take it away", key=key, on_change="rerun")
    if not box.open:
        return
    with box:
        row = st.container(horizontal=True, gap="small")
        for number, (label, (ending, mime, make)) in enumerate(offers.items()):
            row.download_button(
                label,
                make,
                file_name=f"{name.replace(' ', '-')}.{ending}",
                mime=mime,
                key=f"{key}.{number}",
                on_click="ignore",
            )
        st.caption(f"{quoted(name.capitalize())}, and a link that restores this page:")
        query = urlencode(link.everything())
        st.code(
            f"{st.context.url}?{query}" if query else st.context.url, language=None, wrap_lines=True
        )


def theme() -> Theme:
    """Return the theme of the page."""
    return "dark" if st.context.theme.type == "dark" else "light"
