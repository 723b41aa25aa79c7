"""The reader and the reference library read each other's files; all other files are refused."""

import json
import struct

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of
from safetensors import numpy as reference
from safetensors import safe_open

from cnnlib.models import safetensors
from cnnlib.models.architecture import PRESETS
from cnnlib.models.safetensors import read, write
from cnnlib.network import Network
from cnnlib.training.model import build

NAMES = st.text(min_size=1, max_size=12).filter(lambda name: name != "__metadata__")
SHAPES = arrays_of.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
ARRAYS = arrays_of.arrays(st.sampled_from([np.float16, np.float32]), SHAPES)
FILES = st.dictionaries(NAMES, ARRAYS, max_size=4)
TEXTS = st.dictionaries(NAMES, st.text(max_size=20), max_size=3)


def assert_same(found, arrays):
    assert set(found) == set(arrays)
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


@given(arrays=FILES, metadata=TEXTS)
def test_what_is_written_is_read_here_and_by_the_reference(arrays, metadata):
    content = write(arrays, metadata)
    found, told = read(content)
    assert_same(found, arrays)
    assert told == metadata
    assert_same(reference.load(content), arrays)


@given(arrays=FILES, metadata=TEXTS)
def test_what_the_reference_writes_is_read(arrays, metadata):
    # For no arrays and no texts at all the reference library writes a header that is no JSON.
    found, told = read(reference.save(arrays, metadata or None))
    assert_same(found, arrays)
    assert told == metadata


def test_the_reference_finds_the_metadata(tmp_path):
    path = tmp_path / "a.safetensors"
    path.write_bytes(write({"a": np.ones(2, np.float32)}, {"who": "we"}))
    with safe_open(path, "np") as file:
        assert file.metadata() == {"who": "we"}


@pytest.mark.parametrize("name", PRESETS)
def test_pytorch_takes_a_networks_file_and_the_file_makes_the_same_network(name, tmp_path):
    module = build(PRESETS[name], seed=3)
    expected = {key: value.numpy() for key, value in module.state_dict().items()}
    network = PRESETS[name].network()
    path = tmp_path / "w.safetensors"
    Network(
        [
            (one, type(layer)(**layer.settings, **own) if layer.parameters else layer)
            for one, layer in network.layers
            for own in [{key: expected[f"{one}.{key}"] for key in layer.parameters}]
        ],
        network.input_shape,
        network.wires,
    ).save(path)
    other = build(PRESETS[name], seed=4)
    state = {key: torch.tensor(value) for key, value in reference.load_file(path).items()}
    other.load_state_dict(state)
    again = Network.load(path)
    assert_same(again.parameters, expected)
    PRESETS[name].check(again)
    x = np.random.default_rng(0).random((2, 1, 28, 28), np.float32)
    with torch.no_grad():
        logits = other.eval()(torch.tensor(x)).numpy()
    np.testing.assert_allclose(again.forward(x)[-1], logits, rtol=1e-3, atol=1e-4)


ONE = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}


def packed(header, body=b"\0" * 8) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


