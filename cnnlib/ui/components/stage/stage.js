// Presenter mode: keys anywhere in the window, the line to say, clock, spotlight and blank screen.
// A beat is a link. The browser goes to a beat as to a page of its history: nothing is loaded anew,
// and the address decides over every control.

import { once } from "../shared/life.js";
import { element, isRunning } from "../shared/page.js";

const KEYS = {
  ArrowRight: "next", PageDown: "next", ArrowLeft: "back", PageUp: "back", " ": "play",
  b: "blank", ".": "blank", l: "spotlight", c: "controls", r: "again", a: "add", v: "speak", "?": "help", h: "help",
  p: "leave", Escape: "leave",
};
const HELP = [
  ["→ ←", "next beat, beat before"], ["Space", "play, pause"], ["B", "blank screen"], ["L", "spotlight"], ["C", "controls"],
  ["R", "this beat anew"], ["A", "add this state to my talk"], ["V", "speaker view"], ["P, Esc", "leave"],
];
const TYPING = "textarea, select, [contenteditable], input:not([type=range], [type=radio], [type=checkbox], [type=button])";
const LEFT = "classroom.left:", STARTED = "classroom.started", ATTACHED = "classroom.window";
const NOTE_MS = 4000, PATIENCE_MS = 1000, AGAIN_MS = 500, NO_SUCH_WINDOW = 4404;
const PRESSES = ["pointerdown", "keydown"];
const isTyping = (event) => Boolean(event.composedPath()[0].closest?.(TYPING));

export default once(createStage);

