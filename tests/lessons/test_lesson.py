"""Rules for every lesson: a link and its state are one, and every question has an answer."""

import re
from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlib.lessons.fields import Choice, Grid, Place, Switch, Text, Whole
from cnnlib.lessons.lesson import LEVELS
from cnnlib.lessons.listing import LESSONS, find
from cnnlib.walkthroughs.form import Walkthrough
from tests.lessons.given import GIVEN

STATES = {lesson.stem: found for lesson in LESSONS if (found := find(lesson.stem))}
EXAMPLES = [(stem, name) for stem, state in STATES.items() for name in state.examples]


@pytest.fixture(params=STATES)
def lesson(request):
    return STATES[request.param]


def values(field, opening):
    """Return values that a field may have, beside the one that the lesson opens on."""
    if isinstance(field, Switch):
        return [not opening]
    if isinstance(field, Choice):
        return [option for option in field.labels if option != opening]
    if isinstance(field, Whole):
        return [n for n in {field.least, min(field.most, field.least + 1)} if n != opening]
    if isinstance(field, Place):
        return ["1.2.3"]
    assert isinstance(field, Grid | Text)
    return ["5"]


def test_a_lesson_is_found_by_its_page_and_nothing_else_is():
    assert len(STATES) >= 1
    for name in ("talks", "lesson", "fields", "..", "", "pooling.State"):
        assert find(name) is None


def test_each_value_of_each_field_stands_in_the_link_and_comes_back(lesson):
    opening = lesson()
    assert opening.to_link() == {}
    for name, field in lesson.described().items():
        assert field.label
        for value in values(field, getattr(opening, name)):
            state = replace(opening, **{name: value})
            assert list(state.to_link()) == [field.link]
            assert lesson.from_link(state.to_link()) == (state, ())


def test_labels_of_choices_are_read_as_links_of_earlier_versions_hold_them(lesson):
    for name, field in lesson.described().items():
        if isinstance(field, Choice):
            for value, label in field.labels.items():
                state, told = lesson.from_link({field.link: label})
                assert (getattr(state, name), told) == (value, ())


def test_a_state_cannot_be_changed(lesson):
    with pytest.raises(FrozenInstanceError):
        setattr(lesson(), fields(lesson)[0].name, None)


@given(st.data())
@settings(max_examples=30)
def test_a_link_with_every_field_wrong_gives_a_state_whose_fields_are_in_their_ranges(data):
    lesson = STATES[data.draw(st.sampled_from(sorted(STATES)))]
    query = {
        field.link: data.draw(st.text(max_size=12) | st.integers().map(str))
        for field in lesson.described().values()
    }
    state, told = lesson.from_link(query)
    assert all(one.endswith(".") for one in told)
    assert lesson.from_link(state.to_link()) == (state, ())
    for name, field in lesson.described().items():
        value = getattr(state, name)
        if isinstance(field, Whole) and value is not None:
            assert field.least <= value <= field.most
        if isinstance(field, Choice):
            assert value in field.labels


def test_a_lesson_opens_on_something_that_can_be_shown(lesson):
    state = lesson()
    state.check(GIVEN)
    assert state.scene(GIVEN).shapes
    assert state.scene(GIVEN, "dark").background != state.scene(GIVEN).background
    assert isinstance(state.told(GIVEN), str)


@pytest.mark.parametrize(("stem", "name"), EXAMPLES)
def test_an_example_is_a_state_that_a_link_carries_and_notes_draw(stem, name):
    lesson = STATES[stem]
    state = lesson.example(name)
    assert lesson.from_link(state.to_link()) == (state, ())
    state.check(GIVEN)
    assert state.scene(GIVEN).shapes


@pytest.mark.parametrize("level", LEVELS)
def test_an_exercise_is_the_same_for_the_same_seed_and_its_answer_is_right(lesson, level):
    seen = set()
    for seed in range(12):
        one, again = (lesson.exercise(np.random.default_rng(seed), level) for _ in range(2))
        assert (one.state, one.question.text, one.answer) == (
            again.state,
            again.question.text,
            again.answer,
        )
        seen.add((one.question.text, one.answer, one.state))
        assert not re.search("[a-z]−[a-z]", one.question.text), "a minus between words"
        verdict = one.question.answer(one.answer)
        assert verdict.right, verdict.sentence
        wrong = one.question.answer("−987654")
        assert not wrong.right
        assert wrong.sentence
        assert not one.question.answer("what?").right
        one.state.check(GIVEN)
        assert isinstance(one.solution, Walkthrough) or all(one.solution)
    assert len(seen) > 3, "another seed gives another exercise"


def test_an_exercise_of_no_level_is_refused(lesson):
    for level in (0, 4):
        with pytest.raises(ValueError, match=f"there is no level {level}"):
            lesson.exercise(np.random.default_rng(0), level)
