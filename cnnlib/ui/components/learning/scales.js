// Values to pixels.

import { typeScale } from "../shared/presenter.js";
import { linearTicks, logTicks, niceStep } from "./ticks.js";

const ERROR_TICKS = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];

// An axis covers the planned run, or the half, the quarter, … of a long run that is filled so far.
export function horizon(runs, axis) {
  const reached = Math.max(0, ...runs.map((run) => run.training.count ? run.training[axis][run.training.count - 1] : 0));
  if (!runs.some((run) => run.live)) return reached || 1;
  if (axis === "epochs") {
    let whole = Math.max(...runs.map((run) => run.epochs));
    while (Number.isFinite(whole) && whole / 2 > Math.max(reached * 1.1, 1)) whole /= 2;
    return Math.max(whole, reached);
  }
  return niceStep(Math.max(reached * 1.1, 4), 1);
}

export function lossScale(values, log, top, bottom) {
  const finite = values.filter(Number.isFinite).sort((a, b) => a - b);
  const largest = finite.at(-1) ?? 2.5, usual = finite[Math.floor(0.9 * finite.length)] ?? largest;
  if (!log) {
    // One wild step does not squash all others, because values above the top are cut off there.
    const high = Math.max(1e-6, Math.min(largest, Math.max(3 * usual, 2.5))) * 1.05;
    return { y: (v) => bottom - (Math.min(v, high * 1.02) / high) * (bottom - top), ticks: linearTicks(0, high, 4) };
  }
  const high = Math.max(largest, 1e-5) * 1.1, low = Math.max(1e-6, Math.min(finite.find((v) => v > 0) ?? 0.1, high / 10)) / 1.1;
  const span = Math.log(high / low);
  return { y: (v) => bottom - (Math.log(Math.max(v, low) / low) / span) * (bottom - top), ticks: logTicks(low, high, (bottom - top) / (18 * typeScale())) };
}

// On the logarithmic scale the error goes down by tens: 90, 99 and 99.9% stand equally far apart.
export function accuracyScale(values, log, top, bottom) {
  if (!log) return { y: (v) => bottom - v * (bottom - top), ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] };
  const floor = Math.max(5e-4, Math.min(0.1, ...values.map((v) => 1 - v).filter((v) => v > 0)) / 1.5);
  const span = -Math.log(floor);
  return {
    y: (v) => bottom + (Math.log(Math.max(1 - v, floor)) / span) * (bottom - top),
    ticks: ERROR_TICKS.filter((error) => error >= floor).map((error) => 1 - error),
  };
}
