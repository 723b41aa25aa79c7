// Runs as packets told them. Of the points of training curves and of the reports, a packet holds
// those after `base`, a number that this browser said to have. A base above the number of those
// that are here shows a gap.

const ARRAYS = { f4: Float32Array, u4: Uint32Array, i2: Int16Array, i1: Int8Array, u1: Uint8Array };
const NUMBERS = ["epochs", "seconds", "loss", "accuracy", "rate"];   // of a point of the training curve
export const SIDE = 28;

export function historyOf() {
  const known = new Map();
  let runs = [];

  // Take in a packet; return whether reports between those that are here and the packet's are
  // missing.
  function take(told, { buffer, byteOffset }) {
    const open = ([type, at, count]) => new ARRAYS[type](buffer, byteOffset + at, count);
    let gap = false;
    runs = told.map((next) => {
      const run = known.get(next.id) ?? { have: 0, all: new Map(), points: new Map(), havePoints: 0, pictures: new Map() };
      known.set(next.id, run);
      const { reports, pictures, progress, ...words } = next;
      Object.assign(run, words);
      if (!takePoints(run, open(progress))) gap = true;
      run.have = Math.min(run.have, next.count);
      if (next.base > run.have) gap = true;
      else {
        for (const report of reports) run.all.set(report.n, opened(report, open));
        keepPictures(run.pictures, open(pictures.index), open(pictures.labels), open(pictures.pixels));
        run.have = next.count;
      }
      thin(run.all, next);
      run.reports = [...run.all.values()].sort((a, b) => a.n - b.n);
      return run;
    });
    for (const id of known.keys()) if (!runs.some((run) => run.id === id)) known.delete(id);
    return gap;
  }

  // Return how many reports and points of each run are here.
  function have() {
    return Object.fromEntries(runs.flatMap((run) => [[run.id, run.have], [`${run.id} points`, run.havePoints]]));
  }

  return { take, runs: () => runs, have };
}

// A growing list keeps every stride-th item, and always the last.
const isKept = (n, { count, stride }) => n < count && (n % stride === 0 || n === count - 1);

function thin(known, curve) {
  for (const n of known.keys()) if (!isKept(n, curve)) known.delete(n);
}

// Take in points; return whether none are missing between those that are here and these.
function takePoints(run, values) {
  const { base, count } = run.curve;
  // A run that plays from its beginning again is shown in finer steps than when its history was
  // longer.
  if (count < run.havePoints) { run.points.clear(); run.havePoints = 0; }
  const whole = base <= run.havePoints;
  if (whole) {
    for (let n = base, at = 0; n < count; n += 1) {
      if (!isKept(n, run.curve)) continue;
      run.points.set(n, values.slice(at, at + NUMBERS.length));
      at += NUMBERS.length;
    }
    run.havePoints = count;
  }
  thin(run.points, run.curve);
  const numbers = [...run.points.keys()].sort((a, b) => a - b);
  run.training = { count: numbers.length };
  NUMBERS.forEach((name, k) => { run.training[name] = Float32Array.from(numbers, (n) => run.points.get(n)[k]); });
  return whole;
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

