// Values as colours: zero in the middle, the ends at the limit, and text that can be read.

import assert from "node:assert/strict";
import test from "node:test";

import { between, cellStyle, colourTable, themeOf } from "../../cnnlib/ui/components/shared/colours.js";
import { painter } from "../../cnnlib/ui/components/player/view.js";
import { runColours } from "../../cnnlib/ui/components/learning/marks.js";

const STOPS = ["#0000ff", "#ffffff", "#ff0000"];

test("colours run along the stops and stay at the ends beyond them", () => {
  assert.deepEqual(between(STOPS, 0), [0, 0, 255]);
  assert.deepEqual(between(STOPS, 0.25), [128, 128, 255]);
  assert.deepEqual(between(STOPS, 0.5), [255, 255, 255]);
  assert.deepEqual(between(STOPS, 1), [255, 0, 0]);
  assert.deepEqual(between(STOPS, -3), between(STOPS, 0));
  assert.deepEqual(between(STOPS, 8), between(STOPS, 1));
});

test("a table has an entry for zero, and its entries are a canvas's pixels", () => {
  const table = colourTable(STOPS);
  assert.equal(table.length, 257);
  assert.equal(table[128], 0xffffffff);
  assert.equal(table[0], 0xffff0000);
  assert.equal(table[256], 0xff0000ff);
});

test("a cell's colour tells sign and size, and its text stands out", () => {
  assert.equal(cellStyle(0, 2, STOPS).background, "rgb(255,255,255)");
  assert.equal(cellStyle(2, 2, STOPS).background, "rgb(255,0,0)");
  assert.equal(cellStyle(-2, 2, STOPS).background, "rgb(0,0,255)");
  assert.equal(cellStyle(9, 2, STOPS).background, "rgb(255,0,0)");
  assert.equal(cellStyle(0, 2, STOPS).color, "#10141c");
  assert.equal(cellStyle(-2, 2, STOPS).color, "#fff");
});

test("a painter mixes each shade once, and as a cell by itself", () => {
  const paint = painter(STOPS);
  assert.deepEqual(paint(1, 4), cellStyle(64, 256, STOPS));
  assert.equal(paint(0.25, 1), paint(1, 4));
});

test("four runs have four colours", () => {
  const colours = runColours({ signed: STOPS, unsigned: ["#000000", "#00ff00"] });
  assert.equal(new Set(colours).size, 4);
});

test("light text stands on a dark page", () => {
  for (const [color, theme] of [["rgb(250, 250, 250)", "dark"], ["rgb(49, 51, 63)", "light"], ["", "light"]]) {
    globalThis.getComputedStyle = () => ({ color });
    assert.equal(themeOf({}), theme);
  }
});
