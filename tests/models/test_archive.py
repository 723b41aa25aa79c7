"""Files from strangers are read within bounds, or refused in one sentence."""

import io
import re
import struct
import zipfile

import numpy as np
import pytest
import torch

from cnnlib.models.archive import MOST_ARRAYS, MOST_BYTES, MOST_TEXT, read_arrays
from tests.fuzzing.bombs import entries


def npy(array, **header) -> bytes:
    """Return the bytes of a .npy file, with entries of its header changed."""
    file = io.BytesIO()
    if not header:
        np.lib.format.write_array(file, array)
        return file.getvalue()
    said = np.lib.format.header_data_from_array_1_0(array) | header
    np.lib.format.write_array_header_1_0(file, said)
    return file.getvalue() + array.tobytes()


@pytest.fixture
def archive(tmp_path):
    """Write entries into a zip and return its path."""

    def write(*entries, compression=zipfile.ZIP_DEFLATED):
        path = tmp_path / "weights.npz"
        with zipfile.ZipFile(path, "w", compression) as file:
            for name, content in entries:
                file.writestr(name, content)
        return path

    return write


ONES = np.ones((2, 3), np.float32)


def test_what_numpy_wrote_is_read(tmp_path):
    path = tmp_path / "a.npz"
    np.savez_compressed(path, half=ONES.astype(np.float16), whole=ONES, text="words")
    arrays = read_arrays(path)
    assert set(arrays) == {"half", "whole", "text"}
    assert arrays["half"].dtype == np.float16
    assert np.array_equal(arrays["whole"], ONES)
    assert str(arrays["text"]) == "words"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (npy(ONES.astype(int)), "holds int64, not float16, float32, float64 or text"),
        (npy(ONES.astype(">f4")), "holds >f4"),
        (npy(ONES, shape=(10**6, 10**6)), "its shape needs 4000000000"),
        (npy(ONES, shape=(-2, -3)), "its shape needs"),
        (npy(ONES)[:-1], "its shape needs"),
        (npy(ONES) + b"more", "its shape needs"),
        (npy(ONES, descr="|O"), "it holds pickled Python objects"),
        (npy(ONES, descr="nonsense"), ""),
        (npy(ONES, shape="all"), ""),
        (b"\x93NUMPY\x02\x00" + npy(ONES)[8:], "is not an array of format 1.0"),
        (b"\x93NUMPY\x01\x00\x10\x00" + b"(" * 16, ""),
        (b"", ""),
        (b"words", ""),
    ],
)
def test_an_entry_that_is_no_plain_array_is_refused(archive, content, reason):
    with pytest.raises(ValueError, match=rf"weights.npz cannot be read as arrays: .*{reason}"):
        read_arrays(archive(("a.npy", content)))


def test_pickled_objects_are_never_loaded(tmp_path):
    path = tmp_path / "pickle.npz"
    np.savez(path, a=np.array([print], object))
    with pytest.raises(ValueError, match="it holds pickled Python objects"):
        read_arrays(path)


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused_unopened(archive):
    path = archive(("a.npy", bytes(MOST_BYTES + 1)))
    assert path.stat().st_size < 100_000
    with pytest.raises(ValueError, match=f"declares 1 arrays of {MOST_BYTES + 1} bytes"):
        read_arrays(path)


def test_a_file_that_lies_about_its_size_is_refused(archive):
    content = npy(np.zeros(100_000, np.float32))
    path = archive(("a.npy", content))
    true, lie = struct.pack("<L", len(content)), struct.pack("<L", 200)
    data = path.read_bytes()
    assert data.count(true) >= 2  # in the local header and in the directory
    path.write_bytes(data.replace(true, lie))
    with pytest.raises(ValueError, match="cannot be read as arrays"):
        read_arrays(path)


def test_too_many_arrays_are_refused(archive):
    entries = [(f"{i}.npy", b"") for i in range(MOST_ARRAYS + 1)]
    with pytest.raises(ValueError, match=f"declares {MOST_ARRAYS + 1} arrays"):
        read_arrays(archive(*entries))


def test_a_long_directory_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(zipfile, "ZipFile", None)
    path = tmp_path / "a.npz"
    path.write_bytes(entries(2 * MOST_ARRAYS + 1))
    with pytest.raises(ValueError, match=f"declares more than {MOST_ARRAYS} arrays"):
        read_arrays(path)


