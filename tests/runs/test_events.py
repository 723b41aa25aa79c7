"""Events are written to bytes and read back the same, and other bytes are refused."""

import json
import struct
from dataclasses import fields, is_dataclass, replace
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cnnlib.runs.events import Begun, Diverged, Ended, Event, Report, StepDone, decode, encode

LAYER = "conv1"
NONE = np.zeros(0)
REPORT = Report(1, 0.1, 0.2, 2.0, 0.3, 2.1, 0.2, NONE, NONE, NONE, NONE, NONE, 0.0, ())


def values_of(kind: Any) -> st.SearchStrategy:
    """Return a strategy for the values of a field of this type."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(kind, **{name: values_of(hint) for name, hint in hints.items()})
    if isinstance(kind, UnionType):
        return st.one_of(*map(values_of, get_args(kind)))
    origin, inner = get_origin(kind), get_args(kind)
    if origin is tuple:
        if inner[-1] is Ellipsis:
            return st.lists(values_of(inner[0]), max_size=3).map(tuple)
        return st.tuples(*map(values_of, inner))
    if origin is dict:
        return st.dictionaries(st.text(max_size=9), values_of(inner[1]), max_size=3)
    if origin is np.ndarray:
        dtype = get_args(inner[1])[0]
        shapes = arrays.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=4)
        return arrays.arrays(dtype, shapes)
    return st.from_type(kind)


def assert_same(first: Any, second: Any) -> None:
    assert type(first) is type(second)
    if is_dataclass(first):
        for field in fields(first):
            assert_same(getattr(first, field.name), getattr(second, field.name))
    elif isinstance(first, tuple):
        assert len(first) == len(second)
        for one, other in zip(first, second, strict=True):
            assert_same(one, other)
    elif isinstance(first, dict):
        assert first.keys() == second.keys()
        for key in first:
            assert_same(first[key], second[key])
    elif isinstance(first, np.ndarray):
        assert first.dtype == second.dtype
        np.testing.assert_array_equal(first, second)
    else:
        assert first == second or first != first


@given(event=values_of(Event))
def test_every_event_survives(event):
    assert_same(decode(encode(event)), event)


def test_an_infinite_loss_survives():
    event = Diverged(3, float("inf"), {LAYER: float("nan")}, 1000.0, "gone")
    again = decode(encode(event))
    assert isinstance(again, Diverged)
    assert again.loss == float("inf")
    assert np.isnan(again.gradient_norms[LAYER])


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.int64])
def test_whole_numbers_of_every_width_are_kept(dtype):
    again = decode(encode(replace(REPORT, wrong=np.arange(3, dtype=dtype))))
    assert again.wrong.tolist() == [0, 1, 2]


def head(value: Any) -> bytes:
    text = json.dumps(value).encode()
    return struct.pack("<I", len(text)) + text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\0",
        b"\xff\xff\xff\xff{}",
        head(7),
        head({"kind": "Path", "fields": {"entries": {}}}),
        head({"kind": "Ended", "fields": {"entries": {"outcome": "finished"}}}),
        head({"dtype": "|O", "shape": [1], "start": 0}),
        head({"dtype": "<f4", "shape": [9], "start": 0}),
        head({"dtype": "<f4", "shape": [-1], "start": 0}),
        head({"entries": {}}),
        head({"kind": "LayerStatistics", "fields": {"entries": {}}}),
    ],
)
def test_other_bytes_are_no_event(content):
    with pytest.raises(ValueError, match="no event of a training run"):
        decode(content)


@given(cut=st.integers(min_value=0, max_value=100))
def test_a_torn_event_is_no_event(cut):
    content = encode(Ended("finished", "All steps were taken.", 3.5, 100))
    with pytest.raises(ValueError, match="no event of a training run"):
        decode(content[: min(cut, len(content) - 1)])


def test_small_events_are_small():
    assert len(encode(StepDone(1, 900, 0.01, 2.3, 9, 64, 0.004))) < 200
    assert len(encode(Begun(21_022, 20_000, 5_000, 900, 300, "cpu", 1))) < 250
