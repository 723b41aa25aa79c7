"""The classic kernels of image processing: their weights, their sources, and their algebra.

Weights are written as they are slid over a picture, that is for cross-correlation.
"""

from dataclasses import dataclass
from math import cos, gcd, pi, radians, sin

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlib.checks import real_array, whole
from cnnlib.conv import convolve2d
from cnnlib.walkthroughs.numbers import numbers
from cnnlib.walkthroughs.typed import read_grid

LARGEST = 15
_RANK_ONE = 1e-9  # second singular value beside the first: rounding, not a second product


@dataclass(frozen=True)
class Kernel:
    """A kernel with a name.

    Attributes
    ----------
    title : str
    text : str
        The weights as somebody would type them: cells separated by commas, rows by semicolons.
    finds : str
        The effect of the kernel, in one line.
    source : str
        The paper, book or manual that the kernel comes from.
    """

    title: str
    text: str
    finds: str
    source: str

    @property
    def weights(self) -> NDArray[np.float64]:
        """The weights, shape (kh, kw)."""
        return parse(self.text)

    @property
    def is_signed(self) -> bool:
        """Whether results have both signs around 0: the weights add up to 0."""
        return abs(self.weights.sum()) < 1e-9


def parse(text: str) -> NDArray[np.float64]:
    """Return typed weights as an array.

    Parameters
    ----------
    text : str
        See `typed.read_grid`: at most 15×15 numbers.

    Raises
    ------
    ValueError
        If the text is no kernel; one sentence names the cell, or says how many numbers there
        may be.

    Examples
    --------
    >>> parse("1/4, 1/2; 0, -1")
    array([[ 0.25,  0.5 ],
           [ 0.  , -1.  ]])
    """
    grid = numbers(read_grid(text, LARGEST, LARGEST))
    return np.asarray(grid.values).reshape(grid.shape)


def write(weights: ArrayLike, decimals: int = 4) -> str:
    """Return weights as text that `parse` reads, rounded to some decimals."""
    rounded = np.round(np.asarray(weights, float), decimals) + 0.0  # no −0
    return ";".join(
        ",".join(np.format_float_positional(value, trim="-") for value in row) for row in rounded
    )


def gaussian(size: int, sigma: float) -> NDArray[np.float64]:
    """Return the Gaussian exp(−(r² + c²) / 2σ²), scaled so that its weights add up to 1.

    Parameters
    ----------
    size : int
        Weights along each side; r and c are counted from the middle.
    sigma : float
        Standard deviation in pixels, above 0.

    Raises
    ------
    ValueError
        If the size is below 1 or sigma is not positive.
    """
    r, c = _grid(size, sigma)
    bell = np.exp(-(r**2 + c**2) / (2 * sigma**2))
    return bell / bell.sum()


def laplacian_of_gaussian(size: int, sigma: float) -> NDArray[np.float64]:
    """Return the Laplacian of a Gaussian, ∇²G ∝ (r² + c² − 2σ²) exp(−(r² + c²) / 2σ²).

    The weight in the middle is −1 before the mean is subtracted. Subtracting the mean makes
    the weights add up to 0, so that a picture of one grey gives 0.

    Parameters
    ----------
    size, sigma
        As in `gaussian`.

    Notes
    -----
    D. Marr and E. Hildreth, "Theory of edge detection", Proceedings of the Royal Society of
    London B 207 (1980).
    """
    r, c = _grid(size, sigma)
    square = (r**2 + c**2) / (2 * sigma**2)
    hat = (square - 1) * np.exp(-square)
    return hat - hat.mean()


