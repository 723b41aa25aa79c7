// A component's life: begun once for each place, ended when the place is gone or its files are old.

import assert from "node:assert/strict";
import test from "node:test";

import { once } from "../../cnnlib/ui/components/shared/life.js";
import { unpack } from "../../cnnlib/ui/components/shared/packets.js";
import { deflateSync } from "node:zlib";

const listening = new Set();
globalThis.addEventListener = (_, heard) => listening.add(heard);
globalThis.removeEventListener = (_, heard) => listening.delete(heard);

globalThis.reportError = (error) => troubles.push(error.message);
const troubles = [];

const LETTER = { key: "one", session: "s", arrival: 3, taken: 0, mark: null, controls: {} };

// As `components.pack` makes it; at some place in a larger buffer, as it comes in a browser.
function pack(data, body = [], deflated = false) {
  const json = JSON.stringify({ letter: LETTER, ...data }), text = Buffer.from(json + " ".repeat(-Buffer.byteLength(json) & 3));
  const plain = Buffer.alloc(4 + text.length + body.length);
  plain.writeUInt32LE(text.length);
  text.copy(plain, 4);
  plain.set(body, 4 + text.length);
  const packet = new Uint8Array([1, 2, 3, Number(deflated), ...(deflated ? deflateSync(plain) : plain)]);
  return packet.subarray(3);
}

const turn = () => new Promise((done) => setImmediate(done));

async function until(done) {
  while (!done()) await turn();
}

function component(told) {
  return (root) => {
    told.push(["begin", root.name]);
    return { update: ({ data, body }) => told.push(["update", data.n, [...body]]), destroy: () => told.push(["end", root.name]), refit: () => {} };
  };
}

test("a packet is opened wherever it lies in its buffer, and arrays in it can be read", async () => {
  for (const deflated of [false, true]) {
    const { letter, data, body } = await unpack(pack({ text: "Σ ≤ ∞" }, [1, 2, 3, 4, 5], deflated));
    assert.deepEqual(letter, LETTER);
    assert.deepEqual(data, { text: "Σ ≤ ∞" });
    assert.deepEqual([...body], [1, 2, 3, 4, 5]);
    assert.equal(body.byteOffset % 4, 0);
    assert.equal(new Uint32Array(body.buffer, body.byteOffset, 1)[0], 0x04030201);
  }
});

test("packets of one place go to one life, and it ends when the place is gone", async () => {
  const told = [], show = once(component(told)), [here, there] = ["here", "there"].map((name) => ({ name, isConnected: true }));
  const over = show({ parentElement: here, data: pack({ n: 1 }, [9]) });
  show({ parentElement: there, data: pack({ n: 2 }) });
  const last = show({ parentElement: here, data: pack({ n: 3 }) });
  over();
  await until(() => told.length >= 5);
  assert.deepEqual(told, [["begin", "here"], ["begin", "there"], ["update", 1, [9]], ["update", 2, []], ["update", 3, []]]);
  assert.equal(listening.size, 2);
  here.isConnected = false;
  last();
  last();
  assert.deepEqual(told.slice(5), [["end", "here"]]);
  assert.equal(listening.size, 1);
});

test("packets are shown in the order in which they came, whatever it takes to open them", async () => {
  const told = [], show = once(component(told)), root = { isConnected: true };
  for (let n = 0; n < 12; n += 1) show({ parentElement: root, data: pack({ n }, [], n % 3 === 0) });
  await until(() => told.length > 12);
  assert.deepEqual(told.slice(1).map(([, n]) => n), [...Array(12).keys()]);
});

test("a packet that cannot be shown is reported, and the next one is shown", async () => {
  const told = [], root = { isConnected: true };
  const show = once(() => ({ update({ data, size }) { if (data.n === 1) throw new Error("no such thing"); told.push(size); } }));
  const packets = [1, 2].map((n) => pack({ n }));
  for (const data of packets) show({ parentElement: root, data });
  await until(() => told.length);
  assert.deepEqual(troubles, ["no such thing"]);
  assert.deepEqual(told, [packets[1].length]);
});

test("what is opened after the end is not shown", async () => {
  const told = [], show = once(component(told)), root = { isConnected: true };
  const over = show({ parentElement: root, data: pack({ n: 1 }) });
  root.isConnected = false;
  over();
  await turn();
  assert.deepEqual(told.map(([what]) => what), ["begin", "end"]);
});

test("files of another day end before those of today begin in their place", async () => {
  const told = [], root = { name: "place", isConnected: true };
  once(component(told))({ parentElement: root, data: pack({ n: 1 }) });
  await turn();
  once(component(told))({ parentElement: root, data: pack({ n: 2 }) });
  await turn();
  assert.deepEqual(told, [["begin", "place"], ["update", 1, []], ["end", "place"], ["begin", "place"], ["update", 2, []]]);
});
