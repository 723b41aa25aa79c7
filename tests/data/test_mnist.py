"""MNIST comes from a folder, the cache, or a server on this machine, never from the network."""

import gzip
import hashlib
import http.server
import re
import threading
from pathlib import Path

import numpy as np
import pytest

from cnnlib.data import mnist
from tests.data.test_idx import idx_bytes

RNG = np.random.default_rng(3)
SETS = {
    "train": (RNG.integers(0, 256, (9, 28, 28), dtype=np.uint8), RNG.integers(0, 10, 9)),
    "test": (RNG.integers(0, 256, (4, 28, 28), dtype=np.uint8), RNG.integers(0, 10, 4)),
}


def write_set(folder: Path, split: str, spelling: str = "{}-{}-idx{}-ubyte", pack=bytes) -> None:
    for kind, axes, array in zip(("images", "labels"), (3, 1), SETS[split], strict=True):
        name = spelling.format(mnist.PREFIXES[split], kind, axes)
        (folder / name).write_bytes(pack(idx_bytes(array)))


@pytest.mark.parametrize("split", ["train", "test"])
@pytest.mark.parametrize(
    ("spelling", "pack"),
    [
        ("{}-{}-idx{}-ubyte", bytes),
        ("{}-{}-idx{}-ubyte.gz", gzip.compress),
        ("{}-{}.idx{}-ubyte", bytes),
        ("{}-{}.idx{}-ubyte.gz", bytes),
    ],
)
def test_a_folder_is_read_in_every_usual_spelling(tmp_path, split, spelling, pack):
    write_set(tmp_path, split, spelling, pack)
    dataset = mnist.load(tmp_path, split)
    assert np.array_equal(dataset.images, SETS[split][0])
    assert np.array_equal(dataset.labels, SETS[split][1])
    assert split in dataset.name


def test_a_folder_without_the_files_is_named_with_the_file(tmp_path):
    write_set(tmp_path, "train")
    with pytest.raises(FileNotFoundError, match="holds no file t10k-images-idx3-ubyte"):
        mnist.load(tmp_path, "test")


def test_an_unknown_split_is_refused(tmp_path):
    with pytest.raises(ValueError, match="split 'valid' is neither"):
        mnist.load(tmp_path, "valid")


def test_images_and_labels_that_differ_in_number_are_refused(tmp_path):
    write_set(tmp_path, "train")
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(idx_bytes(np.zeros(8)))
    with pytest.raises(ValueError, match=r"holds 9 images and .* 8 labels"):
        mnist.load(tmp_path)


def test_swapped_files_are_refused(tmp_path):
    write_set(tmp_path, "train")
    images, labels = (tmp_path / f"train-{k}-ubyte" for k in ("images-idx3", "labels-idx1"))
    content = images.read_bytes()
    images.write_bytes(labels.read_bytes())
    labels.write_bytes(content)
    with pytest.raises(ValueError, match="check that the two files aren't swapped"):
        mnist.load(tmp_path)


def silent(*news):
    pass


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    requests = 0

    def do_GET(self):
        type(self).requests += 1
        super().do_GET()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def mirror(tmp_path, monkeypatch):
    """Serve a small MNIST of the right names from this machine; yield its folder."""
    folder = tmp_path / "mirror"
    folder.mkdir()
    for split in SETS:
        write_set(folder, split, "{}-{}-idx{}-ubyte.gz", gzip.compress)
    QuietHandler.requests = 0
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), lambda *a: QuietHandler(*a, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    sums = {p.stem: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}
    assert sums.keys() == mnist.SHA256.keys()
    monkeypatch.setattr(mnist, "URL", f"http://127.0.0.1:{server.server_port}/")
    monkeypatch.setattr(mnist, "SHA256", sums)
    monkeypatch.setenv(mnist.CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield folder
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_download_is_kept_and_told(mirror):
    heard = []
    first = mnist.load(split="test", progress=lambda *news: heard.append(news))
    assert np.array_equal(first.images, SETS["test"][0])
    assert np.array_equal(first.labels, SETS["test"][1])
    for name in ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"):
        size = (mirror / name).stat().st_size
        assert [news for news in heard if news[0] == name][-1] == (name, size, size)
    requests = QuietHandler.requests
    second = mnist.load(split="test")
    assert np.array_equal(second.images, first.images)
    assert QuietHandler.requests == requests == 2


def test_a_damaged_file_in_the_cache_is_fetched_again(mirror, tmp_path):
    mnist.load(split="train", progress=silent)
    cached = tmp_path / "cache" / "train-labels-idx1-ubyte.gz"
    cached.write_bytes(cached.read_bytes()[:-3])
    assert np.array_equal(mnist.load(split="train", progress=silent).labels, SETS["train"][1])
    assert QuietHandler.requests == 3


def test_a_bar_is_drawn_by_default(mirror, capsys):
    mnist.load(split="test")
    bars = capsys.readouterr().err
    assert bars.count("\n") == 2
    assert re.search(r"\rt10k-labels-idx1-ubyte.gz \[#{30}\] 0.0 of 0.0 MB\n$", bars)


def test_another_file_than_expected_is_refused_and_not_kept(mirror, tmp_path):
    (mirror / "t10k-images-idx3-ubyte.gz").write_bytes(b"<html>Sign in to this network")
    with pytest.raises(ConnectionError, match="its sha256 is wrong"):
        mnist.load(split="test", progress=silent)
    assert not (tmp_path / "cache" / "t10k-images-idx3-ubyte.gz").exists()


def test_without_a_network_one_sentence_offers_the_built_in_digits(mirror, monkeypatch):
    monkeypatch.setattr(mnist, "URL", "http://127.0.0.1:9/")  # the discard port: nobody listens
    with pytest.raises(ConnectionError) as refusal:
        mnist.load(progress=silent)
    message = str(refusal.value)
    assert "could not be downloaded" in message
    assert "use the built-in digits" in message
    assert "\n" not in message


def test_a_bar_counts_the_bytes_from_the_first():
    heard = []
    bar = mnist._Bar("a file", lambda *news: heard.append(news))
    bar.update(1)  # of a file of unknown size
    bar.total = 10
    bar.update(6)
    bar.update(10)  # the whole file once more
    bar.update(10)
    assert heard == [("a file", 1, 0), ("a file", 7, 10), ("a file", 10, 10)]


def test_a_bar_grows_with_its_file(capsys):
    mnist._print_bar("a file", 0, 10_000_000)
    mnist._print_bar("a file", 2_500_000, 10_000_000)
    mnist._print_bar("a file", 2_500_000, 0)
    mnist._print_bar("a file", 10_000_000, 10_000_000)
    assert capsys.readouterr().err == (
        f"\ra file [{'.' * 30}] 0.0 of 10.0 MB"
        f"\ra file [{'#' * 7}{'.' * 23}] 2.5 of 10.0 MB"
        f"\ra file [{'.' * 30}] 2.5 of 0.0 MB"
        f"\ra file [{'#' * 30}] 10.0 of 10.0 MB\n"
    )
