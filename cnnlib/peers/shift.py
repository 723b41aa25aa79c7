"""A picture moved by whole pixels, in SciPy and in PyTorch."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from cnnlib.peers import Peer


@dataclass(frozen=True, eq=False)
class ShiftCall:
    """One shift of `image` (H, W), down and to the right."""

    image: NDArray
    rows: int
    columns: int

    def peers(self) -> list[Peer]:
        """Return the call in SciPy, and in PyTorch, where a negative padding cuts cells off."""
        down, right = self.rows, self.columns
        scipy_text = f"scipy.ndimage.shift(image, ({down}, {right}), order=0)"
        torch_text = f"F.pad(torch.tensor(image), ({right}, {-right}, {down}, {-down}))"
        return [
            Peer("SciPy", "scipy", scipy_text, self._scipy),
            Peer("PyTorch", "torch", torch_text, self._torch, slow=True),
        ]

    def _scipy(self) -> Any:
        from scipy import ndimage

        return ndimage.shift(self.image, (self.rows, self.columns), order=0)

    def _torch(self) -> Any:
        import torch
        from torch.nn import functional

        sides = (self.columns, -self.columns, self.rows, -self.rows)
        return functional.pad(torch.tensor(self.image), sides).numpy()
