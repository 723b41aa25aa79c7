"""Read a .npz file from a stranger: its size is bounded, and nothing in it is unpickled."""

import zipfile
from io import BytesIO
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MOST_ARRAYS = 200
MOST_BYTES = 64 * 2**20
DTYPES = ("<f2", "<f4", "<U")


def read_arrays(path: Path) -> dict[str, NDArray]:
    """Return the arrays of a .npz file by name.

    The sizes that the file declares are checked before anything is unpacked, so that a small
    file cannot fill the memory.

    Parameters
    ----------
    path : Path
        A zip of at most 200 arrays and 64 MiB unpacked, of float16, float32 or text.

    Raises
    ------
    ValueError
        If the file cannot be read, or is anything else.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"it has {path.stat().st_size} bytes, more than {MOST_BYTES}")
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            total = sum(entry.file_size for entry in entries)
            if len(entries) > MOST_ARRAYS or total > MOST_BYTES:
                raise ValueError(
                    f"it declares {len(entries)} arrays of {total} bytes, "
                    f"and {MOST_ARRAYS} of {MOST_BYTES} are allowed"
                )
            if len({entry.filename for entry in entries}) < len(entries):
                raise ValueError("two of its arrays have the same name")
            return {
                entry.filename.removesuffix(".npy"): _read_array(archive, entry)
                for entry in entries
            }
    except Exception as problem:  # on a wrong file the parsers raise more than they document
        reason = getattr(problem, "strerror", None) or str(problem).split("\n")[0]
        raise ValueError(f"{path.name} cannot be read as arrays: {reason or 'damaged'}") from None


def _read_array(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> NDArray:
    content = archive.read(entry)  # at most the declared size
    file = BytesIO(content)
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError(f"{entry.filename} is not an array of format 1.0")
    shape, _, dtype = np.lib.format.read_array_header_1_0(file)
    if not dtype.str.startswith(DTYPES):
        raise ValueError(f"{entry.filename} holds {dtype}, not float16, float32 or text")
    expected = file.tell() + prod(shape) * dtype.itemsize
    if min(shape, default=0) < 0 or expected != len(content):
        raise ValueError(f"{entry.filename} has {len(content)} bytes, its shape needs {expected}")
    file.seek(0)
    return np.lib.format.read_array(file, allow_pickle=False)
