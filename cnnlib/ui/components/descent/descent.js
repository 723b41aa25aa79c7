// A hidden kernel, the kernel learned so far, and the loss on a logarithmic scale.

import { cellStyle, themeOf } from "../shared/colours.js";
import { once } from "../shared/life.js";
import { format } from "../shared/numbers.js";
import { element } from "../shared/page.js";
import { PALETTE } from "../shared/palette.js";

export default once((root) => {
  const all = root.querySelector(".descent"), canvas = root.querySelector("canvas");
  const grids = [".hidden .grid", ".learned .grid"].map((name) => root.querySelector(name));

  function grid(place, weights, limit, stops) {
    const columns = weights[0].length, most = Math.max(columns, weights.length);
    const [w, h, f] = most <= 5 ? [38, 22, 11] : most <= 9 ? [26, 16, 8] : [12, 12, 0];
    place.style.gridTemplateColumns = `repeat(${columns}, ${w}px)`;
    place.style.setProperty("--w", `${w}px`);
    place.style.setProperty("--h", `${h}px`);
    place.style.setProperty("--f", `${f}px`);
    const values = weights.flat();
    while (place.childElementCount > values.length) place.lastChild.remove();
    while (place.childElementCount < values.length) element("span", "", place);
    values.forEach((value, k) => {
      const cell = place.children[k];
      cell.textContent = f ? format(Math.round(value * 1e3) / 1e3) : "";
      Object.assign(cell.style, cellStyle(value, limit, stops));
    });
  }

  function curve({ losses }) {
    const context = canvas.getContext("2d"), { width, height } = canvas;
    const css = getComputedStyle(all);
    context.clearRect(0, 0, width, height);
    if (losses.length < 2) return;
    const logs = losses.map((loss) => Math.log10(Math.max(loss, 1e-20)));
    const high = Math.max(...logs), low = Math.min(...logs, high - 1);
    context.strokeStyle = css.getPropertyValue("--st-primary-color");
    context.lineWidth = 4;
    context.beginPath();
    logs.forEach((value, k) => context.lineTo(8 + (k * (width - 16)) / (logs.length - 1), 8 + ((high - value) / (high - low)) * (height - 16)));
    context.stroke();
  }

  return {
    update({ data }) {
      const stops = PALETTE[themeOf(all)].signed;
      const limit = Math.max(1e-9, ...data.hidden.flat().map(Math.abs));
      grid(grids[0], data.hidden, limit, stops);
      grid(grids[1], data.learned, limit, stops);
      root.querySelector(".loss figcaption").textContent = data.sentence;
      canvas.setAttribute("aria-label", data.sentence);
      curve(data);
      all.dataset.steps = data.steps;
    },
  };
});
