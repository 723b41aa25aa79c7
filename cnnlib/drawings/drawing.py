"""A drawing: pen strokes on a square pad, as pixels and as a short text for a link.

A pad is 1024 units wide and high; a point is (x, y, width) in whole units, x to the right,
y downwards, width the pen's diameter there. Strokes are kept rather than pixels, because
strokes are small, exact at every size, and can be taken back one by one.
"""

import base64
import binascii
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

PAD = 1024
MAX_STROKES = 400
MAX_POINTS = 8000
_MAX_TEXT = 40_000
_SEGMENTS_AT_ONCE = 8
_FEW = 8_000  # pixels of segments that are looked at all at once
MOST_PADS = 150  # times that a drawing may cover the pad: a fifth of a second at 112 pixels
_EDGE = 20  # pad units that the smoothed edges of a segment add to its width


@dataclass(frozen=True)
class Stroke:
    """One movement of the pen or of the eraser.

    Attributes
    ----------
    points : ndarray of shape (n, 3), int32
        x, y and width of each point, in pad units.
    erase : bool
        Whether the stroke takes ink away.
    """

    points: np.ndarray
    erase: bool = False


@dataclass(frozen=True)
class Drawing:
    """Strokes in the order in which they were made.

    Examples
    --------
    >>> seven = Drawing.parse([{"points": [300, 300, 80, 700, 300, 80, 450, 760, 80]}])
    >>> Drawing.decode(seven.encode()) == seven
    True
    >>> rasterize(seven, 28).shape
    (28, 28)
    """

    strokes: tuple[Stroke, ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Drawing) and self.to_list() == other.to_list()

    def __hash__(self) -> int:
        return hash(self.encode())

    def __bool__(self) -> bool:
        return bool(self.strokes)

    @classmethod
    def parse(cls, strokes: object) -> "Drawing":
        """Check strokes that a browser sent or a program wrote, and return them as a drawing.

        Parameters
        ----------
        strokes : list of dict
            Each stroke has `points`, a flat list x, y, width, x, y, width, … of whole numbers in
            pad units, and optionally `erase`, true or false.

        Raises
        ------
        ValueError
            If the strokes are not as described, or exceed `MAX_STROKES` or `MAX_POINTS`.
        """
        if not isinstance(strokes, list):
            raise ValueError(f"A drawing is a list of strokes, not {type(strokes).__name__}.")
        if len(strokes) > MAX_STROKES:
            raise ValueError(
                f"This drawing has {len(strokes)} strokes; at most {MAX_STROKES} are kept: "
                "clear the pad and draw anew."
            )
        drawing = cls(tuple(_parse_stroke(number, s) for number, s in enumerate(strokes, 1)))
        count = sum(len(stroke.points) for stroke in drawing.strokes)
        if count > MAX_POINTS:
            raise ValueError(
                f"This drawing has {count} points; at most {MAX_POINTS} are kept: "
                "clear the pad and draw anew."
            )
        covers = sum(map(_pads, drawing.strokes))
        if covers > MOST_PADS:
            raise ValueError(
                f"This drawing covers the pad {covers:,.0f} times over; at most {MOST_PADS} times "
                "are drawn: use a thinner pen, or clear the pad and draw anew."
            )
        return drawing

    def to_list(self) -> list[dict[str, object]]:
        """Return the strokes in the form that `parse` takes."""
        return [{"points": s.points.ravel().tolist(), "erase": s.erase} for s in self.strokes]

    def encode(self) -> str:
        """Return the drawing as text that may stand in a link.

        The text is in version 1 of the form. Each stroke is twice its number of points, plus one
        for the eraser, then the differences from point to point, every number as a zigzag
        integer of variable length. All strokes together are deflated and written in URL-safe
        base64.
        """
        numbers: list[int] = []
        for stroke in self.strokes:
            numbers.append(2 * len(stroke.points) + stroke.erase)
            steps = np.diff(stroke.points, axis=0, prepend=np.zeros((1, 3), np.int32))
            numbers += steps.ravel().tolist()
        packed = zlib.compress(_pack(numbers), 9)
        return "1" + base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "Drawing":
        """Return the drawing that `encode` wrote.

        Raises
        ------
        ValueError
            If the text was cut or edited, or never was a drawing.
        """
        problem = "This link's drawing can't be read; it may have been cut: copy the whole link."
        if len(text) > _MAX_TEXT or text[:1] != "1":
            raise ValueError(problem)
        try:
            packed = base64.b64decode(text[1:] + "=" * (-len(text[1:]) % 4), b"-_", validate=True)
            # A point is three numbers of at most three bytes each, which bounds what is unpacked.
            unpacker = zlib.decompressobj()
            numbers = list(_unpack(unpacker.decompress(packed, 10 * MAX_POINTS)))
            if not unpacker.eof:
                raise ValueError(problem)
            strokes: list[dict[str, object]] = []
            at = 0
            while at < len(numbers):
                count, erase = divmod(numbers[at], 2)
                steps = numbers[at + 1 : at + 1 + 3 * count]
                if count < 1 or len(steps) != 3 * count or len(strokes) >= MAX_STROKES:
                    raise ValueError(problem)
                at += 1 + 3 * count
                points = np.cumsum(np.reshape(steps, (count, 3)), axis=0)
                strokes.append({"points": points.ravel().tolist(), "erase": bool(erase)})
            return cls.parse(strokes)
        except (ValueError, binascii.Error, zlib.error) as error:
            raise ValueError(problem) from error


