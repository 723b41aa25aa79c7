"""MNIST: from a folder that the user names, or from the cache folder, filled by a download.

Y. LeCun, C. Cortes and C. J. C. Burges, "The MNIST database of handwritten digits",
licensed CC BY-SA 3.0. The project contains none of these images.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from cnnlib.data import Dataset
from cnnlib.data.idx import read_images, read_labels
from cnnlib.data.upright import SAID, lies_transposed

URL = "https://ossci-datasets.s3.amazonaws.com/mnist/"
CACHE_VARIABLE = "CNN_CLASSROOM_CACHE"  # an environment variable that moves the cache folder

# The sums of the gzipped files that LeCun published and mirrors still serve.
SHA256 = {
    "train-images-idx3-ubyte": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "train-labels-idx1-ubyte": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "t10k-images-idx3-ubyte": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}
PREFIXES = {"train": "train", "test": "t10k"}
EMNIST = ("emnist-digits-", "emnist-mnist-")  # of EMNIST's sets, those of digits alone
_KINDS = ("images-idx3-ubyte", "labels-idx1-ubyte")

Progress = Callable[[str, int, int], None]
"""Called with a file's name, the bytes received so far, and its bytes in all (0: unknown)."""


def load(
    folder: str | Path | None = None, split: str = "train", *, progress: Progress | None = None
) -> Dataset:
    """Load MNIST's training or test images.

    Parameters
    ----------
    folder : str or Path, optional
        The folder of the IDX files, gzipped or not, named "train-images-idx3-ubyte" or
        "train-images.idx3-ubyte", with or without ".gz", or as EMNIST's files of digits are,
        "emnist-digits-train-images-idx3-ubyte". Digits whose rows and columns are exchanged, as
        EMNIST's are, are set upright, and the name says so. If no folder is given, the files come
        from the cache folder, and missing or damaged ones are first downloaded into it (12 MB).
    split : {"train", "test"}
        60,000 images or 10,000.
    progress : callable, optional
        Is told how far the download is; by default, a bar on standard error shows it.

    Returns
    -------
    Dataset
        Images of shape (N, 28, 28) and labels of shape (N,), both uint8.

    Raises
    ------
    FileNotFoundError
        If the folder lacks a file.
    ConnectionError
        If the download fails.
    ValueError
        If a file is truncated, mislabelled or too large, or does not hold what its name says.
    """
    if split not in PREFIXES:
        raise ValueError(f'split {split!r} is neither "train" nor "test"')
    if folder is None:
        images_path, labels_path = _download(split, progress or _print_bar)
    else:
        images_path, labels_path = (_find(Path(folder), split, kind) for kind in _KINDS)
    images, labels = read_images(images_path), read_labels(labels_path)
    if len(images) != len(labels):
        raise ValueError(
            f"{images_path} holds {len(images):,} images and {labels_path} {len(labels):,} labels: "
            "they don't belong together"
        )
    if folder is None:
        return Dataset(images, labels, f"MNIST, {split} images")
    name = f"{Path(folder).name}, {split} images"
    if lies_transposed(images, labels):
        images, name = np.ascontiguousarray(images.transpose(0, 2, 1)), f"{name}, {SAID}"
    return Dataset(images, labels, name)


def _find(folder: Path, split: str, kind: str) -> Path:
    """Return the file of a split and a kind under one of the spellings that are in use."""
    name = f"{PREFIXES[split]}-{kind}"
    for plain in (name, *(f"{prefix}{split}-{kind}" for prefix in EMNIST)):
        dotted = plain.replace("-idx", ".idx")
        for candidate in (plain, f"{plain}.gz", dotted, f"{dotted}.gz"):
            if (folder / candidate).is_file():
                return folder / candidate
    raise FileNotFoundError(
        f"{folder} holds no file {name} (.gz): name a folder with MNIST's IDX files"
    )


def _download(split: str, progress: Progress) -> list[Path]:
    """Return the split's two files in the cache folder; pooch fetches those that aren't intact."""
    import pooch  # imported here because pooch loads a network client

    pooch.get_logger().setLevel("WARNING")
    cache = pooch.create(
        pooch.os_cache("cnn-classroom") / "mnist",
        URL,
        env=CACHE_VARIABLE,
        registry={f"{name}.gz": f"sha256:{digest}" for name, digest in SHA256.items()},
    )
    paths = []
    for kind in _KINDS:
        name = f"{PREFIXES[split]}-{kind}.gz"
        downloader = pooch.HTTPDownloader(_Bar(name, progress), chunk_size=2**16, timeout=10)
        try:
            paths.append(Path(cache.fetch(name, downloader=downloader)))
        except (OSError, ValueError) as error:  # no network, no space, or an unexpected file
            reason = type(error).__name__ if isinstance(error, OSError) else "its sha256 is wrong"
            raise ConnectionError(
                f"{name} could not be downloaded from {URL} ({reason}): check the network, "
                "name a folder that holds MNIST, or use the built-in digits"
            ) from error
    return paths


class _Bar:
    """A progress bar as pooch expects one, which passes its numbers to a `Progress`."""

    def __init__(self, name: str, progress: Progress) -> None:
        self.name, self.progress = name, progress
        self.total = self.received = 0

    def update(self, count: int) -> None:
        # Pooch reports whole chunks, and at the end the whole file once more.
        received = self.received + count
        received = min(received, self.total) if self.total else received
        if received > self.received:
            self.received = received
            self.progress(self.name, received, self.total)

    def reset(self) -> None:
        """Do nothing, because the bytes that were received stay received."""

    def close(self) -> None:
        """Do nothing, because the last update has said that the file is complete."""


def _print_bar(name: str, received: int, total: int) -> None:
    width = 30
    filled = width * received // total if total else 0
    end = "\n" if total and received >= total else ""
    bar = "#" * filled + "." * (width - filled)
    sys.stderr.write(f"\r{name} [{bar}] {received / 1e6:.1f} of {total / 1e6:.1f} MB{end}")
    sys.stderr.flush()
