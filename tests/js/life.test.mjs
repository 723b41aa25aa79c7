// A component's life: begun once for each place, ended when the place is gone or its files are old.

import assert from "node:assert/strict";
import test from "node:test";

import { once } from "../../cnnlib/ui/components/shared/life.js";
import { inflate, unpack } from "../../cnnlib/ui/components/shared/packets.js";
import { deflateSync } from "node:zlib";

const listening = new Set();
globalThis.addEventListener = (_, heard) => listening.add(heard);
globalThis.removeEventListener = (_, heard) => listening.delete(heard);

// As `components.pack` makes it; at some place in a larger buffer, as it comes in a browser.
function pack(data, body = []) {
  const text = new TextEncoder().encode(JSON.stringify(data)), packet = new Uint8Array(7 + 4 + text.length + body.length);
  new DataView(packet.buffer).setUint32(7, text.length, true);
  packet.set(text, 11);
  packet.set(body, 11 + text.length);
  return packet.subarray(7);
}

function component(told) {
  return (root) => {
    told.push(["begin", root.name]);
    return { update: ({ data, body }) => told.push(["update", data.n, [...body]]), destroy: () => told.push(["end", root.name]), refit: () => {} };
  };
}

test("a packet is opened wherever it lies in its buffer", async () => {
  const { data, body } = unpack(pack({ text: "Σ ≤ ∞" }, [1, 2, 3]));
  assert.deepEqual(data, { text: "Σ ≤ ∞" });
  assert.deepEqual([...body], [1, 2, 3]);
  assert.deepEqual([...new Uint8Array(await inflate(deflateSync(Buffer.from([5, 6, 7]))))], [5, 6, 7]);
});

test("packets of one place go to one life, and it ends when the place is gone", () => {
  const told = [], show = once(component(told)), [here, there] = ["here", "there"].map((name) => ({ name, isConnected: true }));
  const over = show({ parentElement: here, data: pack({ n: 1 }, [9]) });
  show({ parentElement: there, data: pack({ n: 2 }) });
  const last = show({ parentElement: here, data: pack({ n: 3 }) });
  over();
  assert.deepEqual(told, [["begin", "here"], ["update", 1, [9]], ["begin", "there"], ["update", 2, []], ["update", 3, []]]);
  assert.equal(listening.size, 2);
  here.isConnected = false;
  last();
  last();
  assert.deepEqual(told.slice(5), [["end", "here"]]);
  assert.equal(listening.size, 1);
});

test("files of another day end before those of today begin in their place", () => {
  const told = [], root = { name: "place", isConnected: true };
  once(component(told))({ parentElement: root, data: pack({ n: 1 }) });
  once(component(told))({ parentElement: root, data: pack({ n: 2 }) });
  assert.deepEqual(told, [["begin", "place"], ["update", 1, []], ["end", "place"], ["begin", "place"], ["update", 2, []]]);
});
