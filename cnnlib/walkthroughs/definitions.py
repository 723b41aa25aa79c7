"""Convolution, cross-correlation and pooling as they are defined, short enough to be shown.

The functions take any numbers that can be multiplied and added, so fractions stay fractions.
"""

from collections.abc import Callable, Sequence
from typing import Any


def convolve_loops(a: Sequence[Any], b: Sequence[Any]) -> list[Any]:
    """Convolve: (a∗b)_t = Σ_τ a_τ b_{t−τ}, one product at a time.

    Examples
    --------
    >>> convolve_loops([2, -1, 1], [1, 1, 2])
    [2, 1, 4, -1, 2]
    """
    out = [0] * (len(a) + len(b) - 1)
    for t in range(len(out)):
        for tau in range(len(a)):
            if 0 <= t - tau < len(b):
                out[t] += a[tau] * b[t - tau]
    return out


def correlate_loops(a: Sequence[Any], b: Sequence[Any]) -> list[Any]:
    """Cross-correlate: (a⊗b)_t = Σ_τ a_{t+τ} b_τ, from t = −(len(b) − 1) on.

    Examples
    --------
    >>> correlate_loops([2, -1, 1], [1, 1, 2])
    [4, 0, 3, 0, 1]
    """
    out = [0] * (len(a) + len(b) - 1)
    for i in range(len(out)):
        t = i - (len(b) - 1)
        for tau in range(len(b)):
            if 0 <= t + tau < len(a):
                out[i] += a[t + tau] * b[tau]
    return out


def correlate2d_loops(
    a: Sequence[Sequence[Any]], b: Sequence[Sequence[Any]], stride: int = 1, dilation: int = 1
) -> list[list[Any]]:
    """Cross-correlate pictures: out_ij = Σ_s Σ_t a_{S·i + D·s, S·j + D·t} b_st.

    A convolution is the same with the kernel flipped in both directions.

    Examples
    --------
    >>> correlate2d_loops([[1, 2, 3], [4, 5, 6]], [[1, 0], [0, -1]])
    [[-4, -4]]
    """
    rows = (len(a) - dilation * (len(b) - 1) - 1) // stride + 1
    columns = (len(a[0]) - dilation * (len(b[0]) - 1) - 1) // stride + 1
    out = [[0] * columns for _ in range(rows)]
    for i in range(rows):
        for j in range(columns):
            for s in range(len(b)):
                for t in range(len(b[0])):
                    out[i][j] += a[stride * i + dilation * s][stride * j + dilation * t] * b[s][t]
    return out


def pool_loops(
    a: Sequence[Sequence[Any]],
    size: int,
    stride: int,
    padding: int,
    keep: Callable[[list[Any]], Any],
    outside: Any = 0,
) -> list[list[Any]]:
    """Pool a map: one number for each window, `keep` of its cells.

    Examples
    --------
    >>> pool_loops([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]], 2, 2, 0, max)
    [[6, 8], [3, 4]]
    """
    rows, columns = len(a), len(a[0])
    out = []
    for top in range(-padding, rows + padding - size + 1, stride):
        line = []
        for left in range(-padding, columns + padding - size + 1, stride):
            window = []
            for r in range(top, top + size):
                for c in range(left, left + size):
                    inside = 0 <= r < rows and 0 <= c < columns
                    window.append(a[r][c] if inside else outside)
            line.append(keep(window))
        out.append(line)
    return out
