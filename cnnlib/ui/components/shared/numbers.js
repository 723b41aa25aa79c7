// The form in which numbers are written.

// Write three significant digits, a true minus sign, and whole numbers as whole numbers.
export function format(value) {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value).replace("-", "−");
  const size = Math.abs(value);
  const text = size >= 1e4 || size < 1e-3 ? value.toExponential(2) : value.toPrecision(3);
  return text.replace(/-/g, "−");
}
