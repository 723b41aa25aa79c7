"""The JSON form gives a player all that the walkthrough knows."""

import json
from typing import get_args

import numpy as np
import pytest

from cnnlib.walkthroughs import convolution
from cnnlib.walkthroughs.form import Method

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


class Player:
    """A player that reads the JSON form as the module's docstring says."""

    def __init__(self, text):
        self.walk = json.loads(text)
        self.columns = self.walk["terms"]["columns"]

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
    assert body["version"] == 2
    assert body["texts"][0] == ""
    assert np.isfinite(body["grids"][0]["limit"])
