"""Read and write .safetensors files: arrays by name, and nothing that could be executed.

The format is https://github.com/huggingface/safetensors#format: the length of a JSON header
(uint64, little-endian), the header, then the arrays' bytes one after the other, in C order and
little-endian. The header has `{"dtype", "shape", "data_offsets": [begin, end]}` for each array,
and may have texts by name under "__metadata__".
"""

import json
import struct
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SUFFIX = ".safetensors"
MOST_BYTES = 64 * 2**20
DTYPES = {"F16": "<f2", "F32": "<f4", "F64": "<f8"}
MOST_HEADER = 2**20
_LENGTH = struct.Struct("<Q")
_METADATA = "__metadata__"
_NAMES = {np.dtype(text): name for name, text in DTYPES.items()}


def write(arrays: Mapping[str, NDArray], metadata: Mapping[str, str]) -> bytes:
    """Return arrays of float16, float32 or float64, and texts, as the bytes of a file."""
    header: dict[str, Any] = {_METADATA: dict(metadata)} if metadata else {}
    body = bytearray()
    for name, array in arrays.items():
        begin = len(body)
        body += array.astype(array.dtype.newbyteorder("<")).tobytes()
        header[name] = {
            "dtype": _NAMES[array.dtype.newbyteorder("=")],
            "shape": array.shape,
            "data_offsets": [begin, len(body)],
        }
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # so that the arrays begin at a multiple of 8
    return _LENGTH.pack(len(text)) + text + bytes(body)


def read(content: bytes) -> tuple[dict[str, NDArray], dict[str, str]]:
    """Return the arrays and the texts of a file, which may come from a stranger.

    Raises
    ------
    ValueError
        If the bytes are no such file, or hold arrays of another kind.
    """
    length = _LENGTH.unpack_from(content)[0] if len(content) >= _LENGTH.size else 0
    start = _LENGTH.size + length
    if not 2 <= length <= min(MOST_HEADER, len(content) - _LENGTH.size):
        raise ValueError(f"its header is of {length} bytes, of {len(content)} in all")
    header = json.loads(content[_LENGTH.size : start], object_pairs_hook=_once)
    if not isinstance(header, dict):
        raise ValueError("its header is no object")
    metadata = header.pop(_METADATA, {})
    if not isinstance(metadata, dict) or not all(type(v) is str for v in metadata.values()):
        raise ValueError("its metadata are no texts by name")
    placed = sorted((_place(name, entry), name) for name, entry in header.items())
    end = 0
    arrays = {}
    for (begin, stop, dtype, shape), name in placed:
        # The arrays must fill the file exactly, so that none overlap and nothing lies between.
        if begin != end or stop != begin + prod(shape) * np.dtype(dtype).itemsize:
            raise ValueError(f"{name!r:.50} of shape {shape} is said to be at {begin} to {stop}")
        end = stop
        if start + end > len(content):
            raise ValueError(f"it ends within {name!r:.50}")
        arrays[name] = np.ndarray(shape, dtype, content, start + begin)
    if start + end != len(content):
        raise ValueError(f"{len(content) - start - end} bytes follow its last array")
    return arrays, metadata


def is_name(path: str | Path) -> bool:
    """Tell whether a file's name ends as those of such files do, in small letters or capitals."""
    return Path(path).suffix.lower() == SUFFIX


def read_file(path: Path) -> tuple[dict[str, NDArray], dict[str, str]]:
    """Read a file of at most 64 MiB as `read` does; errors name the file."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"it has {path.stat().st_size} bytes, more than {MOST_BYTES}")
        return read(path.read_bytes())
    except (OSError, ValueError, RecursionError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem).split("\n")[0]
        raise ValueError(f"{path.name} cannot be read as safetensors: {reason}") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("its header has a name twice")
    return found


def _place(name: str, entry: Any) -> tuple[int, int, str, tuple[int, ...]]:
    """Return where an array begins and stops, its type and its shape, all of the right kind."""
    match entry:
        case {"dtype": str(kind), "shape": [*shape], "data_offsets": [int(begin), int(stop)]} if (
            len(entry) == 3
            and kind in DTYPES
            and len(shape) <= 8
            and all(type(n) is int and 0 <= n < 2**31 for n in (*shape, begin, stop))
        ):
            return begin, stop, DTYPES[kind], tuple(shape)
    raise ValueError(f"{name!r:.50} is not of {', '.join(DTYPES)} at some place: {entry!r:.80}")
