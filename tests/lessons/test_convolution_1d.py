"""The lecture's numbers, by each method, and what holds of the laws."""

from dataclasses import replace

import pytest

from cnnlib.lessons.convolution_1d import PLAYED, State
from cnnlib.lessons.telling import METHODS
from cnnlib.walkthroughs.examples import ONE_DIMENSION
from tests.lessons.given import GIVEN


def output(state, method="flip-and-filter"):
    return " ".join(state.walk(method).result().texts)


def test_it_opens_on_the_lectures_example_and_three_methods_agree():
    assert {output(State(), method) for method in METHODS} == {"2 1 4 −1 2"}
    matrix = State().walk("matrix form").facts
    assert (matrix["entries"], matrix["parameters"]) == (15, 3)
    assert "15 entries, 3 parameters" in State(lead=2).told(GIVEN)
    assert "entries" not in State().told(GIVEN)


@pytest.mark.parametrize(
    ("fields", "result"),
    [
        ({"operation": "cross-correlation"}, "4 0 3 0 1"),
        ({"operation": "cross-correlation", "a": "1,1,2", "b": "2,-1,1"}, "1 0 3 0 4"),
        ({"outputs": "same"}, "1 4 −1"),
        ({"outputs": "valid"}, "4"),
        ({"outputs": "same", "border": "reflect"}, "−1 4 −2"),
        ({"outputs": "same", "border": "edge"}, "5 4 0"),
        ({"outputs": "same", "border": "circular"}, "3 4 1"),
        ({"third": True, "played": "bc"}, "1 0 1 −2"),
        ({"third": True, "played": "a(bc)"}, "2 −1 3 −5 3 −2"),
        ({"third": True, "played": "(ab)c"}, "2 −1 3 −5 3 −2"),
        ({"third": True, "outputs": "valid"}, "2 1 4 −1 2"),
        ({"played": "bc"}, "2 1 4 −1 2"),
    ],
)
def test_each_field_changes_the_output_as_the_lecture_says(fields, result):
    assert output(State(**fields)) == result


@pytest.mark.parametrize("operation", ["convolution", "cross-correlation"])
@pytest.mark.parametrize(("third", "law"), [(False, "commutative"), (True, "associative")])
def test_a_law_holds_for_convolution_alone(operation, third, law):
    told = State(operation=operation, third=third).law
    holds = operation == "convolution"
    assert told.endswith(f"{operation} is {'' if holds else 'not '}{law}.")
    assert ("⊗" in told) != holds


def test_a_law_of_long_signals_is_told_without_their_numbers():
    assert State.example("noisy step, blurred").law == (
        "In full, a ∗ b = b ∗ a: convolution is commutative."
    )


@pytest.mark.parametrize(("word", "label"), PLAYED.items())
def test_links_that_hold_what_the_page_showed_open_the_same(word, label):
    for text in (word, label, label.replace("∗", "⊗")):
        assert State.from_link({"third": "true", "play": text})[0].played == word
    assert State.from_link({"pad": "mirror"}) == (State(border="reflect"), ())


def test_where_predict_asks_the_first_step_is_drawn_and_nothing_is_told():
    asked = State(predict=True)
    assert asked.told(GIVEN).startswith("Your turn.")
    assert asked.scene(GIVEN) == replace(asked, step=0).scene(GIVEN)
    assert State().scene(GIVEN) == State(step=2).scene(GIVEN) != State(step=0).scene(GIVEN)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"a": ""}, "Array a, number 0: Nothing is typed"),
        ({"a": "1,x"}, "Array a, number 1: “x” is not a number"),
        ({"a": ",".join("1" * 65)}, "Array a, 1×65 cells are too many"),
        ({"b": "1,2;3,4"}, "Array b, 2×2 cells are too many"),
        ({"c": "1e999", "third": True}, "Array c, number 0: 1e999 is too large"),
        ({"b": "1,2,3,4", "outputs": "valid"}, "does not fit"),
    ],
)
def test_what_cannot_be_shown_gets_a_sentence_that_names_the_array(fields, sentence):
    with pytest.raises(ValueError, match=sentence):
        State(**fields).check(GIVEN)


def test_a_third_array_that_is_off_may_hold_anything():
    State(c="x").check(GIVEN)


def test_titles_name_the_arrays_that_are_meant():
    titles = [grid.title for grid in State(third=True, played="a(bc)").walk().grids]
    assert {"Input a", "Kernel (b ∗ c)", "Output a ∗ (b ∗ c)"} <= set(titles)
    assert State(third=True, played="(ab)c").operands == {"kernel": ("c", "1,-1")}


@pytest.mark.parametrize("name", State.examples)
def test_each_example_opens_as_its_table_says(name):
    state, table = State.example(name), ONE_DIMENSION[name]
    for method in METHODS[:2]:
        assert state.walk(method).grid("output").texts == table.walk(method).grid("output").texts


def test_a_law_whose_products_are_too_long_is_refused_before_anything_is_drawn():
    long = ",".join(["1"] * 60)
    state = State(a=long, b="1,2,3,4,5,6", c="1,2", third=True)
    with pytest.raises(ValueError, match="the associative law can't be told: input of size 65"):
        state.check(GIVEN)
    replace(state, c="1", b="1,2,3,4,5").check(GIVEN)
