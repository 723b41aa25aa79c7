"""Extreme states of every lesson cost little, or are refused with one sentence."""

import random
import re
import tracemalloc
from dataclasses import replace

import pytest

from cnnlib.budget import FIGURE, Cost
from cnnlib.figures.raster import animate
from cnnlib.handouts.notes import figure
from cnnlib.lessons.listing import LESSONS, find
from cnnlib.talks.talk import Beat
from tests.lessons.extremes import STACKS, ends, grid
from tests.lessons.given import GIVEN
from tests.spending import spending

STATES = {lesson.stem: found for lesson in LESSONS if (found := find(lesson.stem))}
_MOST = 300 * 2**20
MOST_S, MOST_MB, REFUSED_S = 2.0, 300, 0.05  # of processor time, whatever else the machine does
_MIXED = 12  # states of each lesson with several fields at their ends


def extremes(lesson):
    """Yield states with one field at an end, with all there, and with some that chance chose."""
    chance = random.Random(lesson.__module__)
    opening = lesson()
    found = {n: ends(field, getattr(opening, n)) for n, field in lesson.described().items()}
    views = found.pop("view", [None])
    for view in views:
        base = opening if view is None else replace(opening, view=view)
        for name, values in found.items():
            for value in values:
                yield replace(base, **{name: value})
        for at in (0, -1):
            yield replace(base, **{name: values[at] for name, values in found.items()})
        for _ in range(_MIXED):
            some = chance.sample(list(found), chance.randint(1, len(found)))
            yield replace(base, **{name: chance.choice(found[name]) for name in some})


def refusal(ask, *given):
    """Return the sentence with which something is refused, or nothing."""
    try:
        ask(*given)
    except ValueError as error:
        return str(error)
    return ""


def shown(state):
    """Ask for all that a page shows of a state; return whether the state could be shown."""
    told = refusal(state.check, GIVEN)
    if told:
        assert re.fullmatch(r"[^\n]{10,400}", told)
        return False
    assert state.scene(GIVEN).width > 0
    state.told(GIVEN)
    state.code(GIVEN)
    state.questions(GIVEN)
    if hasattr(state, "walks"):
        assert all(walk.to_json() for walk in state.walks()[0])
    return True


def beyond(states):
    """Show states, or see them refused; return what each took that took too much, and the shown."""
    too_much, passed = [], []
    for state in states:
        spent = spending(lambda state=state: shown(state) and passed.append(state))
        made = bool(passed) and passed[-1] is state
        if spent.seconds > (MOST_S if made else REFUSED_S) or spent.mb > MOST_MB:
            too_much.append((spent, made, state))
    return too_much, passed


@pytest.mark.parametrize("stem", STATES)
def test_each_extreme_state_is_made_in_little_time_and_memory_or_refused_at_once(stem):
    lesson = STATES[stem]
    shown(lesson())  # libraries are loaded once, and are no part of a state
    too_much, passed = beyond(extremes(lesson))
    assert too_much == []
    assert passed
    for state in passed:
        cost = state.cost(GIVEN)
        assert cost.multiplications <= FIGURE.multiplications
        assert cost.memory <= FIGURE.memory
        assert cost.page <= FIGURE.page


@pytest.mark.parametrize("stem", STATES)
def test_a_state_that_costs_too_much_is_refused_before_anything_is_asked_of_it(stem, monkeypatch):
    lesson = STATES[stem]
    monkeypatch.setattr(lesson, "cost", lambda *_: Cost(10**12))
    monkeypatch.setattr(lesson, "probe", lambda *_: pytest.fail("it was asked"))
    told = "The figures of this state need 1,000,000 million multiplications, and 1,000 are made"
    assert refusal(lesson().check, GIVEN).startswith(told)


def test_a_lesson_estimates_the_sizes_of_its_own_figures():
    stack = STATES["receptive_fields"](layers="conv3, conv5", size=20)
    assert stack.cost(GIVEN) == Cost(page=5 * (18 * 3 + 14 * 5))
    layer = STATES["conv_layer"](width=8, depth=2, filters=4, size=3)
    assert layer.cost(GIVEN).multiplications == 6 * 6 * 4 * 3 * 3 * 2


@pytest.mark.parametrize("layers", STACKS)
def test_a_receptive_field_is_measured_in_little_memory_or_refused(layers):
    lesson = STATES["receptive_fields"]
    state, _ = lesson.from_link({"layers": layers, "input_size": "64"})
    if not shown(state):
        assert layers == "conv99d99"
        return
    tracemalloc.start()
    told = refusal(state.measured, state.picture(GIVEN.pixels), GIVEN.network)
    assert not told or "million multiplications, and 1,000 are made here: use smaller" in told
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < _MOST


def test_fractions_without_a_common_denominator_are_refused_before_they_are_added():
    cells = grid(32, 32, "1/{}")
    state, _ = STATES["convolution_2d"].from_link({"A": cells, "B": grid(7, 7, "1/{}")})
    told = refusal(state.check, GIVEN)
    assert re.match(
        r"Exact sums over a common denominator of 3,?\d{3} digits need .* million", told
    )
    state, _ = STATES["convolution_2d"].from_link({"A": cells, "B": "1"})
    assert not refusal(state.check, GIVEN)


def test_the_animation_of_the_largest_layer_holds_one_scene_at_a_time():
    sizes = {"width": 32, "depth": 16, "filters": 16, "size": 11, "padding": 8}
    state = replace(STATES["conv_layer"](), **sizes)
    tracemalloc.start()
    made = animate(state.layer(GIVEN).scenes("light"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert made.startswith(b"GIF8")
    assert peak < 60 * 2**20  # forty-eight scenes have over 700 MB


@pytest.mark.parametrize(
    ("lesson", "link", "told"),
    [
        ("pooling", {"pool_view": "drawing", "pool": "L2", "pool_p": "9999"}, "it is 3 here"),
        ("conv_layer", {"v_depth": "1200"}, "Depth 1200 lies outside 1 to 16: it is 16 here."),
        ("convolution_1d", {"lead": "9" * 5000}, "Method 99999999999999999999… lies outside"),
        ("convolution_1d", {"step": "-" + "9" * 5000}, ""),
        ("train", {"net": "2conv3x64_2conv3x64_2conv3x64_out10", "batch": "10000"}, "49,788 MiB"),
    ],
)
def test_a_link_beyond_every_bound_gives_notes_a_figure_and_a_sentence(lesson, link, told):
    tracemalloc.start()
    drawn = figure(Beat(lesson, link))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert told in drawn.told
    assert peak < _MOST
