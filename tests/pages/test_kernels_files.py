"""Picture files of every kind, good and bad, through the page on kernels."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageFile

from tests.pages.components import packet, run, words

BLACK_ON_WHITE = Image.fromarray(np.repeat([[0], [255]], 40, 0).repeat(60, 1).astype(np.uint8))


def file_of(image, kind="PNG", **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def vast_png(width, height):
    """Return a complete PNG of one bit a pixel, whose few bytes decode to very many."""
    rows = zlib.compressobj()
    line = bytes(1 + width // 8)
    packed = b"".join(rows.compress(line) for _ in range(height)) + rows.flush()
    chunks = (b"IHDR" + struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0), b"IDAT" + packed)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c))
        for c in (*chunks, b"IEND")
    )


def animation():
    frames = [BLACK_ON_WHITE, BLACK_ON_WHITE.rotate(180)]
    return file_of(frames[0], "GIF", save_all=True, append_images=frames[1:])


def turned():
    exif = Image.Exif()
    exif[0x0112] = 6  # shown turned a quarter to the right
    return file_of(BLACK_ON_WHITE, "JPEG", exif=exif, quality=100)


def clear():
    image = BLACK_ON_WHITE.convert("RGBA")
    image.putalpha(Image.fromarray(255 - np.asarray(BLACK_ON_WHITE)))
    return file_of(image)


@pytest.fixture
def lesson(app):
    app.switch_page("pages/kernels.py").run()
    app.selectbox(key="preset").select("identity").run()
    app.selectbox(key="picture").select("upload").run()
    assert not app.exception
    return app


def give(at, data, name="mine.png"):
    """Upload a file; return the picture that is filtered now, and the words about it."""
    at.file_uploader[0].set_value((name, data, "image/png"))
    run(at)
    given, body = packet(at, "magnifier")
    rows, columns, depth = given["padded"]
    pixels = np.frombuffer(body[: rows * columns * depth], np.uint8)
    return pixels.reshape(rows, columns, depth)[..., 0], words(at)


UPPER, LOWER = np.s_[:35], np.s_[45:]  # of 80 rows, apart from where they meet


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (animation(), "The first frame of an animation."),
        (file_of(BLACK_ON_WHITE.convert("CMYK"), "JPEG", quality=100), "CMYK became RGB."),
        (
            file_of(Image.fromarray(np.asarray(BLACK_ON_WHITE).astype(np.uint16) * 257)),
            "16 bits a pixel became 8.",
        ),
        (file_of(BLACK_ON_WHITE), ""),
    ],
    ids=["animated GIF", "CMYK", "16-bit", "grey"],
)
def test_every_kind_of_file_becomes_the_same_picture(lesson, data, sentence):
    pixels, told = give(lesson, data)
    assert pixels.shape == (80, 60)
    assert pixels[UPPER].max() <= 3
    assert pixels[LOWER].min() >= 252
    assert sentence in told


def test_transparent_parts_lie_on_white(lesson):
    pixels, told = give(lesson, clear())
    assert pixels[UPPER].max() == 0
    assert pixels[LOWER].min() == 255
    assert "Transparent parts lie on white." in told


def test_a_picture_is_turned_as_its_exif_data_say(lesson):
    pixels, told = give(lesson, turned(), "mine.jpg")
    assert pixels.shape == (60, 80)
    assert pixels[:, :35].min() >= 252  # what lay below is now on the left
    assert pixels[:, 45:].max() <= 3
    assert "Turned as its EXIF data say." in told


def test_a_single_pixel_is_a_picture(lesson):
    lesson.segmented_control(key="borders").set_value("edge").run()
    pixels, _ = give(lesson, file_of(Image.new("RGB", (1, 1), (9, 9, 9))))
    assert (pixels == 9).all()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"only text, and yet named .png", "no picture that can be read: use PNG"),
        (b"", "no picture that can be read"),
        (file_of(BLACK_ON_WHITE)[:-40], "damaged or cut"),
        (bytes(21 * 2**20), "21.0 MB: use one of at most 20 MB"),
    ],
    ids=["text", "empty", "cut", "too many bytes"],
)
def test_what_cannot_be_used_is_refused_and_the_house_stays(lesson, data, sentence):
    pixels, told = give(lesson, data)
    assert sentence in told
    assert pixels.shape == (280, 320)


@pytest.mark.parametrize(
    ("size", "sentence"),
    [
        ((20_000, 10_000), "more than 89 megapixels: use one of at most 25"),
        ((6_000, 5_000), "6000×5000 has 30.0 megapixels: use one of at most 25"),
    ],
)
def test_too_many_pixels_are_refused_before_one_is_decoded(lesson, monkeypatch, size, sentence):
    def never(self):
        raise AssertionError("a pixel was decoded")

    data = vast_png(*size)
    assert len(data) < 2**20  # so that its bytes are no reason to refuse it
    monkeypatch.setattr(ImageFile.ImageFile, "load", never)
    pixels, told = give(lesson, data)
    assert sentence in told
    assert pixels.shape == (280, 320)
