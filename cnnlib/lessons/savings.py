"""The savings by a kernel: two sweeps instead of one, and a few weights instead of a matrix."""

from numpy.typing import NDArray

from cnnlib import kernels
from cnnlib.drawings.efficiency import Efficiency


def separability(weights: NDArray) -> str:
    """Write whether a kernel is an outer product, and how much two sweeps would save."""
    rows, columns = weights.shape
    once = kernels.multiplications((rows, columns))
    factors = kernels.separate(weights)
    if factors is None:
        return f"Not an outer product: {once} multiplications for each output."
    twice = kernels.multiplications((rows, columns), separable=True)
    column, row = (", ".join(f"{v:.4g}".replace("-", "−") for v in f) for f in factors)
    verdict = f"saves {once - twice}" if twice < once else "saves nothing"
    return (
        f"**Separable:** column ({column}) times row ({row}). At once {rows}×{columns} = {once} "
        f"multiplications for each output, as two sweeps {rows} + {columns} = {twice}: "
        f"{verdict}."
    )


def figure_9_6(size: tuple[int, int], kernel: tuple[int, int]) -> str:
    """Return the counts of figure 9.6 as a table, for a picture and a kernel."""
    count = Efficiency(size, kernel)
    height, width = size
    down, across = count.output
    n = count.weights
    lines = [
        ("", "kernel", "dense matrix", "ratio"),
        ("---", "---", "---", "---"),
        (
            "stored numbers",
            f"{n}",
            f"{width}×{height}×{across}×{down} = {count.entries:,}",
            f"{count.storage_ratio:,.0f}",
        ),
        (
            "operations",
            f"{across}×{down}×({n} products + {n - 1} sums) = {count.operations:,}",
            f"{count.outputs:,}×(2×{count.inputs:,} − 1) = {count.dense_operations:,}",
            f"{count.operations_ratio:,.0f}",
        ),
        ("not zero", f"{n}", f"{n}×{across}×{down} = {count.nonzeros:,}", ""),
    ]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    book = Efficiency((280, 320), (1, 2))
    return (
        f"{table}\n\nThe book's picture is 320×280, its kernel two weights wide. Its “four billion "
        f"times” are stored numbers, {book.entries:,} / {book.weights} = "
        f"{book.storage_ratio:,.0f}; its “roughly 60,000 times” are operations, "
        f"{book.dense_operations:,} / {book.operations:,} ≈ {book.operations_ratio:,.0f}. "
        f"Stored sparsely, the matrix keeps {book.nonzeros:,} numbers and takes as many "
        "operations as the kernel."
    )
