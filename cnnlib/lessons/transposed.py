"""The transposed convolution of one map: its walkthroughs, its sentences and its code."""

from typing import get_args

import numpy as np

from cnnlib.lessons.code import given_lines
from cnnlib.lessons.fields import Grid
from cnnlib.lessons.lesson import Code, Example
from cnnlib.lessons.telling import tell
from cnnlib.peers.transposed import TransposedCall
from cnnlib.transposed import conv_transpose2d_loops
from cnnlib.walkthroughs import examples, transposed
from cnnlib.walkthroughs.form import TransposedMethod, Walkthrough

A = Grid("Input A, rows by semicolons", 8, 8, link="t_A")
B = Grid("Kernel B", 7, 7, link="t_B")
OPENING = examples.TRANSPOSED["overlap"]
METHODS: tuple[TransposedMethod, ...] = get_args(TransposedMethod)
_USUAL = {"stride": 1, "padding": 0, "output_padding": 0, "dilation": 1}


def example(one: examples.Example) -> Example:
    """Return an example as a state of the lesson on layers."""
    settings = {f"t_{name}": value for name, value in (_USUAL | one.options).items()}
    arrays = {"a": one.a.to_text(), "b": one.b.to_text()}
    return Example(one.title, {"view": "transposed", **arrays, **settings})


def walk(call: TransposedCall, method: TransposedMethod = METHODS[0]) -> Walkthrough:
    """Tell the call by one method, or raise ValueError if it cannot be shown."""
    return transposed(call.a, call.b, method, **call.settings)


def walks(call: TransposedCall) -> tuple[list[Walkthrough], list[str]]:
    """Tell the call by each method, with a remark for each method that cannot tell it."""
    return tell(lambda method: walk(call, method), METHODS)


def story(told: Walkthrough, *, asked: bool) -> str:
    """Write out the output's size, and how patches overlap.

    Parameters
    ----------
    told : Walkthrough
    asked : bool
        Whether the learner works the size out; then only the formula is written.
    """
    formula = "$W_2=(W_1-1)S+D(F-1)+1-2P+P_o$"
    if asked:
        return f"Work the output size out: {formula}."
    rows, columns = (text.partition(": ")[2] for text in told.sizes)
    size = f"both {rows}" if rows == columns else f"rows {rows}, columns {columns}"
    sizes = ["×".join(map(str, told.shapes[name])) for name in ("input", "output")]
    return " ".join([f"**Input {sizes[0]} → output {sizes[1]}**: {formula}, {size}.", *told.notes])


def code(call: TransposedCall) -> Code:
    """Return the definition, and other libraries' calls, with these numbers."""
    result = walk(call).result()
    values = np.asarray(result.values).reshape(result.shape)
    lines = (*given_lines(A=call.a, B=call.b), *call.lines())
    return Code(conv_transpose2d_loops, lines, values, call.peers())
