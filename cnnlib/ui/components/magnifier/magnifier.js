// A picture, a kernel and their result: the window under the pointer, its products and their sum.

import { between, cellStyle, colourTable, themeOf } from "../shared/colours.js";
import { once } from "../shared/life.js";
import { format } from "../shared/numbers.js";
import { element } from "../shared/page.js";
import { PALETTE } from "../shared/palette.js";
import { fill, grown, heightLeft } from "../shared/presenter.js";

const COLOURS = ["red", "green", "blue"];
// Each row holds, for kernels up to a size: the width, height and type of a weight, how much
// smaller the other grids' cells are, and the width that all grids need.
const SIZES = [[3, 46, 30, 13, 1, 300], [5, 36, 20, 11, 0.84, 322], [9, 28, 17, 9, 1, 590], [Infinity, 22, 14, 8, 0.45, 380]];
const WRITTEN = 9;              // rows of a kernel beyond which window and products are only coloured
const GAPS = 28;                // pixels between the two pictures and the grids
const ABOVE = 300, LOWEST = 240; // pixels over and under the pictures on a projector

export default once((root) => {
  const all = root.querySelector(".magnifier");
  const sides = [".from", ".to"].map((name) => {
    const figure = root.querySelector(name);
    return { canvas: figure.querySelector("canvas"), frame: figure.querySelector(".frame"), caption: figure.querySelector("figcaption") };
  });
  const grids = [".weights", ".window .grid", ".products .grid"].map((name) => root.querySelector(name));
  const factors = [".column", ".row"].map((name) => root.querySelector(name)), times = root.querySelector(".times");
  const where = root.querySelector(".where"), sum = root.querySelector("output"), dot = root.querySelector(".dot");
  const note = root.querySelector(".note"), channels = root.querySelector(".channels"), sizes = root.querySelector(".sizes");
  let data = null, padded = null, shades = null, table = null, at = [0, 0], pinned = [0, 0], channel = 0;
  let typed = "", cells = [[], []], built = "", fitted = "", edit = () => {}, pin = () => {};

  const clamp = (value, most) => Math.max(0, Math.min(most - 1, value));
  // Levels go from 0, the darkest, to 1; on a signed scale the middle one of 255 shades is zero.
  const level = (shade) => shade / (data.signed ? 254 : 255);

  // ---- pictures -----------------------------------------------------------------------------
  function paint() {
    const [height, width] = data.size, [rows, columns] = data.result, [, across, depth] = data.padded;
    const [top, left] = data.pads;
    paintPicture(sides[0].canvas, height, width, (i, j, c) => padded[((i + top) * across + j + left) * depth + c]);
    const plain = data.signed && depth === 1;
    table = colourTable(PALETTE[themeOf(all)].signed);
    paintPicture(sides[1].canvas, rows, columns, (i, j, c) => 255 * level(shades[(i * columns + j) * depth + c]),
      plain && ((i, j) => table[Math.round(256 * level(shades[i * columns + j]))]));
    sides.forEach(({ caption, canvas }, side) => {
      caption.textContent = data.captions[side];
      canvas.setAttribute("aria-label", data.captions[side]);
    });
  }

  // Pictures leave room for the grids beside them, and on an ordinary page for a line below; in
  // presenter mode they fill the screen.
  function fit() {
    const [height, width] = data.size, narrow = all.clientWidth < 640;
    const most = narrow ? all.clientWidth / 2 : (all.clientWidth - GAPS - sizesOf()[4] * grown()) / 2;
    const lay = (size) => {
      for (const { canvas } of sides) {
        canvas.style.width = `${canvas.width * size}px`;
        canvas.style.imageRendering = Number.isInteger(size) ? "pixelated" : "auto";
      }
    };
    const low = Math.min(Math.max(LOWEST, innerHeight - ABOVE) / height, most / width);
    // Whole pixels stay whole where they are large enough to be seen.
    if (heightLeft() === null) lay(low < 2 ? low : Math.floor(Math.min(low, Math.max(2, 400 / Math.max(height, width)))));
    else fill(60, innerHeight, (tall) => lay(Math.min(tall / height, most / width)));
    fitted = `${all.clientWidth} ${heightLeft()}`;
  }

  function paintPicture(canvas, height, width, value, colour) {
    const depth = data.padded[2];
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext("2d"), image = context.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    for (let i = 0, p = 0; i < height; i += 1) {
      for (let j = 0; j < width; j += 1, p += 1) {
        if (colour) { pixels[p] = colour(i, j); continue; }
        const r = Math.round(value(i, j, 0)), g = depth > 1 ? Math.round(value(i, j, 1)) : r, b = depth > 1 ? Math.round(value(i, j, 2)) : r;
        pixels[p] = (255 << 24) | (b << 16) | (g << 8) | r;
      }
    }
    context.putImageData(image, 0, 0);
  }

  // ---- the grids ----------------------------------------------------------------------------
  const most = () => Math.max(data.kernel.length, data.kernel[0].length);
  const sizesOf = () => SIZES.find(([up]) => most() <= up).slice(1);

  function build() {
    const rows = data.kernel.length, columns = data.kernel[0].length, [w, h, f, less] = sizesOf();
    for (const grid of [...grids, ...factors]) {
      const [across, down] = grid === grids[1] || grid === grids[2] ? [less, most() > WRITTEN ? less : 1] : [1, 1], scale = grown();
      grid.replaceChildren();
      grid.style.gridTemplateColumns = `repeat(${grid === factors[0] ? 1 : columns}, ${w * across * scale}px)`;
      grid.style.setProperty("--w", `${w * across * scale}px`);
      grid.style.setProperty("--h", `${h * down * scale}px`);
      grid.style.setProperty("--f", `${f * scale}px`);
    }
    data.kernel.forEach((row, i) => row.forEach((text, j) => {
      const input = element("input", "", grids[0]);
      input.value = text;
      input.disabled = !data.editable;
      input.setAttribute("aria-label", `Weight in row ${i}, column ${j}`);
      input.addEventListener("change", () => send(texts()));
      input.addEventListener("keydown", (event) => { if (event.key === "Enter") input.blur(); });
    }));
    cells = [1, 2].map((which) => data.weights.flat().map(() => element("span", "", grids[which])));
    sizes.replaceChildren();
    const change = [
      ["− row", rows > 1, (t) => t.slice(0, -1)], ["+ row", rows < data.most, (t) => [...t, t[0].map(() => "0")]],
      ["− column", columns > 1, (t) => t.map((row) => row.slice(0, -1))], ["+ column", columns < data.most, (t) => t.map((row) => [...row, "0"])],
    ];
    for (const [label, can, make] of data.editable ? change : []) {
      const button = element("button", "", sizes, label);
      button.type = "button";
      button.disabled = !can;
      button.addEventListener("click", () => send(make(texts())));
    }
    root.querySelector(".size").textContent = `${rows}×${columns}`;
  }

  function texts() {
    const columns = data.kernel[0].length;
    const values = [...grids[0].children].map((input) => input.value.trim().replace(/[,;\s]+/g, "") || "0");
    return data.kernel.map((row, i) => values.slice(i * columns, (i + 1) * columns));
  }

  function send(rows) {
    edit(rows.map((row) => row.join(",")).join(";"));
  }

  function tint() {
    const limit = Math.max(1e-9, ...data.weights.flat().map(Math.abs));
    const stops = PALETTE[themeOf(all)].signed;
    [...grids[0].children].forEach((input, k) => Object.assign(input.style, cellStyle(data.weights.flat()[k] ?? 0, limit, stops)));
    // In an outer product, each weight is its row's factor times its column's.
    times.textContent = data.factors ? "×" : "";
    factors.forEach((grid, side) => {
      const values = data.factors?.[side] ?? [], most = Math.max(1e-9, ...values.map(Math.abs));
      grid.replaceChildren();
      for (const value of values) Object.assign(element("span", "", grid, format(tidy(value))).style, cellStyle(value, most, stops));
    });
  }

  function pickers() {
    const depth = data.padded[2];
    if (channels.childElementCount === (depth > 1 ? depth : 0)) return;
    channels.replaceChildren();
    channel = 0;
    if (depth > 1) COLOURS.forEach((name, c) => {
      const button = element("button", "", channels, name);
      button.type = "button";
      button.setAttribute("aria-pressed", String(c === 0));
      button.addEventListener("click", () => {
        channel = c;
        [...channels.children].forEach((other, k) => other.setAttribute("aria-pressed", String(k === c)));
        magnify();
      });
    });
  }

  // ---- the window under the pointer ---------------------------------------------------------
  function magnify() {
    const [, across, depth] = data.padded, [height, width] = data.size, [top, left] = data.pads;
    const kernel = data.weights, [row, column] = at;
    const stops = PALETTE[themeOf(all)].signed;
    const limit = 255 * Math.max(1e-9, ...kernel.flat().map(Math.abs));
    const [inputs, products] = cells, write = most() <= WRITTEN;
    let total = 0, k = 0;
    kernel.forEach((weights, s) => weights.forEach((weight, t) => {
      const pixel = padded[((row + s) * across + column + t) * depth + channel], product = pixel * weight;
      const i = row + s - top, j = column + t - left;
      total += product;
      inputs[k].textContent = write ? pixel : "";
      inputs[k].style.background = `rgb(${pixel},${pixel},${pixel})`;
      inputs[k].style.color = pixel < 130 ? "#fff" : "#10141c";
      inputs[k].className = i < 0 || j < 0 || i >= height || j >= width ? "outside" : "";
      products[k].textContent = write ? format(tidy(product)) : "";
      Object.assign(products[k].style, cellStyle(product, limit, stops));
      k += 1;
    }));
    where.textContent = `Output row ${row}, column ${column}`;
    sum.textContent = `Σ of ${k} products = ${number(total)}`;
    const shown = level(shades[(row * data.result[1] + column) * depth + channel]), grey = Math.round(255 * shown);
    dot.style.background = data.signed && depth === 1 ? `rgb(${between(stops, shown).join(",")})` : `rgb(${grey},${grey},${grey})`;
    mark(sides[0], row - top, column - left, kernel.length, kernel[0].length);
    mark(sides[1], row, column, 1, 1);
    all.dataset.at = `${row},${column}`;
  }

  const tidy = (value) => Math.round(value * 1e6) / 1e6;
  const number = (value) => String(Math.round(value * 1e3) / 1e3).replace("-", "−");

  function mark({ canvas, frame }, row, column, rows, columns) {
    const zoom = canvas.clientWidth / canvas.width;
    frame.style.transform = `translate(${column * zoom}px, ${row * zoom}px)`;
    frame.style.width = `${columns * zoom}px`;
    frame.style.height = `${rows * zoom}px`;
  }

  function place(side, event) {
    const { canvas } = sides[side], box = canvas.getBoundingClientRect();
    const row = Math.floor(((event.clientY - box.top) / box.height) * canvas.height);
    const column = Math.floor(((event.clientX - box.left) / box.width) * canvas.width);
    const shift = side ? [0, 0] : [data.pads[0] - (data.weights.length >> 1), data.pads[1] - (data.weights[0].length >> 1)];
    return [clamp(row + shift[0], data.result[0]), clamp(column + shift[1], data.result[1])];
  }

  function go(to) {
    if (to[0] === at[0] && to[1] === at[1]) return;
    at = to;
    magnify();
  }

  function fix(to) {
    pinned = to;
    at = to;
    magnify();
    pin(to);
  }

  sides.forEach(({ canvas }, side) => {
    canvas.addEventListener("pointermove", (event) => { if (data) go(place(side, event)); });
    canvas.addEventListener("pointerleave", () => { if (data) go(pinned); });
    canvas.addEventListener("click", (event) => { if (data) fix(place(side, event)); });
    canvas.addEventListener("keydown", (event) => {
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (!step) return;
      event.preventDefault();
      fix([clamp(at[0] + step[0], data.result[0]), clamp(at[1] + step[1], data.result[1])]);
    });
  });

  const resized = new ResizeObserver(() => { if (data) magnify(); });
  resized.observe(all);

  return {
    update({ data: next, body, say, keep, unheard }) {
      edit = (value) => say("kernel", value);
      pin = (value) => keep("at", value);
      const first = data === null, arrived = !first && next.arrival !== data.arrival;
      data = next;
      const count = data.padded[0] * data.padded[1] * data.padded[2];
      padded = body.slice(0, count);
      shades = body.slice(count);
      // A weight typed while an answer was on its way is newer than the answer.
      const stale = unheard("kernel");
      const shape = `${next.kernel.length}×${next.kernel[0].length} ${next.editable}`;
      if (shape !== built || (next.text !== typed && !stale)) {
        built = shape;
        typed = next.text;
        build();
      }
      if (!stale) tint();
      pickers();
      note.textContent = next.note;
      if (first || next.at.join() !== pinned.join()) pinned = next.at;
      pinned = [clamp(pinned[0], data.result[0]), clamp(pinned[1], data.result[1])];
      at = first || arrived ? pinned : [clamp(at[0], data.result[0]), clamp(at[1], data.result[1])];
      paint();
      fit();
      magnify();
    },
    refit: () => { if (data && `${all.clientWidth} ${heightLeft()}` !== fitted) { build(); tint(); fit(); magnify(); } },
    destroy() { resized.disconnect(); },
  };
});
