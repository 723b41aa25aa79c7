"""Take it away: a walkthrough as animation, picture, table and link, made when asked for."""

from collections.abc import Callable
from urllib.parse import urlencode

import streamlit as st

from cnnlib.figures.palette import Theme
from cnnlib.figures.raster import to_gif, to_png
from cnnlib.figures.scene import scene
from cnnlib.figures.svg import to_svg
from cnnlib.walkthrough import Walkthrough
from cnnlib.walkthroughs.table import to_csv


def show(walk: Walkthrough, step: int, *, key: str) -> None:
    """Offer a walkthrough as files, one step of it as pictures, and the page as a link."""
    box = st.expander("Take it away", key=key, on_change="rerun")
    if not box.open:
        return
    with box:
        theme: Theme = "dark" if st.context.theme.type == "dark" else "light"
        stem = walk.method.replace(" ", "-")
        offers: dict[str, tuple[str, str, Callable[[], str | bytes]]] = {
            "GIF": ("gif", "image/gif", lambda: to_gif(walk, theme)),
            f"SVG of step {step + 1}": (
                "svg",
                "image/svg+xml",
                lambda: to_svg(scene(walk, step, theme)),
            ),
            f"PNG of step {step + 1}": (
                "png",
                "image/png",
                lambda: to_png(scene(walk, step, theme)),
            ),
            "CSV": ("csv", "text/csv", lambda: to_csv(walk)),
        }
        for column, (label, (ending, mime, make)) in zip(
            st.columns(len(offers)), offers.items(), strict=True
        ):
            column.download_button(
                label,
                make,
                file_name=f"{stem}.{ending}",
                mime=mime,
                key=f"{key}.{ending}",
                on_click="ignore",
                width="stretch",
            )
        st.caption(f"{walk.method.capitalize()}, and a link that restores this page:")
        query = urlencode(st.query_params.to_dict())
        st.code(
            f"{st.context.url}?{query}" if query else st.context.url, language=None, wrap_lines=True
        )
