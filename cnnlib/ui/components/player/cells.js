// Grids of cells that can be read: one element for each cell, made once. Lighting toggles classes.

import { element } from "../shared/page.js";
import { gridNode, markers } from "./view.js";

export function cellView(walk, grid, parent, paint) {
  const node = gridNode("cells", grid, parent);
  node.style.gridTemplateColumns = `repeat(${grid.columns}, var(--w))`;
  const cells = grid.numbers.map((_, at) => {
    const cell = element("div", "cell", node);
    cell.dataset.cell = at;
    if (grid.ghost.has(at)) cell.classList.add("ghost");
    if (grid.tie && grid.tie[at] === -1) cell.classList.add("nothing");
    return cell;
  });
  const marker = markers((name, at, on) => cells[at].classList.toggle(name, on));
  const painted = [];   // the text and colour of each cell, so that only cells that change are touched
  const view = {
    walk, grid, node, mark: marker.mark,
    put(at, text, value) {
      const shows = `${text} ${value} ${grid.limit}`;
      if (painted[at] === shows) return;
      painted[at] = shows;
      const cell = cells[at];
      cell.textContent = text;
      cell.style.backgroundColor = cell.style.color = "";
      if (value !== null && text !== "") {
        const style = paint(value, grid.limit);
        cell.style.backgroundColor = style.background;
        cell.style.color = style.color;
      }
    },
    repaint() {
      painted.length = 0;
      if (grid.tie) cells.forEach((cell, at) => tieCell(cell, view.walk.marks, grid.tie[at]));
    },
    renew(walkNow, gridNow) { view.walk = walkNow; view.grid = grid = gridNow; node.setAttribute("aria-label", grid.title); },
    box: (at) => cells[at].getBoundingClientRect(),
    at: (event) => {
      const cell = event.target.closest?.(".cell");
      return cell && cell.parentNode === node ? Number(cell.dataset.cell) : -1;
    },
    move: (at, x) => { cells[at].style.transform = `translateX(calc(${x} * var(--w)))`; },
  };
  return view;
}

// Mark which weight a cell holds, whatever its value: by the mark's place at the cell's foot, from
// the first weight on the left to the last on the right, and by the mark's colour.
export function tieCell(cell, marks, weight) {
  const tied = Boolean(marks) && weight >= 0;
  cell.classList.toggle("tied", tied);
  // A cell holds a sum of weights where padding repeats cells.
  cell.classList.toggle("summed", weight === -2);
  if (!tied) return;
  const [colour, tint] = marks[weight], part = 100 / marks.length;
  const wider = marks.length > 6 ? 1 : 0;
  const style = { tie: colour, tint, from: `calc(${weight * part}% - ${wider}px)`, to: `calc(${(weight + 1) * part}% + ${wider}px)` };
  for (const [name, value] of Object.entries(style)) cell.style.setProperty(`--${name}`, value);
}
