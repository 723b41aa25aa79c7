// How numbers are written: three digits, a true minus sign, powers of ten for what is far from one.

import assert from "node:assert/strict";
import test from "node:test";

import { brief, onAxis, percent } from "../../cnnlib/ui/components/learning/numbers.js";
import { format } from "../../cnnlib/ui/components/shared/numbers.js";

const cases = (write, pairs) => { for (const [value, text] of pairs) assert.equal(write(value), text, `${value}`); };

test("in figures", () => {
  cases(format, [
    [0, "0"], [-0, "0"], [7, "7"], [-7, "−7"], [123456, "123456"], [0.5, "0.500"], [-0.12345, "−0.123"], [12.3456, "12.3"],
    [12345.6, "1.23e+4"], [0.0001234, "1.23e−4"], [-1234567, "−1.23e+6"],
  ]);
});

test("beside curves", () => {
  cases(brief, [
    [0, "0"], [0.25, "0.250"], [-3, "−3"], [12345, "1.23·10⁴"], [1e5, "10⁵"], [1e-12, "10⁻¹²"], [-2.5e-6, "−2.5·10⁻⁶"],
    [NaN, "not a number"], [Infinity, "∞"],
  ]);
  cases(onAxis, [[0, "0"], [0.5, "0.5"], [0.0005, "5·10⁻⁴"], [20, "20"], [1e6, "10⁶"]]);
});

test("shares, with two digits where the nines count", () => {
  cases(percent, [[0, "0.0%"], [0.5, "50.0%"], [0.9, "90.00%"], [0.98765, "98.77%"], [1, "100%"]]);
});
