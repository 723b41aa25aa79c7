// A network's maps out of packets, as Python packs them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { openValues } from "../../cnnlib/ui/components/netview/values.js";

const folder = process.env.FIXTURES, skip = !folder && "pytest makes the maps";
const told = skip ? {} : JSON.parse(readFileSync(`${folder}/maps.json`, "utf8"));

function open({ layers, kinds, body }) {
  // As in a browser: behind other bytes of the same buffer.
  const bytes = Buffer.from(body, "base64"), buffer = new Uint8Array(8 + bytes.length);
  buffer.set(bytes, 8);
  return openValues(layers, kinds, buffer.subarray(8));
}

test("exact values keep three digits", { skip }, () => {
  const { opened, rest } = open(told.exact);
  opened.forEach((values, at) => values.forEach((value, i) => {
    const exact = told.activations[at][i];
    assert.ok(Math.abs(value - exact) <= 1e-3 * Math.abs(exact) + 1e-6, `${at} ${i}: ${value}, ${exact}`);
  }));
  assert.equal(Buffer.from(rest).toString(), "behind");
});

test("coarse values, also those that follow from others, are the exact ones rounded", { skip }, () => {
  const { layers, kinds } = told.coarse, { opened, rest } = open(told.coarse);
  assert.ok(new Set(kinds.map(({ type }) => type)).size === 2);
  opened.forEach((found, at) => {
    let from = at;
    while (kinds[from].type === "largest") from = kinds[from].of;
    const { step } = kinds[from], most = layers[from].name === "input" ? 63 : 31;
    assert.equal(found.length, told.activations[at].length);
    found.forEach((value, i) => {
      const exact = Math.max(-most, Math.min(most, told.activations[at][i] / step));
      assert.ok(Math.abs(value / step - exact) <= 0.5 + 1e-4, `${layers[at].name} ${i}: ${value / step}, ${exact}`);
    });
  });
  assert.equal(Buffer.from(rest).toString(), "behind");
});
