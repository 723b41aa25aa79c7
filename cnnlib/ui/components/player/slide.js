// One grid slides under another; products stand under it, and their sum is the output.

import { element } from "../shared/page.js";
import { addView, unbroken } from "./figure.js";
import { isLong } from "./sizes.js";
import { title } from "./words.js";

export function buildSlide(figure, walk) {
  const slide = element("div", "slide", figure.node);
  const row = (label, sign) => {
    const caption = element("span", "label", slide, unbroken(label));
    element("span", "sign", slide, sign);
    return [element("div", "track", slide), caption];
  };
  const [[under], [times, moving], [sum, total]] = walk.panel.lines;
  const input = walk.grids.get(under), output = walk.grids.get(total);
  const view = addView(figure, walk, under, ...row(input.title, ""));
  const slider = addView(figure, walk, moving, ...row(walk.grids.get(moving).title, times));
  slider.node.classList.add("sliding");
  slider.node.parentNode.classList.add("moving");
  slider.node.parentNode.classList.toggle("long", isLong(walk));
  const products = isLong(walk) ? null : element("div", "products", row(title(walk.words.term[1]), "=")[0]);
  const beam = element("div", "beam", slide);
  const result = addView(figure, walk, total, ...row(output.title, products ? sum : "="));
  result.node.classList.add("total");
  const sums = products && slider.grid.numbers.map(() => element("div", "product", products));
  figure.slide = { walk, view, slider, products: sums, beam: beamOf(beam), result, slide };
  figure.columns = Math.max(input.columns, output.columns);
  figure.rows = isLong(walk) ? 4 : 5;
  figure.overhead = 116;
}

function beamOf(node) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(shape);
  node.append(svg);
  return { node, shape };
}

// Put the kernel under the window of one output, with its products; with null, the kernel waits.
export function placeSlider(figure, output, rows, shown) {
  const { slider, products, beam, placed } = figure.slide;
  slider.node.classList.toggle("away", output === null);
  if (output === null) {
    if (!placed) layUnder(figure, 0, rows, false);
    beam.shape.setAttribute("points", "");
    for (const product of products ?? []) product.textContent = "";
    return;
  }
  layUnder(figure, output, rows, shown);
}

function layUnder(figure, output, rows, shown) {
  const { walk, view, slider, products, beam, result } = figure.slide;
  figure.slide.placed = true;
  const own = walk.rowsOfOutput(output), also = walk.steps[walk.stepOfOutput.get(output)].also;
  const under = new Map(own.map((row) => [walk.columns.kernel[row], row]));
  const place = new Map(own.map((row) => [walk.columns.kernel[row], (walk.columns.place ?? walk.columns.input)[row]]));
  (also.kernel ?? []).forEach((kernel, at) => place.set(kernel, also.place[at]));
  const spots = slider.grid.numbers.map((number) => place.get(number));
  const first = Math.min(...spots), last = Math.max(...spots) + 1;
  if (slider.stems) slider.node.style.transform = `translateX(calc(${first} * var(--w)))`;
  else spots.forEach((spot, at) => slider.move(at, spot));
  products?.forEach((product, at) => {
    const row = under.get(slider.grid.numbers[at]);
    product.style.transform = `translateX(calc(${spots[at]} * var(--w)))`;
    product.textContent = shown ? (row === undefined ? "0" : walk.value(row)) : "";
    product.classList.toggle("lit", rows.includes(row));
    product.classList.toggle("idle", row === undefined);
  });
  const w = figure.w, shift = result.node.offsetLeft - view.node.offsetLeft;
  const high = beam.node.offsetHeight;
  const points = [[first * w, 0], [last * w, 0], [shift + (output + 1) * w, high], [shift + output * w, high]];
  beam.shape.setAttribute("points", points.map((point) => point.join()).join(" "));
}
