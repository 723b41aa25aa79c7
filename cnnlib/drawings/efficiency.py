"""The counts of figure 9.6: how much a kernel saves beside a dense matrix with the same effect."""

from dataclasses import dataclass

from cnnlib.geometry import output_size


@dataclass(frozen=True)
class Efficiency:
    """A kernel without padding, and the matrix that maps all pixels to all outputs.

    An output of n products takes n multiplications and n − 1 additions.

    Attributes
    ----------
    picture, kernel : tuple of int
        (rows, columns).

    Raises
    ------
    ValueError
        If the kernel does not fit the picture.

    Notes
    -----
    I. Goodfellow, Y. Bengio and A. Courville, "Deep Learning", 2016, figure 9.6.

    Examples
    --------
    >>> figure = Efficiency((280, 320), (1, 2))
    >>> figure.operations, figure.entries, figure.nonzeros
    (267960, 8003072000, 178640)
    """

    picture: tuple[int, int]
    kernel: tuple[int, int]

    def __post_init__(self) -> None:
        self.output  # noqa: B018 - refuses a kernel that does not fit

    @property
    def output(self) -> tuple[int, int]:
        """(rows, columns) of the result."""
        rows, columns = map(output_size, self.picture, self.kernel)
        return rows, columns

    @property
    def inputs(self) -> int:
        """Pixels of the picture."""
        return self.picture[0] * self.picture[1]

    @property
    def outputs(self) -> int:
        """Pixels of the result."""
        return self.output[0] * self.output[1]

    @property
    def weights(self) -> int:
        """Numbers that a convolution stores."""
        return self.kernel[0] * self.kernel[1]

    @property
    def operations(self) -> int:
        """Floating-point operations of the convolution."""
        return self.outputs * (2 * self.weights - 1)

    @property
    def entries(self) -> int:
        """Entries of the dense matrix, one for each pixel and each output."""
        return self.inputs * self.outputs

    @property
    def dense_operations(self) -> int:
        """Floating-point operations of the dense product of matrix and picture."""
        return self.outputs * (2 * self.inputs - 1)

    @property
    def nonzeros(self) -> int:
        """Entries of the matrix that are not zero by construction."""
        return self.outputs * self.weights

    @property
    def storage_ratio(self) -> float:
        """How many entries of the matrix stand for one weight."""
        return self.entries / self.weights

    @property
    def operations_ratio(self) -> float:
        """How many operations of the matrix stand for one of the convolution."""
        return self.dense_operations / self.operations
