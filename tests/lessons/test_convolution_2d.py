"""The lecture's numbers, figure 9.1, output sizes as formulas, and puzzles as questions."""

import pytest

from cnnlib.handouts.notes import figure
from cnnlib.lessons.convolution_2d import State, fields_of_puzzle
from cnnlib.lessons.telling import METHODS
from cnnlib.talks.talk import Beat
from cnnlib.walkthroughs.examples import TWO_DIMENSIONS
from cnnlib.walkthroughs.puzzles import PUZZLES
from tests.lessons.given import GIVEN

GOLDEN = "1 5 7 2 0 −2 −4 1 2 6 4 −3 0 −2 −2 1"


def output(state, method="flip-and-filter"):
    return " ".join(state.walk(method).result().texts)


def test_it_opens_on_the_lectures_example_and_three_methods_agree():
    assert {output(State(), method) for method in METHODS} == {GOLDEN}
    flipped = State().walk().grid("flipped")
    assert flipped.texts == ("−1", "0", "2", "1")
    assert State().walk("matrix form").facts["parameters"] == 4


def test_figure_9_1_has_all_six_symbolic_sums():
    state = State.example("letters")
    texts = state.walk().grid("output").texts
    assert texts[0] == "aw + bx + ey + fz"
    assert texts[5] == "gw + hx + ky + lz"
    assert state.code(GIVEN) is None
    assert not state.asked


@pytest.mark.parametrize(
    ("fields", "result"),
    [
        ({"outputs": "same"}, "1 5 7 0 −2 −4 2 6 4"),
        ({"outputs": "valid"}, "−2 −4 6 4"),
        ({"outputs": "same", "border": "edge"}, "2 4 4 −1 −2 −4 6 6 4"),
        ({"operation": "cross-correlation", "outputs": "valid"}, "8 4 −4 2"),
        ({"outputs": "number", "P": 2, "S": 2}, "0 0 0 0 −2 1 0 −2 1"),
        ({"outputs": "number", "P": 0, "D": 2}, "2"),
        ({"P": 8}, GOLDEN),
    ],
)
def test_each_field_changes_the_output(fields, result):
    assert output(State(**fields)) == result


@pytest.mark.parametrize(
    ("query", "state", "sentence"),
    [
        (
            {"outputs": "padding P", "P": "9"},
            State(outputs="number", P=8),
            "Padding P 9 lies outside 0 to 8: it is 8 here.",
        ),
        ({"S": "9"}, State(S=8), "Stride S 9 lies outside 1 to 8: it is 8 here."),
        ({"puzzle": "<b>"}, State(), "Puzzle “<b>” is no choice here: it is “none”."),
    ],
)
def test_a_link_out_of_range_draws_the_nearest_in_notes_too_and_says_so(query, state, sentence):
    assert State.from_link(query) == (state, (sentence,))
    drawn = figure(Beat("convolution_2d", query))
    assert drawn.svg == figure(Beat("convolution_2d", state.to_link())).svg != ""
    assert drawn.told.startswith(sentence)


@pytest.mark.parametrize("name", PUZZLES)
def test_a_puzzle_is_a_question_whose_answer_is_a_kernel(name):
    begun = State(**fields_of_puzzle(name, {}))
    (question,) = begun.questions(GIVEN)
    assert question.text == PUZZLES[name].task
    assert not question.answer(begun.B).right
    solved = State(**fields_of_puzzle(name, PUZZLES[name].solution))
    (question,) = solved.questions(GIVEN)
    assert question.answer(solved.B).right
    assert "“x” is not a number" in question.answer("x").sentence


def test_letters_ask_no_puzzle():
    assert State(puzzle="copy", letters=True).questions(GIVEN) == ()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"A": "1,2;3"}, "Array A, the rows have 1 to 2 cells"),
        ({"A": "1,,2"}, "Array A, row 0, column 1: Nothing is typed here"),
        ({"A": ";".join(["1 " * 40] * 40)}, "Array A, 40×40 cells are too many"),
        ({"B": "1 2 3 4 5 6 7 8"}, "Array B, 1×8 cells are too many"),
        ({"B": "1,x"}, "Array B, row 0, column 1: “x” is not a number"),
        (
            {"A": ";".join(["1,1,1,1,1"] * 5), "letters": True},
            "25 input cells and 4 weights",
        ),
        ({"B": ";".join(["1,1,1,1"] * 4), "outputs": "valid"}, "kernel 4 does not fit input 3"),
    ],
)
def test_what_cannot_be_shown_gets_a_sentence(fields, sentence):
    with pytest.raises(ValueError, match=sentence):
        State(**fields).check(GIVEN)


@pytest.mark.parametrize("name", TWO_DIMENSIONS)
def test_each_example_opens_as_its_table_says(name):
    state, table = State.example(name), TWO_DIMENSIONS[name]
    for method in METHODS[:2]:
        assert state.walk(method).grid("output").texts == table.walk(method).grid("output").texts


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (
            {"D": 2},
            "**Output 1×1**: $W_2=(W_1-D(F-1)-1+2P)/S+1$, both (3 − 2·(2 − 1) − 1)/1 + 1 = 1.",
        ),
        ({"D": 1}, "**Output 2×2**: $W_2=(W_1-F+2P)/S+1$, both (3 − 2)/1 + 1 = 2."),
    ],
)
def test_the_formula_of_the_size_counts_the_dilation(fields, told):
    state = State(A="1,2,3;4,5,6;7,8,9", B="1,0;0,1", outputs="valid", **fields)
    assert told in state.told(GIVEN)
    formula = told.partition(": $W_2=")[2].partition("$")[0]
    plain = formula.replace("D(", "D*(").replace("2P", "2*P")
    size = eval(plain, {}, {"W_1": 3, "F": 2, "D": fields["D"], "P": 0, "S": 1})  # noqa: S307
    assert size == len(state.walk().result().texts) ** 0.5
