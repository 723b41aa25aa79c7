// Each layer's output and the gradient of its weights, as small multiples.

import { format } from "../shared/numbers.js";
import { element, sizeCanvas } from "../shared/page.js";
import { typeScale } from "../shared/presenter.js";
import { brief } from "./numbers.js";

const BINS = 32;

export function layersOf(root) {
  const body = root.querySelector(".rows tbody");
  let names = "", rows = [];

  function build(layers) {
    body.replaceChildren();
    rows = layers.map((name) => {
      const row = element("tr", "", body);
      const head = element("th", "", row, name);
      head.scope = "row";
      head.title = name;
      const [activations, zeros, gradients, norm] = [0, 1, 2, 3].map(() => element("td", "", row));
      const strength = element("div", "norm", norm);
      return {
        activations: Object.assign(element("canvas", "", activations), { role: "img" }),
        zeros,
        gradients: Object.assign(element("canvas", "", gradients), { role: "img" }),
        bar: element("i", "", strength), norm: element("span", "", strength),
      };
    });
  }

  function histogram(canvas, counts, low, high, colour, ink, font, height) {
    const width = canvas.parentElement.clientWidth - 8;
    if (width < 20) return;
    const type = typeScale(), context = sizeCanvas(canvas, width, height), base = height - 11 * type, most = Math.sqrt(Math.max(1, ...counts));
    const zero = low < 0 && high > 0 ? (-low / (high - low)) * width : low >= 0 ? 0 : width;
    context.fillStyle = colour;
    const bin = width / BINS;
    counts.forEach((count, k) => {
      const tall = (Math.sqrt(count) / most) * (base - 1);
      context.fillRect(k * bin, base - tall, Math.max(1, bin - 0.7), tall);
    });
    context.fillStyle = ink;
    context.globalAlpha = 0.3;
    context.fillRect(0, base, width, 1);
    context.globalAlpha = 0.75;
    context.font = `${10 * type}px ${font}`;
    context.textBaseline = "bottom";
    const ends = [format(low), format(high)], [before, after] = ends.map((text) => context.measureText(text).width + 8);
    const words = [[ends[0], 0, "left"], [ends[1], width, "right"]];
    if (zero > before && zero < width - after) words.push(["0", zero, "center"]);
    for (const [text, at, align] of words) { context.textAlign = align; context.fillText(text, at, height + 1); }
    if (zero > 0 && zero < width) context.fillRect(zero - 0.5, 2, 1, base - 2);
    context.globalAlpha = 1;
  }

  function tell(canvas, sentence) {
    canvas.title = sentence;
    canvas.setAttribute("aria-label", sentence);
  }

  // Norms of all reports share one axis, so that scrubbing moves the bars and not their scale.
  function decades(run) {
    const all = run.reports.flatMap(({ ranges }) => [...ranges].filter((value, k) => k % 6 === 5 && value > 0 && Number.isFinite(value)));
    const high = Math.log10(Math.max(1e-9, ...all)), low = Math.log10(Math.min(1, ...all));
    return [low - 0.3, Math.max(high, low + 1)];
  }

  return function show(run, report, { signed, unsigned }, css, tall) {
    const key = report.layers.join();
    if (key !== names) { names = key; build(report.layers); }
    const [low, high] = decades(run);
    const type = typeScale(), height = Math.max(25 * type, Math.min(38 * type, Math.floor((0.46 * tall - 50 * type) / rows.length)));
    rows.forEach((row, k) => {
      const [least, most, steepest, steep, zeros, norm] = report.ranges.subarray(6 * k, 6 * k + 6);
      const part = (values) => values.subarray(BINS * k, BINS * (k + 1));
      const ink = css.color, font = css.fontFamily, name = report.layers[k];
      histogram(row.activations, part(report.activations), least, most, unsigned[18], ink, font, height);
      histogram(row.gradients, part(report.gradients), steepest, steep, signed[5], ink, font, height);
      tell(row.activations, `${name} hands on values from ${brief(least)} to ${brief(most)}`);
      tell(row.gradients, `${name}: gradients of its weights from ${brief(steepest)} to ${brief(steep)}`);
      row.zeros.textContent = zeros >= 0.0005 ? `${(100 * zeros).toFixed(zeros < 0.1 ? 1 : 0)}%` : "0%";
      row.norm.textContent = brief(norm);
      row.bar.style.width = `${norm > 0 ? type * Math.max(2, Math.min(44, (44 * (Math.log10(norm) - low)) / (high - low))) : 0}px`;
    });
  };
}