function createStage(root) {
  const find = (selector) => root.querySelector(selector);
  const stage = find(".stage"), veil = find(".veil"), spot = find(".spot"), note = find(".note"), help = find(".help");
  const page = document.documentElement;
  let data = null, wanted = null, sent = null, since = 0, feed = null, hush = 0, trigger = () => {}, hold = () => {};
  for (const [key, what] of HELP) { element("b", "", help, key); element("span", "", help, what); }

  const standing = () => wanted ?? data.beat;

  function visit(link) {
    const to = location.pathname.replace(/[^/]*$/, "") + link;
    if (location.pathname + location.search === to) history.replaceState({}, "", to);
    else history.pushState({}, "", to);
    dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  }

  function go(number) {
    if (number < 1 || number > data.count) return;
    wanted = number;
    veil.hidden = true;
    follow();
  }

  // Keys that are faster than answers may ask for a beat beyond the known links. Then the stage
  // goes to the known beat nearest to that one, and on from there.
  function follow() {
    const known = Object.keys(data.links).map(Number);
    const next = known.reduce((best, number) => (Math.abs(number - wanted) < Math.abs(best - wanted) ? number : best));
    if (next !== sent || next === wanted) visit(data.links[next]);
    sent = next;
    since = performance.now();
  }

  // After visits close upon each other, the server may answer an older one last, and rest at a beat
  // that nobody wants any more: so the stage asks again.
  function insist() {
    if (wanted === null || performance.now() - since < PATIENCE_MS || isRunning()) return;
    sent = null;
    follow();
  }

  function enter(on) {
    const query = new URLSearchParams(location.search);
    for (const name of ["present", "talk", "beat"]) query.delete(name);
    if (on) { query.set("present", "1"); sessionStorage.setItem(STARTED, Date.now()); }
    visit(`${location.pathname.split("/").pop()}${query.size ? `?${query}` : ""}`);
  }

  const acts = {
    next: () => go(standing() + 1),
    back: () => go(standing() - 1),
    again: () => go(standing()),
    // This acts like Space with nothing in focus, so that every player of the page hears the key.
    play: () => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: " ", bubbles: true, composed: true })),
    blank: () => { veil.hidden = !veil.hidden; },
    spotlight: () => { spot.hidden = !spot.hidden; },
    controls: () => { page.toggleAttribute("data-controls"); },
    help: () => { help.hidden = !help.hidden; },
    add: () => trigger("add", location.pathname.split("/").pop() + location.search),
    speak: () => trigger("speak", elapsed()),
    leave: () => {
      const open = [veil, help, spot, note].find((one) => !one.hidden);
      if (open) open.hidden = true;
      else enter(false);
    },
  };

  function onKey(event) {
    if (!event.isTrusted || event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || !data) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!data.on && key !== "p") return;
    const act = data.on ? acts[KEYS[key]] : () => enter(true);
    if (!act) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.repeat || KEYS[key] === "next" || KEYS[key] === "back") act();
  }

  function onPoint(event) {
    spot.style.setProperty("--x", `${event.clientX}px`);
    spot.style.setProperty("--y", `${event.clientY}px`);
  }

  function say(text, strong) {
    note.textContent = text;
    if (strong) element("b", "", note, strong);
    note.hidden = false;
    clearTimeout(hush);
    if (!strong) hush = setTimeout(() => { note.hidden = true; }, NOTE_MS);
  }

  const elapsed = () => Math.floor((Date.now() - Number(sessionStorage.getItem(STARTED) ?? Date.now())) / 1000);

  function tick() {
    if (!data?.on) return; // the first look into the storage of a tab holds the page up
    const seconds = elapsed(), two = (number) => String(number).padStart(2, "0");
    find("time").textContent = `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  }

  // Leaving a page by the menu adds two entries to the browser's history, because Streamlit first
  // adds one without the query. Back would open the page without its query, so the stage puts back
  // the query that stood when a key or a button was last pressed on that page.
  const keep = () => sessionStorage.setItem(LEFT + location.pathname, location.search);

  function onHistory(event) {
    const left = sessionStorage.getItem(LEFT + location.pathname);
    if (!event.isTrusted || !left || location.search) return;
    event.stopImmediatePropagation();
    history.replaceState(history.state, "", location.pathname + left);
    dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
  }

  // A speaker view's wishes come over a socket. A socket that breaks is opened again, and then
  // tells the wishes of the meantime.
  function listen(own) {
    if (own === feed?.own) return;
    feed?.close();
    feed = own ? openFeed(own) : null;
  }

  function openFeed(own, heard = "") {
    const address = new URL(location.pathname.replace(/[^/]*$/, "") + `remote/${own}?after=${heard}`, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    socket.own = own;
    socket.onmessage = ({ data: told }) => {
      const wish = JSON.parse(told);
      heard = wish.serial;
      if (wish.beat !== standing()) go(wish.beat);
      veil.hidden = !wish.blank;
      if (wish.play) acts.play();
    };
    socket.onclose = ({ code: why }) => {
      if (why === NO_SUCH_WINDOW) return;
      setTimeout(() => { if (feed === socket) feed = openFeed(own, heard); }, AGAIN_MS);
    };
    return socket;
  }

  // A figure takes the height that is left, so the figure is asked to measure whenever anything
  // grew.
  const refit = () => dispatchEvent(new Event("classroom:fit"));
  const watcher = new ResizeObserver(() => { if (data?.on) refit(); });
  const clock = setInterval(tick, 1000), patience = setInterval(insist, PATIENCE_MS / 4);
  addEventListener("keydown", onKey, true);
  addEventListener("pointermove", onPoint, { passive: true });
  for (const press of PRESSES) addEventListener(press, keep, true);
  // The stage listens first, before Streamlit looks at the address.
  addEventListener("popstate", onHistory, true);

  function update({ data: given, say: tell, keep }) {
    trigger = tell;
    hold = keep;
    const before = data;
    data = given;
    page.toggleAttribute("data-presenting", data.on);
    stage.hidden = !data.on;
    if (!data.on) {
      for (const one of [veil, spot, help, note]) one.hidden = true;
      page.removeAttribute("data-controls");
    }
    const line = find(".line");
    line.textContent = data.line;
    line.classList.toggle("long", data.line.length > 75);
    find(".number").textContent = data.shown ? `${data.beat} / ${data.count}` : "";
    // A message that came between may have made Python show the beat's state on the earlier page.
    if (wanted === data.beat && data.links[wanted].split("?")[0] === data.page) wanted = null;
    else if (wanted !== null && wanted !== data.beat && sent === data.beat) follow();
    if (data.on && !sessionStorage.getItem(STARTED)) sessionStorage.setItem(STARTED, Date.now());
    if (data.note) say(data.note, data.code);
    // A window that crashed and comes back takes up its speaker view again.
    if (data.window) sessionStorage.setItem(ATTACHED, data.window);
    else if (data.on && !before && sessionStorage.getItem(ATTACHED)) hold("window", sessionStorage.getItem(ATTACHED));
    const content = document.querySelector("[data-testid=stMainBlockContainer] > [data-testid=stVerticalBlock]");
    if (content) watcher.observe(content);
    listen(data.window);
    stage.dataset.beat = data.beat;
    stage.dataset.page = data.page;
    tick();
    if (before?.on !== data.on) requestAnimationFrame(refit);
  }

  return {
    update,
    destroy() {
      clearInterval(clock);
      clearInterval(patience);
      listen("");
      watcher.disconnect();
      removeEventListener("keydown", onKey, true);
      removeEventListener("pointermove", onPoint);
      for (const press of PRESSES) removeEventListener(press, keep, true);
      removeEventListener("popstate", onHistory, true);
    },
  };
}
