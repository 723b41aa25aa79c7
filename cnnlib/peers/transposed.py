"""A transposed convolution of one map: the definition's call, and other libraries'."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from cnnlib.geometry import Sweep
from cnnlib.peers import Peer
from cnnlib.walkthroughs.numbers import Numbers


@dataclass(frozen=True, eq=False)
class TransposedCall:
    """One transposed convolution of a map A with a kernel B, as code."""

    a: Numbers
    b: Numbers
    stride: int = 1
    padding: int = 0
    output_padding: int = 0
    dilation: int = 1

    @property
    def settings(self) -> dict[str, int]:
        """The settings that differ from their defaults, under the names of `conv_transpose2d`."""
        usual = {"stride": 1, "padding": 0, "output_padding": 0, "dilation": 1}
        return {name: getattr(self, name) for name, at in usual.items() if getattr(self, name) > at}

    def lines(self) -> list[str]:
        """Return the call of `conv_transpose2d_loops`."""
        return [
            "x, w = np.array([[A]], float), np.array([[B]], float)",
            f"conv_transpose2d_loops(x, w{self._options})[0, 0]",
        ]

    def peers(self) -> list[Peer]:
        """Return the call in SciPy, as a convolution of the spread input, and in PyTorch."""
        scipy_text = (
            f"spread, w = np.zeros({self._spread}), np.zeros({self._extent})\n"
            f"spread[::{self.stride}, ::{self.stride}] = A\n"
            f"w[::{self.dilation}, ::{self.dilation}] = B\n"
            f"y = scipy.signal.convolve2d(spread, w){self._added}{self._cut}"
        )
        torch_text = (
            "x, w = (torch.tensor(np.array([[v]], float)) for v in (A, B))\n"
            f"F.conv_transpose2d(x, w{self._options})"
        )
        return [
            Peer("SciPy", "scipy", scipy_text, self._scipy),
            Peer("PyTorch", "torch", torch_text, self._torch, slow=True),
        ]

    @property
    def _options(self) -> str:
        return "".join(f", {name}={value}" for name, value in self.settings.items())

    @property
    def _spread(self) -> tuple[int, ...]:
        return tuple(self.stride * (n - 1) + 1 for n in self.a.shape)

    @property
    def _extent(self) -> tuple[int, ...]:
        return tuple(Sweep(k, dilation=self.dilation).extent for k in self.b.shape)

    @property
    def _added(self) -> str:
        extra = self.output_padding
        return f"\ny = np.pad(y, ((0, {extra}), (0, {extra})))" if extra else ""

    @property
    def _cut(self) -> str:
        p = self.padding
        return f"\ny[{p}:-{p}, {p}:-{p}]" if p else ""

    def _values(self) -> tuple[Any, Any]:
        return tuple(np.reshape(v.values, v.shape) for v in (self.a, self.b))  # type: ignore[arg-type, return-value]

    def _scipy(self) -> Any:
        from scipy import signal

        a, b = self._values()
        spread, w = np.zeros(self._spread), np.zeros(self._extent)
        spread[:: self.stride, :: self.stride] = a
        w[:: self.dilation, :: self.dilation] = b
        y = np.pad(signal.convolve2d(spread, w), ((0, self.output_padding),) * 2)
        height, width = y.shape
        p = self.padding
        return y[p : height - p, p : width - p]

    def _torch(self) -> Any:
        import torch
        from torch.nn import functional

        x, w = (torch.tensor(v[None, None]) for v in self._values())
        stride, padding, extra = self.stride, self.padding, self.output_padding
        y = functional.conv_transpose2d(x, w, None, stride, padding, extra, 1, self.dilation)
        return y[0, 0].numpy()
