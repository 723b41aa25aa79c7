import json
import math
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnlib.runs.events import Diverged
from cnnlib.ui.components import learning, pack, unpack
from cnnlib.ui.components.learning.packing import Arrays, Shown, facts, pack_run
from tests.histories import history
from tests.pages.components import letter


@pytest.fixture(scope="module")
def told():
    return history(epochs=8, reports=4)


def shown(told, **changes):
    run = Shown("a", "A", "training", told.validation, told.begun, told.progress, told.reports)
    return replace(run, **changes)


def packed(run, have=0, have_points=0):
    """Return the packet for the browser, with a function that opens its arrays."""
    arrays = Arrays()
    data = json.loads(
        json.dumps(pack_run(run, have, arrays, have_points=have_points), allow_nan=False)
    )
    content = arrays.to_bytes()
    return data, lambda where: np.frombuffer(content, f"<{where[0]}", where[2], where[1])


def test_a_report_arrives_as_it_was_measured(told):
    data, opened = packed(shown(told))
    sent, report = data["reports"][9], told.reports[9]
    assert (sent["n"], sent["step"]) == (9, report.step)
    assert sent["mistakes"] == report.confusion.sum() - np.trace(report.confusion)
    np.testing.assert_array_equal(opened(sent["confusion"]).reshape(10, 10), report.confusion)
    np.testing.assert_array_equal(opened(sent["wrong"]), report.wrong)
    numbers = opened(sent["numbers"])
    np.testing.assert_allclose(numbers[4:6], [report.validation_loss, report.validation_accuracy])
    layer = report.layers[2]
    np.testing.assert_array_equal(opened(sent["gradients"])[64:96], layer.gradient_counts)
    np.testing.assert_allclose(opened(sent["ranges"])[16:18], [layer.zeros, layer.gradient_norm])


def test_weights_keep_four_digits_and_the_change_is_that_since_the_report_before(told):
    data, opened = packed(shown(told))
    before, report = told.reports[8:10]
    for part, exact in [
        ("filters", report.filters),
        ("change", report.filters - before.filters),
    ]:
        sent = data["reports"][9][part]
        values = opened(sent["values"]).reshape(exact.shape) * sent["step"]
        np.testing.assert_allclose(values, exact, atol=np.abs(exact).max() * 2e-5)
    assert data["reports"][0]["change"] is None


