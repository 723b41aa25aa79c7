"""Pooling of one map: the definition's call, and other libraries'."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from cnnlib.peers import Peer
from cnnlib.walkthroughs.form import Pooling
from cnnlib.walkthroughs.numbers import Numbers

_KEEP = {
    "max pooling": "max",
    "average pooling": "lambda window: sum(window) / len(window)",
    "L2 pooling": "lambda window: sum(v * v for v in window) ** 0.5",
}
_NUMPY = {
    "max pooling": "windows.max((2, 3))",
    "average pooling": "windows.mean((2, 3))",
    "L2 pooling": "np.sqrt((windows**2).sum((2, 3)))",
}


@dataclass(frozen=True, eq=False)
class PoolCall:
    """One pooling of the map `a`, as code."""

    a: Numbers
    kind: Pooling
    size: int
    stride: int
    padding: int

    @property
    def definition(self) -> str:
        """The call of `definitions.pool_loops`."""
        outside = ', float("-inf")' if self.kind == "max pooling" and self.padding else ""
        sizes = f"{self.size}, {self.stride}, {self.padding}"
        return f"pool_loops(a, {sizes}, {_KEEP[self.kind]}{outside})"

    def peers(self) -> list[Peer]:
        """Return the call in NumPy and PyTorch."""
        k, s, p = self.size, self.stride, self.padding
        fill = "-np.inf" if self.kind == "max pooling" else "0"
        padded = f"np.pad(a, {p}, constant_values={fill})" if p else "a"
        numpy_text = (
            f"windows = np.lib.stride_tricks.sliding_window_view({padded}, ({k}, {k}))"
            f"[::{s}, ::{s}]\n{_NUMPY[self.kind]}"
        )
        torch_text = {
            "max pooling": f"F.max_pool2d(x, {k}, {s}, {p})",
            "average pooling": f"F.avg_pool2d(x, {k}, {s}, {p})",
            "L2 pooling": f"F.lp_pool2d({f'F.pad(x, 4 * ({p},))' if p else 'x'}, 2, {k}, {s})",
        }[self.kind]
        return [
            Peer("NumPy", "numpy", numpy_text, self._numpy),
            Peer("PyTorch", "torch", torch_text, self._torch, slow=True),
        ]

    def _map(self) -> Any:
        return np.asarray(self.a.values, float).reshape(self.a.shape)

    def _numpy(self) -> Any:
        fill = -np.inf if self.kind == "max pooling" else 0.0
        padded = np.pad(self._map(), self.padding, constant_values=fill)
        windows = np.lib.stride_tricks.sliding_window_view(padded, (self.size, self.size))
        windows = windows[:: self.stride, :: self.stride]
        if self.kind == "max pooling":
            return windows.max((2, 3))
        if self.kind == "average pooling":
            return windows.mean((2, 3))
        return np.sqrt((windows**2).sum((2, 3)))

    def _torch(self) -> Any:
        import torch
        from torch.nn import functional

        x = torch.tensor(self._map())[None, None]
        sizes = (self.size, self.stride, self.padding)
        if self.kind == "max pooling":
            return functional.max_pool2d(x, *sizes)[0, 0].numpy()
        if self.kind == "average pooling":
            return functional.avg_pool2d(x, *sizes)[0, 0].numpy()
        x = functional.pad(x, 4 * (self.padding,))
        return functional.lp_pool2d(x, 2, self.size, self.stride)[0, 0].numpy()
