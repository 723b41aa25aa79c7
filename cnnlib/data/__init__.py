"""Digits to learn from: built-in, MNIST, or a folder of the user's own, all as one `Dataset`.

Code in this package needs NumPy alone; only the MNIST download imports more, when it runs.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

#: The built-in collections, by the variety of their handwriting. The first is neat enough to
#: show, and varied enough that a network learns to read hands other than the generator's.
BUILT_IN = {"built-in": 0.3, "built-in-wild": 1.0}


@dataclass(frozen=True)
class Dataset:
    """Labelled images.

    Parameters
    ----------
    images : ndarray of uint8, shape (N, 28, 28)
        Ink from 0 (paper) to 255, framed as MNIST is.
    labels : ndarray of uint8, shape (N,)
        The digit in each image.
    name : str
        The name that a page shows.

    Raises
    ------
    ValueError
        If a shape or a type is another one, or a label isn't a digit.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    name: str

    def __post_init__(self) -> None:
        shape, count = self.images.shape, self.labels.shape
        if shape != (*count, 28, 28):
            raise ValueError(
                f"images of shape {shape} and labels of shape {count}: "
                "give images of shape (N, 28, 28) and N labels"
            )
        if (self.images.dtype, self.labels.dtype) != (np.uint8, np.uint8):
            raise ValueError(
                f"images are {self.images.dtype} and labels {self.labels.dtype}: give both as uint8"
            )
        if self.labels.size and self.labels.max() > 9:
            raise ValueError(f"label {self.labels.max()} is not a digit: give labels from 0 to 9")

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.labels)


def load(name_or_folder: str | Path, split: str = "train") -> Dataset:
    """Load digits by name, or from a folder.

    Parameters
    ----------
    name_or_folder : str or Path
        "built-in" (neat), "built-in-wild", "mnist" (downloaded once), or a folder of IDX files.
    split : {"train", "test"}
        Built-in digits have 60,000 and 10,000 images, as MNIST has; no digit is in both.

    Returns
    -------
    Dataset

    Raises
    ------
    ValueError
        If the split is unknown, or a file does not hold what its name says.
    FileNotFoundError
        If the folder lacks a file.
    ConnectionError
        If MNIST is not on this machine and can't be downloaded.
    """
    # Imported here because both modules import Dataset from this one.
    from cnnlib.data import digits, mnist

    sizes = {"train": 60_000, "test": 10_000}
    if split not in sizes:
        raise ValueError(f'split {split!r} is neither "train" nor "test"')
    if name_or_folder in BUILT_IN:
        variety = BUILT_IN[str(name_or_folder)]
        return digits.built_in(sizes[split], seed=list(sizes).index(split), variety=variety)
    return mnist.load(None if name_or_folder == "mnist" else name_or_folder, split)
