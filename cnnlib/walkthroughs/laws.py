"""The commutative and the associative law, checked on numbers."""

from dataclasses import dataclass

from numpy.typing import ArrayLike

from cnnlib.walkthroughs.build import convolution
from cnnlib.walkthroughs.form import Method, Operation, Walkthrough
from cnnlib.walkthroughs.numbers import Numbers, numbers


@dataclass(frozen=True, eq=False)
class Sides:
    """The two sides of a law; if the law holds, both have the same result.

    Attributes
    ----------
    left, right : tuple of Walkthrough
        The operations in the order in which they are done; the last one's output is the
        side's result.
    """

    left: tuple[Walkthrough, ...]
    right: tuple[Walkthrough, ...]

    @property
    def equal(self) -> bool:
        """Whether both sides have the same result: exactly, for typed numbers."""
        left, right = self.left[-1].result(), self.right[-1].result()
        return left.shape == right.shape and left.equals(right)


def commutativity(
    a: "ArrayLike | Numbers",
    b: "ArrayLike | Numbers",
    method: Method = "flip-and-filter",
    *,
    operation: Operation = "convolution",
) -> Sides:
    """Compare a ∗ b with b ∗ a, in full.

    A convolution is commutative: the output is the same, although the steps differ. The
    cross-correlation b ⊗ a is a ⊗ b backwards.

    Parameters
    ----------
    a, b : array_like or Numbers
    method : {"flip-and-filter", "translate-and-scale", "matrix form"}
    operation : {"convolution", "cross-correlation"}

    Examples
    --------
    >>> commutativity([2, -1, 1], [1, 1, 2]).equal
    True
    >>> commutativity([2, -1, 1], [1, 1, 2], operation="cross-correlation").equal
    False
    """
    left = convolution(a, b, method, operation=operation)
    return Sides((left,), (convolution(b, a, method, operation=operation),))


def associativity(
    a: "ArrayLike | Numbers",
    b: "ArrayLike | Numbers",
    c: "ArrayLike | Numbers",
    method: Method = "flip-and-filter",
    *,
    operation: Operation = "convolution",
) -> Sides:
    """Compare a ∗ (b ∗ c) with (a ∗ b) ∗ c, in full.

    Parameters
    ----------
    a, b, c : array_like of shape (n,), or Numbers
    method : {"flip-and-filter", "translate-and-scale", "matrix form"}
    operation : {"convolution", "cross-correlation"}

    Examples
    --------
    >>> associativity([2, -1, 1], [1, 1, 2], [1, -1]).equal
    True
    >>> associativity([2, -1, 1], [1, 1, 2], [1, -1], operation="cross-correlation").equal
    False
    """
    a, b, c = numbers(a), numbers(b), numbers(c)
    inner_left = convolution(b, c, method, operation=operation)
    inner_right = convolution(a, b, method, operation=operation)
    return Sides(
        (inner_left, convolution(a, inner_left.result(), method, operation=operation)),
        (inner_right, convolution(inner_right.result(), c, method, operation=operation)),
    )
