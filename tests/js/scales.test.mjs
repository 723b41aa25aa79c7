// Losses and accuracies as heights, for runs of every kind and plots of every height.

import assert from "node:assert/strict";
import test from "node:test";

import { accuracyScale, horizon, lossScale } from "../../cnnlib/ui/components/learning/scales.js";

// The page's type is as large as a browser's that nobody has set up.
globalThis.document = { documentElement: {} };
globalThis.getComputedStyle = () => ({ fontSize: "16px" });

const run = (reached, epochs, live = true) => ({
  live, epochs, training: { count: 2, epochs: [0, reached], seconds: [0, 3 * reached] },
});

test("the axis goes over the plan, or over the half, quarter, … that is filled", () => {
  assert.equal(horizon([run(2, 3)], "epochs"), 3);
  assert.equal(horizon([run(2, 64)], "epochs"), 4);
  assert.equal(horizon([run(0.1, 64)], "epochs"), 2);
  assert.equal(horizon([run(7, 64, false)], "epochs"), 7);
  assert.equal(horizon([run(2, 3)], "seconds"), 10);
  assert.equal(horizon([], "epochs"), 1);
  assert.equal(horizon([{ live: true, epochs: 3, training: { count: 0 } }], "epochs"), 1.5);
  assert.equal(horizon([run(1, Infinity)], "epochs"), Infinity);
});

for (const log of [false, true]) {
  const name = log ? "logarithmic" : "linear";
  test(`${name}: the lower the loss, the lower it stands, and marks stand within the plot`, () => {
    const { y, ticks } = lossScale([2.3, 0.9, 0.2, 0.04, NaN, Infinity], log, 20, 220);
    for (const [more, less] of [[2.3, 0.9], [0.9, 0.2], [0.2, 0.04]]) assert.ok(y(more) < y(less));
    assert.ok(ticks.length >= 3);
    for (const tick of ticks) assert.ok(y(tick) >= 19 && y(tick) <= 221, `${tick} at ${y(tick)}`);
  });

  test(`${name}: a plot of no height, or of less, is drawn all the same`, () => {
    for (const bottom of [20, 0, -300, NaN]) {
      for (const values of [[2.3, 0.01], [], [NaN], [0], [Infinity], [1e-9, 1e9]]) {
        const loss = lossScale(values, log, 20, bottom), accuracy = accuracyScale(values, log, 20, bottom);
        assert.ok(loss.ticks.length < 100 && accuracy.ticks.length < 100);
      }
    }
  });

  test(`${name}: the more are read right, the higher it stands`, () => {
    const { y, ticks } = accuracyScale([0.1, 0.8, 0.97], log, 20, 220);
    for (const [less, more] of [[0.1, 0.8], [0.8, 0.97]]) assert.ok(y(more) < y(less));
    for (const tick of ticks) assert.ok(y(tick) >= 19 && y(tick) <= 221, `${tick} at ${y(tick)}`);
  });
}

test("one wild step does not squash all others", () => {
  const usual = Array.from({ length: 40 }, () => 0.5), { y } = lossScale([...usual, 1e6], false, 0, 100);
  assert.ok(y(0.5) < 90);
  assert.ok(y(1e6) > -5);
});

test("on the logarithmic scale the error goes down by tens", () => {
  const { y } = accuracyScale([0.9, 0.999], true, 0, 300), [one, two, three] = [0.9, 0.99, 0.999].map(y);
  assert.ok(Math.abs(two - one - (three - two)) < 1e-9);
});
