// Walkthroughs opened for looking things up, as Python made them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { nameOf, openWalk } from "../../cnnlib/ui/components/player/walk.js";

const folder = process.env.FIXTURES;
const lessons = folder ? JSON.parse(readFileSync(`${folder}/walks.json`, "utf8")) : {};

test("there are walkthroughs to look into", { skip: !folder && "pytest makes them" }, () => assert.ok(Object.keys(lessons).length > 3));

for (const [lesson, told] of Object.entries(lessons)) {
  const walks = told.map(openWalk);

  test(`${lesson}: each product belongs to one output, and outputs hold each product once`, () => {
    for (const walk of walks) {
      const rows = walk.grids.get("output").numbers.flatMap((output) => walk.rowsOfOutput(output));
      assert.deepEqual(rows.toSorted((a, b) => a - b), walk.names.map((_, row) => row));
    }
  });

  test(`${lesson}: methods name the same products`, () => {
    const names = walks.map((walk) => walk.names.toSorted((a, b) => a - b));
    for (const other of names) assert.deepEqual(other, names[0]);
    for (const walk of walks) assert.deepEqual(walk.rowsNamed(walk.names), walk.names.map((_, row) => row));
    assert.deepEqual(walks[0].rowsNamed([-1]), []);
  });

  test(`${lesson}: a cell lights what is lit by it`, () => {
    for (const walk of walks) {
      for (const grid of walk.grids.values()) {
        if (grid.lit_by !== grid.space) continue;
        for (const cell of grid.numbers.keys()) {
          const rows = walk.rowsOfCell(grid, cell);
          if (rows.length) assert.ok(walk.cellsOf(grid, rows).includes(cell), `${grid.id} ${cell}`);
        }
      }
    }
  });

  test(`${lesson}: steps hold each product once, and after the last one every output is shown`, () => {
    for (const walk of walks) {
      assert.deepEqual(walk.steps.flatMap((_, step) => walk.rowsOfStep(step)), walk.names.map((_, row) => row));
      walk.names.forEach((_, row) => assert.ok(walk.rowsOfStep(walk.stepOfRow[row]).includes(row)));
      const output = walk.grids.get("output"), shown = walk.shownAfter(walk.steps.length - 1);
      output.numbers.forEach((number, at) => { if (number >= 0) assert.equal(shown.get(number)[0], output.written[at]); });
      for (const [number, step] of walk.stepOfOutput) assert.deepEqual(walk.steps[step].shows[0], [number]);
    }
  });
}

test("cells are counted as a learner counts them", () => {
  const walk = { dimensions: 2, shapes: { input: [3, 4] } };
  assert.equal(nameOf(walk, "input", 6), "(1, 2)");
  assert.equal(nameOf({ ...walk, dimensions: 1 }, "input", 6), "6");
});
