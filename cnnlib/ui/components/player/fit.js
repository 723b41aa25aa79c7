// The size of figures, and which of them stand beside each other.

import { grown, typeScale } from "../shared/presenter.js";
import { fitPictures } from "./pictures.js";
import { around, fitFigure, FRAME, NARROW, READABLE, SMALLEST } from "./sizes.js";

const LARGEST = 58, ABREAST = 22;   // widths of a cell
const BROAD = 1000;      // pixels from which a pile that has the whole width has room for its labels

// Give all panels cells of one size where these can be read side by side, else each panel a line;
// panels that a projector would have to scroll for are put under tabs.
export function fitAll(equation, panels, wide, high) {
  const shared = widthAbreast(panels, wide);
  if (!fitPictures(panels, wide, high, shared)) fitLines(panels, wide, high, shared);
  fitEquation(equation, wide);
}

// Return the width of a cell with which all panels stand side by side, or 0 if such a cell could
// not be read.
function widthAbreast(panels, wide) {
  const sum = (get) => panels.reduce((total, panel) => total + get(panel), 0);
  // Labels grow with the type. Captions stand out less where cells are wider.
  const room = (cell) => wide - 16 * (panels.length - 1) - sum((panel) => FRAME + typeScale() * (around(panel, cell) - FRAME));
  const columns = sum((panel) => panel.columns), width = room(room() / columns) / columns;
  const longest = Math.max(...panels.map((panel) => panel.longest));
  return width >= Math.max(ABREAST, 7 * longest + 5) ? width : 0;
}

function fitLines(panels, wide, high, shared) {
  const large = grown(), rows = Math.max(...panels.map((panel) => panel.rows));
  for (const panel of panels) {
    const line = (wide - FRAME - typeScale() * (wide < NARROW ? panel.least : wide < BROAD ? panel.overhead : panel.most ?? panel.overhead)) / panel.columns;
    const own = panel.widest ? Math.max(line, Math.min(READABLE, (wide - FRAME) / panel.widest)) : line;
    const smallest = panel.views[0].stems ? 3 : SMALLEST;
    const tallest = high / (shared ? rows : panel.rows);
    fitFigure(panel, Math.max(smallest, Math.min(large * LARGEST, shared || Math.min(large * 44, own))), Math.min(large * 48, tallest), high);
    panel.panel.classList.toggle("whole", !shared && own < 44);
  }
  panels[0].panel.parentNode.classList.toggle("side", shared > 0);
}

function fitEquation(equation, wide) {
  if (!equation) return;
  const narrow = wide < NARROW ? equation.columns - equation.walk.shapes.output[1] : equation.columns;
  const own = (wide - equation.overhead) / Math.max(narrow, equation.walk.shapes.output[1]);
  const large = grown();
  fitFigure(equation, Math.max(24, Math.min(large * LARGEST, own)), Math.max(24, large * Math.min(50, 150 / equation.rows)));
}
