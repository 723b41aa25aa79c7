// Several methods on pictures and on long signals. A projector shows all of them at once as a quilt
// where that can be read; else the leading method shows, and the others wait under tabs.

import { grown, heightLeft } from "../shared/presenter.js";
import { around, fitFigure, FRAME, isLong, LEGIBLE, NARROW, READABLE, SMALLEST, TEXT_ROWS } from "./sizes.js";

const QUILT_FROM = 900;   // width from which a quilt is tried
const CHROME = 92;        // pixels that a panel needs in height besides its cells
const REMARK = 26;        // pixels for a line of counts below the cells
const QUILT_CELL = 19;    // height of a cell that can be read

// Fit panels, except numbers of one dimension that can stand side by side; return whether this was
// done.
export function fitPictures(panels, wide, high, abreast) {
  const host = panels[0].panel.parentNode, [{ walk }] = panels;
  const flat = walk.dimensions === 1, tabs = !flat || isLong(walk) || (!abreast && heightLeft() !== null);
  const here = tabs && panels.length > 1, quilted = here && !flat && wide >= QUILT_FROM && fitQuilt(panels, wide, high);
  host.classList.toggle("quilt", quilted);
  host.classList.toggle("tabs", here && !quilted);
  host.style.setProperty("--tabs", panels.length);
  if (here && !quilted) for (const panel of panels) fitTab(panel, wide, high);
  return here;
}

// The tall matrix stands beside the others, which share its height.
function fitQuilt(panels, wide, high) {
  const matrix = panels[panels.length - 1], others = panels.slice(0, -1);
  if (!matrix.walk.grids.has("matrix")) return false;
  const across = (panel, room) => Math.min(42 * grown(), (room - around(panel)) / panel.columns);
  const isWide = (panel, width) => width >= Math.max(20, 6 * panel.longest + 6);
  const narrow = across(matrix, wide * 0.4);
  const left = wide - 16 - around(matrix) - matrix.columns * narrow;
  const rows = others.reduce((sum, panel) => sum + panel.rows, 0);
  const down = (high + REMARK - CHROME * (others.length - 1)) / rows, low = high / matrix.rows;
  const fits = low >= SMALLEST && down >= QUILT_CELL && isWide(matrix, narrow) && others.every((panel) => isWide(panel, across(panel, left)));
  if (!fits) return false;
  fitFigure(matrix, narrow, Math.min(40 * grown(), low));
  for (const panel of others) fitFigure(panel, across(panel, left), Math.min(44 * grown(), down));
  return true;
}

function fitTab(panel, wide, high) {
  // A phone breaks a line of grids, so the widest grid decides.
  const own = wide < NARROW ? (wide - FRAME) / panel.widest : (wide - around(panel)) / panel.columns;
  const line = Math.max(3, Math.min(wide < NARROW ? READABLE : 48 * grown(), own));
  // Sums of letters take what is left over, and on a phone no more than there is.
  const spare = wide < NARROW ? wide - FRAME - panel.broads : wide - around(panel) - line * panel.columns;
  panel.stretch = panel.broads ? Math.max(0.75, Math.min(1.5, 1 + spare / panel.broads)) : 1;
  // A phone is scrolled anyway, so rows stay legible.
  const down = Math.max(high - (panel.remark.hidden ? 0 : REMARK), wide < NARROW && panel.rows <= TEXT_ROWS ? SMALLEST * panel.rows : 0);
  const square = line < LEGIBLE && !panel.views[0].stems ? line : Infinity;
  fitFigure(panel, line, Math.min(panel.views[0].stems ? Infinity : 44 * grown(), square, down / panel.rows), down);
}
