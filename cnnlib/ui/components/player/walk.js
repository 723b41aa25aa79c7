// A walkthrough, opened for looking things up. Python has computed all that is taught; here numbers
// of cells lead to rows of the table, and rows to cells.

export function openWalk(json) {
  const { texts, steps } = json, { columns: stepped, ...words } = json.terms;
  const columns = mapped(stepped, added), terms = mapped(words, added);
  const weights = json.shapes.kernel[0] * json.shapes.kernel[1];
  const rowsBy = {};
  for (const name of Object.keys(columns)) rowsBy[name] = placesOf(columns[name]);
  // (output, kernel) names a product in every method.
  const names = columns.output.map((output, row) => output * weights + columns.kernel[row]);
  const rowOf = new Map(names.map((name, row) => [name, row]));
  const stepOfRow = new Int32Array(names.length);
  steps.forEach(({ terms: [start, stop] }, step) => stepOfRow.fill(step, start, stop));
  const stepOfOutput = new Map();
  steps.forEach(({ shows }, step) => { if (shows[0].length === 1) stepOfOutput.set(shows[0][0], step); });
  const grids = new Map(json.grids.map((grid) => [grid.id, openGrid(grid, texts)]));
  const byOutput = rowsBy.output;

  return {
    ...json, grids, columns, names, rowOf, stepOfRow, stepOfOutput,
    size: [...grids.values()].reduce((sum, grid) => sum + grid.size, 0),
    product: (row) => texts[terms.product[row]],
    value: (row) => texts[terms.value[row]],
    running: (row) => texts[terms.running[row]],
    sum: (step) => texts[steps[step].sum],
    rowsOfOutput: (output) => byOutput.get(output) ?? [],
    rowsOfStep: (step) => {
      const [start, stop] = steps[step].terms;
      return Array.from({ length: stop - start }, (_, at) => start + at);
    },
    rowsOfCell: (grid, cell) => {
      const number = grid.numbers[cell];
      return number < 0 ? [] : rowsBy[grid.space].get(number) ?? [];
    },
    rowsNamed: (wanted) => wanted.map((name) => rowOf.get(name)).filter((row) => row !== undefined),
    cellsOf: (grid, rows) => cellsWith(grid, rows.map((row) => columns[grid.lit_by]?.[row])),
    alsoOf: (grid, step) => cellsWith(grid, steps[step].also[grid.lit_by] ?? []),
    // Return each output cell's text after a step, and its value for colouring.
    shownAfter: (step) => {
      const shown = new Map();
      for (let at = 0; at <= step; at += 1) {
        const [outputs, written, values] = steps[at].shows;
        outputs.forEach((output, i) => shown.set(output, [texts[written[i]], values[i]]));
      }
      return shown;
    },
  };
}

// Python tells a column of terms by the steps from each number to the next.
function added(steps) {
  let at = 0;
  return steps.map((by) => (at += by));
}

function mapped(object, change) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}

function openGrid(grid, texts) {
  const size = grid.shape[0] * grid.shape[1];
  const from = (first) => Array.from({ length: size }, (_, at) => first + at);
  const numbers = Array.isArray(grid.cells) ? grid.cells : from(grid.cells);
  const written = grid.texts.map((at) => texts[at]);
  return {
    ...grid, size, numbers, written,
    rows: grid.shape[0], columns: grid.shape[1],
    ghost: new Set(grid.ghosts),
    drawn: placesOf(grid.lit_by === "place" ? from(0) : numbers),
    longest: Math.max(1, ...written.map((text) => text.length)),
  };
}

function placesOf(numbers) {
  const places = new Map();
  numbers.forEach((number, at) => {
    if (places.has(number)) places.get(number).push(at);
    else places.set(number, [at]);
  });
  return places;
}

function cellsWith(grid, numbers) {
  const cells = new Set();
  for (const number of numbers) for (const cell of grid.drawn.get(number) ?? []) cells.add(cell);
  return [...cells];
}

export const ROLES = { input: "input", kernel: "kernel", "flipped kernel": "kernel", output: "output" };

// A cell as a learner counts it: 2, or (1, 2) in two dimensions.
export function nameOf(walk, space, number) {
  if (walk.dimensions === 1) return String(number);
  const columns = walk.shapes[space][1];
  return `(${Math.floor(number / columns)}, ${number % columns})`;
}

