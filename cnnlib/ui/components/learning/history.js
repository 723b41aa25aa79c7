// Runs as packets told them. A packet holds the whole training curves, and of the reports those
// after `base`, a number that this browser said to have. A gap shows in a base above ours.

const ARRAYS = { f4: Float32Array, u4: Uint32Array, i2: Int16Array, i1: Int8Array, u1: Uint8Array };
export const SIDE = 28;

export function historyOf() {
  const known = new Map();
  let runs = [];

  // Returns whether reports between ours and this packet's are missing.
  function take(told, { buffer, byteOffset }) {
    const open = ([type, at, count]) => new ARRAYS[type](buffer, byteOffset + at, count);
    let gap = false;
    runs = told.map((next) => {
      const run = known.get(next.id) ?? { have: 0, all: new Map(), pictures: new Map() };
      known.set(next.id, run);
      const { reports, pictures, progress, ...words } = next;
      Object.assign(run, words, { training: curve(open(progress), next.points) });
      run.have = Math.min(run.have, next.count);
      if (next.base > run.have) gap = true;
      else {
        for (const report of reports) run.all.set(report.n, opened(report, open));
        keepPictures(run.pictures, open(pictures.index), open(pictures.labels), open(pictures.pixels));
        run.have = next.count;
      }
      for (const n of run.all.keys()) {
        if (n >= next.count || (n % next.stride && n !== next.count - 1)) run.all.delete(n);
      }
      run.reports = [...run.all.values()].sort((a, b) => a.n - b.n);
      return run;
    });
    for (const id of known.keys()) if (!runs.some((run) => run.id === id)) known.delete(id);
    return gap;
  }

  return { take, runs: () => runs, have: () => Object.fromEntries(runs.map(({ id, have }) => [id, have])) };
}

function curve(values, count) {
  const row = (k) => values.subarray(k * count, (k + 1) * count);
  return { count, epochs: row(0), seconds: row(1), loss: row(2), accuracy: row(3), rate: row(4) };
}

function opened(told, open) {
  const [epochs, seconds, loss, accuracy, validationLoss, validationAccuracy, meanChange] = open(told.numbers);
  const weights = (part) => part && { ...part, values: open(part.values) };
  const report = { ...told, epochs, seconds, loss, accuracy, validationLoss, validationAccuracy, meanChange };
  for (const name of ["confusion", "wrong", "said", "confidence", "activations", "gradients", "ranges"]) {
    report[name] = open(told[name]);
  }
  return Object.assign(report, { filters: weights(told.filters), change: weights(told.change) });
}

// Two pixels a byte, in 16 shades.
function keepPictures(pictures, index, labels, bytes) {
  const size = (SIDE * SIDE) / 2;
  index.forEach((number, k) => pictures.set(number, { label: labels[k], shades: bytes.subarray(k * size, (k + 1) * size) }));
}

// The number of the item whose `of` lies nearest to a value, in a rising list; -1 in an empty one.
export function nearest(count, of, value) {
  let low = 0, high = count - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (of(middle) < value) low = middle; else high = middle;
  }
  return high > low && Math.abs(of(high) - value) < Math.abs(of(low) - value) ? high : Math.min(low, count - 1);
}

