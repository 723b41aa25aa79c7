"""Arrays of numbers that remember how they were written, and are multiplied and added exactly.

Typed integers, decimals and fractions are kept as whole numerators over one common
denominator, so that sums of products are exact and still computed by NumPy. Measured
numbers stay float64. Letters can stand for numbers; they are written down and not computed.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm, log10
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlib.budget import Cost, afford
from cnnlib.walkthroughs.typed import FINEST, ascii_number, read, tidy

_DECIMALS = 6
_SHORT = 4
_LARGEST_DENOMINATOR = 9999
_SAFE = 2**62
_PER_PRODUCT = 16  # multiplications of words: the sum, its greatest common divisor, its decimals
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, eq=False)
class Numbers:
    """An array of exact numbers, of float64, or of letters.

    Attributes
    ----------
    shape : tuple of int
    texts : tuple of str
        The text of each number, in C order.
    parts : ndarray of shape (size,) or None
        Numerators (exact numbers), values (float64), or None (letters).
    denominator : int or None
        The common denominator of exact numbers, else None.
    fractional : bool
        Whether results are written as fractions, because somebody typed a fraction.
    """

    shape: tuple[int, ...]
    texts: tuple[str, ...]
    parts: NDArray[Any] | None
    denominator: int | None
    fractional: bool = False

    @property
    def values(self) -> NDArray[np.float64] | None:
        """The numbers as float64, shape (size,), or None for letters."""
        if self.parts is None:
            return None
        return (self.parts / (self.denominator or 1)).astype(np.float64)

    def to_text(self) -> str:
        """Write all numbers as one line for a link, as `typed.read_grid` reads it.

        Examples
        --------
        >>> numbers([["1/3", "2"], ["0", "-1"]]).to_text()
        '1/3,2;0,-1'
        """
        cells = list(map(ascii_number, self.texts))
        across = self.shape[-1]
        rows = [",".join(cells[at : at + across]) for at in range(0, len(cells), across)]
        return ";".join(rows)

    def value(self, at: int) -> Fraction | float | None:
        """Return one number, as a Fraction where it is exact, or None for a letter."""
        if self.parts is None:
            return None
        if self.denominator is None:
            return float(self.parts[at])
        return Fraction(int(self.parts[at]), self.denominator)

    def equals(self, other: "Numbers") -> bool:
        """Whether all numbers are the same: exactly if both are exact, else up to rounding."""
        if self.parts is None or other.parts is None:
            return self.texts == other.texts
        if self.denominator is None or other.denominator is None:
            return bool(np.allclose(self.values, other.values))  # type: ignore[arg-type]
        left, right = self.parts.astype(object), other.parts.astype(object)
        return bool(np.all(left * other.denominator == right * self.denominator))

    def take(self, index: NDArray[np.intp]) -> "Numbers":
        """Return the numbers at flat indices, in one axis."""
        texts = tuple(self.texts[at] for at in index.tolist())
        parts = None if self.parts is None else self.parts[index]
        return Numbers((len(texts),), texts, parts, self.denominator, self.fractional)

    def reshape(self, *shape: int) -> "Numbers":
        """Return the same numbers in another shape."""
        return Numbers(shape, self.texts, self.parts, self.denominator, self.fractional)

    def times(self, other: "Numbers") -> "Numbers":
        """Multiply cell by cell: exact if both are, letters if either is.

        Raises
        ------
        ValueError
            If exact sums of the products would cost too much, because their common denominator
            is too long.
        """
        if self.parts is None or other.parts is None:
            texts = tuple(a + b for a, b in zip(self.texts, other.texts, strict=True))
            return Numbers(self.shape, texts, None, None)
        fractional = self.fractional or other.fractional
        if self.denominator is None or other.denominator is None:
            return _written(self.values * other.values, None, fractional)  # type: ignore[operator]
        a, b = self.parts, other.parts
        denominator = self.denominator * other.denominator
        _afford_exactness(a.size, denominator)
        if a.size and int(abs(a).max()) * int(abs(b).max()) * a.size >= _SAFE:
            a, b = a.astype(object), b.astype(object)
        return _written(a * b, denominator, fractional)

    def running(self, groups: NDArray[np.intp]) -> "Numbers":
        """Return the sum so far within each group, in the order given.

        Examples
        --------
        >>> numbers([1, 2, 3, 4]).running(np.array([0, 1, 0, 1])).texts
        ('1', '2', '4', '6')
        """
        order = np.argsort(groups, kind="stable")
        rank = np.arange(len(order)) - np.searchsorted(groups[order], groups[order])
        so_far = np.array(self.texts, object) if self.parts is None else self.parts.copy()
        for turn in range(1, rank.max(initial=0) + 1):  # the second of each group, the third …
            here = np.flatnonzero(rank == turn)
            at, before = order[here], order[here - 1]
            if self.parts is None:
                so_far[at] = so_far[before] + " + " + so_far[at]
            else:
                so_far[at] += so_far[before]
        if self.parts is None:
            return Numbers(self.shape, tuple(so_far), None, None)
        return _written(so_far, self.denominator, self.fractional)

    def last(self, groups: NDArray[np.intp], count: int) -> "Numbers":
        """Return the last number of each of `count` groups, 0 for a group that has none.

        Examples
        --------
        >>> numbers([1, 2, 3]).last(np.array([0, 2, 0]), 3).texts
        ('3', '0', '2')
        """
        at = np.full(count, -1)
        at[groups] = np.arange(len(groups))  # of several, the last assignment stays
        texts = tuple(self.texts[row] if row >= 0 else "0" for row in at.tolist())
        parts = None
        if self.parts is not None:
            parts = np.zeros(count, self.parts.dtype)
            parts[at >= 0] = self.parts[at[at >= 0]]
        return Numbers((count,), texts, parts, self.denominator, self.fractional)


def numbers(values: "ArrayLike | Numbers") -> Numbers:
    """Return the numbers of an array, each with the text that it was written as.

    Parameters
    ----------
    values : array_like
        Typed texts (see `typed.read`), integers, Fractions, or floats; a float that has at
        most six decimals counts as that decimal, exactly.

    Raises
    ------
    ValueError
        If a text is no number, a number is not finite, or rows differ in length.

    Examples
    --------
    >>> thirds = numbers(["1/3", "-0.5"])
    >>> thirds.texts, thirds.value(1)
    (('1/3', '−0.5'), Fraction(-1, 2))
    """
    if isinstance(values, Numbers):
        return values
    array = np.array(values, dtype=object)
    cells = [_cell(cell) for cell in array.ravel().tolist()]
    exact = [value for value, _ in cells if isinstance(value, Fraction)]
    texts = tuple(text for _, text in cells)
    if len(exact) < len(cells):
        parts = np.array([float(value) for value, _ in cells])
        return Numbers(array.shape, texts, parts, None)
    denominator = lcm(*(value.denominator for value in exact))
    numerators = [value.numerator * (denominator // value.denominator) for value in exact]
    whole = np.int64 if max(map(abs, numerators), default=0) < _SAFE else object
    fractional = any("/" in text for text in texts)
    return Numbers(array.shape, texts, np.array(numerators, whole), denominator, fractional)


def letters(names: str, shape: tuple[int, ...]) -> Numbers:
    """Return letters that stand for numbers, one for each cell."""
    return Numbers(shape, tuple(names), None, None)


def show(value: Fraction | float, *, fractional: bool = False) -> str:
    """Write a number: integers as integers, at most six decimals, a true minus sign.

    A number that needs more decimals is rounded to four, or written as a fraction on request.

    Examples
    --------
    >>> show(Fraction(-4, 2)), show(Fraction(1, 8)), show(Fraction(1, 3)), show(0.1 + 0.2)
    ('−2', '0.125', '0.3333', '0.3')
    >>> show(Fraction(-1, 3), fractional=True)
    '−1/3'
    """
    if isinstance(value, Fraction):
        return _show_ratio(value.numerator, value.denominator, fractional)
    return _show_decimal(value, _SHORT)


def _show_ratio(numerator: int, denominator: int, fractional: bool) -> str:
    """Write a fraction, which need not be in lowest terms; a `Fraction` would take far longer."""
    common = gcd(numerator, denominator)
    lowest = denominator // common
    if lowest == 1:
        return tidy(str(numerator // common))
    if fractional and lowest <= _LARGEST_DENOMINATOR:
        return tidy(f"{numerator // common}/{lowest}")
    decimals = _DECIMALS if 10**_DECIMALS % lowest == 0 else _SHORT
    return _show_decimal(numerator / denominator, decimals)


def _show_decimal(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}".rstrip("0").rstrip(".")
    if text in ("0", "-0"):
        text = f"{value:.2g}" if value else "0"
    return tidy(text)


def brief(value: float, digits: int = 3) -> str:
    """Write a measured number with a few significant digits, as a person would.

    Examples
    --------
    >>> [brief(number) for number in (1000.0, 0.012345, 2_345_678, 1e-9, -4.56e17, float("inf"))]
    ['1,000', '0.0123', '2,350,000', '1 × 10⁻⁹', '−4.56 × 10¹⁷', 'inf']
    """
    if not np.isfinite(value):
        return str(value)
    if value and not 1e-4 <= abs(value) < 1e7:
        factor, power = f"{value:.{digits - 1}e}".split("e")
        return tidy(f"{float(factor):g} × 10{str(int(power)).translate(_RAISED)}")
    return tidy(f"{float(f'{value:.{digits}g}'):,.{digits + 4}f}".rstrip("0").rstrip("."))


@lru_cache(maxsize=4096)  # the thousands of products of an operation repeat a few texts
def product_text(a: str, b: str) -> str:
    """Write a product of two written factors.

    Examples
    --------
    >>> product_text("2", "−1"), product_text("1/3", "2"), product_text("a", "w")
    ('2×(−1)', '(1/3)×2', 'aw')
    """
    if a.isalpha() and b.isalpha():
        return a + b
    return "×".join(f"({t})" if t.startswith("−") or "/" in t else t for t in (a, b))


def _cell(value: object) -> tuple[Fraction | float, str]:
    if isinstance(value, str):
        return read(value), tidy(value)
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        return Fraction(int(value)), tidy(str(value))
    if isinstance(value, Fraction):
        return value, show(value, fractional=True)
    if isinstance(value, (float, np.floating)):
        number = float(value)
        if not np.isfinite(number):
            raise ValueError(f"{number} is not a number: every value must be finite")
        written = Fraction(repr(number))
        if written.denominator <= FINEST and FINEST % written.denominator == 0:
            return written, show(written)
        return number, show(number)
    raise ValueError(f"{value!r} is not a number: use numbers, in rows of equal length")


def _afford_exactness(products: int, denominator: int) -> None:
    """Refuse products whose exact sums, written out, would take too long or fill the memory."""
    words = denominator.bit_length() // 64 + 1
    digits = int(log10(denominator)) + 1
    afford(
        Cost(products * _PER_PRODUCT * words**2, products * 2 * 8 * words),
        f"Exact sums over a common denominator of {digits} digits",
        "use fewer different denominators, or decimals",
    )


def _written(parts: NDArray[Any], denominator: int | None, fractional: bool) -> Numbers:
    """Write each distinct number once."""
    distinct, which = np.unique(parts, return_inverse=True)
    if denominator is None:
        table = [show(float(part)) for part in distinct]
    else:
        table = [_show_ratio(int(part), denominator, fractional) for part in distinct]
    texts = tuple(table[at] for at in which.ravel().tolist())
    return Numbers(parts.shape, texts, parts, denominator, fractional)
