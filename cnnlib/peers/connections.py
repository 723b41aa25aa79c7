"""Which units of one axis are connected, as a matrix of zeros and ones, in NumPy and PyTorch."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from cnnlib.models.stack import Stack
from cnnlib.peers import Peer


@dataclass(frozen=True)
class ConnectionsCall:
    """Convolutions of stride 1 with the same kernel, one after another, on one axis."""

    stack: Stack

    def peers(self) -> list[Peer]:
        """Return the matrix from the last layer's units to the input's, in two ways."""
        kernel, padding, layers, n = self._sizes()
        shifted = f"sum(np.eye(m, n, k=s - {padding}) for s in range({kernel}))"
        sizes = self.stack.sizes[::-1]
        numpy_text = f"connect = lambda m, n: {shifted}\n" + " @ ".join(
            f"connect({m}, {n})" for m, n in pairwise(sizes)
        )
        inside = "x"
        for _ in range(layers):
            inside = f"F.conv1d({inside}, w, padding={padding})"
        torch_text = (
            f"x, w = torch.zeros(1, 1, {n}), torch.ones(1, 1, {kernel})\n"
            f"torch.autograd.functional.jacobian(lambda x: {inside}, x)[0, 0, :, 0, 0] != 0"
        )
        return [
            Peer("NumPy", "numpy", f"{numpy_text} > 0", self._numpy),
            Peer("PyTorch", "torch", torch_text, self._torch, slow=True),
        ]

    def _sizes(self) -> tuple[int, int, int, int]:
        sweep = self.stack.stages[0].sweep
        return sweep.kernel, sweep.padding, len(self.stack.stages), self.stack.size

    def _numpy(self) -> Any:
        kernel, padding, _, n = self._sizes()
        total = np.eye(n)
        for before, m in pairwise(self.stack.sizes):
            total = sum(np.eye(m, before, k=s - padding) for s in range(kernel)) @ total
        return total > 0

    def _torch(self) -> Any:
        import torch
        from torch.nn import functional

        kernel, padding, layers, n = self._sizes()
        w = torch.ones(1, 1, kernel)

        def run(x: Any) -> Any:
            for _ in range(layers):
                x = functional.conv1d(x, w, padding=padding)
            return x

        return torch.autograd.functional.jacobian(run, torch.zeros(1, 1, n))[0, 0, :, 0, 0] != 0
