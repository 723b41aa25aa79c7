// A learner types into a cell through one field that lies over the cell. Python reads the typed
// text, and answers with new walkthroughs or with the reason for a refusal.

import { ROLES } from "./walk.js";

export function editorOf(root, player, send) {
  const box = root.querySelector(".editor"), field = root.querySelector(".typed");
  const refusal = root.querySelector(".refusal");
  let open = null;   // {view, cell} under the field
  let before = "";

  let answered = null;   // number of the refusal that was shown last

  const canEdit = (view, cell) => Boolean(view) && view.grid.editable && player.isEditable(view) && !view.grid.ghost.has(cell);
  const operand = (view) => ROLES[view.grid.role];

  function start(view, cell, text) {
    if (!canEdit(view, cell)) return false;
    if (open) commit();
    open = { view, cell };
    before = view.grid.written[cell];
    field.value = text ?? before;
    refusal.textContent = "";
    box.classList.remove("bad");
    box.hidden = false;
    place();
    field.focus({ preventScroll: true });
    if (text === undefined) field.select();
    return true;
  }

  function place() {
    if (!open) return;
    const cell = open.view.box(open.cell), frame = root.querySelector(".player").getBoundingClientRect();
    const width = Math.max(cell.width + 8, 64), height = Math.max(cell.height + 4, 34);
    box.style.left = `${Math.max(0, cell.left - frame.left - (width - cell.width) / 2)}px`;
    box.style.top = `${cell.top - frame.top - (height - cell.height) / 2}px`;
    box.style.width = `${width}px`;
    box.style.height = `${height}px`;
    field.style.fontSize = getComputedStyle(open.view.node).getPropertyValue("--font") || "1rem";
  }

  function commit() {
    if (!open || field.value === before) return;
    send({ operand: operand(open.view), cell: open.view.grid.numbers[open.cell], text: field.value });
    before = field.value;
  }

  function close() {
    if (!open) return;
    open = null;
    box.hidden = true;
    root.querySelector(".player").focus({ preventScroll: true });
  }

  // Return the next cell that can be typed into; after the last one of a grid, the other operand's
  // first.
  function neighbour(by) {
    const { view, cell } = open;
    for (let at = cell + by; at >= 0 && at < view.grid.size; at += by) {
      if (canEdit(view, at)) return [view, at];
    }
    if (Math.abs(by) > 1) return null;
    const other = operand(view) === "input" ? "kernel" : "input";
    const next = player.viewOfOperand(other, view);
    if (!next) return null;
    const cells = next.grid.numbers.map((_, at) => at).filter((at) => canEdit(next, at));
    return cells.length ? [next, by > 0 ? cells[0] : cells[cells.length - 1]] : null;
  }

  function go(by) {
    const next = neighbour(by);
    commit();
    if (next) { player.pin(...next); start(...next); } else close();
  }

  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const atStart = field.selectionStart === 0 && field.selectionEnd === 0;
    const whole = field.selectionStart === 0 && field.selectionEnd === field.value.length;
    const atEnd = field.selectionStart === field.value.length;
    const columns = open?.view.grid.columns ?? 1;
    const moves = {
      Tab: event.shiftKey ? -1 : 1, Enter: event.shiftKey ? -1 : 1,
      ArrowUp: -columns, ArrowDown: columns,
      ArrowLeft: atStart || whole ? -1 : 0, ArrowRight: atEnd || whole ? 1 : 0,
    };
    if (event.key === "Escape") { event.preventDefault(); field.value = before; close(); player.unpin(); }
    else if (moves[event.key]) { event.preventDefault(); go(moves[event.key]); }
  });
  field.addEventListener("blur", () => { commit(); if (!box.classList.contains("bad")) close(); });
  field.addEventListener("paste", (event) => {
    // A tab at an end stands beside a blank cell, which Python refuses.
    const text = (event.clipboardData?.getData("text") ?? "").replace(/^ +|[ \r\n]+$/g, "");
    if (!/[\s,;，；、]/.test(text)) return;
    event.preventDefault();
    send({ operand: operand(open.view), cell: null, text });
    field.value = before;
  });

  return {
    start, close, place, canEdit,
    // Show Python's answer: the sentence why a cell was refused stands next to the cell until it is
    // mended.
    answered(refused) {
      if (!refused) { box.classList.remove("bad"); refusal.textContent = ""; }
      if (!refused || refused.number === answered) return;
      answered = refused.number;
      const view = open && operand(open.view) === refused.operand ? open.view : player.viewOfOperand(refused.operand);
      const cell = refused.cell === null ? open?.cell ?? 0 : view?.grid.numbers.indexOf(refused.cell);
      if (!view || cell < 0) return;
      player.pin(view, cell);
      open = null;
      start(view, cell, refused.cell === null ? undefined : refused.text);
      before = field.value;
      box.classList.add("bad");
      refusal.textContent = refused.sentence;
    },
    renewed(find) {
      if (!open) return;
      const view = find(open.view);
      if (!view || open.cell >= view.grid.size) { close(); return; }
      const untouched = field.value === before;
      open = { view, cell: open.cell };
      before = view.grid.written[open.cell];
      if (untouched) { field.value = before; field.select(); }
      place();
    },
  };
}
