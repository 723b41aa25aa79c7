import io
import struct
import tracemalloc
import zlib

import numpy as np
import pytest
from PIL import Image, ImageFile

from cnnlib.drawings.pictures import LONGEST, Picture, decode


def file_of(image, kind="PNG", **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def header_of_png(width, height):
    """Return a PNG that is only a header, so that a test fails if anything decodes it."""
    ihdr = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    idat = b"IDAT" + zlib.compress(b"")
    chunks = b"".join(
        struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in (ihdr, idat)
    )
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.fixture
def undecoded(monkeypatch):
    def never(self):
        raise AssertionError("a pixel was decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", never)


@pytest.mark.parametrize(
    ("size", "sentence"),
    [
        ((20_000, 10_000), "more than 89 megapixels: use one of at most 25"),
        ((10_000, 10_000), "more than 89 megapixels: use one of at most 25"),
        ((6_000, 5_000), "This picture of 6000×5000 has 30.0 megapixels: use one of at most 25"),
        ((25_000_001, 1), "has 25.0 megapixels: use one of at most 25"),
    ],
)
def test_too_many_pixels_are_refused_by_the_header(undecoded, size, sentence):
    with pytest.raises(ValueError, match=sentence):
        decode(header_of_png(*size))


def test_too_many_bytes_are_refused_unread():
    with pytest.raises(ValueError, match=r"This file has 21.0 MB: use one of at most 20 MB"):
        decode(bytes(21 * 2**20))


@pytest.mark.parametrize(
    "data", [b"", b"just a text, named picture.png", b"%PDF-1.7", b"<svg></svg>", b"\x89PNG"]
)
def test_what_is_no_picture_is_refused_with_a_sentence(data):
    with pytest.raises(ValueError, match="no picture that can be read: use PNG"):
        decode(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_a_cut_file_is_refused_or_read_and_never_breaks(kind):
    noise = np.random.default_rng(0).integers(0, 256, (60, 60, 3), np.uint8)
    whole = file_of(Image.fromarray(noise), kind)
    for length in (len(whole) // 2, len(whole) - len(whole) // 4):
        with pytest.raises(ValueError, match=r"damaged or cut|no picture"):
            decode(whole[:length])


def test_of_an_animated_gif_the_first_frame_is_taken():
    frames = [Image.new("RGB", (4, 3), colour) for colour in ("red", "blue")]
    picture = decode(file_of(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert picture.pixels.tolist() == [[[255, 0, 0]] * 4] * 3
    assert picture.notes == ("The first frame of an animation.",)


def test_cmyk_becomes_rgb():
    cyan = Image.new("CMYK", (2, 2), (255, 0, 0, 0))
    picture = decode(file_of(cyan, "JPEG", quality=100))
    red, green, blue = picture.pixels[0, 0].astype(int)
    assert red < 60 < 150 < min(green, blue)
    assert picture.notes == ("CMYK became RGB.",)


def test_sixteen_bits_become_eight():
    wide = np.array([[0, 257, 257 * 100, 65535]], np.uint16)
    picture = decode(file_of(Image.fromarray(wide)))
    assert picture.pixels[0, :, 0].tolist() == [0, 1, 100, 255]
    assert picture.notes == ("16 bits a pixel became 8.",)


def test_sixteen_bits_of_many_pixels_become_eight_in_little_memory():
    content = file_of(Image.fromarray(np.full((4_000, 4_000), 257 * 9, np.uint16)))
    tracemalloc.start()
    picture = decode(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (picture.pixels == 9).all()
    assert peak < 50 * 2**20  # all at once, the wide numbers alone have 122 MiB


def test_a_picture_that_takes_too_much_memory_is_refused_by_its_header():
    content = file_of(Image.new("RGBA", (4_000, 4_000)), "WEBP", lossless=True)
    told = "The pixels of this picture need 245 MiB of memory, and 200 are given here: use a"
    with pytest.raises(ValueError, match=told):
        decode(content)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparent_parts_lie_on_white(mode):
    clear = Image.new("RGBA", (2, 2), (255, 0, 0, 0))
    image = clear.convert(mode) if mode != "P" else Image.new("P", (2, 2), 0)
    options = {"transparency": 0} if mode == "P" else {}
    picture = decode(file_of(image, **options))
    assert picture.pixels.min() == 255
    assert picture.notes == ("Transparent parts lie on white.",)


def test_half_transparent_black_is_grey():
    picture = decode(file_of(Image.new("RGBA", (1, 1), (0, 0, 0, 128))))
    assert picture.pixels.tolist() == [[[127, 127, 127]]]


def test_exif_turns_the_picture():
    image = Image.new("RGB", (3, 1), "white")
    image.putpixel((0, 0), (0, 0, 0))
    exif = Image.Exif()
    exif[0x0112] = 6  # shown turned a quarter to the right
    picture = decode(file_of(image, exif=exif))
    assert picture.pixels[:, 0, 0].tolist() == [0, 255, 255]
    assert picture.notes == ("Turned as its EXIF data say.",)


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow tells of them
def test_broken_exif_data_break_nothing():
    data = file_of(Image.new("RGB", (2, 2)), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\x7f")
    assert decode(data).pixels.shape == (2, 2, 3)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_one_pixel_is_a_picture(mode):
    assert decode(file_of(Image.new(mode, (1, 1)))).pixels.shape == (1, 1, 3)


@pytest.mark.parametrize(
    ("size", "shape"),
    [((1024, 768), (384, 512)), ((3000, 2), (1, 512)), ((512, 9), (9, 512))],
)
def test_large_pictures_are_averaged_down(size, shape):
    picture = decode(file_of(Image.new("RGB", size, (10, 20, 30))))
    assert picture.pixels.shape == (*shape, 3)
    assert (picture.pixels == [10, 20, 30]).all()
    assert bool(picture.notes) == (max(size) > LONGEST)
    if picture.notes:
        assert f"from {size[0]}×{size[1]} to {shape[1]}×{shape[0]}" in picture.notes[0]


def test_grey_is_the_luma():
    picture = Picture(np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [9, 9, 9]]], np.uint8))
    assert picture.grey.tolist() == [[76, 150, 29, 9]]


def test_a_picture_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        decode(file_of(Image.new("RGB", (2, 2)))).pixels[0] = 1


def test_the_limits_are_told_as_they_are():
    with pytest.raises(
        ValueError, match=r"5001×5000 has 25\.0 megapixels: use one of at most 25\.$"
    ):
        decode(header_of_png(5_001, 5_000))
    with pytest.raises(ValueError, match=r"has 20\.0 MB: use one of at most 20 MB\.$"):
        decode(bytes(20 * 2**20 + 1))
    with pytest.raises(ValueError, match="is no picture"):
        decode(bytes(20 * 2**20))
    with pytest.raises(ValueError, match="damaged or cut") as refused:
        decode(header_of_png(5_000, 5_000))
    assert "megapixels" not in str(refused.value)
