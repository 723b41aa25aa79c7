// The choice of a grid's view.

import { canvasView } from "./canvas.js";
import { cellView } from "./cells.js";
import { stemView } from "./stems.js";

const MOST_ELEMENTS = 700;     // cells of one grid
const MOST_OF_ALL = 1600;      // cells of all grids of one walkthrough

export function viewOf(walk, grid, parent, paint, stems) {
  if (stems) return stemView(walk, grid, parent, paint);
  const many = grid.size > MOST_ELEMENTS || (grid.role === "copy" && walk.size > MOST_OF_ALL);
  return many ? canvasView(walk, grid, parent, paint) : cellView(walk, grid, parent, paint);
}
