from dataclasses import astuple, replace

import numpy as np
import pytest

from cnnlib.data.curves import SAMPLES, bank
from cnnlib.data.hand import NEAT, WILD, Chance, choose, hand, path, radius

STILL = replace(
    NEAT, jitter=0, haste=0, slant=0, lean=0, turn=0, aspect=0, warp=0, pressure=0, thick=0
)


def rows(n, seed=0):
    return Chance(np.random.SeedSequence(seed)).rows(n)


def test_variety_runs_from_neat_to_wild():
    assert hand(0) == NEAT
    assert hand(1) == WILD
    np.testing.assert_allclose(
        astuple(hand(0.25)), 0.75 * np.array(astuple(NEAT)) + 0.25 * np.array(astuple(WILD))
    )


@pytest.mark.parametrize("variety", [-0.01, 1.01, float("nan")])
def test_other_variety_is_refused(variety):
    with pytest.raises(ValueError, match=rf"variety {variety} is outside \[0, 1\]"):
        hand(variety)


def test_a_digits_numbers_do_not_depend_on_how_many_are_drawn_at_once():
    once, twice = Chance(np.random.SeedSequence(3)), Chance(np.random.SeedSequence(3))
    whole = once.rows(10)
    parts = [twice.rows(3), twice.rows(7)]
    for name, numbers in whole.items():
        np.testing.assert_array_equal(numbers, np.concatenate([part[name] for part in parts]))


def test_neat_digits_use_taught_ways_and_wild_ones_use_all_by_weight():
    n, ways = 50_000, bank()
    labels = (np.arange(n) % 10).astype(np.uint8)
    for style, among in ((NEAT, ways.taught), (WILD, np.ones_like(ways.taught))):
        chosen = choose(labels, rows(n), style)
        np.testing.assert_array_equal(ways.label[chosen], labels)
        weight = np.where(among, ways.weight, 0)
        total = np.bincount(ways.label, weight)[ways.label]
        expected = n / 10 * weight / total
        found = np.bincount(chosen, minlength=len(weight))
        assert (np.abs(found - expected) <= 5 * np.sqrt(expected)).all()


def test_without_variation_a_way_is_written_as_it_stands():
    way = np.array([0, 40, 80])
    points = path(way, rows(3), STILL)
    assert points.shape == (3, 2, SAMPLES)
    expected = bank().controls[way] @ bank().matrix[way]
    middle = (expected.max(axis=2) + expected.min(axis=2))[:, :, None] / 2
    np.testing.assert_allclose(points, (expected - middle) / 50, atol=1e-5)


@pytest.mark.parametrize(
    "change",
    [
        {"jitter": 3},
        {"haste": 1},
        {"trim": 0.1},
        {"slant": 0.3},
        {"lean": 0.3},
        {"turn": 0.2},
        {"aspect": 0.3},
        {"warp": 0.1},
    ],
)
def test_each_setting_of_a_hand_moves_the_pen(change):
    way = np.flatnonzero(bank().label == 5)
    chance = rows(len(way))
    still, moved = path(way, chance, STILL), path(way, chance, replace(STILL, **change))
    assert np.abs(moved - still).max(axis=(1, 2)).mean() > 0.03


def test_lean_is_to_the_right():
    points = path(np.array([20]), rows(1), replace(STILL, lean=0.5))[0]
    top, bottom = points[1].argmin(), points[1].argmax()
    assert points[0, top] > points[0, bottom] + 0.5


def test_pen_width_is_that_of_the_hand():
    assert radius(rows(4), STILL) == pytest.approx(NEAT.width / 2)
    wild = radius(rows(5_000), WILD).mean(axis=1)
    assert np.median(2 * wild) == pytest.approx(WILD.width, rel=0.03)
    assert np.log(wild).std() == pytest.approx(WILD.thick, rel=0.15)
    pressed = radius(rows(50), replace(STILL, pressure=0.2))
    assert np.ptp(pressed, axis=1).min() > 0.01


def test_no_chance_makes_the_pen_thinner_or_wider_than_can_be_read():
    chance = rows(2)
    chance["width"][:] = [[-50], [50]]
    thin, wide = radius(chance, replace(STILL, thick=1))
    assert (set(thin), set(wide)) == ({np.float32(0.6)}, {np.float32(3.2)})
    chance["pressure"][:] = [[100, 0], [-100, 0]]
    pressed = radius(chance, replace(STILL, pressure=1)) / (STILL.width / 2)
    np.testing.assert_allclose(pressed[:, [0, -1]], [[0.5, 1.5], [1.5, 0.5]])
