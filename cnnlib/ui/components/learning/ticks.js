// Where the marks of an axis stand.

// A whole multiple of 1, 2 or 5 times a power of ten, so that about `count` of them span it.
export function niceStep(span, count) {
  const power = 10 ** Math.floor(Math.log10(span / count));
  return power * [1, 2, 5, 10].find((step) => step * power * count >= span * 0.999);
}

export function linearTicks(low, high, count) {
  const step = niceStep(high - low, count), ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high * (1 + 1e-9); k += 1) ticks.push(Number((k * step).toPrecision(12)));
  return ticks;
}

export function logTicks(low, high, count) {
  const tens = Math.log10(high / low), every = Math.ceil(tens / count), ticks = [];
  for (let power = Math.floor(Math.log10(low) / every) * every; power <= Math.log10(high); power += every) {
    for (const step of tens <= 2.5 ? [1, 2, 5] : [1]) {
      const tick = Number((step * 10 ** power).toPrecision(3));
      if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push(tick);
    }
  }
  return ticks;
}
