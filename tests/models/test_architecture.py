"""An architecture's table is that of the network that is built from it; its text is strict."""

import re
import tracemalloc
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlib.budget import afford
from cnnlib.models.architecture import (
    LONGEST_TEXT,
    MOST_UNITS,
    PRESETS,
    Architecture,
    ArchitectureError,
    Block,
)
from cnnlib.models.unit import explain
from cnnlib.network import Network
from tests.architectures import architectures, blocks


def multiplications(network: Network, at: int) -> int:
    """Count the products of weights in one layer, from its arrays."""
    layer = network.layers[at][1]
    if "weight" not in layer.parameters:
        return 0
    uses = prod(network.shapes[at + 1][1:]) if layer.kind == "conv2d" else 1
    return layer.weight.size * uses


@given(architectures())
@settings(max_examples=60)
def test_the_table_is_that_of_the_network(architecture):
    network = architecture.network()
    rows = architecture.rows()
    names = ["input", *(name for name, _ in network.layers)]
    assert [(row.name, row.kind) for row in rows] == [(n, x.kind) for n, x in network.layers]
    assert [row.shape for row in rows] == list(network.shapes[1:])
    for at, (row, (_, layer)) in enumerate(zip(rows, network.layers, strict=True)):
        assert row.parameters == sum(values.size for values in layer.parameters.values())
        assert row.multiplications == multiplications(network, at)
        assert [names.index(one) for one in row.reads] == list(network.sources[at])
        assert layer.sweeps == (row.sweep, row.sweep)


