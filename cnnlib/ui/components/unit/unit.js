// One unit written out: inputs, weights and products of one map at a time, then the whole sum.

import { cellStyle, themeOf } from "../shared/colours.js";
import { once } from "../shared/life.js";
import { enough, format } from "../shared/numbers.js";
import { element } from "../shared/page.js";
import { PALETTE } from "../shared/palette.js";
import { written } from "./lines.js";

const NUMBERS_UP_TO = 3, BESIDE_UP_TO = 8;   // columns of a grid with numbers, and of three grids beside each other
const WIDE = 206, THIRD = 57;   // pixels for one grid, and for each of three

export default once((root) => {
  const unit = root.querySelector(".unit"), body = root.querySelector(".body");
  const channels = root.querySelector(".channels"), grids = root.querySelector(".grids");
  const product = root.querySelector(".product"), sum = root.querySelector(".sum");
  let data = null, where = "", map = 0, pinned = null, release = () => {};

  const largest = (rows) => Math.max(1e-9, ...rows.flat(2).map(Math.abs));

  function paint() {
    const { terms } = data;
    const stops = PALETTE[themeOf(unit)].signed;
    root.querySelector("h3").textContent = data.title;
    root.querySelector(".value").textContent = format(data.value);
    channels.hidden = terms.products === null || terms.products.length < 2;
    channels.replaceChildren();
    if (!channels.hidden) {
      const limit = largest([[data.sums]]);
      data.sums.forEach((value, at) => {
        const button = element("button", "", channels, String(data.maps[at]));
        button.type = "button";
        Object.assign(button.style, cellStyle(value, limit, stops));
        button.title = `map ${data.maps[at]}: ${format(value)}`;
        button.setAttribute("aria-pressed", String(at === map));
        button.setAttribute("aria-label", `Map ${data.maps[at]}, sum ${format(value)}`);
        button.addEventListener("click", () => { map = at; pinned = null; paint(); });
      });
    }
    grids.replaceChildren();
    if (terms.inputs !== null) grid("input", `input${many(terms.inputs) ? `, map ${data.maps[map]}` : ""}`, terms.inputs, stops);
    if (terms.weights !== null) { element("div", "sign", grids, "×"); grid("weight", "weights", terms.weights, stops); }
    if (terms.products !== null) { element("div", "sign", grids, "="); grid("product", "products", terms.products, stops); }
    light(pinned);
    sum.replaceChildren();
    written(data.lines).forEach(({ label, value }, at) => line(label, value, at === data.lines.length - 1));
  }

  const many = (stack) => stack.length > 1;

  function line(label, value, last) {
    const row = element("div", last ? "total" : "", sum);
    element("span", "", row, label);
    element("span", "", row, value);
  }

  function grid(kind, caption, stack, stops) {
    const rows = stack[map], limit = largest(stack), columns = rows[0].length;
    element("p", "caption", grids, caption);
    const box = element("div", columns > NUMBERS_UP_TO ? "grid small" : "grid", grids);
    box.dataset.kind = kind;
    const small = columns > NUMBERS_UP_TO, beside = small && columns <= BESIDE_UP_TO;
    grids.classList.toggle("beside", beside);
    const size = Math.floor((beside ? THIRD : WIDE) / columns) - 1;
    box.style.gridTemplateColumns = `repeat(${columns}, ${small ? `${Math.min(18, size)}px` : "max-content"})`;
    rows.forEach((row, i) => row.forEach((value, j) => {
      const cell = element("button", "", box, format(value));
      cell.type = "button";
      cell.dataset.cell = `${i},${j}`;
      Object.assign(cell.style, cellStyle(value, limit, stops));
      if (data.outside?.[map]?.[i]?.[j]) { cell.classList.add("outside"); cell.title = "padding: outside the map"; }
      if (data.winner && data.winner[0] === i && data.winner[1] === j) cell.classList.add("winner");
      cell.setAttribute("aria-label", `${kind}, row ${i}, column ${j}: ${format(value)}`);
      cell.addEventListener("pointerenter", () => light([i, j]));
      cell.addEventListener("pointerleave", () => light(pinned));
      cell.addEventListener("focus", () => light([i, j]));
      cell.addEventListener("click", () => { pinned = [i, j]; light(pinned); });
    }));
  }

  // One cell of one grid lights the same place in the others, with its one multiplication.
  function light(cell) {
    for (const button of grids.querySelectorAll("button")) {
      button.classList.toggle("lit", Boolean(cell) && button.dataset.cell === cell.join());
    }
    const { inputs, weights, products } = data.terms;
    if (!cell || !products) {
      product.textContent = products ? "Point at a cell: one multiplication" : "";
      return;
    }
    const [i, j] = cell;
    const told = enough([inputs[map][i][j], weights[map][i][j]], products[map][i][j], (one, two) => one * two);
    product.textContent = `${told.texts.join(" × ")} ${told.sign} ${format(products[map][i][j])}`;
  }

  root.querySelector(".close").addEventListener("click", () => release());

  return {
    update(component) {
      release = () => component.say("release", true);
      data = component.data.unit;
      unit.classList.toggle("chosen", Boolean(data));
      body.hidden = !data;
      root.querySelector(".hint").hidden = Boolean(data);
      if (!data) { where = ""; return; }
      if (data.title !== where) {
        where = data.title;
        pinned = null;
        // The map that adds most is the one to look at first.
        const sums = data.sums?.map(Math.abs) ?? [0];
        map = sums.indexOf(Math.max(...sums));
      }
      paint();
    },
  };
});
