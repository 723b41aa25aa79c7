// How walkthroughs are laid out: the equation once for all of them, then a panel for each method.

const TELL = {
  "flip-and-filter": "one output at a time",
  "translate-and-scale": "one copy at a time",
  "matrix form": "one row at a time",
  "window by window": "one window at a time",
};
const ONE = { entries: "entry", weights: "weight", parameters: "parameter", windows: "window", ties: "tie" };
const STEMS_FROM = 41;   // columns of a signal that is drawn as stems
const LARGEST = 58, READABLE = 30, ABREAST = 22, SMALLEST = 15;   // widths of a cell
const TEXT_ROWS = 40;    // rows of a matrix beyond which its cells are only coloured
const EQUATION_ROWS = 8; // beyond which the equation would push everything else off the screen
const STEM_HIGH = 84, LEAST_STEM = 44;
const MOST_TIES = 16;    // weights that a legend lists
const MOST_PLACES = 6;   // of marks that stand apart in a cell of the legend
const LEGIBLE = 10;      // height of a cell that has text
const BROAD = 1000;      // from which a pile that has the whole width has room for its labels
const NARROW = 640;      // of a page on which the output stands below the operands
const FRAME = 38;        // a panel's own edges

const isLong = (walk) => walk.dimensions === 1 && walk.shapes.output[1] >= STEMS_FROM;
const unbroken = (text) => text.replace(/ ([∗⊗]) /g, "\u00a0$1\u00a0");
// Sums of letters need cells of a width of their own.
const isBroad = (grid) => grid.longest > 10;
const broadWidth = (grid, stretch = 1) => Math.ceil(grown() * stretch * (6.7 * grid.longest + 10));
const title = (text) => text[0].toUpperCase() + text.slice(1);

function figureOf(node, paint) {
  return { node, paint, views: [], slide: null, columns: 0, widest: 0, rows: 0, overhead: 0, least: 20, longest: 1, broads: 0, stretch: 1 };
}

function addView(figure, walk, id, parent, caption) {
  const grid = walk.grids.get(id);
  const stems = isLong(walk) && grid.rows === 1;
  const view = viewOf(walk, grid, parent, figure.paint, stems);
  Object.assign(view, { stems, caption });
  figure.views.push(view);
  if (!isBroad(grid)) figure.longest = Math.max(figure.longest, grid.longest);
  return view;
}

function buildFigures(walks, equationNode, panelsNode, paint, withEquation) {
  const bare = walks.findIndex((walk) => !walk.grids.get("input").ghosts.length);
  const number = Math.max(0, bare), written = walks[number];
  panelsNode.replaceChildren();
  equationNode.hidden = !withEquation || isLong(written) || written.shapes.output[0] > EQUATION_ROWS;
  return {
    equation: equationNode.hidden ? null : buildEquation(written, equationNode, paint, number),
    panels: walks.map((walk, at) => buildPanel(walk, at, panelsNode, paint, walks.length === 1, equationNode.hidden)),
  };
}

// Walkthroughs whose figures are the same but for numbers and titles use the same elements.
const shapeOf = (walk) => [walk.method, walk.layout.join(), ...[...walk.grids.values()].map((grid) => `${grid.id} ${grid.shape} ${grid.ghosts.length} ${isBroad(grid)}`)].join();

