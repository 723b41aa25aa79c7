// Values as colours, by the palette that Python sends.

// Light text stands on a dark page.
export function themeOf(node) {
  const [r, g, b] = (getComputedStyle(node).color.match(/[\d.]+/g) ?? [0, 0, 0]).map(Number);
  return r + g + b > 384 ? "dark" : "light";
}

function rgbOf(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

// Return the colour at `t` in [0, 1] along evenly spaced stops, as [red, green, blue].
export function between(stops, t) {
  const at = Math.max(0, Math.min(1, t)) * (stops.length - 1);
  const low = Math.min(Math.floor(at), stops.length - 2);
  const from = rgbOf(stops[low]), to = rgbOf(stops[low + 1]);
  return from.map((value, i) => Math.round(value + (at - low) * (to[i] - value)));
}

// Return 257 colours along the stops, as pixels of a canvas: the odd number puts one on a signed
// zero.
export function colourTable(stops) {
  const table = new Uint32Array(257);
  for (let i = 0; i <= 256; i += 1) {
    const [r, g, b] = between(stops, i / 256);
    table[i] = (255 << 24) | (b << 16) | (g << 8) | r;
  }
  return table;
}

// Return the style of a cell of this value, with text that can be read on the colour.
export function cellStyle(value, limit, stops) {
  const rgb = between(stops, 0.5 + value / (2 * limit));
  const [r, g, b] = rgb;
  const dark = 0.299 * r + 0.587 * g + 0.114 * b < 140;
  return { background: `rgb(${rgb.join(",")})`, color: dark ? "#fff" : "#10141c" };
}
