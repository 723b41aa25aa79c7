// Lit cells in words: the products and their sum, each step as a sentence, all steps as a table.

import { element } from "../shared/page.js";
import { nameOf } from "./walk.js";
import { termsOf, title } from "./words.js";

const MOST_CHIPS = 30;
const later = (task) => (window.requestIdleCallback ?? ((again) => setTimeout(again, 50)))(task);

export function ledgerOf(root, point) {
  const told = root.querySelector(".told"), sentence = root.querySelector(".sentence");
  const said = root.querySelector(".said"), table = root.querySelector(".table");
  let rowsOf = [];

  told.addEventListener("pointerover", (event) => {
    const chip = event.target.closest(".chip");
    if (chip && chip.dataset.row) point(rowsOf[Number(chip.dataset.row)]);
  });
  told.addEventListener("pointerleave", () => point(null));

  // More terms are written smaller, so that the ledger keeps its height and all below keeps its
  // place.
  const crowd = (count) => (count <= 6 ? "few" : count <= 12 ? "some" : "many");

  function chip(walk, row, parent, text) {
    const node = element("span", "chip", parent, text);
    node.dataset.row = rowsOf.push({ walk, row }) - 1;
  }

  // Write one output's products and sum, or where each product goes.
  function terms(walk, rows, output) {
    told.replaceChildren();
    rowsOf = [];
    if (output !== null) {
      const own = walk.rowsOfOutput(output);
      told.dataset.chips = crowd(own.length);
      const result = own.length ? walk.running(own[own.length - 1]) : "0";
      element("span", "name", told, `Output ${nameOf(walk, "output", output)}`);
      element("span", "equals", told, "=");
      const shown = own.length <= MOST_CHIPS ? own : own.slice(0, MOST_CHIPS);
      const [before, between, after] = walk.join;
      if (before && own.length) element("span", "plus", told, before);
      shown.forEach((row, at) => {
        if (at) element("span", "plus", told, between);
        chip(walk, row, told, walk.product(row));
      });
      if (shown.length < own.length) element("span", "plus", told, `${between} … ${termsOf(walk, own.length)}`);
      if (after && own.length) element("span", "plus", told, after);
      if (!own.length) element("span", "plus", told, walk.words.nothing);
      element("span", "equals", told, "=");
      element("output", "result", told, result);
      for (const node of told.querySelectorAll(".chip")) {
        node.classList.toggle("lit", rows.length < own.length && rows.includes(rowsOf[Number(node.dataset.row)].row));
      }
      return;
    }
    told.dataset.chips = crowd(2 * rows.length);
    rows.slice(0, MOST_CHIPS).forEach((row) => {
      const name = nameOf(walk, "output", walk.columns.output[row]);
      const value = walk.value(row), product = walk.product(row);
      chip(walk, row, told, `${product === value ? value : `${product} = ${value}`} → ${name}`);
    });
    if (rows.length > MOST_CHIPS) element("span", "plus", told, `… ${termsOf(walk, rows.length)}`);
  }

  return {
    terms,
    // Say the step in full; write the step without the sum that already stands above.
    say(text, aloud, rest = text) {
      sentence.textContent = rest;
      if (aloud) said.textContent = text;
    },
    clear() { told.replaceChildren(); },
    // The table is for ears, not for eyes, so the table can wait until the browser is idle.
    tabulate(walk) { later(() => write(walk)); },
  };

  function write(walk) {
    table.replaceChildren();
    element("caption", "", table, `${title(walk.operation)}, ${walk.method}, step by step`);
    const head = element("tr", "", element("thead", "", table));
    for (const text of ["Step", "What happens"]) element("th", "", head, text).scope = "col";
    const body = element("tbody", "", table);
    walk.steps.forEach((step, at) => {
      const row = element("tr", "", body);
      element("th", "", row, String(at + 1)).scope = "row";
      element("td", "", row, step.sentence);
    });
  }
}
