// Grids too large for elements, and long signals as stems, each on one canvas. What is marked is
// drawn again, nothing else.

const LEAST_MARK = 3;   // width of a mark whose place can be seen
const RING = { won: 1, lit: 2, also: 1, point: 3 };

function canvasView(walk, grid, parent, paint) {
  const node = gridNode("canvas", grid, parent);
  const canvas = element("canvas", "", node);
  const context = canvas.getContext("2d");
  const written = new Array(grid.size).fill(""), values = new Array(grid.size).fill(null);
  let w = 1, h = 1, ink = "#000", page = "#fff", font = "", due = new Set();
  const marker = markers((_, at) => due.add(at));

  function draw(at, alone) {
    const x = (at % grid.columns) * w, y = Math.floor(at / grid.columns) * h, text = written[at];
    const style = values[at] === null || text === "" ? null : paint(values[at], grid.limit);
    if (alone) context.clearRect(x, y, w + 1, h + 1);
    if (style) { context.fillStyle = style.background; context.fillRect(x, y, w, h); }
    if (view.walk.marks && grid.tie?.[at] >= 0) tie(x, y, grid.tie[at], !style);
    if (text && w >= 6.2 * grid.longest + 2) {
      context.fillStyle = style ? style.color : ink;
      context.fillText(text, x + w / 2, y + h / 2 + 1);
    }
    if (alone) frame(x, y, 1, 0.16, false);
    if (grid.ghost.has(at)) frame(x, y, 1, 0.4, true);
    for (const [name, width] of Object.entries(RING)) {
      if (marker.marked[name]?.includes(at)) frame(x, y, width, 1, name === "also");
    }
  }

  function tie(x, y, weight, plain) {
    const { marks } = view.walk, [colour, tint] = marks[weight], part = w / marks.length;
    const [left, wide] = part < LEAST_MARK ? [0, w] : [weight * part, part], high = Math.max(2, Math.round(h * 0.2));
    if (plain) { context.fillStyle = tint; context.fillRect(x, y, w, h); }
    context.fillStyle = page;
    context.fillRect(x + left - 1, y + h - high - 1, wide + 2, high + 1);
    context.fillStyle = colour;
    context.fillRect(x + left, y + h - high, wide, high);
  }

  function frame(x, y, width, strength, dashed) {
    context.globalAlpha = strength;
    context.lineWidth = width;
    if (dashed) context.setLineDash([2, 2]);
    context.strokeRect(x + width / 2, y + width / 2, w + 1 - width, h + 1 - width);
    if (dashed) context.setLineDash([]);
    context.globalAlpha = 1;
  }

  // All at once: the cells that hold something, and every border in one line.
  function drawAll() {
    const { rows, columns } = grid, marked = new Set(Object.values(marker.marked).flat());
    context.clearRect(0, 0, w * columns + 1, h * rows + 1);
    written.forEach((text, at) => { if (text !== "" && !marked.has(at)) draw(at, false); });
    context.globalAlpha = 0.16;
    context.lineWidth = 1;
    context.beginPath();
    for (let row = 0; row <= rows; row += 1) { context.moveTo(0, row * h + 0.5); context.lineTo(w * columns, row * h + 0.5); }
    for (let column = 0; column <= columns; column += 1) { context.moveTo(column * w + 0.5, 0); context.lineTo(column * w + 0.5, h * rows); }
    context.stroke();
    context.globalAlpha = 1;
    for (const at of marked) draw(at, false);
  }

  function settle() {
    if (!due.size) return;
    context.font = font;
    context.strokeStyle = ink;
    if (due.size > grid.size / 3) drawAll();
    else for (const at of due) draw(at, true);
    due = new Set();
  }

  const view = {
    walk, grid, node,
    mark: marker.mark,
    put(at, text, value) {
      if (written[at] === text && values[at] === value) return;
      written[at] = text;
      values[at] = value;
      due.add(at);
    },
    settle,
    repaint() { for (let at = 0; at < grid.size; at += 1) due.add(at); },
    renew(walkNow, gridNow) {
      if (gridNow.limit !== grid.limit) view.repaint();
      view.walk = walkNow;
      view.grid = grid = gridNow;
    },
    fit(width, height) {
      w = Math.max(3, Math.floor(width));
      h = Math.max(3, Math.floor(height));
      sizeCanvas(canvas, context, w * grid.columns + 1, h * grid.rows + 1);
      ink = getComputedStyle(node).color;
      page = getComputedStyle(node).getPropertyValue("--st-background-color");
      font = `${Math.min(15, Math.round(h * 0.5))}px ${getComputedStyle(node).fontFamily}`;
      context.textAlign = "center";
      context.textBaseline = "middle";
      view.repaint();
    },
    box(at) {
      const { left, top } = canvas.getBoundingClientRect();
      return new DOMRect(left + (at % grid.columns) * w, top + Math.floor(at / grid.columns) * h, w, h);
    },
    at(event) {
      const { left, top } = canvas.getBoundingClientRect();
      const column = Math.floor((event.clientX - left) / w), row = Math.floor((event.clientY - top) / h);
      const inside = column >= 0 && row >= 0 && column < grid.columns && row < grid.rows;
      return event.target === canvas && inside ? row * grid.columns + column : -1;
    },
  };
  return view;
}

