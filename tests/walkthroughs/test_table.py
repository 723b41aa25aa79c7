"""The CSV holds every product, and the products add up to the output."""

import csv
import io
from fractions import Fraction
from typing import get_args

import pytest

from cnnlib.walkthroughs import convolution, pooling
from cnnlib.walkthroughs.examples import TWO_DIMENSIONS
from cnnlib.walkthroughs.form import Method, Pooling
from cnnlib.walkthroughs.table import to_csv, to_text

METHODS = get_args(Method)


@pytest.mark.parametrize("method", METHODS)
def test_the_lines_add_up_to_the_output(method):
    walk = TWO_DIMENSIONS["lecture"].walk(method)
    lines = list(csv.DictReader(io.StringIO(to_csv(walk))))
    assert len(lines) == len(walk.terms) == 36
    assert {line["step"] for line in lines} == {str(n + 1) for n in range(len(walk.steps))}
    output = [[0] * 4 for _ in range(4)]
    for line in lines:
        row, column = int(line["output row"]), int(line["output column"])
        output[row][column] += int(line["value"])
        assert output[row][column] == int(line["running sum"])
    assert output == [[1, 5, 7, 2], [0, -2, -4, 1], [2, 6, 4, -3], [0, -2, -2, 1]]


def test_it_is_plain_text_with_fractions_as_typed():
    text = to_csv(convolution(["1/3", "−0.5"], ["−2"], padding=1))
    assert text.isascii()
    lines = list(csv.DictReader(io.StringIO(text)))
    assert [line["product"] for line in lines] == ["", "(1/3)*(-2)", "(-0.5)*(-2)", ""]
    assert [Fraction(line["running sum"]) for line in lines] == [0, Fraction(-2, 3), 1, 0]
    assert lines[0]["input"] == ""


def test_letters_are_written_down():
    lines = to_csv(TWO_DIMENSIONS["letters"].walk()).splitlines()
    assert lines[1] == "1,0,0,0,0,0,0,aw,aw,aw"
    assert lines[2] == "1,0,0,0,1,0,1,bx,bx,aw + bx"


def test_a_step_without_products_has_one_line_with_its_output():
    for walk, lines in (
        (convolution([1, 2], [1, 1], padding=2), ["1,0,,,,0,0", "2,1,0,0,1*1,1,1"]),
        (
            convolution([[1, 2]], [[1, 1]], padding=(0, 2)),
            ["1,0,0,,,,,,0,0", "2,0,1,0,0,0,0,1*1,1,1"],
        ),
    ):
        table = to_csv(walk).splitlines()
        assert table[1:3] == lines
        assert {line.count(",") for line in table} == {table[0].count(",")}


@pytest.mark.parametrize("kind", get_args(Pooling))
def test_a_pooling_tells_the_output_of_the_cells_so_far(kind):
    text = to_csv(pooling([[3, -4], [0, 12]], kind))
    lines = list(csv.DictReader(io.StringIO(text)))
    assert text.isascii()
    assert [line["cell"] for line in lines] == (
        ["3^2", "(-4)^2", "0^2", "12^2"] if kind == "L2 pooling" else ["3", "-4", "0", "12"]
    )
    assert [float(line["output so far"]) for line in lines] == {
        "max pooling": [3, 3, 3, 12],
        "average pooling": [0.75, -0.25, -0.25, 2.75],
        "L2 pooling": [3, 5, 5, 13],
    }[kind]
    assert "sum" not in text


def test_text_that_is_not_ascii_says_that_it_is_utf_8():
    assert to_text([["conv3", "28×28", "1 + (3 − 1)·1 = 3"]]) == "conv3,28*28,1 + (3 - 1)*1 = 3\n"
    text = to_text([["größer", 1]])
    assert text.encode().startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(text.encode().decode("utf-8-sig")))) == [["größer", "1"]]
