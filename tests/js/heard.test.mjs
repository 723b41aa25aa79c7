// What is said is said again until Python has taken it, and what has arrived is told once.

import assert from "node:assert/strict";
import test, { beforeEach, mock } from "node:test";

import { hear, hush, speakBy } from "../../cnnlib/ui/components/shared/heard.js";

let listener = null, onScreen = [];
const listeners = {};
globalThis.addEventListener = (type, heard) => {
  listeners[type] = heard;
  if (type !== "popstate") listener = heard;
};
globalThis.removeEventListener = () => {};
globalThis.document = { querySelector: (selector) => onScreen.includes(selector.slice(1)) || null };

let number = 0;

// A component's place on the page, with what Streamlit has of its state, and the messages that left.
function place(key = `one${number += 1}`) {
  const root = {}, state = {}, sent = [];
  const setState = (name, value) => { state[name] = value; sent.push([name, structuredClone(value)]); };
  const packet = (letter = {}) => hear({ key, page: "draw", session: "s", arrival: 1, taken: 0, mark: null, controls: {}, ...letter }, setState, root);
  return { root, state, sent, packet, serials: () => state.said.events.map(({ serial }) => serial) };
}

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  onScreen = [];
  globalThis.location = { pathname: "/base/draw" };
});

test("events travel together, in order, until they are taken", () => {
  const one = place(), { say, unheard } = one.packet();
  say("cell", { row: 1 });
  say("cell", null);
  assert.deepEqual(one.state.said.events.map(({ serial, name, arrival, value }) => [serial, name, arrival, value]), [[1, "cell", 1, { row: 1 }], [2, "cell", 1, null]]);
  assert.ok(unheard("cell"));
  one.packet({ taken: 1 }).say("other", 3);
  assert.deepEqual(one.serials(), [2, 3]);
  assert.ok(!one.packet({ taken: 3 }).unheard("cell"));
});

test("what is not taken is said again, after longer and longer waits, and then no more", () => {
  const one = place();
  one.packet().say("cell", 1);
  const counts = [];
  for (const wait of [599, 1, 1200, 2400, 5000, 5000]) {
    mock.timers.tick(wait);
    counts.push(one.sent.length);
  }
  assert.deepEqual(counts, [1, 2, 3, 4, 5, 6]);
  one.packet({ taken: 1 });
  mock.timers.tick(60000);
  assert.equal(one.sent.length, 6);
});

test("where the browser goes to another page, a component waits until that page is made", () => {
  const one = place(), two = place();
  const { say, keep } = one.packet();
  speakBy(() => {});
  globalThis.location = { pathname: "/base/pooling" };
  listeners.popstate();
  say("cell", 1);
  keep("cursor", 2);
  mock.timers.tick(200);
  assert.equal(one.sent.length, 0);
  two.packet({ page: "pooling" });
  mock.timers.tick(40);
  assert.deepEqual(one.sent.map(([name]) => name), ["cursor", "said"]);
  assert.deepEqual(one.serials(), [1]);
  one.packet();
  globalThis.location = { pathname: "/base/draw" };
  listeners.popstate();  // to another link of the same page
  say("cell", 2);
  assert.equal(one.sent.length, 3);
});

test("a state is said again too, and carries the link that it belongs to", () => {
  const one = place();
  one.packet({ arrival: 7 }).keep("cursor", { step: 2 });
  assert.deepEqual(one.state.cursor, { arrival: 7, value: { step: 2 } });
  mock.timers.tick(600);
  assert.equal(one.sent.filter(([name]) => name === "said").length, 2);
});

test("a server that was begun anew is told again what the old one had not taken", () => {
  const one = place(), { say } = one.packet({ session: "old" });
  say("cell", 1);
  one.packet({ session: "new" });
  assert.equal(one.state.said.session, "new");
  assert.deepEqual(one.serials(), [1]);
  assert.deepEqual(one.state.said.heard, []);
});

test("serials go on above those that Python has taken", () => {
  const one = place();
  one.packet({ taken: 41 }).say("cell", 1);
  assert.deepEqual(one.serials(), [42]);
});

test("a component that is gone says nothing more, one that moved goes on", () => {
  const gone = place(), moved = place("moved"), again = place("moved");
  gone.packet().say("cell", 1);
  moved.packet().say("cell", 1);
  again.packet();
  hush(gone.root);
  hush(moved.root);
  mock.timers.tick(600);
  assert.equal(gone.sent.length, 1);
  assert.equal(again.sent.length, 1);
  assert.deepEqual(again.serials(), [1]);
});

test("marks are told once controls on the screen have taken over what was set, each once", () => {
  const one = place(), told = [];
  speakBy((...what) => told.push(what));
  onScreen = ["st-key-a-b"];
  one.packet({ mark: 5, controls: { "a.b": 1 } });
  one.packet({ mark: 5, controls: { "a.b": 1 } });
  assert.deepEqual(told, []);
  mock.timers.tick(50);
  assert.deepEqual(told, [["touched", { session: "s", controls: {} }]]);
  one.packet({ mark: 6, controls: { hidden: 2 } });
  mock.timers.tick(50);
  assert.equal(told.length, 1);
  one.packet().say("cell", 1);
  assert.deepEqual(one.state.said.heard.slice(-2), [5, 6]);
  speakBy(null);
});

test("a person's touch is told before the control tells of it, once for each change of Python's", () => {
  const one = place(), told = [], touch = (...classes) => listener({ composedPath: () => classes.map((name) => ({ classList: { contains: (other) => other === name } })).concat({}) });
  speakBy((...what) => told.push(what));
  touch("st-key-a");
  one.packet({ mark: 7, controls: { a: 3, b: 4 } });
  touch("st-key-c");
  assert.deepEqual(told, []);
  touch("inner", "st-key-a");
  touch("st-key-a");
  assert.deepEqual(told.map(([, { controls }]) => controls), [{ a: 3 }]);
  one.packet({ controls: { a: 5 } });
  touch("st-key-b");
  touch("st-key-a");
  assert.deepEqual(told.slice(1).map(([, { controls }]) => controls), [{ a: 5 }]);
  speakBy(null);
});
