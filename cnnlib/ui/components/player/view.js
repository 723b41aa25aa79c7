// Every kind of view offers three functions: `put` writes a cell, `mark` gives a set of cells a class and
// takes it from the cells that had it, `box` tells where a cell is drawn.

import { cellStyle } from "../shared/colours.js";
import { element } from "../shared/page.js";
import { ROLES } from "./walk.js";

export function gridNode(kind, grid, parent) {
  const node = element("div", `${kind} ${ROLES[grid.role] ?? grid.role}`, parent);
  node.tabIndex = -1;
  node.dataset.grid = grid.id;
  node.setAttribute("role", "group");
  node.setAttribute("aria-label", grid.title);
  return node;
}

export function markers(toggle) {
  const marked = {};
  return {
    marked,
    mark(name, cells) {
      const before = marked[name] ?? [];
      for (const at of before) if (!cells.includes(at)) toggle(name, at, false);
      for (const at of cells) if (!before.includes(at)) toggle(name, at, true);
      marked[name] = cells;
    },
  };
}

// The colours of cells. There are few different shades, and each is mixed once.
export function painter(stops) {
  const mixed = new Map();
  return (value, limit) => {
    const shade = Math.round((256 * value) / limit);
    if (!mixed.has(shade)) mixed.set(shade, cellStyle(shade, 256, stops));
    return mixed.get(shade);
  };
}