@given(architectures(), st.data())
@settings(max_examples=60)
def test_the_receptive_field_is_what_a_unit_sees(architecture, data):
    network = architecture.network()
    activations = network.forward(np.zeros((1, *architecture.input_shape), np.float32))
    at = data.draw(st.integers(0, len(network.layers) - 1))
    index = tuple(n // 2 for n in network.shapes[at + 1])
    window = explain(network, activations, at, index).windows[-1]
    assert window.activation == 0
    row = architecture.rows()[at]
    mixed = len(row.shape) == 1 and row.kind != "flatten"
    borders = (window.full_rows, window.full_columns)
    spans = (window.rows, window.columns) if mixed else borders
    assert [stop - start for start, stop in spans] == [row.receptive_field] * 2


@given(architectures())
@settings(max_examples=200)
def test_the_text_gives_the_architecture_back(architecture):
    text = architecture.to_text()
    assert Architecture.from_text(text) == architecture
    assert re.fullmatch(r"[a-z0-9_-]+", text), "nothing in it is escaped in a link"


@given(st.lists(blocks(), max_size=8), st.booleans())
@settings(max_examples=60)
def test_a_block_that_does_not_fit_is_named(made, unpadded):
    """The blocks before the named one fit; together with that one they do not."""
    made += [Block(kernel=28, padding="none")] * unpadded
    try:
        Architecture(tuple(made))
    except ArchitectureError as problem:
        Architecture(tuple(made[: problem.block]))
        with pytest.raises(ArchitectureError):
            Architecture(tuple(made[: problem.block + 1]))


def test_the_network_of_convnetjs_has_its_5994_parameters():
    """A. Karpathy's MNIST demo pools by 2 and then by 3: 24 → 12 → 4, and 28 → 14 → 4."""
    for size in ("in1x24x24_", ""):
        rows = Architecture.from_text(f"{size}conv5x8-max_conv5x16-max3_out10").rows()
        assert sum(row.parameters for row in rows) == 5994
        assert rows[-3].shape == (16, 4, 4)


@pytest.mark.parametrize(
    ("text", "block", "sentence"),
    [
        ("", None, "doesn't end with the number of classes: write _out10 last"),
        ("conv3x8", None, "“conv3x8” doesn't end with"),
        ("x" * 21, None, f"“{'x' * 20}” doesn't end with"),
        (f"{'x' * 31}_out10", 0, f"“{'x' * 30}” can't be read"),
        ("out", None, "doesn't end"),
        ("out1", None, "classes 1: use a whole number of 2 to 100"),
        ("out999999", None, "classes 999999: use a whole number of 2 to 100"),
        ("out9999999", None, "doesn't end"),
        ("out٣", None, "doesn't end"),
        ("_out10", 0, "“” can't be read"),
        ("conv3x8__out10", 1, "“” can't be read"),
        ("conv3x8_conv3_out10", 1, "“conv3” can't be read: write it like conv3x16"),
        ("conv3x8-max-residual_out10", 0, "can't be read"),
        ("conv3x8-max-max_out10", 0, "can't be read"),
        ("conv3x8-max2_out10", 0, "can't be read"),
        ("in1x2x2_conv3x8-max3_out10", 0, "maps of 2×2 can't be pooled by 3×3: use windows of 2×2"),
        ("in1x1x1_conv3x8-max3_out10", 0, "pooled by 3×3: use no pooling in this block"),
        ("Conv3x8_out10", 0, "can't be read"),
        ("conv3x8 _out10", 0, "can't be read"),
        ("conv3x8\n_out10", 0, "can't be read"),
        ("conv3x8_<b>_out10", 1, "“<b>” can't be read"),
        ("conv3x-8_out10", 0, "can't be read"),
        ("conv3x8.5_out10", 0, "can't be read"),
        ("relu_conv3x8_out10", 0, "can't be read"),
        ("fc9_conv3x8_out10", 0, "“fc9” can't be read"),
        ("tanh_tanh_out10", 0, "“tanh” can't be read"),
        ("conv3x8_in1x28x28_out10", 1, "can't be read"),
        ("conv٣x8_out10", 0, "can't be read"),
        ("0conv3x8_out10", 0, "convs 0: use a whole number of 1 to 5"),
        ("6conv3x8_out10", 0, "convs 6: use a whole number of 1 to 5"),
        ("conv3x0_out10", 0, "maps 0: use a whole number of 1 to 256"),
        ("conv3x8_conv3x999999_out10", 1, "maps 999999: use a whole number of 1 to 256"),
        ("conv29x8_out10", 0, "kernel 29: use a whole number of 1 to 28"),
        ("conv3x8-stride99_out10", 0, "stride 99: use a whole number of 1 to 4"),
        ("conv4x8_out10", 0, "kernel 4 with padding “same” has no middle"),
        ("conv3x8-unpadded-residual_out10", 0, "use padding “same”, or leave out the shortcut"),
        ("conv3x8-max_conv15x8-unpadded_out10", 1, "kernel 15 does not fit input 14"),
        ("_".join(["conv3x2-max"] * 5) + "_out10", 4, "maps of 1×1 can't be pooled"),
        ("_".join(["conv3x2"] * 9) + "_out10", 8, "9 blocks: use at most 8"),
        ("fc1_fc2_fc3_out10", None, "3 hidden layers: use at most 2"),
        ("fc0_out10", None, f"hidden units 0: use a whole number of 1 to {MOST_UNITS}"),
        ("fc999999_out10", None, f"hidden units 999999: use a whole number of 1 to {MOST_UNITS}"),
        ("in1x28x29_out10", None, "input (1, 28, 29): use (maps, n, n)"),
        ("in9x28x28_out10", None, "input maps 9: use a whole number of 1 to 4"),
        ("in1x999x999_out10", None, "input rows 999: use a whole number of 1 to 64"),
        ("conv3x8_local3x200_out10", 1, "local2 brings the parameters to 11,446,480: use fewer"),
        ("conv3x8_local3x200_out10", 1, "or more pooling, for at most 5,000,000"),
        ("5conv3x256_out10", 0, "conv3 brings the multiplications to 926,650,368: use fewer"),
        ("5conv3x256_out10", 0, "or more pooling, for at most 500,000,000"),
        ("in1x48x48_fc2135_out38", None, "logits brings the parameters to"),
        ("fc4096_fc4096_out10", None, "fc2 brings the parameters to"),
        ("_".join(["conv3x8"] * 70), None, f"use at most {LONGEST_TEXT}"),
    ],
)
def test_other_texts_are_refused_at_the_block(text, block, sentence):
    with pytest.raises(ArchitectureError, match=re.escape(sentence)) as problem:
        Architecture.from_text(text)
    assert problem.value.block == block
    assert str(problem.value).startswith("" if block is None else f"block {block + 1}: ")
    assert problem.value.sentence in str(problem.value)
    assert re.fullmatch(r"[^\n]{10,200}", repr(problem.value.sentence))


@given(st.text(max_size=60) | st.text("conv3x8-max_out10fctahn 2", max_size=60))
@settings(max_examples=200)
def test_any_text_is_read_or_refused(text):
    try:
        architecture = Architecture.from_text(text)
    except ArchitectureError as problem:
        assert len(str(problem)) < 250  # noqa: PT017 - some texts can be read
    else:
        assert Architecture.from_text(architecture.to_text()) == architecture


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "dense"}, "kind dense: use conv or local"),
        ({"padding": "valid"}, "padding valid: use same or none"),
        ({"pool": None}, "pool None: use max or max3 or average or average3 or none"),
        ({"residual": 2}, "residual 2: use False or True"),
        ({"maps": 8.5}, "maps 8.5: use a whole number"),
        ({"maps": "8"}, "maps 8: use a whole number"),
        ({"kernel": 10**30}, "kernel 1000"),
        ({"stride": -1}, "stride -1"),
    ],
)
def test_a_block_takes_what_it_says(fields, sentence):
    with pytest.raises(ArchitectureError, match=re.escape(sentence)) as problem:
        Block(**fields)
    assert len(str(problem.value)) < 120