def gabor(
    size: int, sigma: float, wavelength: float, angle: float, aspect: float = 1.0, phase: float = 0
) -> NDArray[np.float64]:
    """Return a Gabor kernel: a wave under a Gaussian.

    exp(−(u² + γ²v²) / 2σ²) cos(2πu/λ + ψ), with u = c cos θ − r sin θ across the stripes and
    v = c sin θ + r cos θ along them.

    Parameters
    ----------
    size : int
    sigma : float
        Standard deviation of the Gaussian across the stripes, in pixels.
    wavelength : float
        From one stripe to the next, λ, in pixels.
    angle : float
        The wave's direction θ in degrees, from the columns' axis upwards.
    aspect : float
        γ: below 1, stripes are longer than wide.
    phase : float
        ψ in degrees.

    Notes
    -----
    J. G. Daugman, "Uncertainty relation for resolution in space, spatial frequency, and
    orientation optimized by two-dimensional visual cortical filters", Journal of the Optical
    Society of America A 2 (1985). The form with γ and ψ is that of N. Petkov, "Biologically
    motivated computationally intensive approaches to image pattern recognition", 1995.
    """
    r, c = _grid(size, sigma)
    u = c * cos(radians(angle)) - r * sin(radians(angle))
    v = c * sin(radians(angle)) + r * cos(radians(angle))
    wave = np.cos(2 * pi * u / wavelength + radians(phase))
    return np.exp(-(u**2 + (aspect * v) ** 2) / (2 * sigma**2)) * wave


