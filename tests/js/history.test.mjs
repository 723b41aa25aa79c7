// Runs put together from packets, as Python packs them: nothing twice, gaps seen, old reports thinned.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { historyOf, nearest } from "../../cnnlib/ui/components/learning/history.js";

const folder = process.env.FIXTURES, skip = !folder && "pytest makes the runs";
const told = skip ? [] : JSON.parse(readFileSync(`${folder}/packets.json`, "utf8"));
const packets = told.map(({ run, body }) => [[run], Uint8Array.from(Buffer.from(body, "base64"))]);

test("reports come once and stay", { skip }, () => {
  const history = historyOf();
  for (const [at, [run, body]] of packets.entries()) {
    assert.equal(history.take(structuredClone(run), body), false);
    const [{ reports, training, pictures }] = history.runs(), { count, curve, id, kept, labels, losses } = run[0];
    assert.deepEqual(history.have(), { [id]: count, [`${id} points`]: curve.count });
    assert.deepEqual(reports.map(({ n }) => n), kept, `packet ${at}`);
    assert.equal(training.count, losses.length);
    assert.deepEqual([...training.loss], losses.map(Math.fround));
    assert.ok(training.epochs.every((epoch, k) => k === 0 || epoch > training.epochs[k - 1]));
    assert.ok(reports.every((report, k) => k === 0 || report.epochs > reports[k - 1].epochs));
    for (const [index, label] of Object.entries(labels)) assert.equal(pictures.get(Number(index)).label, label);
    for (const report of reports) for (const index of report.wrong) assert.ok(pictures.has(index));
  }
});

test("a packet that was missed is seen, and what it held is asked for again", { skip }, () => {
  const history = historyOf(), [first, , last] = packets;
  history.take(...structuredClone(first));
  assert.equal(history.take(...structuredClone(last)), true);
  assert.equal(history.have()[first[0][0].id], first[0][0].count);
});

test("a run that plays from its beginning again is asked for in full", { skip }, () => {
  const history = historyOf(), [first, ...others] = structuredClone(packets), [{ id }] = first[0];
  for (const packet of [first, ...others]) history.take(...structuredClone(packet));
  const short = structuredClone(first[0]);
  Object.assign(short[0], { reports: [], base: short[0].count, progress: ["f4", 0, 0] });
  Object.assign(short[0].curve, { base: short[0].curve.count });
  assert.equal(history.take(short, first[1]), true);
  assert.equal(history.have()[`${id} points`], 0);
  assert.equal(history.take(...structuredClone(first)), false);
  assert.deepEqual([...history.runs()[0].training.loss], first[0][0].losses.map(Math.fround));
});

test("a run that is shown no more is forgotten", { skip }, () => {
  const history = historyOf(), [run, body] = structuredClone(packets[0]);
  history.take(run, body);
  history.take([{ ...run[0], id: "other" }], body);
  assert.deepEqual(history.runs().map(({ id }) => id), ["other"]);
});

test("the nearest of a rising list", () => {
  const list = [0, 1, 4, 9], at = (k) => list[k];
  for (const [value, k] of [[-5, 0], [0.4, 0], [0.6, 1], [2.4, 1], [2.6, 2], [100, 3]]) assert.equal(nearest(4, at, value), k);
  assert.equal(nearest(0, at, 1), -1);
  assert.equal(nearest(1, at, 7), 0);
  assert.ok(nearest(4, at, NaN) >= -1);
});
