"""Show the code: the definition's own source with the lesson's numbers, beside other libraries."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st
from numpy.typing import ArrayLike

from cnnlib.peers import Peer
from cnnlib.walkthroughs.numbers import Numbers
from cnnlib.walkthroughs.typed import ascii_number


def show(
    definition: Callable[..., Any],
    lines: Sequence[str],
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
    lines : sequence of str
        The call, and before it what gives it its numbers.
    result : array_like
        What the lesson shows, to be compared with.
    peers : sequence of Peer
    key : str
    """
    box = st.expander("Show the code", key=key, on_change="rerun", bind="query-params")
    if not box.open:
        return
    with box:
        st.code("\n".join([inspect.getsource(definition), "", *lines]), language="python")
        for peer in peers:
            st.code(peer.text, language="python", wrap_lines=True)
            if peer.slow and not st.toggle(f"Run {peer.name}", key=f"{key}.{peer.module}"):
                st.caption(f"{peer.name} is imported when you ask for it.")
            else:
                st.caption(peer.compare(result))


def given(**arrays: Numbers) -> list[str]:
    """Return lines of Python that give arrays their names, and import what they need.

    Examples
    --------
    >>> from cnnlib.walkthroughs.numbers import numbers
    >>> given(a=numbers([1, 2]), b=numbers(["1/2"]))
    ['from fractions import Fraction', 'a = [1, 2]', 'b = [Fraction(1, 2)]']
    """
    lines = [f"{name} = {literal(array)}" for name, array in arrays.items()]
    needs = any("/" in text for array in arrays.values() for text in array.texts)
    return ["from fractions import Fraction"] * needs + lines


def literal(array: Numbers) -> str:
    """Write numbers as Python, as they were typed: fractions as fractions.

    Examples
    --------
    >>> from cnnlib.walkthroughs.numbers import numbers
    >>> literal(numbers(["1/3", "−0.5"])), literal(numbers([[1, 2], [3, 4]]))
    ('[Fraction(1, 3), -0.5]', '[[1, 2], [3, 4]]')
    """
    cells = [
        f"Fraction({', '.join(text.split('/'))})" if "/" in text else text
        for text in map(ascii_number, array.texts)
    ]
    across = array.shape[-1]
    rows = [f"[{', '.join(cells[at : at + across])}]" for at in range(0, len(cells), across)]
    return rows[0] if len(array.shape) == 1 else f"[{', '.join(rows)}]"
