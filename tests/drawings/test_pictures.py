import io
import struct
import tracemalloc
import zlib

import numpy as np
import pytest
from PIL import Image, ImageFile

from cnnlib.drawings.pictures import LONGEST, MOST_SCANS, Picture, decode
from tests.fuzzing.bombs import jpeg


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


@pytest.mark.parametrize("hidden", [b"", b"\xff\x01\xff\xff", b"\xff\xd0\xff\xff"])
def test_a_jpeg_goes_over_its_pixels_so_often(hidden):
    many = jpeg(200, 8)
    usual = many.count(b"\xff\xda") - 200
    assert decode(jpeg(MOST_SCANS - usual, 8)).pixels.shape == (8, 8, 3)
    # A marker without a length hides nothing of what follows.
    begun = jpeg(0, 8).rindex(b"\xff\xda")
    with pytest.raises(ValueError, match=f"over its pixels more than {MOST_SCANS} times"):
        decode(many[:begun] + hidden + many[begun:])
    with pytest.raises(ValueError, match="over its pixels more"):
        decode(jpeg(MOST_SCANS - usual + 1, 8))
    behind = jpeg(0, 8) + b"\0\2" + b"\xff\xda\0\2" * 200  # as in a film that a telephone adds
    assert decode(behind).pixels.shape == (8, 8, 3)


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


def png(depth, colour_type, rows, *, clear=None, extra=b""):
    """Return a PNG of unfiltered rows of bytes, with a transparent colour if one is given."""
    width = len(rows[0]) * 8 // (depth * {0: 1, 2: 3}[colour_type])
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, len(rows), depth, colour_type, 0, 0, 0))]
    chunks += [(b"tRNS", b"".join(struct.pack(">H", n) for n in clear))] if clear else []
    chunks += [(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows))), (b"IEND", b"")]
    made = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + made[0] + extra + b"".join(made[1:])


WHITE = "Transparent parts lie on white."


@pytest.mark.parametrize(
    ("file", "shades"),
    [
        (png(16, 0, [b"\0\0\x80\0"], clear=[0x8000]), [0, 255]),
        (png(16, 0, [b"\x80\1\x80\0"], clear=[0x8000]), [128, 255]),
        (png(8, 0, [bytes([0, 200])], clear=[0]), [255, 200]),
        (png(4, 0, [b"\x3f"], clear=[3]), [255, 255]),
        (png(4, 0, [b"\x31"], clear=[3]), [255, 17]),
        (png(2, 0, [b"\x1b"], clear=[1]), [0, 255, 170, 255]),
        (png(1, 0, [b"\x55"], clear=[0]), [255] * 8),
        (png(8, 2, [bytes([1, 2, 3, 1, 2, 4])], clear=[1, 2, 3]), [255, 2]),
        (png(16, 2, [bytes([1, 0] * 3 + [2, 0] * 3)], clear=[0x100] * 3), [255, 2]),
    ],
)
def test_a_transparent_colour_is_compared_at_the_files_own_depth(file, shades):
    picture = decode(file)
    assert picture.grey[0].tolist() == shades
    assert WHITE in picture.notes


def test_a_transparent_colour_is_white_before_pixels_are_averaged():
    picture = decode(png(8, 0, [bytes([0, 200] * 512)], clear=[0]))
    assert np.abs(picture.pixels - 227.5).max() == 0.5
    striped = Image.new("RGBA", (1024, 1), (200, 200, 200, 255))
    for x in range(0, 1024, 2):
        striped.putpixel((x, 0), (0, 0, 0, 0))
    assert np.abs(decode(file_of(striped)).pixels - 227.5).max() <= 1
    as_palette = Image.fromarray(np.array([[0, 1] * 512], np.uint8), "P")
    as_palette.putpalette([0, 0, 0, 200, 200, 200])
    assert np.abs(decode(file_of(as_palette, transparency=0)).pixels - 227.5).max() <= 1


@pytest.mark.parametrize(
    "file",
    [
        file_of(Image.new("RGBA", (2, 2), "red")),
        file_of(Image.new("LA", (2, 2), (9, 255))),
        file_of(Image.new("P", (2, 2), 3), transparency=9),
        file_of(Image.new("RGBA", (2, 2), "red"), "WEBP", lossless=True),
        png(8, 0, [bytes([1, 200])], clear=[0]),
    ],
)
def test_where_nothing_is_transparent_nothing_is_said_of_it(file):
    assert decode(file).notes == ()


def turned(orientation=1, exif=None):
    if exif is None:
        exif = Image.Exif()
        exif[0x0112] = orientation
    return file_of(Image.new("RGB", (1024, 512)), exif=exif)


def test_an_orientation_written_as_text_turns_nothing():
    field = struct.pack("<HHI4s", 0x0112, 2, 2, b"6\0")  # of EXIF's type for texts
    exif = b"Exif\0\0II*\0\x08\0\0\0\1\0" + field + bytes(4)
    assert Image.open(io.BytesIO(turned(exif=exif))).getexif()[0x0112] == "6"
    assert decode(turned(exif=exif)).notes == ("Scaled from 1024×512 to 512×256 pixels.",)


@pytest.mark.parametrize("orientation", [0, 1, 9])
def test_an_orientation_that_turns_nothing_is_not_told(orientation):
    assert decode(turned(orientation)).notes == ("Scaled from 1024×512 to 512×256 pixels.",)


@pytest.mark.parametrize("orientation", range(2, 9))
def test_the_sides_are_told_as_they_are_seen(orientation):
    sides = "1024×512 to 512×256" if orientation < 5 else "512×1024 to 256×512"
    told = ("Turned as its EXIF data say.", f"Scaled from {sides} pixels.")
    assert decode(turned(orientation)).notes == told


def test_several_pictures_of_a_camera_are_no_animation():
    first, second = Image.new("RGB", (8, 8), "red"), Image.new("RGB", (8, 8), "blue")
    picture = decode(file_of(first, "MPO", save_all=True, append_images=[second]))
    assert picture.notes == ("The first of the file's pictures.",)
    assert picture.pixels[0, 0, 0] > 200


@pytest.mark.parametrize("kind", [b"zTXt", b"iCCP"])
def test_a_long_text_or_profile_harms_no_picture(kind):
    body = b"a\0\0" + zlib.compress(bytes(2**20 + 1))
    chunk = struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    assert decode(png(8, 0, [bytes([1, 200])], extra=chunk)).grey.tolist() == [[1, 200]]


def test_avif_is_read_where_pillow_can(monkeypatch):
    file = file_of(Image.new("RGB", (16, 16), (250, 10, 10)), "AVIF", quality=100)
    assert np.abs(decode(file).pixels.astype(int) - [250, 10, 10]).max() < 12
    monkeypatch.setattr("PIL.AvifImagePlugin.SUPPORTED", False)
    with pytest.raises(ValueError, match=r"^This AVIF file can't be read here: save it as JPEG"):
        decode(file)


@pytest.mark.parametrize("brands", [b"heic\0\0\0\0mif1", b"mif1\0\0\0\0heic", b"hevc\0\0\0\0msf1"])
def test_heic_is_refused_by_its_name(brands):
    file = struct.pack(">I", 8 + len(brands)) + b"ftyp" + brands + bytes(100)
    with pytest.raises(ValueError, match=r"^This HEIC file can't be read here: save it as JPEG"):
        decode(file)
