// Losses and shares in the form that stands beside curves.

import { format } from "../shared/numbers.js";

export const percent = (share) => `${(100 * share).toFixed(share >= 0.9 && share < 1 ? 2 : share < 1 ? 1 : 0)}%`;

// Write a number far from one with a power of ten, as on a blackboard.
function tens(value) {
  const [mantissa, power] = value.toExponential(2).split("e"), digits = String(Number(power)).replace("-", "−");
  const raised = [...digits].map((digit) => (digit === "−" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit])).join("");
  const factor = String(Number(mantissa)).replace("-", "−");
  return factor === "1" ? `10${raised}` : `${factor}·10${raised}`;
}

const isFar = (value) => value !== 0 && (Math.abs(value) >= 1e4 || Math.abs(value) < 1e-3);

export function brief(value) {
  if (Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return "∞";
  return isFar(value) ? tens(value) : format(value);
}

export const onAxis = (value) => (isFar(value) ? tens(value) : String(Number(value.toPrecision(3))));
