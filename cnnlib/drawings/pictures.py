"""A learner's picture, from a file's bytes to pixels: checked by its header, decoded, made small.

Pillow decodes, and is imported when a picture comes.
"""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlib.budget import Cost, afford

MOST_BYTES = 20 * 2**20
MOST_PIXELS = 25_000_000
LONGEST = 512
_STRIP = 64  # rows
# Bytes for each pixel while a picture is decoded and made small, with Pillow's own copies.
_PLAIN, _CLEAR, _WEBP = 7, 9, 16
_CLEAR_MODES = ("RGBA", "LA", "P", "PA")
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
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
    averaged down.

    Parameters
    ----------
    data : bytes
        A PNG, JPEG, GIF, WebP or BMP file of at most 20 MB and 25 megapixels.

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
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        # Pillow's own limit is far above this one, and its error does not name the sides.
        raise ValueError(f"This picture has more than 89 megapixels: {too_many}") from None
    except Exception:  # every format has its own errors for a broken header
        raise ValueError(
            "This file is no picture that can be read: use PNG, JPEG, GIF, WebP or BMP."
        ) from None
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise ValueError(
            f"This picture of {width}×{height} has {width * height / 1e6:.1f} megapixels: "
            f"{too_many}"
        )
    held = _WEBP if image.format == "WEBP" else _CLEAR if image.mode in _CLEAR_MODES else _PLAIN
    afford(
        Cost(memory=width * height * held),
        "The pixels of this picture",
        "use a picture of fewer pixels",
    )
    try:
        notes = ["The first frame of an animation."] if getattr(image, "is_animated", False) else []
        small = _shrink(image, notes)
        turned = ImageOps.exif_transpose(small)
        if image.getexif().get(0x0112, 1) != 1:
            notes.append("Turned as its EXIF data say.")
        pixels = np.array(_on_white(turned, notes))  # (H, W, 3)
    except Exception:
        raise ValueError(
            "This picture is damaged or cut: save it anew, or use another one."
        ) from None
    if max(width, height) > LONGEST:
        notes.append(f"Scaled from {width}×{height} to {small.width}×{small.height} pixels.")
    return Picture(pixels, tuple(notes))


def _shrink(image: Any, notes: list[str]) -> Any:
    """Return the picture with 8 bits per channel and no side longer than `LONGEST`."""
    from PIL import Image

    if image.mode.startswith("I"):
        notes.append("16 bits a pixel became 8.")
        small = Image.new("L", image.size)
        for top in range(0, image.height, _STRIP):  # a whole picture of wide numbers is large
            box = (0, top, image.width, min(top + _STRIP, image.height))
            wide = np.clip(np.asarray(image.crop(box), np.int64), 0, 65535)
            small.paste(Image.fromarray(np.rint(wide / 257).astype(np.uint8)), box)
        small.info = image.info
        image = small
    elif image.mode in ("1", "P", "PA"):
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    elif image.mode == "CMYK":
        notes.append("CMYK became RGB.")
    # `thumbnail` shrinks in place, and shrinks a JPEG while it decodes it.
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.BOX, reducing_gap=None)
    return image


def _on_white(image: Any, notes: list[str]) -> Any:
    from PIL import Image

    if not image.has_transparency_data:
        return image.convert("RGB")
    notes.append("Transparent parts lie on white.")
    layer = image.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")
