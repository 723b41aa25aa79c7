// Hands on the player: pointing, clicking and the keys.

const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const KEYS = {
  " ": "play", ArrowLeft: "back", ArrowRight: "step", Home: "first", End: "last",
  "+": "faster", "=": "faster", "-": "slower", "−": "slower", _: "slower",
};
// Elements with keys of their own, which mean something else there.
const TYPING = "input:not(.scrub), textarea, select, [contenteditable], [role=radiogroup], [role=tablist], [role=listbox], [role=slider], [role=combobox], [role=menu]";
let keyboard = null;   // the player of a page that was used last

export const sameSpot = (a, b) => a === b || Boolean(a && b && a.view === b.view && a.cell === b.cell);

export function handsOf(root, player, acts, editor) {
  const node = root.querySelector(".player"), bar = root.querySelector(".bar"), scrub = root.querySelector(".scrub");
  let clicked = false;

  function spotAt(event) {
    const at = event.target.closest?.("[data-grid]");
    const view = at && player.views().find((one) => one.node === at);
    const cell = view ? view.at(event) : -1;
    return cell >= 0 ? { view, cell } : null;
  }

  function onMove(event) {
    keyboard = player;
    if (event.pointerType !== "touch" && !player.isPlaying()) player.point(spotAt(event));
  }

  function onClick(event) {
    const button = event.target.closest?.("button");
    if (button) { press(button); return; }
    if (event.target.closest?.(".editor, .quiz, .ledger, .bar")) return;
    const spot = spotAt(event);
    if (!spot) { if (player.pinned()) player.unpin(); return; }
    if (player.isPlaying()) player.pause();
    if (!sameSpot(spot, player.pinned())) {
      player.pin(spot.view, spot.cell);
      node.focus({ preventScroll: true });
    } else if (!editor.start(spot.view, spot.cell)) player.unpin();
  }

  function press(button) {
    acts[button.dataset.act]?.();
    for (const { lead, solo, number } of player.panels()) {
      if (button === lead) player.follow(number);
      if (button === solo) player.showAlone(number);
    }
  }

  // Inside a grid that has the focus, arrows go from cell to cell.
  function moveIn(view, [down, right]) {
    const { rows, columns } = view.grid, pinned = player.pinned();
    const here = pinned?.view === view, cell = here ? pinned.cell : 0;
    const row = Math.floor(cell / columns) + (here ? down : 0), column = (cell % columns) + (here ? right : 0);
    const within = (at, count) => Math.max(0, Math.min(count - 1, at));
    player.pin(view, within(row, rows) * columns + within(column, columns));
  }

  // Do what a key means here; return whether the key means something.
  function take(key, target) {
    const pinned = player.pinned(), view = player.views().find((one) => one.node === target);
    const onButton = Boolean(target.closest?.("button, a, summary, label"));
    if (key === "Escape" && pinned) player.unpin();
    else if (view && MOVES[key]) moveIn(view, MOVES[key]);
    else if (pinned && !onButton && (key === "Enter" || key === "F2")) editor.start(pinned.view, pinned.cell);
    else if (pinned && /^[0-9./−-]$/.test(key) && editor.canEdit(pinned.view, pinned.cell)) editor.start(pinned.view, pinned.cell, key);
    else if (KEYS[key] && !(key === " " && onButton)) acts[KEYS[key]]();
    else if (/^[1-9]$/.test(key) && player.panels()[Number(key) - 1]) player.follow(Number(key) - 1);
    else return false;
    return true;
  }

  function onKey(event) {
    if (event.key === "Tab") clicked = false;
    keyboard ??= player;
    if (keyboard !== player || !node.isConnected || event.ctrlKey || event.metaKey || event.altKey) return;
    const [target] = event.composedPath();
    if (!target.closest?.(TYPING) && take(event.key, target)) event.preventDefault();
  }

  const listeners = [
    // The player hears before the control, because a control may keep the event to itself.
    [document, "pointerdown", () => { clicked = true; }, true],
    [document, "keydown", onKey],
    [node, "pointermove", onMove], [node, "pointerleave", () => player.point(null)], [node, "click", onClick],
    // A button that was clicked keeps no focus, so that Space goes on meaning play.
    [bar, "mousedown", (event) => { if (event.target.closest("button")) event.preventDefault(); }],
    [scrub, "input", () => { player.pause(); player.goTo(Number(scrub.value)); }],
  ];
  for (const [target, type, listener, early] of listeners) target.addEventListener(type, listener, early);

  return {
    // A control that was clicked gives the keys back to the player once its answer is here.
    releaseKeys() {
      if (clicked) document.activeElement?.closest?.("button, input[type=radio], input[type=checkbox], [role=combobox][aria-expanded=false]")?.blur();
    },
    destroy() {
      if (keyboard === player) keyboard = null;
      for (const [target, type, listener, early] of listeners) target.removeEventListener(type, listener, early);
    },
  };
}
