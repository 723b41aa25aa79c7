"""Read a .npz file from a stranger: its size is bounded, and nothing in it is unpickled."""

import zipfile
from io import BytesIO
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MOST_ARRAYS = 200
MOST_BYTES = 64 * 2**20
MOST_TEXT = 2**20  # bytes of an array of text
DTYPES = ("<f2", "<f4", "<f8", "<U")
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENTRY = b"PK\1\2"  # begins an entry of a zip's directory; weights may hold such bytes by chance
PICKLED = "it holds pickled Python objects, which could run code: save the weights as safetensors"
_PICKLE = b"\x80"  # the first byte of a pickle without a zip around it


def read_arrays(path: Path) -> dict[str, NDArray]:
    """Return the arrays of a .npz file by name.

    The sizes that the file declares are checked before anything is unpacked, so that a small
    file cannot fill the memory.

    Parameters
    ----------
    path : Path
        A zip of at most 200 arrays and 64 MiB unpacked, of float16, float32, float64 or text.

    Raises
    ------
    ValueError
        If the file cannot be read, or is anything else.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"it has {path.stat().st_size} bytes, more than {MOST_BYTES}")
        content = path.read_bytes()
        if content[:1] == _PICKLE:
            raise ValueError(PICKLED)
        # Each entry of the directory would become an object before any of them can be counted.
        if content.count(_ENTRY) > 2 * MOST_ARRAYS:
            raise ValueError(f"it declares more than {MOST_ARRAYS} arrays")
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if any(entry.filename.endswith(".pkl") for entry in entries):  # as torch.save writes
                raise ValueError(PICKLED)
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
    if entry.compress_type not in _PACKED:  # as other ways unfold without a bound
        raise ValueError(f"{entry.filename} is packed in another way than NumPy packs arrays")
    with archive.open(entry) as packed:
        content = packed.read(entry.file_size)  # all of a file would be unfolded, whatever its size
    file = BytesIO(content)
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError(f"{entry.filename} is not an array of format 1.0")
    shape, _, dtype = np.lib.format.read_array_header_1_0(file)
    if dtype.hasobject:
        raise ValueError(PICKLED)
    if not dtype.str.startswith(DTYPES):
        raise ValueError(f"{entry.filename} holds {dtype}, not float16, float32, float64 or text")
    expected = file.tell() + prod(shape) * dtype.itemsize
    if min(shape, default=0) < 0 or expected != len(content):
        raise ValueError(f"{entry.filename} has {len(content)} bytes, its shape needs {expected}")
    if dtype.kind == "U" and expected > MOST_TEXT:
        raise ValueError(f"{entry.filename} holds {expected} bytes of text, more than {MOST_TEXT}")
    file.seek(0)
    return np.lib.format.read_array(file, allow_pickle=False)
