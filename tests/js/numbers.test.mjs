// How numbers are written: three digits, a true minus sign, powers of ten for what is far from one.

import assert from "node:assert/strict";
import test from "node:test";

import { brief, onAxis, percent } from "../../cnnlib/ui/components/learning/numbers.js";
import { enough, format, summed } from "../../cnnlib/ui/components/shared/numbers.js";
import { written } from "../../cnnlib/ui/components/unit/lines.js";

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

const number = (text) => Number(text.replace(/−/g, "-"));
let seed = 1;
const chance = () => { seed = (seed * 48271) % 2147483647; return seed / 2147483647 - 0.5; };

test("a calculator confirms every loss", () => {
  assert.deepEqual(enough([0.97628], 0.0240058, (p) => -Math.log(p)).texts, ["0.9763"]);
  for (let i = 0; i < 2000; i += 1) {
    const p = Math.fround(1 - (chance() + 0.5) ** 3), loss = -Math.log(p);
    const { texts, sign } = enough([p], loss, (one) => -Math.log(one));
    if (p < 1) assert.equal(sign, "=");
    assert.equal(format(-Math.log(number(texts[0]))), format(loss));
  }
});

test("a calculator confirms every product", () => {
  for (let i = 0; i < 2000; i += 1) {
    const a = Math.fround(20 * chance()), b = Math.fround(chance());
    const { texts, sign } = enough([a, b], a * b, (one, two) => one * two);
    assert.equal(sign, "=");
    assert.equal(format(number(texts[0]) * number(texts[1])), format(a * b));
  }
});

test("a calculator confirms every sum", () => {
  assert.deepEqual(summed([-6.3451, 1.3209], -5.0242), { texts: ["−6.345", "1.321", "−5.024"], sign: "=" });
  assert.deepEqual(summed([2, 3], 5).texts, ["2", "3", "5"]);
  assert.equal(summed([1e12 + 0.1, 1.1], 1e12 + 1.2).sign, "≈");
  assert.equal(summed([1, 1], 3).sign, "≈");
  for (let i = 0; i < 2000; i += 1) {
    const terms = [20 * chance(), 2 * chance()].map(Math.fround), total = Math.fround(terms[0] + terms[1]);
    const { texts, sign } = summed(terms, total), [one, two, sum] = texts.map(number);
    if (sign === "=") assert.ok(Math.abs(one + two - sum) < 1e-9, texts.join());
    else assert.ok(Math.abs(terms[0] + terms[1] - total) > 0);
  }
});

test("the lines of a logit lead to its probability", () => {
  for (let i = 0; i < 500; i += 1) {
    const products = 20 * chance(), bias = chance(), logit = products + bias;
    const powers = [Math.exp(logit), 30 * (chance() + 0.6)], sum = powers[0] + powers[1];
    const lines = written([
      { label: "Σ of 9 products", value: products }, { label: "+ bias", value: bias }, { label: "= logit", value: logit },
      { label: "e^logit", value: powers[0] }, { label: "Σ e^logit of all ten", value: sum }, { label: "softmax, the ratio", value: powers[0] / sum },
    ]);
    const [p, b, l, e, all, ratio] = lines.map(({ value }) => number(value));
    if (!lines[2].label.startsWith("=")) continue;
    assert.ok(Math.abs(p + b - l) < 1e-9);
    assert.ok(Math.abs(Math.exp(l) - e) <= 1e-2 * e);
    assert.equal(format(e / all), lines[5].value);
    assert.equal(number(lines[5].value), ratio);
  }
  assert.deepEqual(written([{ label: "max(0, input)", value: 0.25 }]), [{ label: "max(0, input)", value: "0.250" }]);
});