def rasterize(drawing: Drawing, size: int = 112) -> np.ndarray:
    """Return the ink on the pad as a square of pixels.

    A segment from p to q with radius r covers a pixel at distance d from it by
    clip(r - d + ½, 0, 1), distances in pixels, which gives an antialiased edge one pixel wide.
    Where strokes cross, the larger ink counts, so that they stay black; an eraser multiplies
    the ink by the part that it leaves.

    Parameters
    ----------
    drawing : Drawing
        The strokes.
    size : int
        Pixels along each side.

    Returns
    -------
    ndarray of shape (size, size), float32
        0 where the pad is empty, 1 where it is inked.
    """
    if size < 1:
        raise ValueError(f"A raster of {size} pixels has no pixels: use a size of at least 1.")
    ink = np.zeros((size, size), np.float32)
    for stroke in drawing.strokes:
        scaled = stroke.points.astype(np.float32) * np.float32(size / PAD)
        ends = _ends(scaled)
        for first in range(0, len(ends) - 1, _SEGMENTS_AT_ONCE):
            _lay(ink, ends[first : first + _SEGMENTS_AT_ONCE + 1], stroke.erase)
    return ink


def _lay(ink: np.ndarray, points: np.ndarray, erase: bool) -> None:
    """Lay the segments between the points on the ink, in the rectangle that they can reach."""
    reach = points[:, 2].max() / 2 + 1
    left, top = np.maximum(np.floor(points[:, :2].min(axis=0) - reach).astype(int), 0)
    right, bottom = np.ceil(points[:, :2].max(axis=0) + reach).astype(int)
    patch = ink[top:bottom, left:right]
    if patch.size == 0:
        return
    if patch.size * (len(points) - 1) > _FEW:
        cover = _cover_of_bands(points, *ink.shape)[top:bottom, left:right]
    else:
        x = np.arange(left, left + patch.shape[1], dtype=np.float32) + np.float32(0.5)
        y = np.arange(top, top + patch.shape[0], dtype=np.float32)[:, None] + np.float32(0.5)
        ends = points[:-1].T[..., None, None], np.diff(points, axis=0).T[..., None, None]
        cover = _cover(x, y, *ends).max(axis=0)  # of (segments, rows, columns)
    if erase:
        patch *= 1 - cover
    else:
        np.maximum(patch, cover, out=patch)


def _cover(x: np.ndarray, y: np.ndarray, start: np.ndarray, step: np.ndarray) -> np.ndarray:
    """Return how much of each pixel its segment covers, from the pixels' centres."""
    (x0, y0, w0), (dx, dy, dw) = start, step
    length2 = np.maximum(dx * dx + dy * dy, np.float32(1e-6))
    t = np.clip(((x - x0) * dx + (y - y0) * dy) / length2, 0, 1)
    distance = np.hypot(x - x0 - t * dx, y - y0 - t * dy)
    return np.clip((w0 + t * dw) / 2 - distance + np.float32(0.5), 0, 1)


