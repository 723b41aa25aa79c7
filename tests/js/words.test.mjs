// What the player says is what the walkthrough calls it.

import assert from "node:assert/strict";
import test from "node:test";

import { termsOf, title, usesOf } from "../../cnnlib/ui/components/player/words.js";

const walk = { words: { term: ["cell", "cells"], uses: { input: ["window", "windows"] } } };

test("one term has its own noun", () => {
  assert.equal(termsOf(walk, 1), "1 cell");
  assert.equal(termsOf(walk, 0), "0 cells");
  assert.equal(termsOf(walk, 40), "40 cells");
});

test("a cell is used in terms, or in what its grid says", () => {
  assert.equal(usesOf(walk, { space: "input" }, 1), "1 window");
  assert.equal(usesOf(walk, { space: "input" }, 4), "4 windows");
  assert.equal(usesOf(walk, { space: "output" }, 4), "4 cells");
});

test("a title begins with a capital", () => assert.equal(title("matrix form"), "Matrix form"));
