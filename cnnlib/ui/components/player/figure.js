// One figure of a walkthrough: its grids as views, and the counts from which their sizes follow.

import { element } from "../shared/page.js";
import { isBroad, isLong } from "./sizes.js";
import { viewOf } from "./views.js";

// A caption's signs stay with their letters.
export const unbroken = (text) => text.replace(/ ([∗⊗]) /g, "\u00a0$1\u00a0");

export function figureOf(node, paint) {
  return { node, paint, views: [], slide: null, columns: 0, widest: 0, rows: 0, overhead: 0, least: 20, longest: 1, broads: 0, stretch: 1 };
}

export function addView(figure, walk, id, parent, caption) {
  const grid = walk.grids.get(id);
  const stems = isLong(walk) && grid.rows === 1;
  const view = viewOf(walk, grid, parent, figure.paint, stems);
  Object.assign(view, { stems, caption });
  figure.views.push(view);
  if (!isBroad(grid)) figure.longest = Math.max(figure.longest, grid.longest);
  return view;
}

export function block(figure, walk, id, line, sign) {
  if (sign) element("span", "sign", line, sign);
  const box = element("figure", "block", line);
  const caption = element("figcaption", "", box, unbroken(walk.grids.get(id).title));
  return addView(figure, walk, id, box, caption);
}