function renewFigures(walks, equation, panels) {
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

// The operands and the result, as they are written on a board.
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

function block(figure, walk, id, line, sign) {
  if (sign) element("span", "sign", line, sign);
  const box = element("figure", "block", line);
  const caption = element("figcaption", "", box, unbroken(walk.grids.get(id).title));
  return addView(figure, walk, id, box, caption);
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
  element("span", "", lead, TELL[walk.method]);
  lead.title = `Step ${TELL[walk.method]} (key ${number + 1})`;
  const solo = element("button", "solo", header, "⤢");
  solo.type = "button";
  solo.title = "Show this method alone";
  solo.setAttribute("aria-label", `Show ${walk.method} alone`);
  solo.setAttribute("aria-pressed", "false");
  header.hidden = alone;
  const figure = figureOf(element("div", "figure", panel), paint);
  Object.assign(figure, { panel, lead, solo, number, walk });
  if (walk.dimensions === 1 && walk.method === "flip-and-filter") buildSlide(figure, walk);
  else if (walk.dimensions === 1 && walk.method === "translate-and-scale") buildPile(figure, walk);
  else buildLines(figure, walk, complete);
  const below = element("div", "below", panel);
  figure.remark = element("p", "remark", below);
  figure.legend = element("p", "legend", below);
  remark(figure, walk, complete);
  return figure;
}

// What is counted in a picture's matrix: its entries, and the weights that they share, each with
// the mark that tied entries have in common. An equation above shows the kernel with its marks.
function remark(figure, walk, complete) {
  const facts = walk.dimensions === 2 ? Object.entries(walk.facts) : [];
  const noun = (name, count) => (count === 1 ? ONE[name] ?? name : name);
  figure.remark.textContent = facts.map(([name, count]) => `${count} ${noun(name, count)}`).join(" · ");
  figure.remark.hidden = !facts.length;
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

// Lines of grids and signs, as the walkthrough has them; the first one is the equation's. Where
// there is no equation, the kernel is shown before it is flipped, too.
function buildLines(figure, walk, complete) {
  const flips = walk.grids.has("flipped"), sliding = walk.method === "flip-and-filter";
  const kernel = complete && flips ? ["kernel", "↻", "flipped"] : [flips ? "flipped" : "kernel"];
  const lines = sliding ? [["input", "×", ...kernel, "→", "output"]] : walk.layout.slice(walk.layout.length > 1 ? 1 : 0);
  for (const items of lines) {
    const line = element("div", "line", figure.node);
    const grids = items.filter((item) => walk.grids.has(item)).map((id) => walk.grids.get(id));
    let sign = "";
    for (const item of items) {
      if (walk.grids.has(item)) { block(figure, walk, item, line, sign); sign = ""; } else sign = item;
    }
    figure.columns = Math.max(figure.columns, grids.reduce((sum, grid) => sum + (isBroad(grid) ? 0 : grid.columns), 0));
    figure.widest = Math.max(figure.widest, ...grids.map((grid) => grid.columns));
    // A vector beside a flat matrix is squeezed: its cells may be as small as it takes.
    const broad = grids.filter((grid) => grid.columns > 1);
    figure.rows += Math.max(...(broad.length ? broad : grids).map((grid) => grid.rows));
    const broads = grids.reduce((sum, grid) => sum + (isBroad(grid) ? grid.columns * broadWidth(grid) : 0), 0);
    figure.broads = Math.max(figure.broads, broads);
    figure.overhead = figure.least = Math.max(figure.overhead, 46 * (items.length - grids.length) + 14 + broads);
  }
}

// Copies under one another, so that a column of the pile is what one output sums.
function buildPile(figure, walk) {
  const pile = element("div", "pile", figure.node);
  for (const items of walk.layout.slice(1)) {
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

// The kernel slides under the input; products stand under it, and their sum is the output.
function buildSlide(figure, walk) {
  const slide = element("div", "slide", figure.node);
  const row = (label, sign) => {
    const caption = element("span", "label", slide, unbroken(label));
    element("span", "sign", slide, sign);
    return [element("div", "track", slide), caption];
  };
  const id = walk.grids.has("flipped") ? "flipped" : "kernel";
  const input = walk.grids.get("input"), output = walk.grids.get("output");
  const view = addView(figure, walk, "input", ...row(input.title, ""));
  const slider = addView(figure, walk, id, ...row(walk.grids.get(id).title, "×"));
  slider.node.classList.add("sliding");
  slider.node.parentNode.classList.add("moving");
  slider.node.parentNode.classList.toggle("long", isLong(walk));
  const products = isLong(walk) ? null : element("div", "products", row("Products", "=")[0]);
  const beam = element("div", "beam", slide);
  const result = addView(figure, walk, "output", ...row(output.title, products ? "Σ" : "="));
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

// Put the kernel under the window of one output, with its products; null: it waits.
function placeSlider(figure, output, rows, shown) {
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

// Give a figure cells of this width, no higher than `tallest`.
function fitFigure(figure, width, tallest, room = tallest * figure.rows) {
  const dense = figure.rows > TEXT_ROWS || (figure.walk.dimensions === 2 && tallest < LEGIBLE);
  const least = figure.walk.dimensions === 2 ? LEGIBLE : SMALLEST;
  const h = Math.floor(dense ? Math.max(3, tallest) : Math.max(least, Math.min(width, tallest)));
  const w = dense ? h : Math.floor(width);
  const tall = h < 28 ? Math.min(14.5, h * 0.66) : h * 0.52;
  const fontFor = (longest) => Math.max(9, Math.min(tall, (w - 5) / (0.6 * longest)));
  const stem = Math.round(Math.max(LEAST_STEM, Math.min(grown() * STEM_HIGH, tallest)));
  figure.w = w;
  figure.node.style.setProperty("--stem", `${stem}px`);
  figure.node.style.setProperty("--w", `${w}px`);
  figure.node.style.setProperty("--h", `${h}px`);
  figure.node.style.setProperty("--font", `${fontFor(figure.longest).toFixed(1)}px`);
  for (const view of figure.views) {
    const { columns, rows } = view.grid, squeezed = columns === 1 && rows > figure.rows;
    const own = squeezed ? Math.max(3, Math.min(h, Math.floor(room / rows))) : h;
    const font = isBroad(view.grid) ? 12.5 * grown() * figure.stretch : fontFor(view.grid.longest);
    view.node.style.setProperty("--h", `${own}px`);
    if (isBroad(view.grid)) view.node.style.setProperty("--w", `${broadWidth(view.grid, figure.stretch)}px`);
    view.node.style.setProperty("--font", `${(own < h ? Math.min(font, 0.7 * own) : font).toFixed(1)}px`);
    const tight = figure.walk.dimensions === 2 && !isBroad(view.grid) && w < 5.4 * view.grid.longest;
    view.node.classList.toggle("dense", own < LEGIBLE || tight);
    view.fit?.(w, view.stems ? stem : own);
  }
}

// Cells of one size in all panels where that can be read side by side, else a line for each; what
// a projector would have to scroll for is put under tabs.
function fitAll(equation, panels, wide, high) {
  const shared = widthAbreast(panels, wide);
  if (!fitPictures(panels, wide, high, shared)) fitLines(panels, wide, high, shared);
  fitEquation(equation, wide);
}

// The width of a cell with which all panels stand side by side, or 0 if it could not be read.
function widthAbreast(panels, wide) {
  const sum = (get) => panels.reduce((total, panel) => total + get(panel), 0);
  // Labels grow with the type; the wider the cells, the less captions stand out.
  const room = (cell) => wide - 16 * (panels.length - 1) - sum((panel) => FRAME + typeSize() * (around(panel, cell) - FRAME));
  const columns = sum((panel) => panel.columns), width = room(room() / columns) / columns;
  const longest = Math.max(...panels.map((panel) => panel.longest));
  return width >= Math.max(ABREAST, 7 * longest + 5) ? width : 0;
}

const typeSize = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

function fitLines(panels, wide, high, shared) {
  const large = grown(), rows = Math.max(...panels.map((panel) => panel.rows));
  for (const panel of panels) {
    const line = (wide - FRAME - typeSize() * (wide < NARROW ? panel.least : wide < BROAD ? panel.overhead : panel.most ?? panel.overhead)) / panel.columns;
    const own = panel.widest ? Math.max(line, Math.min(READABLE, (wide - FRAME) / panel.widest)) : line;
    const smallest = panel.views[0].stems ? 3 : SMALLEST;
    const tallest = high / (shared ? rows : panel.rows);
    fitFigure(panel, Math.max(smallest, Math.min(large * LARGEST, shared || Math.min(large * 44, own))), Math.min(large * 48, tallest), high);
    panel.panel.classList.toggle("whole", !shared && own < 44);
  }
  panels[0].panel.parentNode.classList.toggle("side", shared > 0);
}

function fitEquation(equation, wide) {
  if (!equation) return;
  const narrow = wide < NARROW ? equation.columns - equation.walk.shapes.output[1] : equation.columns;
  const own = (wide - equation.overhead) / Math.max(narrow, equation.walk.shapes.output[1]);
  const large = grown();
  fitFigure(equation, Math.max(24, Math.min(large * LARGEST, own)), Math.max(24, large * Math.min(50, 150 / equation.rows)));
}
