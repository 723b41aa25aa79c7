// Which view a grid gets.

import { canvasView } from "./canvas.js";
import { cellView } from "./cells.js";
import { stemView } from "./stems.js";

const MOST_ELEMENTS = 700;     // in one grid
const MOST_OF_ALL = 1600;      // in all grids of one walkthrough

export function viewOf(walk, grid, parent, paint, stems) {
  if (stems) return stemView(walk, grid, parent, paint);
  const many = grid.size > MOST_ELEMENTS || (grid.role === "copy" && walk.size > MOST_OF_ALL);
  return many ? canvasView(walk, grid, parent, paint) : cellView(walk, grid, parent, paint);
}