def test_nothing_is_allocated_for_an_architecture_that_is_too_large():
    tracemalloc.start()
    with pytest.raises(ArchitectureError, match="parameters"):
        Architecture((Block("local", 256), Block("local", 256, pool="none")))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**20


def test_as_many_parameters_as_are_allowed_are_taken():
    rows = Architecture.from_text("in1x48x48_fc2134_out38").rows()
    assert sum(row.parameters for row in rows) == (48 * 48 + 1) * 2134 + 2135 * 38 == 5_000_000


LARGE = [
    "conv3x62_conv3x62_local3x11_out10",
    "_".join(["5conv1x60-residual"] * 8) + "_out10",
    "fc4096_fc400_out100",
    "in4x64x64_conv27x2_conv28x44-unpadded_out10",
]


@pytest.mark.parametrize("text", [*(a.to_text() for a in PRESETS.values()), *LARGE])
def test_every_network_that_can_be_asked_for_can_be_kept_in_a_file(text, tmp_path):
    architecture = Architecture.from_text(text)
    network = architecture.network()
    afford(network.cost, "its layers", "")
    network.save(tmp_path / "net.npz")
    architecture.check(Network.load(tmp_path / "net.npz"))


@given(architectures(), architectures())
@settings(max_examples=40)
def test_only_its_own_network_passes_the_check(one, other):
    one.check(one.network())
    if one.rows() != other.rows() or one.input_shape != other.input_shape:
        with pytest.raises(ValueError, match=r"^it (has|reads) .{5,300}$"):
            one.check(other.network())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("conv3x8-max_out10", "it has flatten (flatten) where this architecture has conv2"),
        ("conv3x8-max_conv3x16-max_fc9_out10", "where this architecture has logits (linear)"),
        ("conv3x8-max_conv3x16-residual-max_out10", "it has skip2 (conv2d)"),
        ("in1x27x27_conv3x8-max_conv3x16-max_out10", "it reads inputs (1, 27, 27)"),
    ],
)
def test_the_first_difference_is_told(text, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        PRESETS["tiny"].check(Architecture.from_text(text).network())


def test_a_layer_too_many_is_told():
    network = PRESETS["tiny"].network()
    longer = Network([*network.layers, ("more", network.layers[1][1])])
    with pytest.raises(ValueError, match="it has 9 layers, and this architecture 8"):
        PRESETS["tiny"].check(longer)


def depth(name: str) -> int:
    return sum(row.name.startswith("conv") for row in PRESETS[name].rows())


def test_the_presets_are_what_the_lessons_say():
    totals = {
        name: (
            sum(row.parameters for row in one.rows()),
            sum(row.multiplications for row in one.rows()),
        )
        for name, one in PRESETS.items()
    }
    assert totals["digits"][0] == 21_022
    assert totals["lenet"][0] == 61_706  # of LeNet-5 with full connections
    assert totals["locally connected"][1] == totals["tiny"][1]
    assert totals["locally connected"][0] > 30 * totals["tiny"][0]
    assert depth("deep plain") == depth("residual") == 22
    plain = tuple(row for row in PRESETS["deep plain"].rows() if row.kind == "conv2d")
    residual = tuple(row for row in PRESETS["residual"].rows() if row.name.startswith("conv"))
    assert [(r.shape, r.sweep) for r in plain] == [(r.shape, r.sweep) for r in residual]
    assert max(total for _, total in totals.values()) < 3_000_000, "they train in seconds"


def test_layers_are_named_as_they_are_shown():
    names = "conv1 relu1 conv2 relu2 pool1 conv3 relu3 conv4 relu4 pool2 flatten logits"
    assert [row.name for row in PRESETS["digits"].rows()] == names.split()
    text = "local3x2_2conv3x2-residual-max_fc9_tanh_out10"
    rows = Architecture.from_text(text).rows()
    names = "local1 tanh1 conv2 tanh2 conv3 add3 tanh3 pool1 flatten fc4 tanh4 logits"
    assert [row.name for row in rows] == names.split()
    assert [row.block for row in rows] == [0] * 2 + [1] * 6 + [None] * 4
    assert rows[5].reads == ("conv3", "tanh1")


def test_a_shortcut_is_a_projection_only_where_shapes_differ():
    kinds = {
        text: [row.name for row in Architecture.from_text(text).rows() if "skip" in row.name]
        for text in (
            "conv3x1-residual_out10",
            "conv3x2-residual_out10",
            "conv3x2_conv3x2-stride2-residual_out10",
            "conv3x2_conv3x2-residual_out10",
        )
    }
    assert list(kinds.values()) == [[], ["skip1"], ["skip2"], []]


def test_an_architecture_reads_one_digit_where_nothing_else_is_said():
    plain = Architecture()
    assert (plain.input_shape, plain.classes, plain.activation) == ((1, 28, 28), 10, "relu")
    assert plain.to_text() == "out10"
    assert Block() == Block("conv", 16, 3, 1, 1, "same", False, "max")
