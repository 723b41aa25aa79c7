// Runs while they learn. This module alone knows which run, report and cell is looked at, so all
// panels follow without asking the server.

import { colourTable, themeOf } from "../shared/colours.js";
import { once } from "../shared/life.js";
import { PALETTE } from "../shared/palette.js";
import { fill, grown, heightLeft } from "../shared/presenter.js";
import { confusionOf } from "./confusion.js";
import { curvesOf } from "./curves.js";
import { filtersOf } from "./filters.js";
import { galleryOf } from "./gallery.js";
import { historyOf, nearest } from "./history.js";
import { layersOf } from "./layers.js";
import { runColours } from "./marks.js";
import { wordsOf } from "./words.js";

const TELL_AFTER = 500;   // milliseconds of rest before Python hears what is looked at
const ENOUGH = 6000;      // bytes of a packet whose arrival is worth telling
const RARELY = 800;       // milliseconds between two such messages, except after a packet of
const MUCH = 40000;       // so many bytes
// Elements where Space has a meaning of its own.
const PRESSED = "input, textarea, select, button, a, summary, label, [contenteditable], [role=listbox], [role=combobox], [role=radio]";

export default once(createLearning);

function createLearning(root) {
  const all = root.querySelector(".learning"), find = (selector) => root.querySelector(selector);
  const history = historyOf();
  let header = null, selected = null, epoch = null, signature = "", fitted = "", tall = 0;
  let tell = () => {}, hold = () => {}, taken = 0;
  let tellTimer = null, toldLooked = "", ackTimer = null, ackedAt = -RARELY;

  // `epoch` is where the scrubber was left; null follows the newest report.
  const view = {
    axis: "epochs", scale: "linear", chosen: null,
    run: () => history.runs().find(({ id }) => id === selected) ?? history.runs()[0] ?? null,
    at() {
      const reports = view.run()?.reports ?? [];
      return epoch === null ? reports.length - 1 : nearest(reports.length, (k) => reports[k].epochs, epoch);
    },
    report: () => view.run()?.reports[view.at()] ?? null,
    isLive: () => epoch === null,
    scrub(to) {
      const { reports } = view.run() ?? { reports: [] };
      if (!reports.length) return;
      const at = Math.max(0, Math.min(reports.length - 1, to));
      epoch = at === reports.length - 1 ? null : reports[at].epochs;
      moved();
    },
    scrubNear(value) {
      const { reports } = view.run() ?? { reports: [] };
      view.scrub(nearest(reports.length, (k) => reports[k][view.axis], value));
    },
    select(id) {
      selected = id;
      showAll();
      tellLater();
    },
    choose(cell) {
      const same = cell && view.chosen && cell.truth === view.chosen.truth && cell.said === view.chosen.said;
      view.chosen = cell && !same ? { truth: cell.truth, said: cell.said } : null;
      showPanels(true);
    },
  };
  const curves = curvesOf(root, view), words = wordsOf(root, view), confusion = confusionOf(root, view);
  const filters = filtersOf(root), layers = layersOf(root);
  const gallery = galleryOf(root, view, (index) => tell("picture", { run: view.run().id, index }));
  const track = find(".track"), at = find(".at"), live = find(".live");

  function palette() {
    const theme = themeOf(all);
    if (palette.theme !== theme) {
      palette.theme = theme;
      palette.stops = PALETTE[theme];
      palette.signed = colourTable(palette.stops.signed);
      palette.unsigned = colourTable(palette.stops.unsigned);
    }
    return palette;
  }

  // ---- showing --------------------------------------------------------------------------------
  const room = () => `${all.clientWidth} ${header.height} ${innerHeight} ${heightLeft()}`;

  // Fit the height of curves and panels; return whether that height has changed.
  function fit() {
    if (room() === fitted) return false;
    const lay = (height) => { tall = Math.round(height); all.style.setProperty("--height", `${tall}px`); };
    all.style.setProperty("--grown", grown());
    if (heightLeft() === null) lay(header.height + Math.max(0, innerHeight - 720));
    else fill(240, innerHeight, lay);
    fitted = room();
    return true;
  }

  function showAll() {
    if (!header) return;
    const runs = history.runs(), { stops } = palette();
    words.show(runs, runColours(stops));
    curves.draw(runs, stops);
    const run = view.run();
    find(".empty").textContent = run ? words.blank(run) : header.empty;
    showPanels(false);
  }

  function moved() {
    curves.drawMarks();
    showPanels(false);
    tellLater();
  }

  // Panels change with the report, not with each packet.
  function showPanels(force) {
    const run = view.run(), report = view.report(), { stops, signed, unsigned, theme } = palette();
    const reports = run?.reports ?? [], number = view.at();
    find(".panels").classList.toggle("told", report !== null);
    track.setAttribute("aria-valuemax", String(Math.max(1, reports.length)));
    track.setAttribute("aria-valuenow", String(number + 1));
    const place = report ? `epoch ${report.epochs.toFixed(2)}, report ${number + 1} of ${reports.length}` : "no report yet";
    track.setAttribute("aria-valuetext", place);
    at.textContent = place;
    live.setAttribute("aria-pressed", String(view.isLive()));
    find('[data-move="-1"]').disabled = number <= 0;
    find('[data-move="1"]').disabled = number < 0 || number === reports.length - 1;
    if (!report) { signature = ""; return; }
    const key = [run.id, report.n, report.step, theme, all.clientWidth, devicePixelRatio, tall].join();
    if (key === signature && !force) return;
    signature = key;
    const css = getComputedStyle(all);
    confusion(report, stops);
    gallery(run, report, unsigned, theme);
    // The layers' rows take the room that they need; the filters fill what is left.
    layers(run, report, stops, css, tall);
    filters(run, report, signed, css.color);
    all.dataset.step = report.step;
  }

  // ---- telling Python -------------------------------------------------------------------------
  function tellLater() {
    clearTimeout(tellTimer);
    tellTimer = setTimeout(() => {
      const run = view.run();
      if (!run) return;
      const looked = { run: run.id, step: view.isLive() ? null : view.report()?.step ?? null };
      if (JSON.stringify(looked) === toldLooked) return;
      toldLooked = JSON.stringify(looked);
      hold("looked", looked);
    }, TELL_AFTER);
  }

  // Python repeats reports until told that they are here, so tell Python, but not after every
  // packet.
  function acknowledge(size, gap) {
    if (!gap && size < ENOUGH) return;
    clearTimeout(ackTimer);
    const wait = gap || size > MUCH ? 0 : Math.max(0, ackedAt + RARELY - performance.now());
    ackTimer = setTimeout(() => {
      ackedAt = performance.now();
      hold("have", history.have());
    }, wait);
  }

  // ---- hands ----------------------------------------------------------------------------------
  track.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: -5, PageDown: 5, Home: -1e9, End: 1e9 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    view.scrub(view.at() + to);
  });
  all.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { move, scale, axis } = button.dataset;
    if (move) view.scrub(view.at() + Number(move));
    if (button === live) view.scrub(1e9);
    if (!scale && !axis) return;
    if (scale) view.scale = scale; else view.axis = axis;
    for (const one of button.parentElement.children) one.setAttribute("aria-pressed", String(one === button));
    showAll();
  });
  // Space counts anywhere on the page, and from a speaker's remote control.
  function onKey(event) {
    if (event.key !== " " || event.repeat || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.composedPath()[0].closest?.(PRESSED)) return;
    event.preventDefault();
    tell("space", true);
  }
  document.addEventListener("keydown", onKey);
  const resized = new ResizeObserver(() => { if (header) { fit(); showAll(); } });
  resized.observe(all);

  return {
    update({ data, body, size, say, keep }) {
      [tell, hold] = [say, keep];
      // A later packet that came sooner holds all that this packet holds.
      if (data.sent < taken) return;
      taken = data.sent;
      const started = performance.now();
      header = data;
      const gap = history.take(data.runs, body);
      showAll();
      if (fit()) showAll();
      const fresh = data.runs.some(({ reports, curve }) => reports.length || curve.base < curve.count);
      acknowledge(fresh ? size : 0, gap);
      all.dataset.took = (performance.now() - started).toFixed(1);
      all.dataset.packet = Number(all.dataset.packet ?? 0) + 1;
    },
    refit() { if (header && fit()) showAll(); },
    destroy() {
      document.removeEventListener("keydown", onKey);
      clearTimeout(tellTimer);
      clearTimeout(ackTimer);
      words.stop();
      resized.disconnect();
    },
  };
}
