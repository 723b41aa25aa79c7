"""Arrays of typed numbers stay exact, and are written as people write them."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlib.walkthroughs.numbers import (
    Numbers,
    _afford_exactness,
    brief,
    letters,
    numbers,
    product_text,
    show,
)
from cnnlib.walkthroughs.typed import read_grid

exact = st.fractions(-1000, 1000, max_denominator=1000)


def fractions_of(array):
    return [array.value(at) for at in range(len(array.texts))]


@given(st.lists(st.tuples(exact, exact), min_size=1, max_size=20), st.data())
def test_products_and_running_sums_are_those_of_fractions(pairs, data):
    left, right = zip(*pairs, strict=True)
    groups = data.draw(
        st.lists(st.integers(0, 3), min_size=len(pairs), max_size=len(pairs)), label="groups"
    )
    products = numbers(left).times(numbers(right))
    assert fractions_of(products) == [a * b for a, b in pairs]
    sums, expected = {}, []
    for group, (a, b) in zip(groups, pairs, strict=True):
        sums[group] = sums.get(group, 0) + a * b
        expected.append(sums[group])
    running = products.running(np.array(groups))
    assert fractions_of(running) == expected
    assert fractions_of(running.last(np.array(groups), 5)) == [sums.get(g, 0) for g in range(5)]


def test_large_numbers_and_long_denominators_stay_exact():
    a = numbers([f"{999_983 - i}/{999_979 - 2 * i}" for i in range(16)])
    total = a.times(a).running(np.zeros(16, int))
    expected = sum(a.value(i) ** 2 for i in range(16))
    assert total.value(15) == expected
    assert total.values[15] == pytest.approx(float(expected))


def test_what_is_typed_is_shown_as_typed():
    typed = numbers(["1/3", "0.50", "−2", "-2", " 2/6"])
    assert typed.texts == ("1/3", "0.50", "−2", "−2", "2/6")
    assert fractions_of(typed) == [Fraction(t) for t in ("1/3", "1/2", "-2", "-2", "1/3")]


def test_results_are_fractions_only_where_somebody_typed_one():
    thirds, halves = numbers(["1/3"]), numbers(["0.5"])
    assert halves.times(halves).texts == ("0.25",)
    assert thirds.times(halves).texts == ("1/6",)
    assert thirds.times(numbers([3])).texts == ("1",)


def test_floats_with_few_decimals_are_those_decimals():
    tenths = numbers(np.array([0.1, 0.2]))
    assert tenths.running(np.array([0, 0])).value(1) == Fraction(3, 10)
    assert numbers(np.array([1.0, 2.5])).texts == ("1", "2.5")


def test_measured_numbers_stay_floats():
    measured = numbers([0.123456789, 1])
    assert measured.denominator is None
    assert not measured.fractional
    assert measured.texts == ("0.1235", "1")
    doubled = measured.times(numbers(["2", "1/3"]))
    assert doubled.values.tolist() == [0.246913578, 1 / 3]
    assert doubled.texts == ("0.2469", "0.3333")


def test_letters_are_written_down():
    a, w = letters("ab", (2,)), letters("wx", (2,))
    products = a.times(w)
    assert products.texts == ("aw", "bx")
    assert products.running(np.array([0, 0])).texts == ("aw", "aw + bx")
    assert products.values is None
    assert products.value(0) is None


@given(st.integers(-(10**9), 10**9))
def test_integers_are_shown_as_integers(value):
    assert show(Fraction(value)) == str(value).replace("-", "−")


@given(st.decimals(-1000, 1000, places=6))
def test_six_decimals_are_shown_exactly(value):
    assert Fraction(show(Fraction(value)).replace("−", "-")) == Fraction(value)


@given(st.floats(-1e6, 1e6))
def test_what_is_shown_is_near_and_never_minus_zero(value):
    shown = show(value)
    assert float(shown.replace("−", "-")) == pytest.approx(value, abs=5e-5, rel=0.05)
    assert shown != "−0"


def test_a_small_number_is_not_shown_as_zero():
    assert show(1e-7) == "1e−07"
    assert show(Fraction(-1, 3_000_000)) == "−3.3e−07"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (["1", "x"], "“x” is not a number"),
        ([1, float("nan")], "nan is not a number: every value must be finite"),
        ([float("inf")], "inf is not a number"),
        ([[1, 2], [3]], "rows of equal length"),
        ([True], "True is not a number"),
        ([1j], "is not a number"),
        ([None], "None is not a number"),
    ],
)
def test_what_is_no_number_is_refused(values, words):
    with pytest.raises(ValueError, match=words):
        numbers(values)


@given(st.lists(st.lists(exact, min_size=3, max_size=3), min_size=1, max_size=4))
def test_a_link_holds_numbers_as_they_are(rows):
    array = numbers(rows)
    text = array.to_text()
    assert text.isascii()
    assert numbers(read_grid(text, 4, 3)).equals(array)


def test_equality_is_exact_for_typed_numbers_and_near_for_measured_ones():
    assert numbers(["1/2"]).equals(numbers(["0.5"]))
    assert not numbers(["1/3"]).equals(numbers(["0.333333"]))
    assert numbers([1 / 3]).equals(numbers(["1/3"]))
    assert not letters("a", (1,)).equals(letters("b", (1,)))


def test_a_product_sets_negative_numbers_and_fractions_in_brackets():
    assert product_text("−1", "1/2") == "(−1)×(1/2)"


@pytest.mark.parametrize(
    ("a", "b", "text"),
    [
        ("a", "w", "aw"),
        ("a", "2", "a×2"),
        ("2", "a", "2×a"),
        ("−1", "1/3", "(−1)×(1/3)"),
        ("2", "0.5", "2×0.5"),
    ],
)
def test_only_two_letters_are_written_side_by_side(a, b, text):
    assert product_text(a, b) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.0, 3, "0"),
        (1e-4, 3, "0.0001"),
        (9.99e-5, 3, "9.99 × 10⁻⁵"),
        (9_999_999.0, 7, "9,999,999"),
        (1e7, 3, "1 × 10⁷"),
        (-1234.5, 2, "−1,200"),
        (1234.5, 3, "1,230"),
        (0.0123456, 2, "0.012"),
        (0.00012345, 3, "0.000123"),
        (2.0, 3, "2"),
    ],
)
def test_a_measured_number_is_written_briefly(value, digits, text):
    assert brief(value, digits) == text
    assert brief(value) == brief(value, 3)


@pytest.mark.parametrize(
    ("value", "plain", "fraction"),
    [
        (Fraction(1, 8), "0.125", "1/8"),
        (Fraction(1, 3), "0.3333", "1/3"),
        (Fraction(1, 9999), "0.0001", "1/9999"),  # the largest denominator that is written
        (Fraction(1, 10**4), "0.0001", "0.0001"),
        (Fraction(1, 10**6), "0.000001", "0.000001"),
        (Fraction(1, 64), "0.015625", "1/64"),
        (Fraction(1, 128), "0.0078", "1/128"),  # it has seven decimals
        (Fraction(-1, 30_000), "−3.3e−05", "−3.3e−05"),
        (0.5, "0.5", "0.5"),
        (2.0, "2", "2"),
        (1 / 3, "0.3333", "0.3333"),
        (0.00001234, "1.2e−05", "1.2e−05"),
        (-0.0, "0", "0"),
    ],
)
def test_decimals_are_exact_up_to_six_and_else_four(value, plain, fraction):
    assert show(value) == plain
    assert show(value, fractional=True) == fraction


def test_sums_without_a_first_number_are_0_and_a_row_of_none_is_empty():
    found = numbers([5, 7]).last(np.array([2, 2]), 4)
    assert found.texts == ("0", "0", "7", "0")
    assert found.values.tolist() == [0, 0, 7, 0]
    assert letters("ab", (2,)).last(np.array([1, 1]), 2).texts == ("0", "b")


def test_what_is_empty_multiplies_and_adds_up_to_nothing():
    none = numbers([1]).take(np.array([], int))
    assert none.times(none).texts == ()
    assert none.running(np.array([], int)).texts == ()


@given(exact, st.integers(1, 60), st.booleans())
def test_a_number_over_any_denominator_is_written_as_in_lowest_terms(value, factor, fractional):
    parts = np.array([value.numerator * factor], object)
    many = Numbers((1,), ("",), parts, value.denominator * factor, fractional)
    assert many.running(np.array([0])).texts == (show(value, fractional=fractional),)


def test_products_whose_common_denominator_is_too_long_are_refused():
    long = numbers([f"1/{n}" for n in range(999_000, 999_900)])
    told = r"Exact sums over a common denominator of \d{4} digits need [0-9,]+ million"
    with pytest.raises(ValueError, match=told):
        long.times(long)


@pytest.mark.parametrize(
    ("products", "bits", "needed"),
    [
        (2**20, 577, "1,678 million multiplications"),  # 16 for each pair of its ten words
        (20 * 2**20, 63, "320 MiB of memory"),  # a product and a sum, of one word each
        (10 * 2**20, 64, "320 MiB of memory"),
    ],
)
def test_exact_sums_cost_as_much_as_their_denominator_has_words(products, bits, needed):
    denominator = 2 ** (bits - 1)
    told = f"common denominator of {len(str(denominator))} digits need {needed}"
    with pytest.raises(ValueError, match=told):
        _afford_exactness(products, denominator)
