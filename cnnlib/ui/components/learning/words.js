// The row of words above everything, the tabs of a race, and the sentences for a screen reader.

import { element, sizeCanvas } from "../shared/page.js";
import { DASHES, drawMark } from "./marks.js";
import { brief, percent } from "./numbers.js";

const SILENCE = 5000;   // milliseconds between two spoken sentences

export function wordsOf(root, view) {
  const find = (selector) => root.querySelector(selector);
  const tabs = find(".tabs"), state = find(".state"), why = find(".why"), bar = find(".bar"), facts = find(".facts");
  const table = find(".table"), body = table.querySelector("tbody"), said = find(".said");
  let tabbed = "", tabulated = "", spokenAt = -SILENCE, spoken = "", timer = null;

  function write(node, text) { if (node.textContent !== text) node.textContent = text; }

  function showTabs(runs, colours) {
    const key = runs.map(({ id, title }) => `${id} ${title}`).join() + colours.join();
    tabs.hidden = runs.length < 2;
    if (key !== tabbed) {
      tabbed = key;
      tabs.replaceChildren(...runs.map((run, k) => tab(run, k, colours[k])));
    }
    runs.forEach((run, k) => {
      const button = tabs.children[k], last = run.reports.at(-1), chosen = run === view.run();
      button.setAttribute("aria-selected", String(chosen));
      button.tabIndex = chosen ? 0 : -1;
      write(button.querySelector("span"), last ? percent(last.validationAccuracy) : run.words);
      button.querySelector("i").style.width = `${100 * run.share}%`;
    });
  }

  function tab(run, k, colour) {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("role", "tab");
    button.style.setProperty("--run", colour);
    const context = sizeCanvas(element("canvas", "", button), 34, 14);
    context.strokeStyle = context.fillStyle = colour;
    context.lineWidth = 2.4;
    context.setLineDash(DASHES[k]);
    context.beginPath();
    context.moveTo(0, 7);
    context.lineTo(34, 7);
    context.stroke();
    drawMark(context, k, 17, 7, 4);
    element("b", "", button, run.title);
    element("span", "", button);
    element("i", "", button);
    button.addEventListener("click", () => view.select(run.id));
    return button;
  }

  tabs.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const next = move && tabs.children[[...tabs.children].indexOf(event.target) + move];
    if (!next) return;
    event.preventDefault();
    next.click();
    next.focus();
  });

  function tabulate(run) {
    const { reports } = run, key = `${run.id} ${reports.at(-1)?.n} ${reports.length}`;
    if (key === tabulated) return;
    tabulated = key;
    write(table.querySelector("caption"), `Reports of ${run.title}`);
    body.replaceChildren();
    for (const one of reports) {
      const row = element("tr", "", body);
      const numbers = [one.epochs.toFixed(2), brief(one.loss), percent(one.accuracy), brief(one.validationLoss), percent(one.validationAccuracy), String(one.mistakes)];
      for (const text of numbers) element("td", "", row, text);
    }
  }

  function speak(run) {
    const last = run.reports.at(-1);
    let sentence = run.state === "training" ? "" : `${run.title}: ${run.words}. ${run.sentence}`;
    if (last) sentence += ` Epoch ${last.epochs.toFixed(2)}: validation accuracy ${percent(last.validationAccuracy)}, validation loss ${brief(last.validationLoss)}.`;
    if (run.end) sentence += ` The ${run.end.text}.`;
    if (sentence === spoken) return;
    clearTimeout(timer);
    const wait = spokenAt + SILENCE - performance.now();
    if (wait > 0) { timer = setTimeout(() => speak(run), wait); return; }
    spoken = sentence;
    spokenAt = performance.now();
    said.textContent = sentence.trim();
  }

  // Return the sentence that stands in the place of the curves as long as there are none.
  function blank(run) {
    return run.training.count || run.reports.length || run.end ? "" : run.sentence || "The first numbers are on their way.";
  }

  return {
    blank,
    show(runs, colours) {
      showTabs(runs, colours);
      const run = view.run();
      find(".status").hidden = !run;
      if (!run) return;
      write(state, run.words);
      // The end of a line says why the line ends, and the diagnosis says the rest.
      const beside = blank(run) || run.end ? "" : run.sentence;
      write(why, beside);
      why.title = beside;
      write(facts, run.facts.join(" · "));
      bar.style.setProperty("--run", colours[runs.indexOf(run)]);
      bar.setAttribute("aria-valuenow", String(Math.round(100 * run.share)));
      bar.firstElementChild.style.width = `${100 * run.share}%`;
      tabulate(run);
      speak(run);
    },
    stop() { clearTimeout(timer); },
  };
}
