"""The JSON form gives a player all that the walkthrough knows."""

import json
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from cnnlib.walkthroughs import convolution, pooling
from cnnlib.walkthroughs.form import Grid, Method
from cnnlib.walkthroughs.numbers import letters

IMAGE, KERNEL = [[1, 3, 1], [0, -1, 1], [2, 2, -1]], [[1, 2], [0, -1]]
METHODS = get_args(Method)
WALKS = [
    walk
    for method in METHODS
    for walk in (
        convolution([2, -1, 1], [1, 1, 2], method),
        convolution(IMAGE, KERNEL, method),
        convolution(IMAGE, KERNEL, method, padding=1, padding_mode="circular"),
        convolution([1, 2, 3], [1, 2], method, padding=3, stride=2),
    )
]


def added(steps):
    return np.cumsum(steps).tolist()


class Player:
    """A player that reads the JSON form as the module's docstring says."""

    def __init__(self, text):
        self.walk = json.loads(text)
        self.terms = self.walk["terms"]
        self.columns = {name: added(steps) for name, steps in self.terms.pop("columns").items()}

    def text(self, number):
        return self.walk["texts"][number]

    def numbers(self, grid, column):
        count = grid["shape"][0] * grid["shape"][1]
        if column == "place":
            return list(range(count))
        cells = grid["cells"]
        return cells if isinstance(cells, list) else list(range(cells, cells + count))

    def light(self, rows, also):
        lit = {}
        for grid in self.walk["grids"]:
            column = grid["lit_by"]
            wanted = {self.columns[column][row] for row in rows} | set(also.get(column, []))
            lit[grid["id"]] = [
                cell for cell, n in enumerate(self.numbers(grid, column)) if n in wanted
            ]
        return lit

    def step(self, number):
        step = self.walk["steps"][number]
        return self.light(range(*step["terms"]), step["also"])

    def hover(self, name, cell):
        grid = next(g for g in self.walk["grids"] if g["id"] == name)
        number = self.numbers(grid, grid["space"])[cell]
        column = self.columns[grid["space"]]
        return self.light([r for r, n in enumerate(column) if n == number], {})

    def shown(self, number):
        grid = next(g for g in self.walk["grids"] if g["role"] == "output")
        shown = [("", None)] * len(grid["texts"])
        for step in self.walk["steps"][: number + 1]:
            for cell, text, value in zip(*step["shows"], strict=True):
                shown[cell] = self.text(text), value
        return shown


@pytest.mark.parametrize("walk", WALKS)
def test_a_player_that_follows_the_json_lights_and_shows_what_the_walkthrough_does(walk):
    player = Player(walk.to_json())
    told = {name: [*map(player.text, added(steps))] for name, steps in player.terms.items()}
    terms = {"value": walk.terms.value.texts, "running": walk.terms.running.texts}
    terms["product"] = walk.terms.product
    assert told == {name: [*texts] for name, texts in terms.items()}
    for step in range(len(walk.steps)):
        assert player.step(step) == {k: v.tolist() for k, v in walk.lit(step).items()}
        shown = [(text, None if np.isnan(value) else value) for text, value in walk.shown(step)]
        assert player.shown(step) == shown
    for grid in walk.grids:
        for cell in range(len(grid.cells)):
            touched = {k: v.tolist() for k, v in walk.touched(grid.id, cell).items()}
            assert player.hover(grid.id, cell) == touched


@pytest.mark.parametrize("walk", WALKS)
def test_steps_hold_every_term_once_and_end_with_the_output(walk):
    ranges = [step.terms for step in walk.steps]
    assert [row for start, stop in ranges for row in range(start, stop)] == [
        *range(len(walk.terms))
    ]
    texts, values = zip(*walk.shown(len(walk.steps) - 1), strict=True)
    assert texts == walk.grid("output").texts
    assert values == tuple(walk.grid("output").values)


def test_what_an_input_cell_touches():
    walk = convolution(IMAGE, KERNEL, padding="valid")
    touched = walk.touched("input", 4)  # the middle cell lies under all four weights
    assert {name: cells.tolist() for name, cells in touched.items()} == {
        "input": [4],
        "kernel": [0, 1, 2, 3],
        "flipped": [0, 1, 2, 3],
        "output": [0, 1, 2, 3],
    }


def test_versioned_and_free_of_nan():
    body = json.loads(WALKS[0].to_json())
    assert body["version"] == 3
    assert body["texts"][0] == ""
    assert np.isfinite(body["grids"][0]["limit"])


def test_the_json_is_short_and_says_signs_as_they_are():
    text = WALKS[0].to_json()
    assert "−" in text
    assert '": ' not in text
    with pytest.raises(ValueError, match="not JSON compliant"):
        replace(WALKS[0], join=(float("nan"), "", "")).to_json()


def test_values_are_written_as_short_as_they_can_be():
    body = json.loads(convolution(["2", "0.5", "1/3"], [1], padding="valid").to_json())
    (output,) = [grid for grid in body["grids"] if grid["role"] == "output"]
    assert json.dumps(output["values"]) == "[2, 0.5, 0.333333]"
    assert json.dumps(output["limit"]) == "2"
    assert body["grids"][0]["cells"] == 0  # the first of cells that count on
    flipped = next(grid for grid in body["grids"] if grid["id"] == "kernel")
    assert flipped["values"] == [1]


def test_a_grid_lies_at_the_origin_and_is_not_typed_into_where_nothing_else_is_said():
    one = np.zeros(1)
    grid = Grid("id", "title", "output", (1, 1), "output", one.astype(int), ("0",), one, 1.0)
    assert (grid.origin, grid.lit_by, grid.editable, grid.tie, grid.step) == (
        *((0, 0), "", False, None),
        None,
    )
    assert grid.ghosts.tolist() == []


def test_a_result_can_be_used_again():
    line, picture = convolution([2, -1, 1], [1, 1, 2]), convolution(IMAGE, KERNEL)
    assert (line.result().shape, line.result().texts) == ((5,), ("2", "1", "4", "−1", "2"))
    assert picture.result().shape == (4, 4)
    assert picture.result().texts == picture.grid("output").texts
    assert convolution([[1, 2, 3]], [[1]]).result().shape == (1, 3)
    with pytest.raises(ValueError, match="letters have no value"):
        convolution(letters("ab", (2,)), letters("w", (1,))).result()


def test_a_winner_is_marked_once_its_window_was_pooled():
    walk = pooling([[1, 2, 9, 4], [5, 6, 7, 8]])
    assert [walk.won(step).tolist() for step in (0, 1)] == [[5], [2, 5]]


def test_a_grid_that_is_not_there_is_named():
    with pytest.raises(KeyError, match="flipped"):
        convolution(IMAGE, KERNEL, operation="cross-correlation").grid("flipped")
