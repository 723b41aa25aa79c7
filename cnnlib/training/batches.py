"""Batches out of memory: shuffled anew in every epoch, augmented anew in every step."""

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import pad

from cnnlib.data import Dataset
from cnnlib.drawings.images import to_input
from cnnlib.training.vary import vary

SHIFT = 1  # pixels to each side


class Batches:
    """An endless supply of batches. All chance comes from one generator.

    Parameters
    ----------
    dataset : Dataset
        The images are kept as bytes, because 60,000 of them then take 47 MB, and turning a batch
        into numbers costs little.
    size : int
        Images in a batch. Images that are left over at the end of an epoch are not used in it.
    augmentation : {"none", "shift", "vary"}
    generator : torch.Generator
        A generator on the CPU.

    Attributes
    ----------
    per_epoch : int
    """

    def __init__(
        self, dataset: Dataset, size: int, augmentation: str, generator: torch.Generator
    ) -> None:
        self._size, self._augmentation, self._generator = size, augmentation, generator
        self._images = torch.tensor(dataset.images)  # (N, 28, 28)
        self._labels = torch.tensor(dataset.labels).long()  # (N,)
        if augmentation == "shift":
            # (N, 3, 3, 28, 28): a view of each image at each of its nine places.
            padded = pad(self._images, (SHIFT,) * 4)
            self._places = padded.unfold(1, 28, 1).unfold(2, 28, 1)
        self.per_epoch = len(dataset) // size
        self._shuffle()

    def _shuffle(self) -> None:
        self._before = self._generator.get_state()  # the order can be made again from this state
        order = torch.randperm(len(self._labels), generator=self._generator)
        self._order = order[: self.per_epoch * self._size].split(self._size)
        self._next = 0

    def take(self) -> tuple[Tensor, Tensor]:
        """Return images (N, 1, 28, 28) in [0, 1] and labels (N,)."""
        if self._next == self.per_epoch:
            self._shuffle()
        indices = self._order[self._next]
        self._next += 1
        if self._augmentation == "shift":
            down, right = torch.randint(
                0, 2 * SHIFT + 1, (2, len(indices)), generator=self._generator
            )
            pixels = self._places[indices, down, right]
        else:
            pixels = self._images[indices]
        images = torch.from_numpy(to_input(pixels.numpy()))  # (N, 1, 28, 28)
        if self._augmentation == "vary":
            images = vary(images, self._generator)
        return images, self._labels[indices]

    def state(self) -> dict[str, Any]:
        """Return the state to go on from."""
        return {
            "before": self._before.numpy(),
            "now": self._generator.get_state().numpy(),
            "next": self._next,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state that `state` returned."""
        self._generator.set_state(torch.tensor(state["before"]))
        self._shuffle()
        self._generator.set_state(torch.tensor(state["now"]))
        self._next = int(state["next"])