def separate(weights: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Return a column and a row whose outer product a kernel is, or None if there are none.

    K = column · rowᵀ is possible exactly where K has rank 1, that is one singular value above 0.
    Whole weights get whole factors where such factors exist.

    Parameters
    ----------
    weights : array_like of shape (kh, kw)

    Returns
    -------
    (column of shape (kh,), row of shape (kw,)), or None

    Raises
    ------
    ValueError
        If the weights are empty, not finite or of another rank.

    Notes
    -----
    The factors come from the singular value decomposition: G. Strang, "Linear Algebra and Its
    Applications". A kernel of zeros gives None, because it is not worth two sweeps.

    Examples
    --------
    >>> separate([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
    (array([1., 2., 1.]), array([ 1.,  0., -1.]))
    """
    K = real_array("weights", weights, "HW").astype(float)
    left, values, right = np.linalg.svd(K)
    if values[0] == 0 or (len(values) > 1 and values[1] > _RANK_ONE * values[0]):
        return None
    i, j = np.unravel_index(np.argmax(abs(K)), K.shape)
    if np.array_equal(K, np.rint(K)):
        row = K[i] / gcd(*map(int, K[i]))
        row *= np.sign(row[np.flatnonzero(row)[0]])
        return K[:, j] / row[j], row
    column, row = left[:, 0] * values[0] ** 0.5, right[0] * values[0] ** 0.5
    sign = np.sign(row[j])
    return sign * column, sign * row


def multiplications(shape: tuple[int, int], *, separable: bool = False) -> int:
    """Return the multiplications for one output: kh·kw at once, kh + kw as two sweeps."""
    return sum(shape) if separable else shape[0] * shape[1]


def compose(first: ArrayLike, second: ArrayLike) -> NDArray:
    """Return the one kernel that does the work of two kernels in a row.

    That kernel is the full convolution of the two: (x⊗v)⊗w = x⊗(v∗w) and (x∗v)∗w = x∗(v∗w).

    Parameters
    ----------
    first : array_like of shape (h, w)
    second : array_like of shape (k, l)

    Returns
    -------
    ndarray of shape (h + k − 1, w + l − 1)

    Raises
    ------
    ValueError
        As `conv.convolve2d`.

    Examples
    --------
    >>> compose([[1, 1]], [[1, -1]])
    array([[ 1,  0, -1]])
    """
    return convolve2d(first, second)


def _grid(size: int, sigma: float) -> tuple[NDArray, NDArray]:
    whole("size", size, 1)
    if not sigma > 0:
        raise ValueError(f"sigma {sigma:g} is no width: use a number above 0")
    at = np.arange(size) - (size - 1) / 2
    return at[:, None], at[None, :]


def _over(rows: str, denominator: int) -> str:
    """Write whole weights over a denominator, which keeps them exact."""
    return ";".join(
        ",".join(f"{cell}/{denominator}" for cell in row.split(",")) for row in rows.split(";")
    )


def _log(size: int, sigma: float) -> str:
    """Write the Laplacian of a Gaussian so that its rounded weights still add up to 0."""
    weights = np.round(laplacian_of_gaussian(size, sigma), 3)
    weights[size // 2, size // 2] -= weights.sum()
    return write(weights, 3)


def _gabor() -> str:
    """Write a Gabor kernel of odd phase: turned around it is its own negative, so its sum is 0."""
    return write(gabor(11, 2.5, 6.0, 45.0, 0.5, -90.0), 3)


_BOOK = "R. C. Gonzalez and R. E. Woods, Digital Image Processing, chapter 3"
_TALK = (
    "I. Sobel and G. Feldman, “A 3×3 isotropic gradient operator for image processing”, talk, 1968"
)

KERNELS: dict[str, Kernel] = {
    "sobel": Kernel(
        "Oriented edges (Sobel)",
        "1,0,-1;2,0,-2;1,0,-1",
        "Finds edges that run up and down: positive where the left is brighter.",
        _TALK,
    ),
    "identity": Kernel(
        "Identity", "0,0,0;0,1,0;0,0,0", "Changes nothing: δ, the 1 of convolution.", _BOOK
    ),
    "box": Kernel(
        "Box blur",
        _over("1,1,1,1,1;1,1,1,1,1;1,1,1,1,1;1,1,1,1,1;1,1,1,1,1", 25),
        "Takes the mean of each window: blurs, and leaves streaks along rows and columns.",
        _BOOK,
    ),
    "gaussian": Kernel(
        "Gaussian blur",
        _over("1,4,6,4,1;4,16,24,16,4;6,24,36,24,6;4,16,24,16,4;1,4,6,4,1", 256),
        "Blurs evenly in all directions: binomial weights, a Gaussian of σ = 1.",
        "P. J. Burt and E. H. Adelson, “The Laplacian pyramid as a compact image code”, "
        "IEEE Transactions on Communications 31 (1983)",
    ),
    "laplacian": Kernel(
        "Laplacian (the lecture’s “sharpen”)",
        "0,-1,0;-1,4,-1;0,-1,0",
        "Finds what differs from its neighbours: the negative second derivative, 0 on even grey.",
        _BOOK,
    ),
    "sharpen": Kernel(
        "Sharpen: identity + Laplacian",
        "0,-1,0;-1,5,-1;0,-1,0",
        "Adds to each pixel what makes it differ: edges get crisper, even grey stays.",
        _BOOK,
    ),
    "prewitt": Kernel(
        "Prewitt",
        "1,0,-1;1,0,-1;1,0,-1",
        "Finds edges that run up and down; averages three rows evenly.",
        "J. M. S. Prewitt, “Object enhancement and extraction”, in Picture Processing and "
        "Psychopictorics, 1970",
    ),
    "scharr": Kernel(
        "Scharr",
        "3,0,-3;10,0,-10;3,0,-3",
        "Finds edges as Sobel does, with less error in their direction.",
        "H. Scharr, “Optimale Operatoren in der Digitalen Bildverarbeitung”, thesis, "
        "Heidelberg, 2000",
    ),
    "roberts": Kernel(
        "Roberts",
        "1,0;0,-1",
        "Finds diagonal edges in the smallest window there is.",
        "L. G. Roberts, “Machine perception of three-dimensional solids”, thesis, MIT, 1963",
    ),
    "emboss": Kernel(
        "Emboss",
        "-2,-1,0;-1,1,1;0,1,2",
        "Lights the picture from one corner as if it were relief; even grey stays.",
        "GIMP manual, filter “Convolution Matrix”",
    ),
    "gabor": Kernel(
        "Gabor",
        _gabor(),
        "Finds edges and stripes of one direction and width: here diagonal, 6 pixels apart.",
        "J. G. Daugman, Journal of the Optical Society of America A 2 (1985)",
    ),
    "log": Kernel(
        "Laplacian of Gaussian",
        _log(9, 1.4),
        "Finds blobs about 4 pixels wide; its zero crossings are edges.",
        "D. Marr and E. Hildreth, “Theory of edge detection”, Proceedings of the Royal Society "
        "B 207 (1980)",
    ),
    "motion": Kernel(
        "Motion blur",
        ";".join(",".join("1/9" if c == r else "0" for c in range(9)) for r in range(9)),
        "Smears each pixel along a diagonal, as a shake of the camera does.",
        "R. C. Gonzalez and R. E. Woods, Digital Image Processing, chapter 5",
    ),
    "difference": Kernel(
        "Neighbours’ difference",
        "-1,1",
        "Takes each pixel minus its left neighbour: two weights find upright edges.",
        "I. Goodfellow, Y. Bengio and A. Courville, Deep Learning, 2016, figure 9.6",
    ),
}
