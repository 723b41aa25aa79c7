// Long signals as stems, on one canvas.

import { element, sizeCanvas } from "../shared/page.js";
import { gridNode, markers } from "./view.js";
import { ROLES } from "./walk.js";

// One stem for each sample, up from zero or down.
export function stemView(walk, grid, parent, paint) {
  const node = gridNode("stems", grid, parent);
  const canvas = element("canvas", "", node);
  const values = new Array(grid.size).fill(null), written = new Array(grid.size).fill("");
  let context = canvas.getContext("2d"), w = 8, height = 90, ink = "#000", range = rangeOf(walk, grid);
  let stale = true;
  const marker = markers(() => { stale = true; });

  function draw() {
    if (!stale) return;
    stale = false;
    context.clearRect(0, 0, w * grid.size, height);
    const [low, high] = range, reach = (height - 16) / (high - low), zero = 8 + high * reach;
    context.fillStyle = context.strokeStyle = ink;
    context.globalAlpha = 0.4;
    context.fillRect(0, zero - 0.5, w * grid.size, 1);
    context.globalAlpha = 1;
    for (const at of marker.marked.lit ?? []) {
      context.globalAlpha = 0.13;
      context.fillRect(at * w, 0, w, height);
      context.globalAlpha = 1;
    }
    for (let at = 0; at < grid.size; at += 1) {
      if (values[at] === null || written[at] === "") continue;
      const x = (at + 0.5) * w, y = zero - values[at] * reach;
      const lit = marker.marked.lit?.includes(at), point = marker.marked.point?.includes(at);
      context.strokeStyle = context.fillStyle = lit ? ink : paint(values[at] < 0 ? -grid.limit : grid.limit, grid.limit).background;
      context.globalAlpha = grid.ghost.has(at) ? 0.45 : 1;
      context.lineWidth = lit ? 3 : 1.6;
      context.setLineDash(grid.ghost.has(at) ? [3, 2] : []);
      context.beginPath();
      context.moveTo(x, zero);
      context.lineTo(x, y);
      context.stroke();
      context.setLineDash([]);
      context.beginPath();
      context.arc(x, y, Math.min(w * 0.42, point ? 6 : lit ? 5 : 3.4), 0, 7);
      context.fill();
      context.globalAlpha = 1;
    }
  }

  const view = {
    walk, grid, node, settle: draw,
    mark: marker.mark,
    put(at, text, value) {
      stale ||= written[at] !== text || values[at] !== value;
      written[at] = text;
      values[at] = value;
    },
    repaint() { stale = true; },
    renew(walkNow, gridNow) { view.walk = walkNow; view.grid = grid = gridNow; range = rangeOf(walkNow, gridNow); },
    fit(width, tall) {
      w = width;
      height = tall;
      context = sizeCanvas(canvas, w * grid.size, height);
      ink = getComputedStyle(node).color;
      stale = true;
    },
    box(at) {
      const { left, top } = canvas.getBoundingClientRect();
      return new DOMRect(left + at * w, top, w, height);
    },
    at(event) {
      if (event.target !== canvas) return -1;
      const at = Math.floor((event.clientX - canvas.getBoundingClientRect().left) / w);
      return at >= 0 && at < grid.size ? at : -1;
    },
  };
  return view;
}

// Input, copies and output are drawn to one scale, the kernel to its own; zero is always within a
// scale.
function rangeOf(walk, grid) {
  const shown = ROLES[grid.role] === "kernel" ? [grid] : [...walk.grids.values()].filter(({ role }) => role !== "matrix" && ROLES[role] !== "kernel");
  const values = shown.flatMap((one) => one.values).filter((value) => value !== null);
  return [Math.min(0, ...values), Math.max(0, 1e-9, ...values)];
}
