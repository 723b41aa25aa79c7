// Marks of axes: sensible where there is an axis, and an end of every loop where there is none.

import assert from "node:assert/strict";
import test from "node:test";

import { linearTicks, logTicks, niceStep } from "../../cnnlib/ui/components/learning/ticks.js";

test("a step is 1, 2 or 5 times a power of ten, and about as many as asked for span it", () => {
  assert.equal(niceStep(10, 5), 2);
  assert.equal(niceStep(1, 4), 0.5);
  assert.equal(niceStep(300, 3), 100);
  for (const span of [0.03, 0.7, 4, 19, 1234]) {
    for (const count of [1, 3, 7.5]) {
      const step = niceStep(span, count), digits = step / 10 ** Math.floor(Math.log10(step) + 1e-9);
      assert.ok([1, 2, 5].some((nice) => Math.abs(nice - digits) < 1e-9), `${step}`);
      assert.ok(step * count >= span * 0.999 && step * count <= span * 10);
    }
  }
});

test("linear marks go from end to end", () => {
  assert.deepEqual(linearTicks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(linearTicks(0, 2.5, 4), [0, 1, 2]);
  assert.deepEqual(linearTicks(-0.3, 0.3, 3), [-0.2, 0, 0.2]);
  assert.deepEqual(linearTicks(0, 0.3, 3), [0, 0.1, 0.2, 0.3]);
});

test("logarithmic marks are powers of ten, and their halves and fifths on a short axis", () => {
  assert.deepEqual(logTicks(0.01, 1, 10), [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]);
  assert.deepEqual(logTicks(1e-4, 10, 10), [1e-4, 1e-3, 1e-2, 0.1, 1, 10]);
  assert.deepEqual(logTicks(1e-6, 1, 3), [1e-6, 1e-4, 1e-2, 1]);
});

const odd = [-Infinity, -1e300, -1, -0.5, -0, 0, 5e-324, 1e-300, 0.01, 1, 1e16, 1e300, Infinity, NaN];

test("whatever the axis, marks come to an end, and are numbers on the axis", () => {
  for (const low of odd) {
    for (const high of [...odd, low, low + 2]) {
      for (const count of odd.filter((value) => value <= 100 || value === Infinity || Number.isNaN(value))) {
        for (const ticks of [linearTicks, logTicks]) {
          const found = ticks(low, high, count);
          assert.ok(found.length < 2000, `${ticks.name}(${low}, ${high}, ${count}): ${found.length}`);
          assert.ok(found.every((tick) => Number.isFinite(tick)), `${ticks.name}(${low}, ${high}, ${count}): ${found}`);
        }
      }
    }
  }
});

test("an axis of no length has no marks", () => {
  assert.deepEqual(logTicks(0.01, 1, -0.5), []);
  assert.deepEqual(logTicks(0.01, 1, 0), []);
  assert.deepEqual(logTicks(1, 1, 4), []);
  assert.deepEqual(linearTicks(0, 0, 4), []);
  assert.deepEqual(linearTicks(0, 1, 0), []);
});
