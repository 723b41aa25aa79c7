// One step taken apart: choose a picture for its answer and loss, an array for its update.

import { colourTable, themeOf } from "../shared/colours.js";
import { once } from "../shared/life.js";
import { enough, format } from "../shared/numbers.js";
import { element } from "../shared/page.js";
import { PALETTE } from "../shared/palette.js";

export default once((root) => {
  const all = root.querySelector(".batch"), strip = root.querySelector(".pictures");
  let data = null, pixels = null, step = null, picture = 0, parameter = 0;

  // Write a probability and its loss so that a calculator confirms them.
  function lossOf(probability, loss) {
    if (!probability || loss === null) return `${told(probability)} = ${told(loss)}`;
    const { texts, sign } = enough([probability], loss, (one) => -Math.log(one));
    return `${texts[0]} ${sign} ${format(loss)}`;
  }

  const told = (value) => (value === null ? "not finite" : format(value));

  function ink(canvas, at) {
    const { rows, columns } = data;
    canvas.width = columns;
    canvas.height = rows;
    const table = colourTable(PALETTE[themeOf(all)].unsigned);
    const image = canvas.getContext("2d").createImageData(columns, rows);
    const out = new Uint32Array(image.data.buffer), size = rows * columns;
    for (let p = 0; p < size; p += 1) out[p] = table[Math.round((256 / 255) * pixels[at * size + p])];
    canvas.getContext("2d").putImageData(image, 0, 0);
  }

  function pictures() {
    strip.replaceChildren();
    data.pictures.forEach((one, at) => {
      const button = element("button", one.said === one.label ? "" : "misread", strip);
      button.type = "button";
      ink(element("canvas", "", button), at);
      element("b", "", button, `${one.label} → ${one.said}`);
      element("br", "", button);
      element("span", "", button, told(one.loss));
      button.setAttribute("aria-pressed", String(at === picture));
      button.setAttribute("aria-label", `A ${one.label}, read as ${one.said}, loss ${told(one.loss)}`);
      button.addEventListener("click", () => { picture = at; paint(); strip.children[at].focus(); });
    });
  }

  function forward() {
    const one = data.pictures[picture], digits = root.querySelector(".digits");
    root.querySelector(".forward h3").textContent = `Forward: a ${one.label}, read as ${one.said}`;
    digits.replaceChildren();
    for (const text of ["", "", "logit", "softmax"]) element("span", "head", digits, text);
    one.logits.forEach((logit, digit) => {
      const name = digit === one.label ? "true" : "";
      element("span", name, digits, String(digit));
      element("i", "", element("div", "bar", digits)).style.width = `${100 * (one.probabilities[digit] ?? 0)}%`;
      element("span", name, digits, told(logit));
      element("span", name, digits, told(one.probabilities[digit]));
    });
    root.querySelector(".loss").textContent = `loss = −ln ${lossOf(one.probabilities[one.label], one.loss)}`;
  }

  function head(place, titles) {
    const row = document.createElement("tr");
    titles.forEach((title) => element("th", "", row, title));
    place.replaceChildren(row);
  }

  function backward() {
    const table = root.querySelector(".backward table");
    head(table.tHead, ["", "", "‖gradient‖", "‖w‖", "‖update‖"]);
    const most = Math.max(1e-30, ...data.parameters.map(({ gradient_norm: norm }) => norm ?? 0));
    table.tBodies[0].replaceChildren();
    data.parameters.forEach((one, at) => {
      const row = element("tr", "", table.tBodies[0]);
      row.setAttribute("aria-selected", String(at === parameter));
      const button = element("button", "", element("td", "", row), one.name);
      button.type = "button";
      button.title = one.shape.join(" × ");
      button.addEventListener("click", () => { parameter = at; paint(); });
      const bar = element("div", "bar", element("td", "shade", row));
      element("i", "", bar).style.width = `${(100 * (one.gradient_norm ?? most)) / most}%`;
      for (const name of ["gradient_norm", "norm_before", "update_norm"]) element("td", "", row, told(one[name]));
    });
  }

  function update() {
    const one = data.parameters[parameter], table = root.querySelector(".update table");
    root.querySelector(".update h3").textContent = `Update by ${data.optimizer}: ${one.name}, where the gradient is greatest`;
    root.querySelector(".rule").textContent = [...data.rule, data.constants].join("\n");
    const terms = Object.keys(one.terms);
    head(table.tHead, ["weight", "w before", "g", ...terms, "w after"]);
    table.tBodies[0].replaceChildren();
    one.indices.forEach((index, k) => {
      const row = element("tr", "", table.tBodies[0]);
      element("td", "", row, `[${index.join(", ")}]`);
      const numbers = [one.before[k], one.gradient[k], ...terms.map((name) => one.terms[name][k]), one.after[k]];
      numbers.forEach((value) => element("td", "", row, told(value)));
    });
  }

  function paint() {
    pictures();
    forward();
    backward();
    update();
  }

  return {
    update(component) {
      ({ data } = component);
      pixels = component.body;
      if (data.step !== step) {
        step = data.step;
        picture = data.worst;
        parameter = Math.min(parameter, data.parameters.length - 1);
      }
      paint();
      all.dataset.step = step;
    },
  };
});
