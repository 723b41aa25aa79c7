"""IDX files, the format of MNIST. No claim of a file's header is believed before it is checked.

The format (Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits"):
two zero bytes, the element's type (8 is uint8), the number of axes, each axis's length as a
big-endian 32-bit integer, then the elements in C order.
"""

import gzip
import zlib
from math import prod
from pathlib import Path
from typing import IO, cast

import numpy as np

MAX_ITEMS = 300_000  # the largest digit sets in this format, EMNIST's, have 280,000 images
_GZIP_MAGIC = b"\x1f\x8b"
_UINT8 = 0x08


def read_images(path: Path) -> np.ndarray:
    """Read an IDX file of images.

    Parameters
    ----------
    path : Path
        A file of 28×28 unsigned bytes per image, gzipped or not. Its first bytes tell, and its
        name is not looked at.

    Returns
    -------
    uint8 ndarray of shape (N, 28, 28), N at least 1

    Raises
    ------
    ValueError
        If the file is no IDX file of that form, is truncated or longer than it announces, or
        announces more than 300,000 images. No memory is taken for images before that check.
    """
    images = _read(path, axes=3)
    if images.shape[1:] != (28, 28):
        raise ValueError(
            f"{path} holds images of {images.shape[1]}×{images.shape[2]}: MNIST's have 28×28"
        )
    return images


def read_labels(path: Path) -> np.ndarray:
    """Read an IDX file of labels.

    Parameters
    ----------
    path : Path
        A file of one unsigned byte per label, gzipped or not.

    Returns
    -------
    uint8 ndarray of shape (N,), each from 0 to 9, N at least 1

    Raises
    ------
    ValueError
        As `read_images`; and if a label is above 9.
    """
    labels = _read(path, axes=1)
    if labels.max() > 9:
        wrong = int(np.argmax(labels > 9))
        raise ValueError(
            f"{path} is mislabelled: label {wrong} is {labels[wrong]}, digits are 0 to 9"
        )
    return labels


def _read(path: Path, axes: int) -> np.ndarray:
    with path.open("rb") as raw:
        gzipped = raw.read(2) == _GZIP_MAGIC
        raw.seek(0)
        if not gzipped:
            return _parse(raw, path, axes)
        with gzip.open(raw) as unpacked:
            try:
                return _parse(cast(IO[bytes], unpacked), path, axes)
            except (EOFError, gzip.BadGzipFile, zlib.error) as error:
                raise ValueError(f"{path} is truncated or damaged: {error}") from error


def _parse(file: IO[bytes], path: Path, axes: int) -> np.ndarray:
    shape = _read_header(file, path, axes)
    size = prod(shape)
    body = file.read(size + 1)  # one byte more proves a file too long, however much it unfolds to
    if len(body) < size:
        raise ValueError(
            f"{path} is truncated: it announces {size:,} bytes after its header "
            f"and holds {len(body):,}"
        )
    if len(body) > size:
        raise ValueError(f"{path} is longer than the {size:,} bytes that its header announces")
    return np.frombuffer(body, np.uint8).reshape(shape)


def _read_header(file: IO[bytes], path: Path, axes: int) -> tuple[int, ...]:
    """Read the header and return the shape that it announces, if that shape is acceptable."""
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0":
        raise ValueError(f"{path} is no IDX file: it begins with {magic.hex() or 'nothing'}")
    if magic[2] != _UINT8:
        raise ValueError(
            f"{path} holds elements of type 0x{magic[2]:02x}: only uint8, 0x08, is read"
        )
    if magic[3] != axes:
        raise ValueError(
            f"{path} has {magic[3]} axes where {axes} were expected, images having 3 and "
            "labels 1: check that the two files aren't swapped"
        )
    lengths = file.read(4 * axes)
    if len(lengths) < 4 * axes:
        raise ValueError(f"{path} is truncated within its header")
    shape = tuple(int(n) for n in np.frombuffer(lengths, ">u4"))
    if not 1 <= shape[0] <= MAX_ITEMS or max(shape[1:], default=1) > 28:
        raise ValueError(
            f"{path} announces {' × '.join(f'{n:,}' for n in shape)} elements: "
            f"accepted are 1 to {MAX_ITEMS:,} items, images of 28×28"
        )
    return shape
