"""Learn a kernel back from a picture and its result, by gradient descent on the loss."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlib.checks import real_array
from cnnlib.conv import conv2d_weight_grad, correlate2d
from cnnlib.geometry import Sweep, window_view


@dataclass(eq=False)
class Recovery:
    """Gradient descent on L(w) = mean (x⊗w − y)²: x and y = x⊗v are known, v is not.

    Attributes
    ----------
    picture : ndarray of shape (H, W)
        x, best with values around 0.
    target : ndarray of shape (H − kh + 1, W − kw + 1)
        y.
    weights : ndarray of shape (kh, kw)
        w, at first all 0.
    momentum : float
        In [0, 1): the share of the last step that is taken again (B. T. Polyak, 1964).
    losses : list of float
        L before each step.
    """

    picture: NDArray
    target: NDArray
    weights: NDArray
    momentum: float = 0.9
    losses: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._velocity = np.zeros_like(self.weights)
        self.rate = 1 / self._steepest()

    @classmethod
    def of(cls, picture: ArrayLike, kernel: ArrayLike, momentum: float = 0.9) -> "Recovery":
        """Begin to look for a kernel of which only the picture and the result are known.

        Raises
        ------
        ValueError
            If the kernel does not fit the picture, or the picture is the same everywhere.
        """
        x = real_array("picture", picture, "HW").astype(float)
        v = real_array("kernel", kernel, "HW").astype(float)
        if np.ptp(x) == 0:
            raise ValueError(
                "a picture of one grey tells nothing about a kernel: use one that changes"
            )
        return cls(x, correlate2d(x, v), np.zeros(v.shape), momentum)

    def step(self) -> None:
        """Take one step against the gradient ∂L/∂w = 2/n Σ_ij (x⊗w − y)_ij x_{i+s, j+t}."""
        residual = correlate2d(self.picture, self.weights) - self.target
        self.losses.append(float(np.mean(residual**2)))
        gradient = conv2d_weight_grad(
            self.picture[None, None],
            (1, 1, *self.weights.shape),
            2 / residual.size * residual[None, None],
        )[0, 0]  # (kh, kw)
        self._velocity = self.momentum * self._velocity - self.rate * gradient
        self.weights = self.weights + self._velocity

    def _steepest(self) -> float:
        """Return the largest curvature of L, beyond which a step would overshoot."""
        rows, columns = map(Sweep, self.weights.shape)
        view = window_view(self.picture[None, None], rows, columns, self.target.shape)
        windows = view.reshape(self.weights.size, -1)  # (kh·kw, Ho·Wo)
        return float(2 / self.target.size * np.linalg.eigvalsh(windows @ windows.T)[-1])
