"""Show the code: the definition's own source with the lesson's numbers, beside other libraries."""

import importlib.util
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import ArrayLike

from cnnlib.numbers import Numbers
from cnnlib.typed import ascii_number

_NEGLIGIBLE = 1e-12


@dataclass(frozen=True)
class Peer:
    """The same result from another library.

    Attributes
    ----------
    name : str
        The library's name.
    module : str
        What has to be installed for it.
    text : str
        The call as a learner would write it, with `a` and `b`.
    run : callable
        Makes that call with the lesson's numbers.
    on_request : bool
        Whether it runs only when asked to, because its import takes seconds.
    """

    name: str
    module: str
    text: str
    run: Callable[[], ArrayLike]
    on_request: bool = False


def show(
    definition: Callable[..., Any],
    assignments: str,
    call: str,
    result: ArrayLike,
    peers: Sequence[Peer],
    *,
    key: str,
) -> None:
    """Show a definition, its call, and what other libraries make of the same numbers.

    Parameters
    ----------
    definition : callable
        Its source is shown as it stands in the project.
    assignments : str
        Lines that give the call its numbers.
    call : str
        The line that follows.
    result : array_like
        What the lesson shows, to be compared with.
    peers : sequence of Peer
    key : str
    """
    box = st.expander("Show the code", key=f"{key}.code", on_change="rerun")
    with box:
        if not box.open:
            return
        st.code(f"{inspect.getsource(definition)}\n\n{assignments}\n{call}", language="python")
        for peer in peers:
            st.code(peer.text, language="python")
            st.caption(_compare(peer, result, key))


def literal(operand: Numbers) -> str:
    """Write numbers as Python: fractions as fractions, decimals as decimals, as they were typed."""
    cells = [
        f"Fraction({ascii_number(text).replace('/', ', ')})" if "/" in text else ascii_number(text)
        for text in operand.texts
    ]
    if len(operand.shape) == 1:
        return f"[{', '.join(cells)}]"
    across = operand.shape[1]
    rows = [", ".join(cells[at : at + across]) for at in range(0, len(cells), across)]
    return f"[[{'], ['.join(rows)}]]"


def exact(operand: Numbers) -> list[Fraction]:
    """Return the numbers as `literal` writes them, to be computed with."""
    return [Fraction(ascii_number(text)) for text in operand.texts]


def _compare(peer: Peer, result: ArrayLike, key: str) -> str:
    if importlib.util.find_spec(peer.module) is None:
        return f"{peer.name} is not installed here."
    if peer.on_request and not st.toggle(f"Run {peer.name}", key=f"{key}.{peer.module}"):
        return f"{peer.name} is imported when you ask for it."
    try:
        theirs = np.asarray(peer.run(), float)
    except (ValueError, RuntimeError) as error:
        return f"{peer.name} refuses: {str(error).splitlines()[0]}"
    ours = np.asarray(result, float)
    if theirs.shape != ours.shape:
        return f"{peer.name} gives another shape: {theirs.shape} instead of {ours.shape}."
    gap = float(np.abs(theirs - ours).max())
    return f"{peer.name} gives the same: largest difference {0 if gap < _NEGLIGIBLE else gap:.2g}."
