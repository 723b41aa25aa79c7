// Predict, then reveal: a question before each step. Python judges the answers.

import { nameOf } from "./walk.js";

export function quizOf(root, player, send) {
  const node = root.querySelector(".player"), form = root.querySelector(".quiz");
  const field = form.querySelector(".guess"), check = form.querySelector("[type=submit]");
  const skip = form.querySelector(".skip"), question = form.querySelector(".ask");
  let results = new Map();   // step, or "size" → whether the first answer was right
  let serial = 0, answered = 0, asks = null;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    serial += 1;
    send({ serial, walk: player.lead(), step: asks === "size" ? null : asks, typed: field.value });
  });
  skip.addEventListener("click", () => {
    record(asks, false);
    field.value = "";
    player.reveal(asks === "size" ? -1 : asks, null);
  });

  function record(at, right) {
    if (!results.has(at)) results.set(at, right);
  }

  return {
    restart() { results = new Map(); field.value = ""; },
    // Put the question that comes after a step, of a walkthrough or of none.
    ask(walk, step) {
      form.hidden = !walk;
      const size = Boolean(walk) && step < 0 && !results.has("size");
      node.classList.toggle("veiled", size);
      if (!walk) return;
      const done = step >= walk.steps.length - 1, next = done ? null : walk.steps[step + 1];
      asks = size ? "size" : step + 1;
      const output = next && nameOf(walk, "output", next.shows[0][0]);
      const { words } = walk;
      question.textContent = done ? "All revealed." : size ? words.size : words.output.replace("{}", output);
      for (const part of [field, check, skip]) part.hidden = done;
      const right = [...results.values()].filter(Boolean).length;
      form.querySelector(".score").textContent = results.size ? `${right} of ${results.size} right` : "";
    },
    judged(given) {
      if (!given || given.serial !== serial || serial === answered) return;
      answered = serial;
      if (given.right === null) { player.remark(given.sentence); return; }
      record(given.step ?? "size", given.right);
      field.value = "";
      player.reveal(given.step ?? -1, given);
      field.focus({ preventScroll: true });
    },
  };
}
