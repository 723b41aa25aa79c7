// How runs are told apart: by colour, by dashes, and by the mark at each report.

import { between } from "../shared/colours.js";

export const DASHES = [[], [7, 3], [2, 3], [10, 3, 2, 3]];

export function runColours({ signed, unsigned }) {
  const grey = between(unsigned, 0.5);
  return [signed[0], signed.at(-1), unsigned.at(-1), `rgb(${grey.join(",")})`];
}

// Circle, square, triangle, diamond: a run is known by its mark and its dashes as well.
export function drawMark(context, shape, x, y, size) {
  context.beginPath();
  if (shape === 0) context.arc(x, y, size, 0, 7);
  if (shape === 1) context.rect(x - size * 0.9, y - size * 0.9, size * 1.8, size * 1.8);
  if (shape === 2) { context.moveTo(x, y - size * 1.2); context.lineTo(x + size * 1.15, y + size * 0.9); context.lineTo(x - size * 1.15, y + size * 0.9); context.closePath(); }
  if (shape === 3) { context.moveTo(x, y - size * 1.3); context.lineTo(x + size * 1.1, y); context.lineTo(x, y + size * 1.3); context.lineTo(x - size * 1.1, y); context.closePath(); }
  context.fill();
}
