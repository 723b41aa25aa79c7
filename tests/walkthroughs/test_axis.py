"""One axis with its padding and its windows: sizes as formulas, and what is said of the rest."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlib.geometry import Sweep, mode_padding
from cnnlib.walkthroughs.axis import LARGEST_PADDED, lay_axis


def lay(n, kernel, padding=0, mode="zero", *, stride=1, dilation=1, **more):
    return lay_axis(n, Sweep(kernel, stride, dilation=dilation), padding, mode, **more)


@pytest.mark.parametrize(
    ("axis", "size"),
    [
        (lay(7, 3), "(7 − 3)/1 + 1 = 5"),
        (lay(3, 3, 1), "(3 − 3 + 2·1)/1 + 1 = 3"),
        (lay(5, 4, "same"), "(5 − 4 + 2 + 1)/1 + 1 = 5"),
        (lay(5, 2, "same"), "(5 − 2 + 1 + 0)/1 + 1 = 5"),
        (lay(7, 3, stride=3), "(7 − 3)/3 + 1 = 2.33, rounded down to 2"),
        (lay(8, 3, 1, stride=2), "(8 − 3 + 2·1)/2 + 1 = 4.50, rounded down to 4"),
        (lay(7, 3, dilation=2), "(7 − 2·(3 − 1) − 1)/1 + 1 = 3"),
    ],
)
def test_the_size_is_written_as_the_formula_that_gives_it(axis, size):
    assert axis.size == size


@given(st.integers(1, 12), st.integers(1, 5), st.integers(0, 3), st.integers(1, 4))
def test_an_axis_counts_its_cells(n, kernel, padding, stride):
    if kernel > n + 2 * padding:
        with pytest.raises(ValueError, match="does not fit"):
            lay(n, kernel, padding, stride=stride)
        return
    axis = lay(n, kernel, padding, stride=stride)
    assert (axis.n, axis.before, axis.after, axis.padded) == (n, padding, padding, n + 2 * padding)
    ends = range(kernel, axis.padded + 1, stride)  # where each window ends
    assert axis.outputs == len(ends)
    assert axis.unrounded == (axis.padded - kernel) / stride + 1
    assert axis.fits == (ends[-1] == axis.padded) == (axis.unrounded == axis.outputs)
    read = {cell - padding for end in ends for cell in range(end - kernel, end)}
    assert axis.unused == [cell for cell in range(n) if cell not in read]


@pytest.mark.parametrize(
    ("axis", "names", "notes"),
    [
        (lay(7, 3), ["cell"], ()),
        (
            lay(7, 3, stride=3),
            ["cell"],
            (
                (
                    "Stride 3 does not fit the cells: 2.33 outputs are rounded down to 2, "
                    "as frameworks do."
                ),
                "Input cell 6 is never used.",
            ),
        ),
        (lay(7, 1, stride=3), ["row"], ("Input rows 1, 2, 4, 5 are never used.",)),
        (lay(3, 1, stride=2), ["row", "column"], ("Input row and column 1 are never used.",)),
        (
            lay(4, 1, stride=2),
            ["row", "column"],
            (
                (
                    "Stride 2 does not fit the rows and columns: 2.50 outputs are rounded down "
                    "to 2, as frameworks do."
                ),
                "Input rows and columns 1, 3 are never used.",
            ),
        ),
    ],
)
def test_what_a_stride_leaves_over_is_said(axis, names, notes):
    assert axis.notes(*names) == notes


def test_a_padded_axis_may_be_so_long_and_no_longer():
    most = (LARGEST_PADDED - 64) // 2
    assert lay(64, 3, most).padded == LARGEST_PADDED - (LARGEST_PADDED - 64) % 2
    longest = LARGEST_PADDED - 64
    assert lay(64 - longest % 2, 3, (longest + longest % 2) // 2).padded == LARGEST_PADDED
    with pytest.raises(ValueError, match=f"for at most {LARGEST_PADDED}") as refused:
        lay(64, 3, most + 1)
    cells = 2 * most + 2
    told = f"input 64 with {cells} cells of padding has {64 + cells} cells"
    assert str(refused.value).startswith(told)


def test_an_even_kernel_has_its_extra_cell_before_unless_it_is_late():
    usual, late = lay(6, 4, "same"), lay(6, 4, "same", late=True)
    assert (usual.before, usual.after) == mode_padding(6, 4, "same") == (2, 1)
    assert (late.before, late.after) == mode_padding(6, 4, "same", late=True) == (1, 2)


def test_padding_takes_its_cells_from_where_its_mode_says():
    assert lay(3, 1, 1).sources.tolist() == [-1, 0, 1, 2, -1]
    assert lay(3, 1, 1, "circular").sources.tolist() == [2, 0, 1, 2, 0]
    np.testing.assert_array_equal(lay(4, 2, stride=2).places, [[0, 1], [2, 3]])
