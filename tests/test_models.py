"""The shipped network is the one that its SOURCES.md describes, and reads built-in digits."""

import hashlib
import re
from pathlib import Path

from cnnlib.data.digits import built_in
from cnnlib.network import Network
from cnnlib.runs.evaluate import count_correct

MODELS = Path(__file__).parents[1] / "assets" / "models"
NETWORK = Network.load(MODELS / "digits.npz")


def test_every_file_stands_in_the_sources_with_its_sum():
    sources = (MODELS / "SOURCES.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(.+?)` \|.*\| ([0-9a-f]{64}) \|$", sources, re.M))
    files = {path.name: path for path in MODELS.iterdir() if path.name != "SOURCES.md"}
    assert rows == {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()
    }
    assert f"{NETWORK.parameter_count:,} parameters" in sources


def test_it_stays_small():
    assert NETWORK.parameter_count <= 100_000
    assert (MODELS / "digits.npz").stat().st_size <= 400_000


def test_it_reads_digits_that_it_never_saw():
    assert count_correct(NETWORK, built_in(500, seed=41)) >= 490
    assert count_correct(NETWORK, built_in(500, seed=42, variety=0.5)) >= 480
