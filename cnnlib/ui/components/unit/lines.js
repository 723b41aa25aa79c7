// The lines of a unit's sum, with as many digits as a calculator needs to confirm them.

import { enough, format, summed } from "../shared/numbers.js";

// Return lines with texts in place of numbers. Terms lead to the line that begins with "=". Of the
// last layer a power, the sum of all powers and their ratio follow.
export function written(lines) {
  const at = lines.findIndex(({ label }) => label.startsWith("="));
  const texts = lines.map(({ value }) => (typeof value === "number" ? format(value) : value));
  const labels = lines.map(({ label }) => label);
  if (at > 0) {
    const [power, , ratio] = lines.slice(at + 1).map(({ value }) => value);
    let fits;
    if (ratio !== undefined) {
      const told = enough([power, lines[at + 2].value], ratio, (one, two) => one / two);
      texts.splice(at + 1, 2, ...told.texts);
      if (told.sign !== "=") labels[at + 3] = `≈ ${labels[at + 3]}`;
      if (labels[at + 1] === "e^logit") fits = (logit) => format(Math.exp(logit), told.digits) === told.texts[0];
    }
    const told = summed(lines.slice(0, at).map(({ value }) => value), lines[at].value, fits);
    texts.splice(0, at + 1, ...told.texts);
    labels[at] = labels[at].replace("=", told.sign);
  }
  return lines.map((_, n) => ({ label: labels[n], value: texts[n] }));
}
