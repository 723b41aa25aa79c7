"""Convolution and cross-correlation of sequences: the definition's call, and other libraries'."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from cnnlib.geometry import Mode, PaddingMode, mode_padding, mode_span
from cnnlib.peers import NUMPY_STYLE, TORCH_STYLE, Peer
from cnnlib.walkthroughs.form import Operation
from cnnlib.walkthroughs.numbers import Numbers


@dataclass(frozen=True, eq=False)
class Call:
    """One convolution or cross-correlation of `a` with `b`, as code.

    Attributes
    ----------
    a, b : Numbers
    operation : {"convolution", "cross-correlation"}
    padding : {"full", "same", "valid"}
    padding_mode : {"zero", "reflect", "edge", "circular"}
    """

    a: Numbers
    b: Numbers
    operation: Operation
    padding: Mode
    padding_mode: PaddingMode

    @property
    def flips(self) -> bool:
        """Whether the kernel is flipped."""
        return self.operation == "convolution"

    @property
    def pads(self) -> tuple[int, int]:
        """How many cells of padding stand before and after `a`."""
        return mode_padding(len(self.a.texts), len(self.b.texts), self.padding)

    @property
    def array(self) -> str:
        """`a`, with the padding that is not of zeros, as code."""
        if self.padding_mode == "zero":
            return "a"
        return f'np.pad(a, {self.pads}, "{NUMPY_STYLE[self.padding_mode]}")'

    @property
    def kept(self) -> str:
        """The part of all outputs that is kept, as code."""
        span, every = self._span()
        return "" if span == (0, every) else f"[{span[0]}:{span[1]}]"

    def peers(self) -> list[Peer]:
        """Return the call in NumPy, SciPy and PyTorch."""
        operation = "convolve" if self.flips else "correlate"
        plain = f"np.convolve({self.array}, b)"
        numpy_text = plain if self.flips else f'np.correlate({self.array}, b, "full")'
        style = TORCH_STYLE.get(self.padding_mode, "circular")
        torch_text = (
            "x, w = (torch.tensor(np.array(v, float))[None, None] for v in (a, b))\n"
            f'x = F.pad(x, {self.pads}, mode="{style}")\n'
            + (
                "F.conv1d(x, w.flip(-1))  # conv1d does not flip"
                if self.flips
                else "F.conv1d(x, w)"
            )
        )
        scipy_text = f"scipy.signal.{operation}({self.array}, b){self.kept}"
        return [
            Peer("NumPy", "numpy", numpy_text + self.kept, self._numpy),
            Peer("SciPy", "scipy", scipy_text, self._scipy),
            Peer("PyTorch", "torch", torch_text, self._torch, slow=True),
        ]

    def _span(self) -> tuple[tuple[int, int], int]:
        n, k = len(self.a.texts), len(self.b.texts)
        if self.padding_mode != "zero":
            n += sum(self.pads)
        return mode_span(n, k, self.padding if self.padding_mode == "zero" else "valid"), n + k - 1

    def _padded(self) -> Any:
        if self.padding_mode == "zero":
            return self.a.values
        style: Any = NUMPY_STYLE[self.padding_mode]
        return np.pad(np.asarray(self.a.values), self.pads, style)

    def _numpy(self) -> Any:
        a, b = self._padded(), np.asarray(self.b.values)
        return (np.convolve(a, b) if self.flips else np.correlate(a, b, "full"))[
            slice(*self._span()[0])
        ]

    def _scipy(self) -> Any:
        from scipy import signal

        run = signal.convolve if self.flips else signal.correlate
        return run(self._padded(), self.b.values)[slice(*self._span()[0])]

    def _torch(self) -> Any:
        import torch
        from torch.nn import functional

        x, w = (
            torch.tensor(np.array(v, float))[None, None] for v in (self.a.values, self.b.values)
        )
        x = functional.pad(x, self.pads, mode=TORCH_STYLE.get(self.padding_mode, "circular"))
        return functional.conv1d(x, w.flip(-1) if self.flips else w)[0, 0].numpy()
