// Places for the marks of an axis. An axis of no length has none.

const isAxis = (low, high, count) => high > low && count > 0 && Number.isFinite((high - low) / count);

// Return 1, 2 or 5 times a power of ten, so that about `count` such steps make up the span.
export function niceStep(span, count) {
  const power = 10 ** Math.floor(Math.log10(span / count));
  return power * [1, 2, 5, 10].find((step) => step * power * count >= span * 0.999);
}

export function linearTicks(low, high, count) {
  if (!isAxis(low, high, count)) return [];
  const step = niceStep(high - low, count), first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
  // Marks are counted from 0, because adding 1 to a number beyond 2⁵³ would never end.
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}

export function logTicks(low, high, count) {
  if (!(low > 0) || !isAxis(low, high, count)) return [];
  const tens = Math.log10(high / low), every = Math.max(1, Math.ceil(tens / count)), ticks = [];
  for (let power = Math.floor(Math.log10(low) / every) * every; power <= Math.log10(high); power += every) {
    for (const step of tens <= 2.5 ? [1, 2, 5] : [1]) {
      const tick = Number((step * 10 ** power).toPrecision(3));
      if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push(tick);
    }
  }
  return ticks;
}
