// The size of a figure's cells.

import { grown } from "../shared/presenter.js";

const STEMS_FROM = 41;   // columns of a signal that is drawn as stems
export const READABLE = 30, SMALLEST = 15;   // widths of a cell
const STEM_HIGH = 84, LEAST_STEM = 44;
export const LEGIBLE = 10;      // height of a cell that has text
export const NARROW = 640;      // pixels of a page on which the output stands below the operands
export const FRAME = 38;        // pixels of a panel's own edges
export const TEXT_ROWS = 40;    // rows of a matrix beyond which its cells are only coloured

export const isLong = (walk) => walk.dimensions === 1 && walk.shapes.output[1] >= STEMS_FROM;

// Sums of letters need cells of a width of their own.
export const isBroad = (grid) => grid.longest > 10;
export const broadWidth = (grid, stretch = 1) => Math.ceil(grown() * stretch * (6.7 * grid.longest + 10));

// Give a figure cells of this width, no higher than `tallest`.
export function fitFigure(figure, width, tallest, room = tallest * figure.rows) {
  const dense = figure.rows > TEXT_ROWS || (figure.walk.dimensions === 2 && tallest < LEGIBLE);
  const least = figure.walk.dimensions === 2 ? LEGIBLE : SMALLEST;
  const h = Math.floor(dense ? Math.max(3, tallest) : Math.max(least, Math.min(width, tallest)));
  const w = dense ? h : Math.floor(width);
  const tall = h < 28 ? Math.min(14.5, h * 0.66) : h * 0.52;
  const fontFor = (longest) => Math.max(9, Math.min(tall, (w - 5) / (0.6 * longest)));
  const stem = Math.round(Math.max(LEAST_STEM, Math.min(grown() * STEM_HIGH, tallest)));
  figure.w = w;
  figure.node.style.setProperty("--stem", `${stem}px`);
  figure.node.style.setProperty("--w", `${w}px`);
  figure.node.style.setProperty("--h", `${h}px`);
  figure.node.style.setProperty("--font", `${fontFor(figure.longest).toFixed(1)}px`);
  for (const view of figure.views) {
    const { columns, rows } = view.grid, squeezed = columns === 1 && rows > figure.rows;
    const own = squeezed ? Math.max(3, Math.min(h, Math.floor(room / rows))) : h;
    const font = isBroad(view.grid) ? 12.5 * grown() * figure.stretch : fontFor(view.grid.longest);
    view.node.style.setProperty("--h", `${own}px`);
    if (isBroad(view.grid)) view.node.style.setProperty("--w", `${broadWidth(view.grid, figure.stretch)}px`);
    view.node.style.setProperty("--font", `${(own < h ? Math.min(font, 0.7 * own) : font).toFixed(1)}px`);
    const tight = figure.walk.dimensions === 2 && !isBroad(view.grid) && w < 5.4 * view.grid.longest;
    view.node.classList.toggle("dense", own < LEGIBLE || tight);
    view.fit?.(w, view.stems ? stem : own);
  }
}

// Return the width that a panel needs besides its cells: a caption is wider than a single column of them.
export function around(panel, cell = 26) {
  const single = panel.views.filter(({ grid }) => grid.columns === 1 && !isBroad(grid));
  return FRAME + panel.overhead + single.reduce((sum, { grid }) => sum + Math.max(0, 6 * grid.title.length - cell), 0);
}
