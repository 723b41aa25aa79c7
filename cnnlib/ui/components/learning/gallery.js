// Mistakes as pictures, with what they are and what they were taken for.

import { element } from "../shared/page.js";
import { SIDE } from "./history.js";

const MOST_TILES = 60, FEW = 12;

export function galleryOf(root, view, pick) {
  const panel = root.querySelector(".gallery"), tiles = panel.querySelector(".tiles");
  const count = panel.querySelector(".count"), none = panel.querySelector(".none"), all = panel.querySelector(".all");
  const made = [];
  all.addEventListener("click", () => view.choose(null));
  tiles.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) pick(Number(button.dataset.picture));
  });

  function tile(k) {
    if (made[k]) return made[k];
    const button = element("button", "", tiles), canvas = element("canvas", "", button);
    button.type = "button";
    canvas.width = canvas.height = SIDE;
    const context = canvas.getContext("2d"), image = context.createImageData(SIDE, SIDE);
    made[k] = { button, context, image, pixels: new Uint32Array(image.data.buffer), words: element("b", "", button), sure: element("span", "", button), painted: "" };
    return made[k];
  }

  function paint(one, { shades }, table, key) {
    if (one.painted === key) return;
    one.painted = key;
    for (let i = 0; i < shades.length; i += 1) {
      one.pixels[2 * i] = table[(shades[i] >> 4) * 17];
      one.pixels[2 * i + 1] = table[(shades[i] & 15) * 17];
    }
    one.context.putImageData(one.image, 0, 0);
  }

  const whole = (number) => number.toLocaleString("en");
  const fits = (chosen, truth, said) => (chosen.truth ?? truth) === truth && (chosen.said ?? said) === said;

  // Return the name of the chosen cell, row or column, and its number of images.
  function told({ truth, said }, { confusion }) {
    let sum = 0;
    confusion.forEach((n, at) => {
      const row = Math.floor(at / 10), column = at % 10;
      if (fits({ truth, said }, row, column) && (row !== column || truth === said)) sum += n;
    });
    const name = truth === undefined ? `others read as ${said}` : said === undefined ? `${truth} misread` : `${truth} read as ${said}`;
    return { name, sum, right: truth === said };
  }

  return function show(run, report, table, theme) {
    const { chosen } = view, found = [];
    for (let k = 0; k < report.wrong.length; k += 1) {
      const picture = run.pictures.get(report.wrong[k]);
      if (picture && (!chosen || fits(chosen, picture.label, report.said[k]))) found.push(k);
    }
    const cell = chosen && told(chosen, report);
    const sum = cell ? cell.sum : report.mistakes, shown = Math.min(found.length, MOST_TILES);
    all.hidden = !chosen;
    count.textContent = cell ? `${cell.name}: ${cell.sum}` : `${whole(sum)} of ${whole(run.validation)}`;
    if (shown < sum && !cell?.right) count.textContent += `, the ${shown} most confident`;
    else if (!cell) count.textContent += ", most confident first";
    for (let k = 0; k < Math.max(shown, made.length); k += 1) {
      const one = tile(k);
      one.button.hidden = k >= shown;
      if (k >= shown) continue;
      const number = report.wrong[found[k]], picture = run.pictures.get(number), said = report.said[found[k]];
      const sure = `${Math.floor(100 * report.confidence[found[k]])}%`, words = `${picture.label} → ${said}`;
      paint(one, picture, table, `${run.id} ${number} ${theme}`);
      if (one.words.textContent !== words) one.words.textContent = words;
      if (one.sure.textContent !== sure) one.sure.textContent = sure;
      if (one.button.dataset.picture !== String(number)) one.button.dataset.picture = number;
      one.button.setAttribute("aria-label", `A ${picture.label}, read as ${said} with ${sure} confidence. Open it.`);
    }
    tiles.classList.toggle("few", shown <= FEW);
    none.hidden = shown > 0;
    if (cell?.right) none.textContent = `${cell.sum} images of ${chosen.truth} are read right.`;
    else if (cell) none.textContent = cell.sum ? "None of them is among the most confident mistakes of this report." : "This mistake is not made.";
    else none.textContent = "Every validation image is read right.";
  };
}
