// The form in which numbers are written, alone and in sums that a calculator confirms.

const MOST = 12;   // digits, and decimals

const isWhole = (value) => Number.isInteger(value) && Math.abs(value) < 1e6;
const minus = (text) => text.replace(/-/g, "−");

// Write three significant digits, or more, a true minus sign, and whole numbers as whole numbers.
export function format(value, digits = 3) {
  if (isWhole(value)) return minus(String(value));
  const size = Math.abs(value);
  return minus(size >= 1e4 || size < 1e-3 ? value.toExponential(digits - 1) : value.toPrecision(digits));
}

// Write numbers with as few digits as lead, by `combine`, to the result as it is written. Return
// their texts, and the sign that stands before the result.
export function enough(numbers, result, combine) {
  for (let digits = 3; digits <= MOST; digits += 1) {
    const shown = numbers.map((value) => (isWhole(value) ? value : Number(value.toPrecision(digits))));
    if (format(combine(...shown)) === format(result)) return { texts: numbers.map((value) => format(value, digits)), sign: "=", digits };
  }
  return { texts: numbers.map((value) => format(value)), sign: "≈", digits: 3 };
}

// Write terms and their sum with as few decimals as make the written sum exact. `fits` tells
// whether the written sum will do for what follows it.
export function summed(terms, total, fits = () => true) {
  const all = [...terms, total];
  const least = Math.min(...all.filter((value) => Math.abs(value) >= 1e-4).map(Math.abs), 1);
  for (let decimals = 2 - Math.floor(Math.log10(least)); decimals <= MOST; decimals += 1) {
    const texts = all.map((value) => (isWhole(value) ? String(value) : value.toFixed(decimals)));
    const parts = texts.map(Number), sum = parts.slice(0, -1).reduce((one, two) => one + two, 0);
    const exact = Math.abs(sum - parts.at(-1)) < 0.25 * 10 ** -decimals;
    if (exact && Math.abs(total) < 1e9 && fits(parts.at(-1))) return { texts: texts.map(minus), sign: "=" };
  }
  return { texts: all.map((value) => format(value)), sign: "≈" };
}
