// The player: one cursor for all walkthroughs. The player moves, lights and reveals; all that the
// player shows was computed before.

import { themeOf } from "../shared/colours.js";
import { once } from "../shared/life.js";
import { PALETTE } from "../shared/palette.js";
import { fill, heightLeft } from "../shared/presenter.js";
import { editorOf } from "./editor.js";
import { buildFigures, renewFigures, shapeOf } from "./figures.js";
import { fitAll } from "./fit.js";
import { handsOf, sameSpot } from "./hands.js";
import { ledgerOf } from "./ledger.js";
import { quizOf } from "./quiz.js";
import { placeSlider } from "./slide.js";
import { painter } from "./view.js";
import { nameOf, openWalk, ROLES } from "./walk.js";
import { usesOf } from "./words.js";

const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16];
const STEP_MS = 1100;
const TELL_AFTER = 350;    // milliseconds of rest before Python hears of the cursor

export default once(createPlayer);

function createPlayer(root) {
  const find = (selector) => root.querySelector(selector);
  const node = find(".player"), panelsNode = find(".panels"), equationNode = find(".equation");
  const scrub = find(".scrub"), count = find(".count"), speedNode = find(".speed");
  let data = null, walks = [], panels = [], equation = null, views = [], paint = () => ({});
  let lead = 0, step = 0, pace = 2, timer = null, tellTimer = null, solo = null;
  let hover = null, pinned = null, product = null;
  let predict = false, verdict = null, moved = false;
  let tell = () => {}, hold = () => {}, lastTold = "", fitted = "", wide = 0;

  const leader = () => walks[lead];
  const first = () => (predict ? -1 : 0);
  const last = () => leader().steps.length - 1;
  node.tabIndex = -1;

  const player = {
    isEditable: (view) => data.editable.includes(ROLES[view.grid.role]),
    viewOfOperand: (operand, near) => {
      const fit = views.filter((view) => ROLES[view.grid.role] === operand && view.grid.role !== "flipped kernel" && view.grid.editable);
      return fit.find((view) => near && view.walk === near.walk && equation?.views.includes(view) === equation?.views.includes(near)) ?? fit[0];
    },
    pin: (view, cell) => { pinned = { view, cell }; hover = null; show(true); },
    unpin: () => { pinned = null; show(); },
    pinned: () => pinned,
    point: (spot) => { if (!sameSpot(spot, hover)) { hover = spot; show(); } },
    views: () => views,
    panels: () => panels,
    isPlaying: () => timer !== null,
    pause: () => play(false),
    goTo: (at) => goTo(at),
    follow: (number) => follow(number),
    showAlone: (number) => showAlone(number),
    lead: () => lead,
    remark: (sentence) => ledger.say(sentence, true),
    reveal: (to, given) => { verdict = given; goTo(to, { keep: true }); },
  };
  const ledger = ledgerOf(root, (one) => { product = one; show(); });
  const editor = editorOf(root, player, (edit) => tell("edit", edit));
  const quiz = quizOf(root, player, (answer) => tell("answer", answer));

  // ---- showing ---------------------------------------------------------------------------
  // Return what is lit: the names of products, the output if there is only one, and where to point.
  function focus() {
    if (product) return { walk: product.walk, rows: [product.row], at: null };
    const spot = hover ?? pinned;
    if (spot) return { walk: spot.view.walk, rows: spot.view.walk.rowsOfCell(spot.view.grid, spot.cell), at: spot };
    if (step < 0) return { walk: leader(), rows: [], at: null };
    return { walk: leader(), rows: leader().rowsOfStep(step), at: null, step };
  }

  function singleOutput({ walk, rows, at, step: of }) {
    const outputs = new Set(rows.map((row) => walk.columns.output[row]));
    if (outputs.size === 1) return [...outputs][0];
    if (of !== undefined && walk.steps[of].shows[0].length === 1) return walk.steps[of].shows[0][0];
    if (at && at.view.grid.role === "output") return at.view.grid.numbers[at.cell];
    return null;
  }

  function show(aloud) {
    if (!walks.length) return;
    const now = focus(), output = singleOutput(now), names = now.rows.map((row) => now.walk.names[row]);
    const whole = output !== null && now.rows.length === now.walk.rowsOfOutput(output).length;
    const rowsIn = new Map(walks.map((walk) => [walk, walk === now.walk ? now.rows : walk.rowsNamed(names)]));
    for (const view of views) {
      const { walk, grid } = view;
      const lit = walk.cellsOf(grid, rowsIn.get(walk));
      if (whole && grid.lit_by === "output" && !lit.length) lit.push(...grid.drawn.get(output));
      const at = walk === now.walk && now.step !== undefined ? now.step : whole ? walk.stepOfOutput.get(output) : undefined;
      view.mark("also", at === undefined ? [] : walk.alsoOf(grid, at));
      view.mark("point", now.at?.view === view ? [now.at.cell] : []);
      view.mark("lit", lit);
      view.settle?.();
    }
    for (const panel of panels) {
      if (panel.slide) placeSlider(panel, output, rowsIn.get(panel.slide.walk), !predict || isShown(output));
    }
    explain(now, output, rowsIn.get(walks[0]), aloud);
  }

  const isShown = (output) => leader().shownAfter(step).has(output);

  function explain(now, output, rows, aloud) {
    const { at } = now;
    if (predict && output !== null && !isShown(output)) {
      ledger.clear();
      ledger.say(at ? "Not revealed yet." : "", false);
      return;
    }
    if (at && !now.rows.length && output === null) ledger.clear();
    else ledger.terms(walks[0], rows, output);
    node.classList.toggle("right", Boolean(verdict?.right) && !at);
    node.classList.toggle("wrong", Boolean(verdict && !verdict.right) && !at);
    if (!at) {
      const { sentence = "" } = verdict ?? leader().steps[step] ?? {};
      const summed = !verdict && output !== null ? sentence.indexOf(". ") : -2;
      ledger.say(sentence, aloud, summed === -2 ? sentence : summed < 0 ? "" : sentence.slice(summed + 2));
      return;
    }
    const { grid, walk } = at.view, number = grid.numbers[at.cell];
    const where = number < 0 ? "padding" : `cell ${nameOf(walk, grid.space === "input" || grid.space === "kernel" ? grid.space : "output", grid.space in walk.shapes ? number : 0)}`;
    const text = shownText(at) || "blank";
    const hint = at === pinned ? (editor.canEdit(at.view, at.cell) ? " Type to change it; Esc lets go." : " Pinned; Esc lets go.") : "";
    const place = grid.space in walk.shapes ? `${grid.title}, ${where}` : grid.title;
    ledger.say(`${place}: ${text}, in ${usesOf(walk, grid, now.rows.length)}.${hint}`, aloud);
  }

  function shownText({ view, cell }) {
    const { grid } = view;
    if (grid.role === "output") return leader().shownAfter(step).get(grid.numbers[cell])?.[0];
    return grid.written[cell];
  }

  // Return the outputs that the cursor has reached so far, and the copies that made them.
  function reveal() {
    const shown = leader().shownAfter(data.whole ? last() : step), asked = predict && step < last() ? leader().steps[step + 1].shows[0][0] : null;
    for (const view of views) {
      const { grid } = view;
      if (grid.role === "output") {
        grid.numbers.forEach((number, at) => {
          const [text, value] = shown.get(number) ?? ["", null];
          view.put(at, text, value);
        });
        view.mark("asked", grid.numbers.flatMap((number, at) => (number === asked ? [at] : [])));
      } else if (grid.role === "copy") {
        view.due.forEach((due, at) => view.put(at, due <= step ? grid.written[at] : "", grid.values[at]));
      } else {
        grid.written.forEach((text, at) => view.put(at, text, text === "" ? null : grid.values[at]));
      }
      if (grid.role === "input") view.mark("won", view.walk.cellsOf(grid, view.walk.winners.filter((row) => shown.has(view.walk.columns.output[row]))));
    }
    scrub.max = String(last());
    scrub.min = String(first());
    scrub.value = String(step);
    scrub.setAttribute("aria-valuetext", `Step ${step + 1} of ${last() + 1}`);
    count.textContent = `${step + 1} / ${last() + 1}`;
    find('[data-act="back"]').disabled = find('[data-act="first"]').disabled = step <= first();
    find('[data-act="step"]').disabled = find('[data-act="last"]').disabled = step >= last();
  }

  // For each cell of a copy, the leader's step that has added all its products.
  function plan() {
    for (const view of views) {
      if (view.grid.role !== "copy") continue;
      const { rowOf, stepOfRow } = leader();
      view.due = view.grid.numbers.map((_, at) => {
        let due = -1;
        for (const row of view.walk.rowsOfCell(view.grid, at)) due = Math.max(due, stepOfRow[rowOf.get(view.walk.names[row])]);
        return due < 0 ? Infinity : due;
      });
    }
    for (const panel of panels) {
      panel.panel.classList.toggle("leads", panel.number === lead && walks.length > 1);
      panel.lead.setAttribute("aria-pressed", String(panel.number === lead));
    }
  }

  // ---- the cursor --------------------------------------------------------------------------
  function goTo(target, options) {
    moved = true;
    stand(target, options);
    tellLater();
  }

  function stand(target, { keep, aloud = true } = {}) {
    step = Math.max(first(), Math.min(last(), target));
    hover = product = null;
    if (!keep) { verdict = null; pinned = null; }
    reveal();
    show(aloud && timer === null);
    quiz.ask(predict ? leader() : null, step);
  }

  // Python is told where a cursor rests, not each step of a play.
  function tellLater() {
    clearTimeout(tellTimer);
    tellTimer = setTimeout(() => {
      const told = `${step},${lead}`;
      if (timer !== null || predict || told === lastTold) return;
      lastTold = told;
      hold("cursor", { step, lead });
    }, TELL_AFTER);
  }

  function play(on) {
    clearTimeout(timer);
    timer = null;
    node.classList.toggle("playing", on);
    find(".play").setAttribute("aria-label", on ? "Pause" : "Play");
    const wait = STEP_MS / SPEEDS[pace];
    node.style.setProperty("--glide", `${Math.min(200, wait * 0.45).toFixed(0)}ms`);
    if (on) timer = setTimeout(tick, wait);
    else { tellLater(); show(true); }
  }

  function tick() {
    if (step >= last()) { play(false); return; }
    timer = setTimeout(tick, STEP_MS / SPEEDS[pace]);
    goTo(step + 1);
    if (step >= last()) play(false);
  }

  const acts = {
    first: () => goTo(first()),
    back: () => goTo(step - 1),
    step: () => goTo(step + 1),
    last: () => goTo(last()),
    play: () => {
      if (timer === null && step >= last()) goTo(first());
      play(timer === null);
    },
    slower: () => setPace(pace - 1),
    faster: () => setPace(pace + 1),
  };

  function setPace(to) {
    pace = Math.max(0, Math.min(SPEEDS.length - 1, to));
    speedNode.textContent = `${SPEEDS[pace]}×`;
  }

  // Let another method lead: the cursor stays at a step that shares a product with the one before.
  function follow(number) {
    if (number === lead || !walks[number]) return;
    const row = step < 0 ? undefined : leader().rowsOfStep(step)[0];
    const name = row === undefined ? undefined : leader().names[row];
    lead = number;
    const at = leader().rowOf.get(name);
    plan();
    goTo(step < 0 ? -1 : at === undefined ? Math.min(step, last()) : leader().stepOfRow[at]);
  }

  function showAlone(number) {
    solo = solo === number ? null : number;
    for (const panel of panels) {
      panel.panel.hidden = solo !== null && panel.number !== solo;
      panel.solo.setAttribute("aria-pressed", String(panel.number === solo));
      panel.solo.textContent = solo === null ? "⤢" : "⤡";
    }
    if (solo !== null) follow(solo);
    fit(true);
    show();
  }

  // Input cells that no product uses.
  function unusedIn({ walk, grid }) {
    const unused = new Set(walk.unused);
    return grid.numbers.flatMap((number, at) => (unused.has(number) && !grid.ghost.has(at) ? [at] : []));
  }

  // ---- new data ----------------------------------------------------------------------------------
  function build() {
    const made = buildFigures(walks, equationNode, panelsNode, (...cell) => paint(...cell), data.equation);
    ({ equation, panels } = made);
    views = [equation, ...panels].flatMap((figure) => figure?.views ?? []);
    const reached = new Set();
    for (const view of views) {
      // One grid of each kind is a stop of the Tab key; its cells are reached with arrows.
      if (!reached.has(view.grid.id)) view.node.tabIndex = 0;
      reached.add(view.grid.id);
      view.node.classList.toggle("editable", view.grid.editable && player.isEditable(view));
    }
    solo = null;
    fit(true);
  }

  function renew() {
    // Three signs fit cells of any size.
    const widths = () => [equation, ...panels].map((figure) => [figure?.longest, ...(figure?.views ?? []).map(({ grid }) => Math.max(3, grid.longest))]).join();
    const before = widths();
    renewFigures(walks, equation, panels);
    if (widths() !== before) fit(true);
  }

  // Return the view that has taken another one's place.
  const counterpart = (view) => views.find((one) => one === view || (one.grid.id === view.grid.id && one.walk.method === view.walk.method));

  // Fit the figures; return whether sizes have changed, so that the caller shows everything again.
  function fit(force) {
    if (!force || !wide) wide = panelsNode.clientWidth || node.clientWidth;
    const shown = panels.filter(({ number }) => solo === null || number === solo);
    const key = () => `${wide},${solo},${heightLeft()}`;
    if (!wide || !shown.length || (!force && key() === fitted)) return false;
    if (heightLeft() === null) fitAll(equation, shown, wide, data.height);
    else fill(120, innerHeight, (height) => fitAll(equation, shown, wide, height));
    fitted = key();
    return true;
  }

  const hands = handsOf(root, player, acts, editor);
  const resized = new ResizeObserver(() => { if (fit()) { show(); editor.place(); } });
  resized.observe(node);
  setPace(pace);

  function update({ data: given, body, say, keep, unheard }) {
    tell = say;
    hold = keep;
    const opened = data === null, before = data;
    data = given;
    const arrived = !opened && before.arrival !== data.arrival;
    if (arrived) {
      if (timer !== null) play(false);
      clearTimeout(tellTimer);
      moved = false;
    }
    const stops = PALETTE[themeOf(node)].signed;
    const painted = themeOf(node);
    paint = painter(stops);
    if (opened || before.id !== data.id || before.theme !== painted) {
      const shapes = walks.map(shapeOf).join();
      const marks = data.marks?.[painted];
      walks = JSON.parse(new TextDecoder().decode(body)).map((walk) => ({ ...openWalk(walk), marks }));
      lead = opened || arrived || lead >= walks.length ? Math.min(data.lead, walks.length - 1) : lead;
      if (!moved) step = data.step;
      if (!moved) lastTold = `${step},${lead}`;
      predict = data.predict;
      quiz.restart();
      verdict = null;
      hover = product = null;
      if (!opened && shapes === walks.map(shapeOf).join()) renew();
      else {
        // A cell that was just clicked, to be typed into, stays chosen.
        const was = arrived ? null : pinned;
        build();
        const view = was && counterpart(was.view);
        pinned = view && was.cell < view.grid.size ? { view, cell: was.cell } : null;
      }
      for (const view of views) {
        view.repaint();
        view.mark("unused", view.grid.role === "input" ? unusedIn(view) : []);
      }
      plan();
      if (predict) step = -1;
      stand(Math.min(step, last()), { keep: true, aloud: !opened });
      if (moved) tellLater();
      editor.renewed(counterpart);
      ledger.tabulate(leader());
    } else if (before.predict !== data.predict) {
      predict = data.predict;
      quiz.restart();
      play(false);
      goTo(predict ? -1 : Math.max(0, step));
    } else if (before.whole !== data.whole) {
      stand(step, { keep: true, aloud: false });
    } else if (arrived) {
      lead = Math.min(data.lead, walks.length - 1);
      plan();
      stand(data.step);
      lastTold = `${step},${lead}`;
    }
    data.theme = painted;
    hands.releaseKeys();
    if (!unheard("edit")) editor.answered(data.refused);
    if (!unheard("answer")) quiz.judged(data.verdict);
    node.dataset.ready = data.id;
  }

  return {
    update,
    refit() { wide = 0; if (fit()) { show(); editor.place(); } },
    destroy() {
      clearTimeout(timer);
      clearTimeout(tellTimer);
      resized.disconnect();
      hands.destroy();
    },
  };
}
