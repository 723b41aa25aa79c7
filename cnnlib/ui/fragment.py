"""Parts of a page that are made anew by themselves: the one way to declare such a part."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any, NoReturn

import streamlit as st

from cnnlib.ui import crowd, heard, inside
from cnnlib.ui.components import ear


def fragment(make: Callable[..., None], *, run_every: float | None = None) -> Callable[..., None]:
    """Return a function that makes a part of a page, which the part's own controls renew.

    Parameters
    ----------
    make : callable
    run_every : float, optional
        Seconds after which the part is made again by itself.
    """

    @wraps(make)
    def made(*arguments: Any, **named: Any) -> None:
        with nullcontext() if inside.is_whole() else crowd.turn():
            if heard.here().is_strange:
                again()
            make(*arguments, **named)
            if not inside.is_whole():
                end(make.__qualname__)

    return st.fragment(made, run_every=run_every)


def again() -> NoReturn:
    """End this run, and make the whole page anew: the one way to ask for that."""
    inside.again(heard.here().page())


def end(name: str) -> None:
    """End a run of a page, or of a part of it.

    Parameters
    ----------
    name : str
        The name of the page, or of the part.
    """
    here = heard.here()
    here.send()
    if here.lacks_packet():
        ear.show(key=f"ear.{name}")
    if here.lacks_run() or inside.left_out():
        again()
