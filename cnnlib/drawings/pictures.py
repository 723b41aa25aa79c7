"""A learner's picture, from a file's bytes to pixels: checked by its header, decoded, made small.

Pillow decodes, and is imported when a picture comes.
"""

import io
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlib.budget import Cost, afford
from cnnlib.drawings.chunks import is_png, without_long_texts

MOST_BYTES = 20 * 2**20
MOST_PIXELS = 25_000_000
MOST_SCANS = 50  # over all the pixels of a JPEG; usual files have 1 to 12
LONGEST = 512
_STRIP = 64  # rows
# Bytes for each pixel while a picture is decoded and made small, with Pillow's own copies.
_PLAIN, _CLEAR = 7, 9
_BY_FORMAT = {"WEBP": 16, "AVIF": 20}
_CLEAR_MODES = ("RGBA", "LA", "P", "PA")
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP")
_BRANDS = {"AVIF": (b"avif", b"avis"), "HEIC": (b"hei", b"hev", b"mif1", b"msf1")}
_ORIENTATION = 0x0112  # the EXIF field; 2 to 8 say how a picture is turned, 5 to 8 by a quarter
_TURNED, _QUARTER = range(2, 9), range(5, 9)
_CLEARED = "Transparent parts lie on white."
_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd8\xff]")  # of a JPEG, before a length
_SCAN, _END = b"\xff\xda", b"\xff\xd9"
_LUMA = (0.299, 0.587, 0.114)


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture as the lessons use it.

    Attributes
    ----------
    pixels : uint8 ndarray of shape (H, W, 3)
        Red, green and blue, at most 512×512, read-only.
    notes : tuple of str
        One sentence for each change that was made to the picture.
    """

    pixels: NDArray[np.uint8]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.pixels.setflags(write=False)

    @property
    def grey(self) -> NDArray[np.uint8]:
        """The luma 0.299 R + 0.587 G + 0.114 B, rounded (ITU-R BT.601), shape (H, W)."""
        return np.rint(self.pixels @ np.array(_LUMA)).astype(np.uint8)


def decode(data: bytes) -> Picture:
    """Decode a picture file.

    The header tells whether a picture is too large; then no pixel of it is decoded. Of an
    animation the first frame is taken. The picture is turned as EXIF says, its transparent parts
    are laid on white, CMYK and 16 bits become 8-bit RGB, and a side of more than 512 pixels is
    averaged down. A colour that a file names as transparent is compared at the file's own depth,
    except in 16-bit RGB, of which Pillow keeps the upper 8 bits.

    Parameters
    ----------
    data : bytes
        A PNG, JPEG, GIF, WebP, AVIF or BMP file of at most 20 MB and 25 megapixels.

    Raises
    ------
    ValueError
        If the file is no such picture; one sentence says what to change.
    """
    from PIL import Image, ImageOps

    if len(data) > MOST_BYTES:
        raise ValueError(
            f"This file has {len(data) / 2**20:.1f} MB: use one of at most {MOST_BYTES >> 20} MB."
        )
    too_many = f"use one of at most {MOST_PIXELS // 10**6}."
    depth = 8
    if is_png(data):
        depth = data[24] if len(data) > 24 else 8  # the header's bits for each channel
        data = without_long_texts(data)
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        # Pillow's own limit is far above this one, and its error does not name the sides.
        raise ValueError(f"This picture has more than 89 megapixels: {too_many}") from None
    except Exception:  # every format has its own errors for a broken header
        raise ValueError(_unread(data)) from None
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise ValueError(
            f"This picture of {width}×{height} has {width * height / 1e6:.1f} megapixels: "
            f"{too_many}"
        )
    if image.format in ("JPEG", "MPO") and _scans(data) > MOST_SCANS:
        raise ValueError(
            f"This JPEG goes over its pixels more than {MOST_SCANS} times: save it anew."
        )
    clear = image.mode in _CLEAR_MODES
    held = _BY_FORMAT.get(image.format or "", _CLEAR if clear else _PLAIN)
    afford(
        Cost(memory=width * height * held),
        "The pixels of this picture",
        "use a picture of fewer pixels",
    )
    try:
        notes = _several(image)
        small = _shrink(image, depth, notes)
        orientation = image.getexif().get(_ORIENTATION)
        pixels = np.array(_on_white(ImageOps.exif_transpose(small), notes))  # (H, W, 3)
    except Exception:
        raise ValueError(
            "This picture is damaged or cut: save it anew, or use another one."
        ) from None
    if orientation in _TURNED:
        notes.append("Turned as its EXIF data say.")
    if orientation in _QUARTER:
        width, height = height, width
    if max(width, height) > LONGEST:
        notes.append(f"Scaled from {width}×{height} to {pixels.shape[1]}×{pixels.shape[0]} pixels.")
    return Picture(pixels, tuple(notes))


def _unread(data: bytes) -> str:
    """Say why no picture can be read from a file, by the name of its format where that is known."""
    brands = data[8 : int.from_bytes(data[:4])] if data[4:8] == b"ftyp" else b""
    for name, known in _BRANDS.items():
        if any(brands[at : at + 4].startswith(known) for at in range(0, len(brands), 4)):
            return f"This {name} file can't be read here: save it as JPEG or PNG."
    return "This file is no picture that can be read: use PNG, JPEG, GIF, WebP, AVIF or BMP."


def _several(image: Any) -> list[str]:
    if not getattr(image, "is_animated", False):
        return []
    if image.format == "MPO":  # of a camera with two lenses, or with a preview
        return ["The first of the file's pictures."]
    return ["The first frame of an animation."]


def _scans(data: bytes) -> int:
    """Count how often a JPEG goes over its pixels, up to one time too many."""
    at, scans = 2, 0
    while (found := _MARKER.search(data, at)) and found[0] != _END and scans <= MOST_SCANS:
        scans += found[0] == _SCAN
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2])
    return scans


def _shrink(image: Any, depth: int, notes: list[str]) -> Any:
    """Return the picture with 8 bits per channel and no side longer than `LONGEST`.

    A transparent colour becomes white before pixels are averaged, and an alpha channel weighs them.
    """
    from PIL import Image

    wide = image.mode.startswith("I")
    key = None if image.mode in _CLEAR_MODES else image.info.pop("transparency", None)
    if wide:
        notes.append("16 bits a pixel became 8.")
    elif image.mode in ("P", "PA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    elif image.mode == "1":
        image = image.convert("L")
    elif image.mode == "CMYK":
        notes.append("CMYK became RGB.")
    if wide or key is not None:
        image = _in_strips(image, None if key is None else _at_depth(key, depth, wide), notes)
    # `thumbnail` shrinks in place, and shrinks a JPEG while it decodes it.
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.BOX, reducing_gap=None)
    return image


def _at_depth(key: Any, depth: int, wide: bool) -> NDArray[np.int64]:
    """Return a transparent colour as Pillow writes pixels, 8 bits to a channel or 16."""
    colour = np.atleast_1d(np.asarray(key, np.int64))
    if depth == 16:
        return colour if wide else colour >> 8
    return colour * 255 // (2**depth - 1)


def _in_strips(image: Any, key: NDArray[np.int64] | None, notes: list[str]) -> Any:
    """Return the picture with 8 bits per channel, and white where it has the transparent colour.

    A whole picture of wide numbers is large, so that a few rows are read at a time.
    """
    from PIL import Image

    wide = image.mode.startswith("I")
    made = Image.new("L" if wide else image.mode, image.size)
    cleared = False
    for top in range(0, image.height, _STRIP):
        box = (0, top, image.width, min(top + _STRIP, image.height))
        values = np.asarray(image.crop(box))
        strip = np.rint(np.clip(values.astype(np.int64), 0, 65535) / 257) if wide else values
        strip = strip.astype(np.uint8)
        if key is not None:
            clear = (values.reshape(*values.shape[:2], -1) == key).all(axis=2)
            strip[clear] = 255
            cleared = cleared or bool(clear.any())
        made.paste(Image.fromarray(strip), box)
    made.info = image.info
    if cleared:
        notes.append(_CLEARED)
    return made


def _on_white(image: Any, notes: list[str]) -> Any:
    from PIL import Image

    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    if layer.getchannel("A").getextrema()[0] < 255:
        notes.append(_CLEARED)
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")
