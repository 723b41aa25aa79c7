// Grids too large for elements, on one canvas each. Marked cells are drawn again, nothing else.

import { element, sizeCanvas } from "../shared/page.js";
import { gridNode, markers } from "./view.js";

const LEAST_MARK = 3;   // width of a mark whose place can be seen
const RING = { won: 1, lit: 2, also: 1, point: 3 };

export function canvasView(walk, grid, parent, paint) {
  const node = gridNode("canvas", grid, parent);
  const canvas = element("canvas", "", node);
  const written = new Array(grid.size).fill(""), values = new Array(grid.size).fill(null);
  let context = canvas.getContext("2d"), w = 1, h = 1, ink = "#000", page = "#fff", font = "", due = new Set();
  const marker = markers((_, at) => due.add(at));

  function draw(at, alone) {
    const x = (at % grid.columns) * w, y = Math.floor(at / grid.columns) * h, text = written[at];
    const style = values[at] === null || text === "" ? null : paint(values[at], grid.limit);
    if (alone) context.clearRect(x, y, w + 1, h + 1);
    if (style) { context.fillStyle = style.background; context.fillRect(x, y, w, h); }
    if (view.walk.marks && grid.tie?.[at] >= 0) tie(x, y, grid.tie[at], !style);
    if (text && w >= 6.2 * grid.longest + 2) {
      context.fillStyle = style ? style.color : ink;
      context.fillText(text, x + w / 2, y + h / 2 + 1);
    }
    if (alone) frame(x, y, 1, 0.16, false);
    if (grid.ghost.has(at)) frame(x, y, 1, 0.4, true);
    for (const [name, width] of Object.entries(RING)) {
      if (marker.marked[name]?.includes(at)) frame(x, y, width, 1, name === "also");
    }
  }

  function tie(x, y, weight, plain) {
    const { marks } = view.walk, [colour, tint] = marks[weight], part = w / marks.length;
    const [left, wide] = part < LEAST_MARK ? [0, w] : [weight * part, part], high = Math.max(2, Math.round(h * 0.2));
    if (plain) { context.fillStyle = tint; context.fillRect(x, y, w, h); }
    context.fillStyle = page;
    context.fillRect(x + left - 1, y + h - high - 1, wide + 2, high + 1);
    context.fillStyle = colour;
    context.fillRect(x + left, y + h - high, wide, high);
  }

  function frame(x, y, width, strength, dashed) {
    context.globalAlpha = strength;
    context.lineWidth = width;
    if (dashed) context.setLineDash([2, 2]);
    context.strokeRect(x + width / 2, y + width / 2, w + 1 - width, h + 1 - width);
    if (dashed) context.setLineDash([]);
    context.globalAlpha = 1;
  }

  // Draw at once the cells that hold something, and every border in one line.
  function drawAll() {
    const { rows, columns } = grid, marked = new Set(Object.values(marker.marked).flat());
    context.clearRect(0, 0, w * columns + 1, h * rows + 1);
    written.forEach((text, at) => { if (text !== "" && !marked.has(at)) draw(at, false); });
    context.globalAlpha = 0.16;
    context.lineWidth = 1;
    context.beginPath();
    for (let row = 0; row <= rows; row += 1) { context.moveTo(0, row * h + 0.5); context.lineTo(w * columns, row * h + 0.5); }
    for (let column = 0; column <= columns; column += 1) { context.moveTo(column * w + 0.5, 0); context.lineTo(column * w + 0.5, h * rows); }
    context.stroke();
    context.globalAlpha = 1;
    for (const at of marked) draw(at, false);
  }

  function settle() {
    if (!due.size) return;
    context.font = font;
    context.strokeStyle = ink;
    if (due.size > grid.size / 3) drawAll();
    else for (const at of due) draw(at, true);
    due = new Set();
  }

  const view = {
    walk, grid, node,
    mark: marker.mark,
    put(at, text, value) {
      if (written[at] === text && values[at] === value) return;
      written[at] = text;
      values[at] = value;
      due.add(at);
    },
    settle,
    repaint() { for (let at = 0; at < grid.size; at += 1) due.add(at); },
    renew(walkNow, gridNow) {
      if (gridNow.limit !== grid.limit) view.repaint();
      view.walk = walkNow;
      view.grid = grid = gridNow;
    },
    fit(width, height) {
      w = Math.max(3, Math.floor(width));
      h = Math.max(3, Math.floor(height));
      context = sizeCanvas(canvas, w * grid.columns + 1, h * grid.rows + 1);
      ink = getComputedStyle(node).color;
      page = getComputedStyle(node).getPropertyValue("--st-background-color");
      font = `${Math.min(15, Math.round(h * 0.5))}px ${getComputedStyle(node).fontFamily}`;
      context.textAlign = "center";
      context.textBaseline = "middle";
      view.repaint();
    },
    box(at) {
      const { left, top } = canvas.getBoundingClientRect();
      return new DOMRect(left + (at % grid.columns) * w, top + Math.floor(at / grid.columns) * h, w, h);
    },
    at(event) {
      const { left, top } = canvas.getBoundingClientRect();
      const column = Math.floor((event.clientX - left) / w), row = Math.floor((event.clientY - top) / h);
      const inside = column >= 0 && row >= 0 && column < grid.columns && row < grid.rows;
      return event.target === canvas && inside ? row * grid.columns + column : -1;
    },
  };
  return view;
}
