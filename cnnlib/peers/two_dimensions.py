"""Convolution and cross-correlation of pictures: the definition's call, and other libraries'."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from cnnlib.geometry import PaddingMode, Span, Sweep, mode_padding
from cnnlib.peers import NUMPY_STYLE, TORCH_STYLE, Peer
from cnnlib.walkthroughs.form import Operation
from cnnlib.walkthroughs.links import Padding
from cnnlib.walkthroughs.numbers import Numbers


@dataclass(frozen=True, eq=False)
class Call:
    """One convolution or cross-correlation of a picture A with a kernel B, as code.

    Attributes
    ----------
    a, b : Numbers of shape (rows, columns)
    operation : {"convolution", "cross-correlation"}
    padding : {"full", "same", "valid"} or int
    padding_mode : {"zero", "reflect", "edge", "circular"}
    stride, dilation : int
    """

    a: Numbers
    b: Numbers
    operation: Operation = "convolution"
    padding: Padding = "full"
    padding_mode: PaddingMode = "zero"
    stride: int = 1
    dilation: int = 1

    @property
    def flips(self) -> bool:
        """Whether the kernel is flipped."""
        return self.operation == "convolution"

    @property
    def pads(self) -> tuple[Span, ...]:
        """Cells of padding (before, after), for rows and for columns."""
        if isinstance(self.padding, int):
            return ((self.padding, self.padding),) * 2
        return tuple(
            mode_padding(n, k, self.padding, dilation=self.dilation, late=not self.flips)  # type: ignore[arg-type]
            for n, k in zip(self.a.shape, self.b.shape, strict=True)
        )

    def lines(self) -> list[str]:
        """Return the call of `correlate2d_loops`, which needs its input padded."""
        array, kernel = "A", "B"
        lines = []
        if self.flips:
            kernel = "flipped"
            lines.append("flipped = [row[::-1] for row in B[::-1]]")
        if any(map(any, self.pads)):
            array = "padded"
            lines.append(f"padded = np.pad(A, {self._padding})")
        options = "".join(
            f", {name}={value}"
            for name, value in (("stride", self.stride), ("dilation", self.dilation))
            if value > 1
        )
        return [*lines, f"correlate2d_loops({array}, {kernel}{options})"]

    def peers(self) -> list[Peer]:
        """Return the call in NumPy, SciPy and PyTorch."""
        return [
            Peer("NumPy", "numpy", self._numpy_text(), self._numpy),
            Peer("SciPy", "scipy", self._scipy_text(), self._scipy),
            Peer("PyTorch", "torch", self._torch_text(), self._torch, slow=True),
        ]

    @property
    def _real(self) -> str:
        return ", float" if any("/" in text for text in self.a.texts + self.b.texts) else ""

    @property
    def _array(self) -> str:
        array = f"np.array(A{self._real})"
        return f"np.pad({array}, {self._padding})" if any(map(any, self.pads)) else array

    @property
    def _padding(self) -> str:
        style = NUMPY_STYLE.get(self.padding_mode)
        return f'{self.pads}, "{style}"' if style else f"{self.pads}"

    def _values(self) -> tuple[Any, Any]:
        return tuple(np.reshape(v.values, v.shape) for v in (self.a, self.b))  # type: ignore[arg-type, return-value]

    def _padded(self) -> tuple[Any, Any]:
        a, b = self._values()
        style: Any = NUMPY_STYLE.get(self.padding_mode, "constant")
        return np.pad(a, self.pads, style), b

    def _numpy_text(self) -> str:
        s, d = self.stride, self.dilation
        steps = f"[::{s}, ::{s}, ::{d}, ::{d}]" if d > 1 else self._strides
        flip = "[::-1, ::-1]" if self.flips else ""
        return (
            f"x, w = {self._array}, np.array(B{self._real}){flip}\n"
            f"windows = np.lib.stride_tricks.sliding_window_view(x, {self._extent}){steps}\n"
            'np.einsum("ijst,st->ij", windows, w)'
        )

    def _numpy(self) -> Any:
        x, w = self._padded()
        views = np.lib.stride_tricks.sliding_window_view(x, self._extent)
        views = views[:: self.stride, :: self.stride, :: self.dilation, :: self.dilation]
        return np.einsum("ijst,st->ij", views, w[::-1, ::-1] if self.flips else w)

    @property
    def _strides(self) -> str:
        return f"[::{self.stride}, ::{self.stride}]" if self.stride > 1 else ""

    @property
    def _extent(self) -> tuple[int, ...]:
        """Rows and columns from a window's first weight to its last."""
        return tuple(Sweep(k, dilation=self.dilation).extent for k in self.b.shape)

    def _scipy_text(self) -> str:
        name = "convolve2d" if self.flips else "correlate2d"
        mode = self.padding if self._is_plain else "valid"
        spread, w = "", f"np.array(B{self._real})" if self._real else "B"
        if self.dilation > 1:
            spread = f"w = np.zeros({self._extent})\nw[::{self.dilation}, ::{self.dilation}] = B\n"
            w = "w"
        plain = f"np.array(A{self._real})" if self._real else "A"
        array = plain if self._is_plain else self._array
        return f'{spread}scipy.signal.{name}({array}, {w}, "{mode}"){self._strides}'

    @property
    def _is_plain(self) -> bool:
        """Whether one of SciPy's own modes gives this padding."""
        return isinstance(self.padding, str) and self.padding_mode == "zero"

    def _scipy(self) -> Any:
        from scipy import signal

        a, b = self._values() if self._is_plain else self._padded()
        w = np.zeros(self._extent)
        w[:: self.dilation, :: self.dilation] = b
        run = signal.convolve2d if self.flips else signal.correlate2d
        every = run(a, w, self.padding if self._is_plain else "valid")
        return every[:: self.stride, :: self.stride]

    @property
    def _torch_pads(self) -> tuple[int, ...]:
        rows, columns = self.pads
        return (*columns, *rows)  # the last axis first

    def _torch_text(self) -> str:
        style = TORCH_STYLE.get(self.padding_mode, "circular")
        flip = ".flip(-2, -1)" if self.flips else ""
        why = "  # conv2d does not flip" if self.flips else ""
        return (
            "x, w = (torch.tensor(np.array(v, float))[None, None] for v in (A, B))\n"
            f'x = F.pad(x, {self._torch_pads}, mode="{style}")\n'
            f"F.conv2d(x, w{flip}, stride={self.stride}, dilation={self.dilation}){why}"
        )

    def _torch(self) -> Any:
        import torch
        from torch.nn import functional

        x, w = (torch.tensor(v)[None, None] for v in self._values())
        style = TORCH_STYLE.get(self.padding_mode, "circular")
        x = functional.pad(x, self._torch_pads, mode=style)
        w = w.flip(-2, -1) if self.flips else w
        return functional.conv2d(x, w, stride=self.stride, dilation=self.dilation)[0, 0].numpy()
