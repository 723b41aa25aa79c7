"""IDX files are read back as written. A file whose header is wrong is refused with the reason."""

import gzip
import io
import re
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlib.data import idx
from cnnlib.data.idx import read_images, read_labels


def idx_bytes(array: np.ndarray, shape: tuple[int, ...] | None = None, kind: int = 8) -> bytes:
    shape = array.shape if shape is None else shape
    header = bytes([0, 0, kind, len(shape)]) + struct.pack(f">{len(shape)}I", *shape)
    return header + array.astype(np.uint8).tobytes()


IMAGES = np.random.default_rng(0).integers(0, 256, (7, 28, 28), dtype=np.uint8)
LABELS = np.array([3, 1, 4, 1, 5, 9, 2], np.uint8)


@pytest.fixture
def write(tmp_path):
    def write(content: bytes, name: str = "file") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


@given(st.integers(1, 40), st.booleans(), st.integers(0, 2**32 - 1))
def test_what_was_written_is_read_whatever_its_name(tmp_path_factory, n, gzipped, seed):
    images = np.random.default_rng(seed).integers(0, 256, (n, 28, 28), dtype=np.uint8)
    content = idx_bytes(images)
    path = tmp_path_factory.mktemp("idx") / ("plain.gz" if not gzipped else "packed")
    path.write_bytes(gzip.compress(content, 1) if gzipped else content)
    assert np.array_equal(read_images(path), images)


def test_labels_are_read(write):
    assert read_labels(write(idx_bytes(LABELS))).tolist() == LABELS.tolist()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is no IDX file: it begins with nothing"),
        (b"\0\0\x08", "is no IDX file: it begins with 000008"),
        (b"\x89PNG0000", "is no IDX file: it begins with 89504e47"),
        (idx_bytes(IMAGES, kind=0x0D), "elements of type 0x0d"),
        (idx_bytes(LABELS), "has 1 axes where 3 were expected"),
        (idx_bytes(IMAGES)[:10], "is truncated within its header"),
        (idx_bytes(IMAGES)[:-1], "announces 5,488 bytes after its header and holds 5,487"),
        (idx_bytes(IMAGES) + b"\0", "is longer than the 5,488 bytes"),
        (idx_bytes(IMAGES[:0]), "announces 0 × 28 × 28 elements"),
        (idx_bytes(IMAGES, (2**32 - 1, 28, 28)), "announces 4,294,967,295 × 28 × 28 elements"),
        (idx_bytes(IMAGES, (1, 2**31, 2**31)), "announces 1 × 2,147,483,648 × 2,147,483,648"),
        (idx_bytes(IMAGES[:, :20, :20]), "holds images of 20×20"),
    ],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_wrong_images_file_is_refused_with_the_reason(write, content, reason, pack):
    path = write(pack(content))
    with pytest.raises(ValueError, match=re.escape(reason)) as refusal:
        read_images(path)
    assert str(path) in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_label_above_9_is_refused_by_its_number(write):
    with pytest.raises(ValueError, match="is mislabelled: label 2 is 10"):
        read_labels(write(idx_bytes(np.array([1, 9, 10]))))


@pytest.mark.parametrize("keep", [3, 12, 200, -9, -1])
def test_a_cut_gzip_is_refused(write, keep):
    path = write(gzip.compress(idx_bytes(IMAGES))[:keep])
    with pytest.raises(ValueError, match="is truncated"):
        read_images(path)


def test_a_damaged_gzip_is_refused(write):
    packed = bytearray(gzip.compress(idx_bytes(IMAGES)))
    packed[-8] ^= 1  # the checksum
    with pytest.raises(ValueError, match="is truncated or damaged: CRC"):
        read_images(write(bytes(packed)))
    packed[12] = 0xFF
    with pytest.raises(ValueError, match="is truncated or damaged"):
        read_images(write(bytes(packed)))


class CountingFile(io.BytesIO):
    """A file that counts the bytes that were read."""

    asked = 0

    def read(self, size: int | None = -1) -> bytes:
        assert (size or -1) >= 0, "a read without a bound"
        CountingFile.asked += size
        return super().read(size)


def test_an_announced_size_is_refused_before_anything_of_it_is_read(write):
    CountingFile.asked = 0
    file = CountingFile(idx_bytes(IMAGES, (idx.MAX_ITEMS + 1, 28, 28)))
    with pytest.raises(ValueError, match="accepted are 1 to 300,000 items"):
        idx._parse(file, Path("big"), axes=3)
    assert CountingFile.asked == 16


def test_a_gzip_that_unfolds_without_end_is_left_after_one_byte_too_many(write):
    CountingFile.asked = 0
    file = CountingFile(idx_bytes(IMAGES) + bytes(10**6))
    with pytest.raises(ValueError, match="is longer than the 5,488 bytes"):
        idx._parse(file, Path("bomb"), axes=3)
    assert CountingFile.asked == 16 + IMAGES.size + 1


def test_images_are_at_most_28_by_28_and_there_may_be_more_of_them(tmp_path):
    (tmp_path / "fit").write_bytes(idx_bytes(np.zeros((29, 28, 28))))
    assert read_images(tmp_path / "fit").shape == (29, 28, 28)
    for shape in ((1, 29, 28), (1, 28, 29), (0, 28, 28)):
        (tmp_path / "wrong").write_bytes(idx_bytes(np.zeros(shape)))
        with pytest.raises(ValueError, match=" × ".join(map(str, shape))):
            read_images(tmp_path / "wrong")