def test_pictures_are_those_of_the_mistakes_in_sixteen_shades_each_once(told):
    data, opened = packed(shown(told))
    index, pixels = opened(data["pictures"]["index"]), opened(data["pictures"]["pixels"])
    wrong = np.concatenate([report.wrong for report in told.reports])
    np.testing.assert_array_equal(index, np.unique(wrong))
    pairs = pixels.reshape(len(index), -1, 1)
    shades = np.concatenate([pairs >> 4, pairs & 15], axis=2).reshape(-1, 28, 28)  # (N, 28, 28)
    np.testing.assert_array_equal(shades, told.validation.images[index] // 16)
    np.testing.assert_array_equal(opened(data["pictures"]["labels"]), told.validation.labels[index])


@pytest.mark.parametrize("have", [0, 1, 20, 32, 99])
def test_what_the_browser_has_is_not_sent_again(told, have):
    data, opened = packed(shown(told), have)
    assert [one["n"] for one in data["reports"]] == list(range(min(have, 32), 32))
    there = [report.wrong for report in told.reports[:have]]
    assert not np.isin(opened(data["pictures"]["index"]), np.concatenate([[-1], *there])).any()
    assert (data["base"], data["count"]) == (min(have, 32), 32)


def test_packets_of_a_run_that_is_followed_are_small(told):
    fully = history(epochs=8, reports=4, templates=True, validation=5000)
    for run in (shown(told), shown(fully)):
        sizes = []
        for count in range(1, 33):
            arrays = Arrays()
            data = pack_run(replace(run, reports=run.reports[:count]), count - 1, arrays)
            sizes.append(len(pack(data, arrays.to_bytes())))
        assert max(sizes[2:]) < 100_000
        assert max(sizes[8:]) < 60_000


def test_of_many_reports_every_second_or_fourth_is_kept_and_all_kept_ones_were_sent(told):
    many = told.reports * 9
    there: set[int] = set()
    for count in range(1, len(many) + 1):
        data, _ = packed(shown(told, reports=many[:count]), count - 1)
        there |= {one["n"] for one in data["reports"]}
        stride = data["stride"]
        kept = {n for n in range(count) if n % stride == 0 or n == count - 1}
        assert kept <= there
        assert len(kept) <= 101
    assert data["stride"] == 4


@pytest.mark.parametrize("count", [0, 1, 300, 301, 5000])
def test_a_long_training_curve_is_thinned_and_keeps_its_last_point(told, count):
    progress = (told.progress * 60)[:count]
    data, opened = packed(shown(told, progress=progress))
    points = opened(data["progress"]).reshape(-1, 5)
    assert data["curve"]["count"] == count
    assert len(points) <= 301
    if count <= 300:
        assert len(points) == count
    if count:
        assert points[-1, 2] == np.float32(progress[-1].loss)


@pytest.mark.parametrize("have", [0, 1, 250, 5000])
def test_points_of_the_curve_that_are_there_are_not_sent_again(told, have):
    progress = (told.progress * 10)[:700]
    data, opened = packed(shown(told, progress=progress), have_points=have)
    points = opened(data["progress"]).reshape(-1, 5)
    assert data["curve"] == {"base": min(have, 700), "count": 700, "stride": 4}
    sent = [n for n in (*range(0, 700, 4), 699) if n >= have]
    np.testing.assert_array_equal(
        points[:, 4], [np.float32(progress[n].learning_rate) for n in sent]
    )
    np.testing.assert_array_equal(points[:, 2], [np.float32(progress[n].loss) for n in sent])


def test_how_far_a_run_is_in_words(told):
    half = told.progress[: len(told.progress) // 2]
    assert facts(shown(told, progress=half)) == [
        "epoch 4 of 8",
        "step 240 of 480",
        f"{half[-1].images_per_second:,.0f} images/s",
        "3 s left",
    ]
    assert facts(shown(told, state="finished"))[-1] == "7 s of training"
    assert facts(shown(told, progress=[])) == []


@pytest.mark.parametrize(
    ("loss", "what"), [(math.inf, "infinite"), (-math.inf, "infinite"), (math.nan, "not a number")]
)
def test_a_loss_that_is_no_number_is_said_and_breaks_no_packet(told, loss, what):
    broken = replace(told.progress[2], loss=loss)
    data, opened = packed(shown(told, progress=[*told.progress[:2], broken]))
    assert data["end"]["text"] == f"loss became {what} at step 15"
    assert not np.isfinite(opened(data["progress"]).reshape(-1, 5)[-1, 2])
    diverged = Diverged(1200, loss, {}, 1000.0, "")
    data, _ = packed(shown(told, progress=[], reports=[], diverged=diverged))
    assert data["end"] == {
        "epochs": 0,
        "seconds": 0,
        "text": f"loss became {what} at step 1,200",
    }
    assert packed(shown(told))[0]["end"] is None


def test_weights_that_are_no_numbers_are_painted_as_zero(told):
    filters = np.full_like(told.reports[0].filters, np.nan)
    bad = replace(told.reports[0], filters=filters, validation_loss=math.nan)
    data, opened = packed(shown(told, reports=[bad]))
    assert not opened(data["reports"][0]["filters"]["values"]).any()


def page():
    import streamlit as st

    from cnnlib.ui.components import learning
    from tests.histories import history

    told = history(validation=200)
    run = learning.Shown("a", "A", "training", told.validation, told.begun, reports=told.reports)
    learning.show([run], key="figure")
    st.session_state.said = (learning.picked("figure"), learning.looked("figure"))


def run_page(**said):
    at = AppTest.from_function(page)
    at.run()
    picture = said.pop("picture", None)
    events = [("picture", picture)] if picture else []
    at.session_state["figure"] = letter(at, "figure", events=events, states=said)
    at.run()
    assert not at.exception
    (element,) = at.get("bidi_component")
    return at.session_state["said"], unpack(element.proto.bytes)[0]["runs"][0]


def test_python_hears_what_was_clicked_and_what_is_looked_at():
    assert run_page()[0] == (None, None)
    said, run = run_page(
        picture={"run": "a", "index": 7}, looked={"run": "a", "step": 30}, have={"a": 15}
    )
    assert said == (learning.Picked("a", 7), learning.Looked("a", 30))
    assert [one["n"] for one in run["reports"]] == [15]
    assert run_page(looked={"run": "a", "step": None})[0][1] == learning.Looked("a", None)


@pytest.mark.parametrize("have", [None, "all", {"a": -3}, {"a": "x"}, {"b": 4}])
def test_a_browser_that_says_nonsense_gets_all(have):
    assert len(run_page(have=have)[1]["reports"]) == 16


def test_five_runs_are_too_many(told):
    with pytest.raises(ValueError, match="5 runs don't fit on the same axes: show at most 4"):
        learning.show([shown(told)] * 5, key="figure")
