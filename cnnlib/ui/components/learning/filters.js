// First-layer weights on one scale for the whole run, and their change on the report's own scale.
// Zero is in the middle of both scales.

import { format } from "../shared/numbers.js";
import { sizeCanvas } from "../shared/page.js";
import { grown } from "../shared/presenter.js";
import { brief } from "./numbers.js";

export function filtersOf(root) {
  const panel = root.querySelector(".filters"), count = panel.querySelector(".count"), tip = panel.querySelector(".tip");
  const views = [".weights", ".change"].map((name) => {
    const canvas = panel.querySelector(name);
    return { canvas, caption: canvas.parentElement.querySelector("figcaption"), scratch: document.createElement("canvas"), tiles: null, part: null };
  });

  // Find the largest whole cell with which all filters fit, preferring lines that are full.
  function arrange(number, [rows, columns], width, height) {
    let best = { cell: 0, worth: 0, across: number };
    for (let across = 1; across <= number; across += 1) {
      const down = Math.ceil(number / across), gap = rows * columns > 1 ? 5 : 3;
      const cell = Math.min((width - (across - 1) * gap) / (across * columns), (height - (down - 1) * gap) / (down * rows));
      const worth = cell * (number % across ? 0.8 : 1);
      if (worth > best.worth) best = { cell, across, down, gap, worth };
    }
    const cell = Math.min(24 * grown(), Math.floor(best.cell * devicePixelRatio) / devicePixelRatio || best.cell);
    return { ...best, cell };
  }

  function paint(one, part, shape, limit, table, ink) {
    const [maps, channels, rows, columns] = shape, number = maps * channels;
    const { canvas, scratch } = one, figure = canvas.parentElement;
    const room = figure.clientHeight - one.caption.offsetHeight - 4;
    const tiles = arrange(number, [rows, columns], figure.clientWidth, Math.max(60, room));
    Object.assign(one, { tiles, part, shape });
    scratch.width = columns;
    scratch.height = rows * number;
    const image = scratch.getContext("2d").createImageData(columns, rows * number);
    const pixels = new Uint32Array(image.data.buffer), factor = part.step / limit;
    for (let i = 0; i < pixels.length; i += 1) pixels[i] = table[Math.max(0, Math.min(256, Math.round(128 + 128 * factor * part.values[i])))];
    scratch.getContext("2d").putImageData(image, 0, 0);
    const { cell, across, down, gap } = tiles;
    const context = sizeCanvas(canvas, across * (columns * cell + gap) - gap + 2, down * (rows * cell + gap) - gap + 2);
    context.imageSmoothingEnabled = false;
    context.strokeStyle = ink;
    context.lineWidth = 1;
    // Edges tell filters from each other: zero has the page's own colour.
    for (let k = 0; k < number; k += 1) {
      const left = 1 + (k % across) * (columns * cell + gap), top = 1 + Math.floor(k / across) * (rows * cell + gap);
      context.globalAlpha = 1;
      context.drawImage(scratch, 0, k * rows, columns, rows, left, top, columns * cell, rows * cell);
      context.globalAlpha = 0.4;
      context.strokeRect(left - 0.5, top - 0.5, columns * cell + 1, rows * cell + 1);
    }
  }

  function point(one, event) {
    if (!one.part || !one.tiles) return;
    const [, channels, rows, columns] = one.shape, { cell, across, gap } = one.tiles;
    const box = one.canvas.getBoundingClientRect(), home = panel.getBoundingClientRect();
    const left = (event.clientX - box.left - 1) / (columns * cell + gap), top = (event.clientY - box.top - 1) / (rows * cell + gap);
    const k = Math.floor(top) * across + Math.floor(left);
    const column = Math.floor((left % 1) * (columns + gap / cell)), row = Math.floor((top % 1) * (rows + gap / cell));
    const value = one.part.values[(k * rows + row) * columns + column];
    tip.hidden = left < 0 || left >= across || row < 0 || row >= rows || column >= columns || value === undefined;
    if (tip.hidden) return;
    const channel = channels > 1 ? `, channel ${k % channels}` : "";
    tip.textContent = `filter ${Math.floor(k / channels)}${channel}, row ${row}, column ${column}: ${brief(value * one.part.step)}`;
    tip.style.left = `${Math.max(0, Math.min(event.clientX - home.left + 12, home.width - tip.offsetWidth))}px`;
    tip.style.top = `${Math.max(0, event.clientY - home.top - tip.offsetHeight - 10)}px`;
  }

  for (const one of views) {
    one.canvas.addEventListener("pointermove", (event) => point(one, event));
    one.canvas.addEventListener("pointerdown", (event) => point(one, event));
    one.canvas.addEventListener("pointerleave", () => { tip.hidden = true; });
  }

  return function show(run, report, table, ink) {
    const limit = Math.max(1e-9, ...run.reports.map((one) => one.filters.limit));
    const [weights, change] = views, [maps, channels, rows, columns] = report.shape;
    const kind = rows * columns > 400 ? "templates" : "filters";
    count.textContent = `${maps < report.of ? `${maps} of ${report.of}` : maps} ${kind} of ${channels > 1 ? `${channels}×` : ""}${rows}×${columns}`;
    weights.caption.textContent = `weights, ±${brief(limit)}`;
    change.caption.textContent = report.change && report.meanChange ? `change, ±${brief(report.change.limit)}` : "no change yet";
    change.caption.title = report.change && report.meanChange ? `Since the report before, each weight changed by ${brief(report.meanChange)} on average.` : "";
    paint(weights, report.filters, report.shape, limit, table, ink);
    change.canvas.hidden = !report.change;
    if (report.change) paint(change, report.change, report.shape, report.change.limit, table, ink);
    weights.canvas.setAttribute("aria-label", `${count.textContent}, weights from minus to plus ${format(limit)}`);
    change.canvas.setAttribute("aria-label", `Change of the weights since the report before: ${change.caption.textContent}. ${change.caption.title}`);
  };
}
