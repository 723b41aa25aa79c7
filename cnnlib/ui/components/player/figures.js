// The layout of walkthroughs: the equation once for all of them, then a panel for each method.

import { element } from "../shared/page.js";
import { tieCell } from "./cells.js";
import { addView, block, figureOf, unbroken } from "./figure.js";
import { broadWidth, isBroad, isLong } from "./sizes.js";
import { buildSlide } from "./slide.js";
import { title } from "./words.js";

const EQUATION_ROWS = 8; // rows beyond which the equation would push everything else off the screen
const MOST_TIES = 16;    // weights that a legend lists
const MOST_PLACES = 6;   // places of marks that stand apart in a cell of the legend

export function buildFigures(walks, equationNode, panelsNode, paint, withEquation) {
  const bare = walks.findIndex((walk) => !walk.grids.get("input").ghosts.length);
  const number = Math.max(0, bare), written = walks[number];
  panelsNode.replaceChildren();
  equationNode.hidden = !withEquation || isLong(written) || written.shapes.output[0] > EQUATION_ROWS;
  return {
    equation: equationNode.hidden ? null : buildEquation(written, equationNode, paint, number),
    panels: walks.map((walk, at) => buildPanel(walk, at, panelsNode, paint, walks.length === 1, equationNode.hidden)),
  };
}

// Walkthroughs whose figures are the same except for numbers and titles use the same elements.
export const shapeOf = (walk) => [walk.method, ...walk.layout[0], JSON.stringify(walk.panel), ...[...walk.grids.values()].map((grid) => `${grid.id} ${grid.shape} ${grid.ghosts.length} ${isBroad(grid)}`)].join();

export function renewFigures(walks, equation, panels) {
  for (const figure of [equation, ...panels].filter(Boolean)) {
    figure.walk = walks[figure.number];
    figure.longest = 1;
    for (const view of figure.views) {
      view.renew(figure.walk, figure.walk.grids.get(view.grid.id));
      view.caption.textContent = unbroken(view.grid.title);
      if (!isBroad(view.grid)) figure.longest = Math.max(figure.longest, view.grid.longest);
    }
    if (figure.slide) figure.slide.walk = figure.walk;
    if (figure.remark) remark(figure, figure.walk, !equation);
  }
}

// Write the operands and the result as on a board.
function buildEquation(walk, host, paint, number) {
  const figure = Object.assign(figureOf(host, paint), { walk, number });
  host.replaceChildren();
  const line = element("div", "line", host);
  const [input, kernel] = ["input", "kernel"].map((id) => block(figure, walk, id, line, id === "kernel" && walk.layout[0][1]));
  block(figure, walk, "output", line, "=");
  figure.columns = [input, kernel].reduce((sum, { grid }) => sum + grid.columns, walk.shapes.output[1]);
  figure.rows = Math.max(input.grid.rows, kernel.grid.rows, walk.shapes.output[0]);
  figure.overhead = 90;
  return figure;
}

function buildPanel(walk, number, host, paint, alone, complete) {
  const panel = element("section", "panel", host);
  panel.dataset.walk = number;
  panel.setAttribute("aria-label", title(walk.method));
  const header = element("header", "", panel);
  const lead = element("button", "lead", header);
  lead.type = "button";
  element("i", "", lead, String(number + 1));
  element("b", "", lead, title(walk.method));
  element("span", "", lead, walk.words.tells);
  lead.title = `Step ${walk.words.tells} (key ${number + 1})`;
  const solo = element("button", "solo", header, "⤢");
  solo.type = "button";
  solo.title = "Show this method alone";
  solo.setAttribute("aria-label", `Show ${walk.method} alone`);
  solo.setAttribute("aria-pressed", "false");
  header.hidden = alone;
  const figure = figureOf(element("div", "figure", panel), paint);
  Object.assign(figure, { panel, lead, solo, number, walk });
  if (walk.panel.drawn === "slide") buildSlide(figure, walk);
  else if (walk.panel.drawn === "pile") buildPile(figure, walk);
  else buildLines(figure, walk, (complete && walk.panel.alone) || walk.panel.lines);
  const below = element("div", "below", panel);
  figure.remark = element("p", "remark", below);
  figure.legend = element("p", "legend", below);
  remark(figure, walk, complete);
  return figure;
}

// Write the walkthrough's counts, and the weights that a matrix shares, each with the mark of its
// tied entries. An equation above shows the kernel with its marks.
function remark(figure, walk, complete) {
  figure.remark.textContent = walk.remark;
  figure.remark.hidden = !walk.remark;
  const kernel = walk.grids.get("kernel");
  figure.legend.replaceChildren();
  figure.legend.hidden = !complete || !walk.grids.has("matrix") || kernel.size > MOST_TIES;
  if (figure.legend.hidden) return;
  figure.legend.classList.toggle("dense", kernel.size > MOST_PLACES);
  const summed = walk.grids.get("matrix").tie.includes(-2);
  figure.legend.title = "Entries with the same mark are tied: they are one weight.";
  element("span", "", figure.legend, "Tied:");
  if (summed) { const mark = element("b", "summed", figure.legend, "Σ"); mark.title = "The sum of several weights, where padding repeats cells."; }
  kernel.written.forEach((text, at) => tieCell(element("b", "", figure.legend, text), walk.marks, kernel.tie[at]));
}

// Lines of grids and signs.
function buildLines(figure, walk, lines) {
  for (const items of lines) {
    const line = element("div", "line", figure.node);
    const grids = items.filter((item) => walk.grids.has(item)).map((id) => walk.grids.get(id));
    let sign = "";
    for (const item of items) {
      if (walk.grids.has(item)) { block(figure, walk, item, line, sign); sign = ""; } else sign = item;
    }
    figure.columns = Math.max(figure.columns, grids.reduce((sum, grid) => sum + (isBroad(grid) ? 0 : grid.columns), 0));
    figure.widest = Math.max(figure.widest, ...grids.map((grid) => grid.columns));
    // A vector beside a flat matrix is squeezed: its cells may be as small as the matrix needs.
    const broad = grids.filter((grid) => grid.columns > 1);
    figure.rows += Math.max(...(broad.length ? broad : grids).map((grid) => grid.rows));
    const broads = grids.reduce((sum, grid) => sum + (isBroad(grid) ? grid.columns * broadWidth(grid) : 0), 0);
    figure.broads = Math.max(figure.broads, broads);
    figure.overhead = figure.least = Math.max(figure.overhead, 46 * (items.length - grids.length) + 14 + broads);
  }
}

// Pile grids under one another, so that one output sums a column of the pile.
function buildPile(figure, walk) {
  const pile = element("div", "pile", figure.node);
  for (const items of walk.panel.lines) {
    const id = items[items.length - 1], grid = walk.grids.get(id);
    const caption = element("span", "label", pile, unbroken(grid.title));
    element("span", "sign", pile, items.length > 1 ? items[0] : "");
    addView(figure, walk, id, pile, caption).node.classList.toggle("total", id === "output");
    figure.rows += 1;
  }
  figure.columns = walk.shapes.output[1];
  figure.overhead = 148;
  figure.most = 226;
}
