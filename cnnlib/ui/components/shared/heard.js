// The messages that this browser has heard of Python, and those that Python has not taken from it.

const AGAIN_MS = [600, 1200, 2400, 5000];   // until an event that was not taken is said again
const TAKEN_OVER_MS = 50;   // after a packet, controls have taken over the values set before the packet
const REMEMBERED = 32;      // marks of packets that are kept
const LEAVING_MS = 3000;    // in which a page that the browser went to is made, if at all
const QUIET_MS = 40;

const mouths = new Map();   // by the component's key
const marks = [];           // of the packets that came last
const watched = new Map();  // controls that Python has set, until Python knows that they took the value over
let session = "", confirm = null, page = "", visit = { at: -Infinity, page: "" };

// Where the browser goes to another page, components wait until that page is made. Otherwise their
// messages would name the page before, and one of these messages would take the place of the visit.
const onHistory = () => { visit = { at: performance.now(), page: location.pathname.split("/").pop() }; };
const isLeaving = () => visit.page !== page && performance.now() - visit.at < LEAVING_MS;

// Take in the letter that comes with each packet, and return how its component answers:
// `say(name, value)` an event, which Python takes once and in order; `keep(name, value)` a state,
// the last of which counts; `unheard(name)`, whether such an event is not taken yet.
export function hear(letter, setState, root) {
  watch(letter.controls);
  page = letter.page;
  if (letter.mark !== null) setTimeout(() => remember(letter), TAKEN_OVER_MS);
  const renewed = session !== letter.session;
  if (renewed) {
    session = letter.session;
    marks.length = 0;
    watched.clear();
  }
  if (!mouths.has(letter.key)) mouths.set(letter.key, createMouth());
  return mouths.get(letter.key).hear(letter, setState, root, renewed);
}

// A component that is gone says nothing more, unless it stands in another place by now.
export function hush(root) {
  for (const [key, mouth] of mouths) if (mouth.isOf(root)) { mouth.hush(); mouths.delete(key); }
}

// One component speaks for the page where Python wants to know what has arrived.
export function speakBy(keep) {
  confirm = keep;
  for (const [type, listener] of [["pointerdown", onTouch], ["keydown", onTouch], ["popstate", onHistory]]) {
    if (keep) addEventListener(type, listener, true);
    else removeEventListener(type, listener, true);
  }
}

function remember({ mark, controls }) {
  if (marks.includes(mark)) return;
  marks.push(mark);
  marks.splice(0, marks.length - REMEMBERED);
  // A control that is not on the screen, as in a closed popover, has taken nothing over.
  if (Object.keys(controls).some((key) => document.querySelector(`.${classOf(key)}`))) tellOfControls();
}

const classOf = (key) => `st-key-${key.replace(/[^a-zA-Z0-9_-]/g, "-")}`;

function tellOfControls() {
  const touched = [...watched].filter(([, one]) => one.touched).map(([key, { number }]) => [key, number]);
  confirm?.("touched", { session, controls: Object.fromEntries(touched) });
}

// Watch the controls that Python has set and waits for; a newer change of a control begins anew.
function watch(controls) {
  for (const key of watched.keys()) if (!(key in controls)) watched.delete(key);
  for (const [key, number] of Object.entries(controls)) {
    if (watched.get(key)?.number !== number) watched.set(key, { number, touched: false });
  }
}

// Python must know that a person meant a change, so this runs before the control sends the change.
function onTouch(event) {
  const path = event.composedPath();
  const now = [...watched].filter(([key, { touched }]) => !touched && path.some((node) => node.classList?.contains(classOf(key))));
  for (const [, one] of now) one.touched = true;
  if (now.length) tellOfControls();
}

function createMouth() {
  let serial = 0, taken = 0, arrival = 0, events = [], states = {}, tries = 0, timer = 0, setState = null, place = null;

  // Events travel in the component's state, and so with every message of the page.
  function tell() {
    clearTimeout(timer);
    if (isLeaving()) {
      timer = setTimeout(tell, QUIET_MS);
      return;
    }
    for (const [name, state] of Object.entries(states)) setState(name, state);
    states = {};
    setState("said", { session, serial, heard: [...marks], events });
    timer = setTimeout(() => { tries += 1; tell(); }, AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)]);
  }

  function say(name, value) {
    serial += 1;
    events.push({ serial, name, arrival, value });
    tell();
  }

  function keep(name, value) {
    serial += 1;
    states[name] = { arrival, value };
    tell();
  }

  const unheard = (name) => events.some((event) => event.name === name);
  const answers = { say, keep, unheard };

  return {
    hear(letter, given, root, renewed) {
      setState = given;
      place = root;
      arrival = letter.arrival;
      if (letter.taken > taken) tries = 0;
      taken = letter.taken;
      serial = Math.max(serial, taken);
      events = events.filter((event) => event.serial > taken);
      if (serial <= taken) clearTimeout(timer);
      else if (renewed) tell();
      return answers;
    },
    hush() { clearTimeout(timer); },
    isOf: (root) => place === root,
  };
}
