"""A receptive field measured by PyTorch: where the gradient of one unit is not zero."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from cnnlib.models.stack import Stack
from cnnlib.peers import Peer


@dataclass(frozen=True)
class FieldCall:
    """One unit of a stack, whose field is measured."""

    stack: Stack
    depth: int
    row: int
    column: int

    def peer(self) -> Peer:
        """Return the measurement; its result is the mask of the field."""
        layers = ", ".join(
            f"({s.kernel}, {s.stride}, {s.padding}, {s.dilation})" for s in self._sweeps()
        )
        n = self.stack.size
        text = (
            f"x = y = torch.zeros(1, 1, {n}, {n}, requires_grad=True)\n"
            f"for k, s, p, d in [{layers}]:\n"
            "    y = F.conv2d(y, torch.ones(1, 1, k, k), None, s, p, d)\n"
            f"(grad,) = torch.autograd.grad(y[0, 0, {self.row}, {self.column}], x)\n"
            "grad[0, 0] != 0"
        )
        return Peer("PyTorch", "torch", text, self._run, slow=True)

    def _sweeps(self) -> list[Any]:
        return [stage.sweep for stage in self.stack.stages[: self.depth]]

    def _run(self) -> Any:
        import torch
        from torch.nn import functional

        n = self.stack.size
        x = y = torch.zeros(1, 1, n, n, requires_grad=True)
        for s in self._sweeps():
            ones = torch.ones(1, 1, s.kernel, s.kernel)
            y = functional.conv2d(y, ones, None, s.stride, s.padding, s.dilation)
        (grad,) = torch.autograd.grad(y[0, 0, self.row, self.column], x)
        return np.asarray(grad[0, 0] != 0)
