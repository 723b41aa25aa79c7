"""The numbers of a lesson's code are Python, and are those that were typed."""

from fractions import Fraction

import pytest

from cnnlib.lessons.code import given_lines, literal
from cnnlib.walkthroughs.numbers import numbers


@pytest.mark.parametrize(
    "texts",
    [
        ["01", "2"],
        ["-007", "+03", "00"],
        ["01.50", "−0.5", ".25", "4.", "0"],
        ["02/03", "-01/3", "10"],
        ["1e3", "01e2", "１２", "–0.5"],
    ],
)
def test_every_number_that_can_be_typed_can_be_run(texts):
    made = numbers(texts)
    space: dict = {}
    exec("\n".join(given_lines(a=made)), space)  # noqa: S102
    assert [Fraction(str(value)) for value in space["a"]] == [
        made.value(at) for at in range(len(texts))
    ]
    assert literal(numbers(["01", "2"])) == "[1, 2]"
