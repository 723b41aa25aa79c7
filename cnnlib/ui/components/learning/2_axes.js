// Values to pixels and back, the ticks of an axis, and how a run's line is drawn.

const DASHES = [[], [7, 3], [2, 3], [10, 3, 2, 3]];
const ERROR_TICKS = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];

const percent = (share) => `${(100 * share).toFixed(share >= 0.9 && share < 1 ? 2 : share < 1 ? 1 : 0)}%`;

// How much larger type is than on an ordinary page.
const typeScale = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

// What is far from one is written with a power of ten, as it is on a blackboard.
function tens(value) {
  const [mantissa, power] = value.toExponential(2).split("e"), digits = String(Number(power)).replace("-", "−");
  const raised = [...digits].map((digit) => (digit === "−" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit])).join("");
  const factor = String(Number(mantissa)).replace("-", "−");
  return factor === "1" ? `10${raised}` : `${factor}·10${raised}`;
}

const isFar = (value) => value !== 0 && (Math.abs(value) >= 1e4 || Math.abs(value) < 1e-3);

function brief(value) {
  if (Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return "∞";
  return isFar(value) ? tens(value) : format(value);
}

const onAxis = (value) => (isFar(value) ? tens(value) : String(Number(value.toPrecision(3))));

// A whole multiple of 1, 2 or 5 times a power of ten, so that about `count` of them span it.
function niceStep(span, count) {
  const power = 10 ** Math.floor(Math.log10(span / count));
  return power * [1, 2, 5, 10].find((step) => step * power * count >= span * 0.999);
}

function linearTicks(low, high, count) {
  const step = niceStep(high - low, count), ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high * (1 + 1e-9); k += 1) ticks.push(Number((k * step).toPrecision(12)));
  return ticks;
}

function logTicks(low, high, count) {
  const tens = Math.log10(high / low), every = Math.ceil(tens / count), ticks = [];
  for (let power = Math.floor(Math.log10(low) / every) * every; power <= Math.log10(high); power += every) {
    for (const step of tens <= 2.5 ? [1, 2, 5] : [1]) {
      const tick = Number((step * 10 ** power).toPrecision(3));
      if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push(tick);
    }
  }
  return ticks;
}

// An axis goes over the run as planned; of a long run, over the half, quarter, … that is filled.
function horizon(runs, axis) {
  const reached = Math.max(0, ...runs.map((run) => run.training.count ? run.training[axis][run.training.count - 1] : 0));
  if (!runs.some((run) => run.live)) return reached || 1;
  if (axis === "epochs") {
    let whole = Math.max(...runs.map((run) => run.epochs));
    while (whole / 2 > Math.max(reached * 1.1, 1)) whole /= 2;
    return Math.max(whole, reached);
  }
  return niceStep(Math.max(reached * 1.1, 4), 1);
}

function lossScale(values, log, top, bottom) {
  const finite = values.filter(Number.isFinite).sort((a, b) => a - b);
  const largest = finite.at(-1) ?? 2.5, usual = finite[Math.floor(0.9 * finite.length)] ?? largest;
  if (!log) {
    // One wild step does not squash all others: what is above the top is cut off there.
    const high = Math.max(1e-6, Math.min(largest, Math.max(3 * usual, 2.5))) * 1.05;
    return { y: (v) => bottom - (Math.min(v, high * 1.02) / high) * (bottom - top), ticks: linearTicks(0, high, 4) };
  }
  const high = Math.max(largest, 1e-5) * 1.1, low = Math.max(1e-6, Math.min(finite.find((v) => v > 0) ?? 0.1, high / 10)) / 1.1;
  const span = Math.log(high / low);
  return { y: (v) => bottom - (Math.log(Math.max(v, low) / low) / span) * (bottom - top), ticks: logTicks(low, high, (bottom - top) / (18 * typeScale())) };
}

// On the logarithmic scale it is the error that goes down by tens: 90, 99, 99.9% stand equally far apart.
function accuracyScale(values, log, top, bottom) {
  if (!log) return { y: (v) => bottom - v * (bottom - top), ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] };
  const floor = Math.max(5e-4, Math.min(0.1, ...values.map((v) => 1 - v).filter((v) => v > 0)) / 1.5);
  const span = -Math.log(floor);
  return {
    y: (v) => bottom + (Math.log(Math.max(1 - v, floor)) / span) * (bottom - top),
    ticks: ERROR_TICKS.filter((error) => error >= floor).map((error) => 1 - error),
  };
}

function runColours({ signed, unsigned }) {
  const grey = between(unsigned, 0.5);
  return [signed[0], signed.at(-1), unsigned.at(-1), `rgb(${grey.join(",")})`];
}

// Circle, square, triangle, diamond: a run is known by its mark and its dashes as well.
function drawMark(context, shape, x, y, size) {
  context.beginPath();
  if (shape === 0) context.arc(x, y, size, 0, 7);
  if (shape === 1) context.rect(x - size * 0.9, y - size * 0.9, size * 1.8, size * 1.8);
  if (shape === 2) { context.moveTo(x, y - size * 1.2); context.lineTo(x + size * 1.15, y + size * 0.9); context.lineTo(x - size * 1.15, y + size * 0.9); context.closePath(); }
  if (shape === 3) { context.moveTo(x, y - size * 1.3); context.lineTo(x + size * 1.1, y); context.lineTo(x, y + size * 1.3); context.lineTo(x - size * 1.1, y); context.closePath(); }
  context.fill();
}

function sizeCanvas(canvas, width, height) {
  const dots = devicePixelRatio, w = Math.round(width * dots), h = Math.round(height * dots);
  if (canvas.width !== w || canvas.height !== h) {
    Object.assign(canvas, { width: w, height: h });
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  }
  const context = canvas.getContext("2d");
  context.setTransform(dots, 0, 0, dots, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