def test_a_text_is_an_architecture_and_no_book(archive):
    room = MOST_TEXT - len(npy(np.array("x"))) + 4  # without the header
    most, more = (np.array("x" * (room // 4 + extra)) for extra in (0, 1))
    assert len(str(read_arrays(archive(("a.npy", npy(most))))["a"])) == room // 4
    with pytest.raises(ValueError, match=f"bytes of text, more than {MOST_TEXT}"):
        read_arrays(archive(("a.npy", npy(more))))


def test_two_arrays_of_one_name_are_refused(archive):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = archive(("a.npy", npy(ONES)), ("a.npy", npy(ONES)))
    with pytest.raises(ValueError, match="two of its arrays have the same name"):
        read_arrays(path)


def test_damage_anywhere_is_refused_in_one_sentence(archive):
    path = archive(("a.npy", npy(ONES)), ("b.npy", npy(ONES * 2)))
    factor = {"a": 1, "b": 2}
    whole = path.read_bytes()
    for cut in range(0, len(whole), 7):
        path.write_bytes(whole[:cut])
        with pytest.raises(ValueError, match=r"\Aweights.npz cannot be read as arrays: .+\Z"):
            read_arrays(path)
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            arrays = read_arrays(path)
        except ValueError as problem:
            assert re.fullmatch("weights.npz cannot be read as arrays: .+", str(problem))  # noqa: PT017
        else:  # the change was in a date or a count of entries, so the arrays are whole
            assert all(np.array_equal(a, ONES * factor[name]) for name, a in arrays.items())


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"absent.npz cannot be read as arrays: .*No such file"):
        read_arrays(tmp_path / "absent.npz")
    with pytest.raises(ValueError, match="cannot be read as arrays"):
        read_arrays(tmp_path)


LARGEST = npy(np.zeros((MOST_BYTES - 128) // 4, np.float32))


def test_a_file_as_large_as_is_allowed_is_read(archive):
    assert len(LARGEST) == MOST_BYTES == 67_108_864
    (array,) = read_arrays(archive(("a.npy", LARGEST))).values()
    assert array.size == (MOST_BYTES - 128) // 4
    assert MOST_ARRAYS == 200
    entries = [(f"{i}.npy", npy(ONES)) for i in range(MOST_ARRAYS)]
    assert len(read_arrays(archive(*entries))) == MOST_ARRAYS


def test_the_size_of_the_file_itself_is_bounded(tmp_path):
    path = tmp_path / "weights.npz"
    for size, sentence in ((MOST_BYTES, "not a zip"), (MOST_BYTES + 1, f"more than {MOST_BYTES}")):
        with path.open("wb") as file:
            file.truncate(size)
        with pytest.raises(ValueError, match=sentence):
            read_arrays(path)


def test_an_empty_array_and_a_single_number_are_arrays(tmp_path):
    np.savez(tmp_path / "a.npz", none=np.zeros((2, 0), np.float32), one=np.float32(3))
    arrays = read_arrays(tmp_path / "a.npz")
    assert arrays["none"].shape == (2, 0)
    assert arrays["one"] == 3
    np.savez(tmp_path / "b.npz")
    assert read_arrays(tmp_path / "b.npz") == {}


def test_only_the_first_line_of_a_reason_is_told(tmp_path, monkeypatch):
    def raised(self):
        raise RuntimeError("first\nsecond")

    monkeypatch.setattr(zipfile.ZipFile, "infolist", raised)
    np.savez(tmp_path / "a.npz", one=ONES)
    with pytest.raises(ValueError, match=r"arrays: first\Z"):
        read_arrays(tmp_path / "a.npz")


@pytest.mark.parametrize("zipped", [True, False])
def test_what_torch_pickles_is_refused_by_its_name(tmp_path, zipped):
    path = tmp_path / "net.pt"
    weights = {"fc.weight": torch.zeros(2)}
    torch.save(weights, path, _use_new_zipfile_serialization=zipped)
    told = (
        r"^net\.pt cannot be read as arrays: it holds pickled .*: save the weights as safetensors$"
    )
    with pytest.raises(ValueError, match=told):
        read_arrays(path)
