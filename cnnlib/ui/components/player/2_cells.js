// Grids of cells that can be read: one element for each cell, made once. Lighting toggles classes.

const MOST_ELEMENTS = 700;     // in one grid
const MOST_OF_ALL = 1600;      // in all grids of one walkthrough

// What every kind of view offers: `put` writes a cell, `mark` gives a set of cells a class and
// takes it from the cells that had it, `box` tells where a cell is drawn.
function viewOf(walk, grid, parent, paint, stems) {
  if (stems) return stemView(walk, grid, parent, paint);
  const many = grid.size > MOST_ELEMENTS || (grid.role === "copy" && walk.size > MOST_OF_ALL);
  return many ? canvasView(walk, grid, parent, paint) : cellView(walk, grid, parent, paint);
}

function cellView(walk, grid, parent, paint) {
  const node = gridNode("cells", grid, parent);
  node.style.gridTemplateColumns = `repeat(${grid.columns}, var(--w))`;
  const cells = grid.numbers.map((_, at) => {
    const cell = element("div", "cell", node);
    cell.dataset.cell = at;
    if (grid.ghost.has(at)) cell.classList.add("ghost");
    if (grid.tie && grid.tie[at] === -1) cell.classList.add("nothing");
    return cell;
  });
  const marker = markers((name, at, on) => cells[at].classList.toggle(name, on));
  const painted = [];   // what each cell shows, so that only what changes is touched
  const view = {
    walk, grid, node, mark: marker.mark,
    put(at, text, value) {
      const shows = `${text} ${value} ${grid.limit}`;
      if (painted[at] === shows) return;
      painted[at] = shows;
      const cell = cells[at];
      cell.textContent = text;
      cell.style.backgroundColor = cell.style.color = "";
      if (value !== null && text !== "") {
        const style = paint(value, grid.limit);
        cell.style.backgroundColor = style.background;
        cell.style.color = style.color;
      }
    },
    repaint() {
      painted.length = 0;
      if (grid.tie) cells.forEach((cell, at) => tieCell(cell, view.walk.marks, grid.tie[at]));
    },
    renew(walkNow, gridNow) { view.walk = walkNow; view.grid = grid = gridNow; node.setAttribute("aria-label", grid.title); },
    box: (at) => cells[at].getBoundingClientRect(),
    at: (event) => {
      const cell = event.target.closest?.(".cell");
      return cell && cell.parentNode === node ? Number(cell.dataset.cell) : -1;
    },
    move: (at, x) => { cells[at].style.transform = `translateX(calc(${x} * var(--w)))`; },
  };
  return view;
}

// Which weight a cell holds, whatever its value: told by where the mark at its foot stands, from
// the first weight on the left to the last on the right, and by the mark's colour.
function tieCell(cell, marks, weight) {
  const tied = Boolean(marks) && weight >= 0;
  cell.classList.toggle("tied", tied);
  // Several weights, where padding repeats cells.
  cell.classList.toggle("summed", weight === -2);
  if (!tied) return;
  const [colour, tint] = marks[weight], part = 100 / marks.length;
  const wider = marks.length > 6 ? 1 : 0;
  const style = { tie: colour, tint, from: `calc(${weight * part}% - ${wider}px)`, to: `calc(${(weight + 1) * part}% + ${wider}px)` };
  for (const [name, value] of Object.entries(style)) cell.style.setProperty(`--${name}`, value);
}

function gridNode(kind, grid, parent) {
  const node = element("div", `${kind} ${ROLES[grid.role] ?? grid.role}`, parent);
  node.tabIndex = -1;
  node.dataset.grid = grid.id;
  node.setAttribute("role", "group");
  node.setAttribute("aria-label", grid.title);
  return node;
}

function markers(toggle) {
  const marked = {};
  return {
    marked,
    mark(name, cells) {
      const before = marked[name] ?? [];
      for (const at of before) if (!cells.includes(at)) toggle(name, at, false);
      for (const at of cells) if (!before.includes(at)) toggle(name, at, true);
      marked[name] = cells;
    },
  };
}

// How cells are painted. There are few different shades, and each is mixed once.
function painter(stops) {
  const mixed = new Map();
  return (value, limit) => {
    const shade = Math.round((256 * value) / limit);
    if (!mixed.has(shade)) mixed.set(shade, cellStyle(shade, 256, stops));
    return mixed.get(shade);
  };
}
