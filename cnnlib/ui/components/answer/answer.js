// The network's answer: the top guess in large type, and the softmax probability of every digit.

import { once } from "../shared/life.js";
import { element } from "../shared/page.js";

export default once((root) => {
  const answer = root.querySelector(".answer"), list = root.querySelector(".bars");
  const spoken = root.querySelector("[aria-live=polite]");
  let choose = () => {}, quiet = null;
  const bars = Array.from({ length: 10 }, (_, digit) => {
    const button = element("button", "", element("li", "", list));
    button.type = "button";
    button.dataset.digit = digit;
    button.addEventListener("click", () => choose(digit));
    element("span", "", button, String(digit));
    const fill = element("div", "fill", element("div", "track", button));
    return { button, fill, percent: element("span", "percent", button) };
  });

  function percent(p) {
    if (p >= 0.9995) return "100 %";
    return p < 0.0005 ? "0 %" : `${(100 * p).toFixed(p < 0.1 ? 1 : 0)} %`;
  }

  return {
    update({ data, say }) {
      choose = (digit) => say("digit", digit);
      const { probabilities, guess, hint } = data;
      const empty = guess === null;
      answer.classList.toggle("empty", empty);
      root.querySelector(".hint").textContent = hint;
      root.querySelector(".guess").textContent = empty ? "" : String(guess);
      root.querySelector(".sure").textContent = empty ? "" : percent(probabilities[guess]);
      bars.forEach(({ button, fill, percent: text }, digit) => {
        const p = empty ? 0 : probabilities[digit];
        fill.style.width = `${100 * p}%`;
        text.textContent = empty ? "" : percent(p);
        button.classList.toggle("best", digit === guess);
        button.disabled = empty;
        button.setAttribute("aria-label", empty ? `${digit}` : `${digit}: ${percent(p)}. Show how its score comes about.`);
      });
      answer.dataset.sequence = data.sequence;
      // A screen reader says the answer once the drawing rests, not thirty times a second.
      clearTimeout(quiet);
      quiet = setTimeout(() => {
        spoken.textContent = empty ? "" : `The network reads ${guess}, ${percent(probabilities[guess])}`;
      }, 600);
    },
    destroy() { clearTimeout(quiet); },
  };
});
