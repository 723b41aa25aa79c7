"""A convolution layer in PyTorch, on the numbers of the lesson."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from cnnlib.peers import Peer


@dataclass(frozen=True, eq=False)
class LayerCall:
    """One call of a layer: x (1, D, W, W), w (K, D / groups, F, F), bias (K,)."""

    x: NDArray
    w: NDArray
    bias: NDArray
    stride: int
    padding: int
    dilation: int
    groups: int

    def peer(self) -> Peer:
        """Return the call in PyTorch, whose layer does not flip the kernel either."""
        names = ("stride", "padding", "dilation", "groups")
        settings = ", ".join(f"{name}={getattr(self, name)}" for name in names)
        return Peer("PyTorch", "torch", f"F.conv2d(x, w, bias, {settings})", self._run, slow=True)

    def _run(self) -> Any:
        import torch
        from torch.nn import functional

        x, w, bias = (torch.tensor(array) for array in (self.x, self.w, self.bias))
        settings = (self.stride, self.padding, self.dilation, self.groups)
        return functional.conv2d(x, w, bias, *settings).numpy()