WRONG = [
    (b"", "header is of 0 bytes"),
    (b"\xff" * 7, "header is of 0 bytes"),
    (b"\xff" * 8, "header is of 18446744073709551615 bytes"),
    (b"\xff" * 40, "header is of 18446744073709551615 bytes"),
    (struct.pack("<Q", 2**20 + 1) + b" " * (2**20 + 9), "header is of 1048577 bytes"),
    (packed({"a": ONE})[:-1], "it ends within 'a'"),
    (packed({"a": ONE}) + b"more", "4 bytes follow"),
    (packed([]), "no object"),
    (packed(b"\xff{}"), "decode"),
    (packed(b'{"a": ' * 9), "Expecting"),
    (packed({"a": 3}), "'a' is not of F16, F32, F64"),
    (packed({"a": ONE | {"dtype": "F8"}}), "not of F16, F32, F64"),
    (packed({"a": ONE | {"dtype": "I64"}}), "not of F16, F32, F64"),
    (packed({"a": ONE | {"dtype": ["F32"]}}), "not of F16, F32, F64"),
    (packed({"a": ONE | {"shape": [2.0]}}), "not of F16, F32, F64"),
    (packed({"a": ONE | {"shape": [-2]}}), "not of F16, F32, F64"),
    (packed({"a": ONE | {"shape": [-1, -1], "data_offsets": [0, 4]}}), "not of F16"),
    (packed({"a": ONE | {"shape": [True]}}), "not of F16, F32, F64"),
    (packed({"a": ONE | {"shape": [2**31]}}), "not of F16, F32, F64"),
    (packed({"a": ONE | {"shape": [2**31 - 1]}}), "is said to be at 0 to 8"),
    (packed({"a": ONE | {"shape": [10**9, 10**9]}}), "is said to be at 0 to 8"),
    (packed({"a": ONE | {"shape": [3]}}), "is said to be at 0 to 8"),
    (packed({"a": ONE | {"shape": [1] * 9}}), "not of F16, F32, F64"),
    (packed({"a": ONE | {"data_offsets": [8, 16]}}, b"\0" * 16), "is said to be at 8 to 16"),
    (packed({"a": ONE | {"data_offsets": [0, 8, 8]}}), "not of F16, F32, F64"),
    (packed({"a": ONE | {"more": 1}}), "not of F16, F32, F64"),
    (packed({"a": ONE, "b": ONE}), "is said to be at 0 to 8"),
    (packed(b'{"a": %s, "a": %s}' % ((json.dumps(ONE).encode(),) * 2)), "a name twice"),
    (packed({"a": ONE, "__metadata__": {"b": 3}}), "metadata are no texts"),
    (packed({"a": ONE, "__metadata__": []}), "metadata are no texts"),
]


@pytest.mark.parametrize(("content", "reason"), WRONG, ids=range(len(WRONG)))
def test_what_is_no_such_file_is_refused_with_the_reason(tmp_path, content, reason):
    path = tmp_path / "w.safetensors"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"^w.safetensors cannot be read as safetensors: ") as told:
        Network.load(path)
    assert reason in str(told.value)
    assert "\n" not in str(told.value)
    assert len(str(told.value)) < 300


@pytest.mark.parametrize(("content", "_"), WRONG[:5], ids=range(5))
def test_the_reference_refuses_broken_files_too(content, _):
    with pytest.raises(Exception, match=r"(?i)header|metadata"):
        reference.load(content)


def test_a_header_of_lists_in_lists_and_a_huge_or_missing_file_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "w.safetensors"
    path.write_bytes(packed(b"[" * 500_000))
    with pytest.raises(ValueError, match="cannot be read as safetensors: maximum recursion"):
        Network.load(path)
    monkeypatch.setattr(safetensors, "MOST_BYTES", 1000)
    with pytest.raises(ValueError, match="bytes, more than 1000"):
        Network.load(path)
    with pytest.raises(ValueError, match="No such file"):
        Network.load(tmp_path / "none.safetensors")


def test_a_header_and_a_file_are_read_up_to_their_limits(tmp_path):
    arrays, _ = read(packed(json.dumps({"a": ONE}).encode().ljust(2**20)))
    assert arrays["a"].tolist() == [0, 0]
    path = tmp_path / "w.safetensors"
    for size, reason in ((2**26, "header is of 0 bytes"), (2**26 + 1, "more than 67108864")):
        with path.open("wb") as file:
            file.truncate(size)
        with pytest.raises(ValueError, match=reason):
            safetensors.read_file(path)


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        ({}, "it does not name its architecture"),
        ({"architecture": "{}"}, "its architecture is malformed"),
        ({"architecture": "nonsense"}, "Expecting value"),
    ],
)
def test_arrays_without_an_architecture_are_no_network(tmp_path, metadata, reason):
    path = tmp_path / "w.safetensors"
    path.write_bytes(write({"a": np.ones(2, np.float32)}, metadata))
    with pytest.raises(ValueError, match=f"w.safetensors is not a network of this pro.*: {reason}"):
        Network.load(path)


@given(place=st.integers(0, 200), value=st.integers(0, 255))
def test_a_byte_changed_anywhere_gives_arrays_or_a_sentence(place, value):
    content = bytearray(write({"a": np.ones((2, 3), np.float32), "b": np.ones(1, np.float16)}, {}))
    content[place % len(content)] = value
    try:
        read(bytes(content))
    except ValueError as problem:
        assert len(str(problem)) < 300  # noqa: PT017
