// A network's maps from a packet: exact, in whole steps, or as the largest values of another layer.

const HALF_TO_FLOAT = new Float32Array(65536);
for (let h = 0; h < 65536; h += 1) {
  const exponent = (h >> 10) & 31, fraction = h & 1023;
  const size = exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24;
  HALF_TO_FLOAT[h] = h & 32768 ? -size : size;
}

// Return the values of each layer, and the bytes behind them all.
export function openValues(layers, kinds, body) {
  const opened = [];
  let at = 0;
  for (const [k, { shape }] of layers.entries()) {
    const kind = kinds[k], count = shape[0] * shape[1] * shape[2], place = body.byteOffset + at;
    if (kind.type === "largest") {
      opened.push(largest(kind, shape, opened[kind.of], layers[kind.of].shape));
    } else if (kind.type === "f2") {
      opened.push(Float32Array.from(new Uint16Array(body.buffer, place, count), (half) => HALF_TO_FLOAT[half]));
      at += 2 * count;
    } else {
      opened.push(stepped(new Int8Array(body.buffer, place, count), shape, kind.step));
      at += count;
    }
  }
  return { opened, rest: body.subarray(at) };
}

// Each row holds steps from the row above, and the first row of a map holds steps from zero.
function stepped(changes, [, height, width], step) {
  const steps = Int8Array.from(changes);
  for (let i = width; i < steps.length; i += 1) if (Math.floor(i / width) % height) steps[i] += steps[i - width];
  return Float32Array.from(steps, (whole) => whole * step);
}

// Python tells which cells each value looks at; this function only compares them.
function largest({ rows, columns, floor }, [channels, height, width], source, [, down, across]) {
  const least = floor ?? -Infinity;
  if (!rows) return source.map((value) => Math.max(least, value));
  const found = new Float32Array(channels * height * width).fill(least);
  for (let channel = 0, at = 0; channel < channels; channel += 1) {
    for (const [top, bottom] of rows) {
      for (const [left, right] of columns) {
        for (let row = top; row < bottom; row += 1) {
          const line = (channel * down + row) * across;
          for (let column = left; column < right; column += 1) found[at] = Math.max(found[at], source[line + column]);
        }
        at += 1;
      }
    }
  }
  return found;
}