def _cover_of_bands(points: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return the cover of segments, looking in each row only at the band around each segment.

    The rectangle around a long thin segment holds far more pixels than the segment reaches.
    """
    (x0, y0, _), (dx, dy, _) = start, step = points[:-1].T, np.diff(points, axis=0).T
    reach = np.maximum(points[:-1, 2], points[1:, 2]) / 2 + 1
    top = np.clip(np.floor(np.minimum(y0, y0 + dy) - reach), 0, height).astype(int)
    bottom = np.clip(np.ceil(np.maximum(y0, y0 + dy) + reach), 0, height).astype(int)
    of, row = _counted(top, bottom)  # each row of each segment
    middle = x0[of] + (row + 0.5 - y0[of]) * dx[of] / np.where(dy == 0, 1, dy)[of]
    half = np.where(dy == 0, np.inf, reach * np.hypot(dx, dy) / np.where(dy == 0, 1, abs(dy)))[of]
    least, most = (np.minimum(x0, x0 + dx) - reach)[of], (np.maximum(x0, x0 + dx) + reach)[of]
    left = np.clip(np.floor(np.maximum(middle - half, least)), 0, width).astype(int)
    right = np.clip(np.ceil(np.minimum(middle + half, most)), 0, width).astype(int)
    at, column = _counted(left, np.maximum(left, right))  # each pixel of each of these rows
    of, row = of[at], row[at]
    x, y = (where.astype(np.float32) + np.float32(0.5) for where in (column, row))
    found = np.zeros(height * width, np.float32)
    np.maximum.at(found, row * width + column, _cover(x, y, start[:, of], step[:, of]))
    return found.reshape(height, width)


def _ends(points: np.ndarray) -> np.ndarray:
    """Return the ends of a stroke's segments: a dot is a segment of no length."""
    return points if len(points) > 1 else np.repeat(points, 2, axis=0)


def _pads(stroke: Stroke) -> float:
    """Return how many times the area of the pad a stroke's segments cover together."""
    points = _ends(stroke.points.astype(float))
    lengths = np.hypot(*np.diff(points[:, :2], axis=0).T)
    widths = np.maximum(points[:-1, 2], points[1:, 2]) + _EDGE
    return float(((lengths + widths) * widths).sum()) / PAD**2


def _counted(start: np.ndarray, stop: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return all whole numbers of several ranges, after the number of the range of each."""
    sizes = stop - start
    of = np.repeat(np.arange(len(sizes)), sizes)
    return of, np.arange(len(of)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + start[of]


def _parse_stroke(number: int, stroke: object) -> Stroke:
    points = stroke.get("points") if isinstance(stroke, dict) else None
    erase = stroke.get("erase", False) if isinstance(stroke, dict) else None
    if not isinstance(points, list) or not isinstance(erase, bool):
        raise ValueError(f"Stroke {number} needs `points`, a list, and `erase`, true or false.")
    if not points or len(points) % 3 or len(points) > 3 * MAX_POINTS:
        raise ValueError(
            f"Stroke {number} has {len(points)} numbers: give x, y and width for each of "
            f"1 to {MAX_POINTS} points."
        )
    if not all(type(value) is int and 0 <= value < PAD for value in points):
        raise ValueError(f"Stroke {number} leaves the pad: use whole numbers from 0 to {PAD - 1}.")
    return Stroke(np.array(points, np.int32).reshape(-1, 3), erase)


def _pack(numbers: list[int]) -> bytes:
    """Write zigzag integers of variable length: seven bits in each byte, the low bits first."""
    out = bytearray()
    for number in numbers:
        rest = 2 * number if number >= 0 else -2 * number - 1
        while rest > 127:
            out.append(rest & 127 | 128)
            rest >>= 7
        out.append(rest)
    return bytes(out)


def _unpack(data: bytes) -> Iterator[int]:
    value = shift = 0
    for byte in data:
        value |= (byte & 127) << shift
        shift += 7
        if shift > 28:
            raise ValueError("an integer longer than four bytes")
        if byte < 128:
            yield -(value + 1) // 2 if value & 1 else value // 2
            value = shift = 0
    if shift:
        raise ValueError("the last integer is cut")