// A long signal: one stem for each sample, up from zero or down.
function stemView(walk, grid, parent, paint) {
  const node = gridNode("stems", grid, parent);
  const canvas = element("canvas", "", node);
  const context = canvas.getContext("2d");
  const values = new Array(grid.size).fill(null), written = new Array(grid.size).fill("");
  let w = 8, height = 90, ink = "#000", range = rangeOf(walk, grid);
  let stale = true;
  const marker = markers(() => { stale = true; });

  function draw() {
    if (!stale) return;
    stale = false;
    context.clearRect(0, 0, w * grid.size, height);
    const [low, high] = range, reach = (height - 16) / (high - low), zero = 8 + high * reach;
    context.fillStyle = context.strokeStyle = ink;
    context.globalAlpha = 0.4;
    context.fillRect(0, zero - 0.5, w * grid.size, 1);
    context.globalAlpha = 1;
    for (const at of marker.marked.lit ?? []) {
      context.globalAlpha = 0.13;
      context.fillRect(at * w, 0, w, height);
      context.globalAlpha = 1;
    }
    for (let at = 0; at < grid.size; at += 1) {
      if (values[at] === null || written[at] === "") continue;
      const x = (at + 0.5) * w, y = zero - values[at] * reach;
      const lit = marker.marked.lit?.includes(at), point = marker.marked.point?.includes(at);
      context.strokeStyle = context.fillStyle = lit ? ink : paint(values[at] < 0 ? -grid.limit : grid.limit, grid.limit).background;
      context.globalAlpha = grid.ghost.has(at) ? 0.45 : 1;
      context.lineWidth = lit ? 3 : 1.6;
      context.setLineDash(grid.ghost.has(at) ? [3, 2] : []);
      context.beginPath();
      context.moveTo(x, zero);
      context.lineTo(x, y);
      context.stroke();
      context.setLineDash([]);
      context.beginPath();
      context.arc(x, y, Math.min(w * 0.42, point ? 6 : lit ? 5 : 3.4), 0, 7);
      context.fill();
      context.globalAlpha = 1;
    }
  }

  const view = {
    walk, grid, node, settle: draw,
    mark: marker.mark,
    put(at, text, value) {
      stale ||= written[at] !== text || values[at] !== value;
      written[at] = text;
      values[at] = value;
    },
    repaint() { stale = true; },
    renew(walkNow, gridNow) { view.walk = walkNow; view.grid = grid = gridNow; range = rangeOf(walkNow, gridNow); },
    fit(width, tall) {
      w = width;
      height = tall;
      sizeCanvas(canvas, context, w * grid.size, height);
      ink = getComputedStyle(node).color;
      stale = true;
    },
    box(at) {
      const { left, top } = canvas.getBoundingClientRect();
      return new DOMRect(left + at * w, top, w, height);
    },
    at(event) {
      if (event.target !== canvas) return -1;
      const at = Math.floor((event.clientX - canvas.getBoundingClientRect().left) / w);
      return at >= 0 && at < grid.size ? at : -1;
    },
  };
  return view;
}

// Input, copies and output are drawn to one scale, the kernel to its own; zero is always within.
function rangeOf(walk, grid) {
  const shown = ROLES[grid.role] === "kernel" ? [grid] : [...walk.grids.values()].filter(({ role }) => role !== "matrix" && ROLES[role] !== "kernel");
  const values = shown.flatMap((one) => one.values).filter((value) => value !== null);
  return [Math.min(0, ...values), Math.max(0, 1e-9, ...values)];
}

function sizeCanvas(canvas, context, width, height) {
  const dots = devicePixelRatio;
  canvas.width = Math.round(width * dots);
  canvas.height = Math.round(height * dots);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  context.setTransform(dots, 0, 0, dots, 0, 0);
}
