// Every map of every layer, painted from one packet; hovering tells a value, a click chooses a unit.
// Positions of windows come from Python: nothing here knows how layers are connected.

import { colourTable, themeOf } from "../shared/colours.js";
import { once } from "../shared/life.js";
import { format } from "../shared/numbers.js";
import { element, sizeCanvas } from "../shared/page.js";
import { PALETTE } from "../shared/palette.js";
import { grown, heightLeft } from "../shared/presenter.js";
import { openValues } from "./values.js";

const LABEL = 96, COLUMN_GAP = 18, MOST_COLUMNS = 3;
const MENU = 110;      // pixels of an ordinary page above and below the maps
const SMALLEST = 0.4;  // of the size of maps on an ordinary page

export default once(createView);

function createView(root) {
  const net = root.querySelector(".net"), first = root.querySelector(".first"), list = root.querySelector(".rows");
  const tip = root.querySelector(".tip"), spoken = root.querySelector("[aria-live]");
  let packet = null, rows = [], steps = [], signature = "", hovered = null, fitted = "";
  let cursor = null;   // the chosen unit
  let choose = () => {};

  const css = (name) => getComputedStyle(net).getPropertyValue(name).trim();

  function tables() {
    const palette = PALETTE[themeOf(net)];
    const key = palette.signed.join() + palette.unsigned.join();
    if (tables.key !== key) {
      tables.key = key;
      tables.stops = palette;
      tables.made = { signed: colourTable(palette.signed), unsigned: colourTable(palette.unsigned) };
    }
    return tables.made;
  }

  // ---- building the rows, once for each network ---------------------------------------------
  function build({ layers, framing }) {
    list.replaceChildren();
    first.replaceChildren();
    element("div", "label", first);
    const strip = element("div", "steps", first);
    steps = framing.map(({ name, caption }, i) => {
      if (i) element("span", "arrow", strip).textContent = "→";
      const figure = element("figure", "step", strip);
      const canvas = element("canvas", "", figure);
      canvas.dataset.step = name;
      element("figcaption", "", figure).textContent = caption;
      return { canvas, scratch: document.createElement("canvas") };
    });
    const key = element("div", "key", strip);
    key.innerHTML = "<i></i><span><b>−</b><b>0</b><b>+</b></span>one scale for each layer";
    rows = layers.map((layer, at) => {
      if (at === 0) return inputRow(layer);
      const row = element("div", "row", list);
      const label = element("div", "label", row);
      element("b", "", label, layer.name);
      element("span", "", label, layer.shape.join("×"));
      label.title = `${layer.name}: ${layer.shape.join("×")}`;
      const canvas = element("canvas", "maps", row);
      return dress({ layer, at, canvas, label, scratch: document.createElement("canvas") });
    });
    fitted = "";
    // The last framing step is the network's input: units of it can be chosen like any other.
    function inputRow(layer) {
      const { canvas, scratch } = steps[steps.length - 1];
      canvas.classList.add("maps");
      return dress({ layer, at: 0, canvas, scratch });
    }
  }

  function dress(row) {
    const { canvas, layer } = row;
    canvas.tabIndex = 0;
    canvas.dataset.layer = layer.name;
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-label", `${layer.name}: ${layer.shape.join(" by ")}. ` +
      "Arrow keys move the chosen unit, Page Up and Page Down change the map, Escape lets go.");
    canvas.addEventListener("pointermove", (event) => hover(row, event));
    canvas.addEventListener("pointerleave", () => { hovered = null; tip.hidden = true; });
    canvas.addEventListener("click", (event) => pick(row, unitAt(row, event)));
    canvas.addEventListener("keydown", (event) => key(row, event));
    return row;
  }

  // ---- painting -----------------------------------------------------------------------------
  // Whole device pixels for each cell keep all cells of a map equally large.
  function cellThatFits({ layer, gap }, room, perLine) {
    const dpr = devicePixelRatio;
    return Math.floor(((room - (perLine - 1) * gap) * dpr) / (perLine * layer.shape[2])) / dpr;
  }

  // Return the height that is left below the maps; other figures of the page may reach further
  // down.
  function free() {
    const content = document.querySelector("[data-testid=stMainBlockContainer]")?.firstElementChild;
    const down = net.getBoundingClientRect().bottom, left = heightLeft();
    if (left === null) return innerHeight - MENU - net.offsetHeight;
    return left + content.offsetHeight - (down - content.getBoundingClientRect().top);
  }

  const room = () => `${net.clientWidth} ${innerHeight} ${devicePixelRatio} ${heightLeft()}`;

  // A deep network's rows stand in several columns. An ordinary page has the fewest columns that
  // need no scrolling; presenter mode has the columns that make maps largest.
  function layout() {
    const wide = innerWidth > 640, usual = wide ? Math.max(1, innerHeight / 720) : 1;
    list.style.columnCount = 1;
    list.classList.remove("dense");
    net.style.setProperty("--label", "max-content");
    const label = Math.min(LABEL * grown(), Math.ceil(Math.max(0, ...rows.slice(1).map((row) => row.label.getBoundingClientRect().width))));
    net.style.setProperty("--label", `${label}px`);
    const lay = ([columns, large]) => {
      list.style.columnCount = columns;
      list.classList.toggle("dense", columns > 1);
      const across = (net.clientWidth - COLUMN_GAP * (columns - 1)) / columns - (wide ? label + 6 : 0);
      for (const row of rows.slice(1)) measure(row, large, Math.max(100, across), columns > 1 ? 1 : usual * 1.4);
      const cell = wide ? (columns > 1 ? 2 : 3) * large : 3.4;
      Object.assign(rows[0], { perLine: 1, gap: 0, cell: Math.max(1, Math.floor(cell * devicePixelRatio) / devicePixelRatio) });
      for (const { canvas } of steps) shape(canvas, 28 * rows[0].cell, 28 * rows[0].cell);
      return [columns, large];
    };
    const tries = [];
    for (let columns = 1; columns <= (wide ? MOST_COLUMNS : 1); columns += 1) {
      let large = heightLeft() === null ? usual : SMALLEST;
      for (let step = heightLeft() === null ? 0 : 1.6; step > 0.04; step /= 2) {
        lay([columns, large + step]);
        if (free() >= 0) large += step;
      }
      lay([columns, large]);
      tries.push({ lay: [columns, large], fits: free() >= 0, cell: Math.min(...rows.slice(1).map((row) => row.cell * row.layer.shape[2])) });
    }
    const fitting = tries.filter(({ fits }) => fits);
    const best = heightLeft() === null ? fitting[0] : fitting.sort((one, other) => other.cell - one.cell)[0];
    lay((best ?? tries.at(-1)).lay);
    fitted = room();
  }

  // A layer's maps stand in several lines rather than be smaller than `least` for a cell of 28×28.
  function measure(row, large, across, least) {
    const [channels, height, width] = row.layer.shape, natural = width > 7 ? 2 : width > 1 ? 4 : 9, goal = large * natural;
    row.gap = width > 14 ? 2 : 1;
    row.perLine = channels;
    while (row.perLine > 4 && cellThatFits(row, across, row.perLine) < (least * natural) / 2) {
      row.perLine = Math.ceil(row.perLine / 2);
    }
    const fits = cellThatFits(row, across, row.perLine), dots = devicePixelRatio;
    row.cell = Math.max(1 / dots, Math.min(fits, Math.round(goal * dots) / dots));
    const lines = Math.ceil(channels / row.perLine);
    shape(row.canvas, row.perLine * (width * row.cell + row.gap) - row.gap, lines * (height * row.cell + row.gap) - row.gap);
  }

  // Set the size of a canvas on the page; painting gives the canvas its pixels.
  function shape(canvas, width, height) {
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }

  function place(row, channel) {
    const [, height, width] = row.layer.shape;
    const column = channel % row.perLine, line = Math.floor(channel / row.perLine);
    return { left: column * (width * row.cell + row.gap), top: line * (height * row.cell + row.gap) };
  }

  function paint() {
    if (!packet || !net.clientWidth) return;
    if (!fitted) layout();
    const colours = tables();
    rows.forEach((row) => paintRow(row, colours));
    paintSteps(colours.unsigned);
    root.querySelector(".key i").style.background = `linear-gradient(90deg, ${tables.stops.signed.join(",")})`;
    markWindows();
  }

  function paintRow(row, colours) {
    const { canvas, scratch, layer } = row;
    const [channels, height, width] = layer.shape;
    const table = colours[layer.scale], signed = layer.scale === "signed";
    scratch.width = width;
    scratch.height = height * channels;
    const brush = scratch.getContext("2d");
    const image = brush.createImageData(width, height * channels);
    const pixels = new Uint32Array(image.data.buffer);
    const factor = (signed ? 128 : 256) / layer.limit, zero = signed ? 128 : 0;
    const values = packet.values[row.at];
    for (let i = 0; i < pixels.length; i += 1) {
      pixels[i] = table[Math.max(0, Math.min(256, Math.round(zero + factor * (values ? values[i] : 0))))];
    }
    brush.putImageData(image, 0, 0);
    const lines = Math.ceil(channels / row.perLine);
    const context = sizeCanvas(canvas, row.perLine * (width * row.cell + row.gap) - row.gap, lines * (height * row.cell + row.gap) - row.gap);
    context.imageSmoothingEnabled = false;
    context.fillStyle = css("--st-border-color");
    context.fillRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    for (let channel = 0; channel < channels; channel += 1) {
      const { left, top } = place(row, channel);
      context.drawImage(scratch, 0, channel * height, width, height, left, top, width * row.cell, height * row.cell);
    }
  }

  function paintSteps(table) {
    const side = 28 * rows[0].cell;
    packet.header.framing.forEach(({ shape, box, at }, i) => {
      if (i === steps.length - 1) return;
      const { canvas, scratch } = steps[i];
      const context = sizeCanvas(canvas, side, side);
      if (!shape) return;
      const [height, width] = shape;
      scratch.width = width;
      scratch.height = height;
      const image = scratch.getContext("2d").createImageData(width, height);
      const out = new Uint32Array(image.data.buffer);
      for (let p = 0; p < out.length; p += 1) out[p] = table[Math.round((256 / 255) * packet.pixels[at + p])];
      scratch.getContext("2d").putImageData(image, 0, 0);
      const scale = side / Math.max(height, width);
      context.imageSmoothingEnabled = width > side;
      context.drawImage(scratch, 0, 0, width * scale, height * scale);
      if (box) outline(context, box[1] * scale, box[0] * scale, (box[3] - box[1]) * scale, (box[2] - box[0]) * scale, true);
    });
  }

  function outline(context, left, top, width, height, dashed) {
    context.save();
    context.lineWidth = 3;
    context.strokeStyle = css("--st-background-color");
    context.strokeRect(left, top, width, height);
    context.lineWidth = 1.5;
    if (dashed) context.setLineDash([4, 3]);
    context.strokeStyle = css("--st-primary-color");
    context.strokeRect(left, top, width, height);
    context.restore();
  }

  function markWindows() {
    if (!cursor) return;
    for (const { activation, channels, rows: [top, bottom], columns: [left, right] } of packet.header.windows) {
      const row = rowOf(activation);
      if (!row) continue;
      for (let channel = channels[0]; channel < channels[1]; channel += 1) {
        mark(row, channel, top, left, bottom - top, right - left, true);
      }
    }
    const [channel, top = 0, left = 0] = cursor.index;
    const row = rowOf(cursor.activation);
    if (row) mark(row, channel, top, left, 1, 1, false);
  }

  // Flattened maps and logits have no row.
  function rowOf(activation) {
    return rows.find(({ layer }) => layer.activation === activation);
  }

  function mark(row, channel, top, left, height, width, dashed) {
    const at = place(row, channel);
    const grow = dashed ? 0 : 1.5;
    outline(row.canvas.getContext("2d"), at.left + left * row.cell - grow, at.top + top * row.cell - grow,
      width * row.cell + 2 * grow, height * row.cell + 2 * grow, dashed);
  }

  // ---- choosing -----------------------------------------------------------------------------
  function unitAt(row, event) {
    const [channels, height, width] = row.layer.shape;
    const box = row.canvas.getBoundingClientRect();
    const x = event.clientX - box.left, y = event.clientY - box.top;
    const column = Math.floor(x / (width * row.cell + row.gap)), line = Math.floor(y / (height * row.cell + row.gap));
    const channel = line * row.perLine + column;
    if (column >= row.perLine || channel >= channels || channel < 0) return null;
    const at = place(row, channel);
    const clamp = (v, top) => Math.max(0, Math.min(top - 1, Math.floor(v)));
    return [channel, clamp((y - at.top) / row.cell, height), clamp((x - at.left) / row.cell, width)];
  }

  function hover(row, event) {
    const unit = packet?.header.empty ? null : unitAt(row, event);
    hovered = unit && { row, unit };
    tellHovered();
    const box = net.getBoundingClientRect();
    const left = event.clientX - box.left + 14;
    tip.style.left = `${Math.min(left, Math.max(0, box.width - tip.offsetWidth - 4))}px`;
    tip.style.top = `${event.clientY - box.top + 16}px`;
  }

  // The tip tells exact values alone: a map that travelled no finer than its painting has none.
  function tellHovered() {
    tip.hidden = !hovered || packet.header.empty || !packet.header.exact;
    if (tip.hidden) return;
    const { row, unit: [channel, y, x] } = hovered;
    const [, height, width] = row.layer.shape;
    const value = packet.values[row.at][(channel * height + y) * width + x];
    tip.textContent = `${row.layer.name}, map ${channel}, row ${y}, column ${x}: ${format(value)}  (scale ±${format(row.layer.limit)})`;
  }

  function pick(row, unit) {
    if (!unit || row.at === 0 || packet.header.empty) return;
    set({ activation: row.layer.activation, index: unit });
  }

  // Keys may come faster than answers: until Python has heard the last choice, the browser's
  // counts.
  function set(unit) {
    cursor = unit;
    choose(unit);
    paint();
  }

  function key(row, event) {
    if (packet.header.empty) return;
    if (event.key === "Escape") { set(null); return; }
    const [channels, height, width] = row.layer.shape;
    const mine = cursor?.activation === row.layer.activation;
    const [channel, y = 0, x = 0] = mine ? cursor.index : [0, height >> 1, width >> 1];
    const moves = {
      ArrowUp: [0, -1, 0], ArrowDown: [0, 1, 0], ArrowLeft: [0, 0, -1], ArrowRight: [0, 0, 1],
      PageUp: [-1, 0, 0], PageDown: [1, 0, 0], Enter: [0, 0, 0],
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    const clamp = (v, top) => Math.max(0, Math.min(top - 1, v));
    const unit = mine
      ? [clamp(channel + move[0], channels), clamp(y + move[1], height), clamp(x + move[2], width)]
      : [channel, y, x];
    pick(row, unit);
  }

  function refit() {
    if (!packet || !net.clientWidth || room() === fitted) return;
    layout();
    paint();
  }

  const resized = new ResizeObserver(refit);
  resized.observe(net);

  return {
    update({ data: header, body, say, unheard }) {
      choose = (unit) => say("unit", unit);
      if (!unheard("unit")) cursor = header.chosen;
      const { opened, rest } = header.empty ? { opened: [], rest: body } : openValues(header.layers, header.values, body);
      packet = { header, values: opened, pixels: rest };
      const wanted = JSON.stringify(header.layers.map(({ name, shape, limit }) => [name, shape, limit]));
      if (wanted !== signature) { signature = wanted; build(header); }
      paint();
      tellHovered();
      if (spoken.textContent !== header.sentence) spoken.textContent = header.sentence;
      net.dataset.sequence = header.sequence;
      net.toggleAttribute("data-exact", header.exact);
    },
    refit,
    destroy() { resized.disconnect(); },
  };
}
