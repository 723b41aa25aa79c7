// Loss above, accuracy below, one horizontal axis; the axis itself is the scrubber's track.

import { element, sizeCanvas } from "../shared/page.js";
import { typeScale } from "../shared/presenter.js";
import { nearest } from "./history.js";
import { DASHES, drawMark, runColours } from "./marks.js";
import { brief, onAxis, percent } from "./numbers.js";
import { accuracyScale, horizon, lossScale } from "./scales.js";
import { linearTicks } from "./ticks.js";

const GAP = 26, LABEL = 15;

export function curvesOf(root, view) {
  const stage = root.querySelector(".stage"), lines = root.querySelector(".lines"), marks = root.querySelector(".marks");
  const tip = stage.querySelector(".tip"), track = root.querySelector(".track");
  let runs = [], colours = [], ink = "#000", paper = "#fff", font = "sans-serif";
  let plots = null, hovered = null, dragging = null, type = 1;

  const x = (value) => plots.left + (value / plots.end) * plots.width;
  const single = () => runs.length === 1;
  const fontOf = (size, weight = 400) => `${weight} ${size * type}px ${font}`;
  const writes = { loss: onAxis, accuracy: (value) => `${Number((100 * value).toFixed(2))}%` };

  function layout(context) {
    type = typeScale();
    const width = stage.clientWidth, height = stage.clientHeight, right = type * (single() ? 118 : width < 420 ? 104 : 140);
    const band = track.offsetHeight + 16 * type, tall = height - band - (GAP + 20) * type;
    const loss = { top: 16 * type, bottom: 16 * type + tall * 0.52 }, log = view.scale === "log";
    const accuracy = { top: loss.bottom + GAP * type, bottom: height - band };
    const all = (name, validation) => runs.flatMap((run) => [...run.training[name], ...run.reports.map((one) => one[validation])]);
    Object.assign(loss, lossScale(all("loss", "validationLoss"), log, loss.top, loss.bottom));
    Object.assign(accuracy, accuracyScale(all("accuracy", "validationAccuracy"), log, accuracy.top, accuracy.bottom));
    context.font = fontOf(11);
    const labels = [...loss.ticks.map(writes.loss), ...accuracy.ticks.map(writes.accuracy)];
    const left = 8 + Math.max(...labels.map((text) => context.measureText(text).width));
    plots = { left, width: Math.max(60, width - left - right), height, whole: width, end: horizon(runs, view.axis), loss, accuracy };
    Object.assign(track.style, { left: `${left}px`, width: `${plots.width}px` });
  }

  // ---- lines --------------------------------------------------------------------------------
  function draw(given, palette) {
    runs = given;
    colours = runColours(palette);
    const css = getComputedStyle(stage);
    [ink, font, paper] = [css.color, css.fontFamily, css.getPropertyValue("--st-background-color")];
    if (!stage.clientWidth) return;
    layout(lines.getContext("2d"));
    const context = sizeCanvas(lines, plots.whole, plots.height);
    context.textBaseline = "middle";
    frame(context);
    for (const name of ["loss", "accuracy"]) {
      const plot = plots[name], ends = [];
      context.save();
      context.beginPath();
      context.rect(plots.left, plot.top - 5, plots.width + 5, plot.bottom - plot.top + 8);
      context.clip();
      runs.forEach((run, k) => ends.push(...series(context, run, k, name, plot)));
      context.restore();
      label(context, ends, plot);
    }
    runs.forEach((run, k) => broken(context, run, k));
    drawMarks();
    lines.setAttribute("aria-label", `Loss and accuracy of ${runs.map((run) => run.title).join(", ") || "no run"}. The table below has the numbers of each report.`);
  }

  function frame(context) {
    const text = (words, at, y, align = "right") => { context.textAlign = align; context.fillText(words, at, y); };
    const rule = (y, strength) => { context.globalAlpha = strength; context.fillRect(plots.left, Math.round(y), plots.width, 1); context.globalAlpha = 1; };
    context.fillStyle = ink;
    for (const [name, guess] of [["loss", Math.log(10)], ["accuracy", 0.1]]) {
      const plot = plots[name];
      context.font = fontOf(11);
      for (const tick of plot.ticks) {
        rule(plot.y(tick), tick === 0 ? 0.35 : 0.11);
        context.globalAlpha = 0.75;
        text(writes[name](tick), plots.left - 6, plot.y(tick));
        context.globalAlpha = 1;
      }
      // The line that a network reaches by guessing among ten digits.
      const y = plot.y(guess);
      if (y > plot.top - 1 && y < plot.bottom) {
        context.globalAlpha = 0.6;
        context.strokeStyle = ink;
        context.lineWidth = 1;
        context.setLineDash([1, 4]);
        context.beginPath();
        context.moveTo(plots.left, y);
        context.lineTo(plots.left + plots.width, y);
        context.stroke();
        context.setLineDash([]);
        text("guessing", plots.left + plots.width - 6 * type, y - 7 * type);
        context.globalAlpha = 1;
      }
      context.font = fontOf(12, 650);
      text(name === "loss" ? "Loss" : "Accuracy", plots.left, plot.top - 10 * type, "left");
    }
    context.font = fontOf(11);
    const y = plots.accuracy.bottom;
    const begun = runs.some((run) => run.training.count || run.reports.length);
    for (const tick of begun ? linearTicks(0, plots.end, Math.max(3, Math.floor(plots.width / (70 * type)))) : []) {
      context.globalAlpha = 0.35;
      context.fillRect(Math.round(x(tick)), y, 1, 4);
      context.globalAlpha = 0.75;
      text(String(tick), x(tick), y + 10 * type, "center");
    }
    text(view.axis, plots.left + plots.width + 14 * type, y + 10 * type, "left");
    context.globalAlpha = 1;
  }

  // Training is the thin line, validation the thick one with a mark at each report.
  function series(context, run, k, name, plot) {
    const chosen = run === view.run() || single(), at = run.training[view.axis], values = run.training[name], ends = [];
    context.strokeStyle = context.fillStyle = colours[k];
    const path = (count, place, value, width, dash, strength) => {
      let open = false, last = null;
      context.lineWidth = width * type;
      context.setLineDash(dash);
      context.globalAlpha = strength;
      context.beginPath();
      for (let i = 0; i < count; i += 1) {
        const v = value(i);
        if (!Number.isFinite(v)) { open = false; continue; }
        last = [x(place(i)), plot.y(v), v];
        if (open) context.lineTo(last[0], last[1]); else context.moveTo(last[0], last[1]);
        open = true;
      }
      context.stroke();
      context.setLineDash([]);
      context.globalAlpha = 1;
      return last;
    };
    const thin = path(run.training.count, (i) => at[i], (i) => values[i], chosen ? 1.3 : 1, [], chosen ? 0.75 : 0.3);
    const of = name === "loss" ? "validationLoss" : "validationAccuracy";
    const { reports } = run;
    const thick = path(reports.length, (i) => reports[i][view.axis], (i) => reports[i][of], chosen ? 2.6 : 1.9, DASHES[k], 1);
    const every = Math.ceil(reports.length / Math.max(4, plots.width / 16));
    reports.forEach((one, i) => {
      if (i % every === 0 || i === reports.length - 1) drawMark(context, k, x(one[view.axis]), plot.y(one[of]), type * (chosen ? 3 : 2.6));
    });
    const say = name === "loss" ? brief : percent, colour = colours[k];
    if (thin && (single() || !thick)) ends.push({ y: thin[1], x: thin[0], words: single() ? "last steps" : run.title, value: say(thin[2]), colour, weight: 400 });
    if (thick) ends.push({ y: thick[1], x: thick[0], words: single() ? "validation" : run.title, value: say(thick[2]), colour, weight: 700, mark: k });
    return ends;
  }

  // Labels at the lines' ends keep clear of each other.
  function label(context, ends, plot) {
    ends.sort((a, b) => a.y - b.y);
    ends.forEach((end, i) => { end.at = Math.max(end.y, plot.top, i ? ends[i - 1].at + LABEL * type : 0); });
    let floor = plot.bottom + 4;
    for (const end of ends.toReversed()) { end.at = Math.min(end.at, floor); floor = end.at - LABEL * type; }
    // Heads that are close to each other have their labels in one column.
    const edge = plots.left + plots.width, head = Math.max(...ends.map((end) => end.x)), near = 0.2 * plots.width, room = plots.whole - edge - 14;
    for (const { x: from, y, at, words, value, colour, weight, mark } of ends) {
      const left = Math.min(head - from < near ? head : from, edge) + 13, shape = mark !== undefined && !single();
      context.strokeStyle = context.fillStyle = colour;
      context.globalAlpha = 0.5;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(from + 4, y);
      context.lineTo(left - 3, at);
      context.stroke();
      context.globalAlpha = 1;
      if (mark !== undefined) drawMark(context, mark, from, y, 3.6 * type);
      if (shape) drawMark(context, mark, left + 5 * type, at, 3.6 * type);
      context.textAlign = "left";
      context.font = fontOf(12, weight);
      const text = `${fitted(context, words, room - context.measureText(` ${value}`).width - (shape ? 14 * type : 0))} ${value}`;
      rimmed(context, text, left + (shape ? 14 * type : 0), at);
    }
  }

  function fitted(context, words, room) {
    if (context.measureText(words).width <= room) return words;
    let count = words.length;
    while (count && context.measureText(`${words.slice(0, count)}…`).width > room) count -= 1;
    return `${words.slice(0, count)}…`;
  }

  // Words end the line where the loss is no number any more.
  function broken(context, run, k) {
    if (!run.end) return;
    const at = x(run.end[view.axis]), y = plots.loss.top + (8 + 16 * k) * type, left = at > plots.left + plots.width * 0.55;
    context.strokeStyle = context.fillStyle = colours[k];
    context.lineWidth = 2;
    context.beginPath();
    for (const side of [-1, 1]) { context.moveTo(at - 4, y - 4 * side); context.lineTo(at + 4, y + 4 * side); }
    context.stroke();
    context.font = fontOf(12, 650);
    context.textAlign = left ? "right" : "left";
    rimmed(context, run.end.text, at + (left ? -9 : 9), y);
  }

  // A rim in the page's colour keeps words apart from lines that pass below.
  function rimmed(context, text, left, top) {
    context.strokeStyle = paper;
    context.lineWidth = 3;
    context.lineJoin = "round";
    context.strokeText(text, left, top);
    context.fillText(text, left, top);
  }

  // ---- cursor, track and what is pointed at ---------------------------------------------------
  function drawMarks() {
    const context = sizeCanvas(marks, plots.whole, plots.height);
    const run = view.run(), report = view.report();
    const rail = plots.height - track.offsetHeight / 2, { bottom } = plots.accuracy;
    context.fillStyle = ink;
    context.globalAlpha = 0.25;
    context.fillRect(plots.left, rail - 1.5, plots.width, 3);
    context.globalAlpha = 1;
    if (!run) return;
    const colour = colours[runs.indexOf(run)];
    context.fillStyle = context.strokeStyle = colour;
    for (const one of run.reports) context.fillRect(x(one[view.axis]) - 0.75, rail - 5, 1.5, 10);
    if (report) {
      const at = x(report[view.axis]);
      context.globalAlpha = view.isLive() ? 0.35 : 1;
      context.fillRect(at - 0.75, plots.loss.top - 4, 1.5, bottom - plots.loss.top + 4);
      context.globalAlpha = 1;
      context.beginPath();
      context.arc(at, rail, 8 * type, 0, 7);
      context.fill();
      context.lineWidth = 2;
      context.strokeStyle = paper;
      context.stroke();
    }
    if (hovered === null) return;
    context.fillStyle = ink;
    context.globalAlpha = 0.6;
    context.fillRect(x(hovered) - 0.5, plots.loss.top - 4, 1, bottom - plots.loss.top + 4);
    context.globalAlpha = 1;
    for (const { k, training, report: near } of around(hovered)) {
      context.fillStyle = colours[k];
      if (training >= 0) dot(context, runs[k].training[view.axis][training], runs[k].training.loss[training], runs[k].training.accuracy[training], 0, 2.5);
      if (near) dot(context, near[view.axis], near.validationLoss, near.validationAccuracy, k, 5);
    }
  }

  function dot(context, at, loss, accuracy, shape, size) {
    if (Number.isFinite(loss)) drawMark(context, shape, x(at), plots.loss.y(loss), size);
    drawMark(context, shape, x(at), plots.accuracy.y(accuracy), size);
  }

  function around(value) {
    return runs.map((run, k) => {
      const at = run.training[view.axis];
      const beyond = run.training.count && value > at[run.training.count - 1] + plots.end / 40;
      return {
        k,
        training: beyond ? -1 : nearest(run.training.count, (i) => at[i], value),
        report: beyond ? undefined : run.reports[nearest(run.reports.length, (i) => run.reports[i][view.axis], value)],
      };
    }).filter(({ training, report }) => training >= 0 || report);
  }

  const valueAt = (event) => {
    const { left } = stage.getBoundingClientRect();
    return Math.max(0, Math.min(plots.end, ((event.clientX - left - plots.left) / plots.width) * plots.end));
  };

  function tell(event) {
    const found = hovered === null ? [] : around(hovered);
    tip.hidden = !found.length;
    if (!found.length) return;
    const table = document.createElement("table");
    const row = (tag, texts) => { const line = element("tr", "", table); for (const text of texts) element(tag, "", line, text); };
    const unit = view.axis === "epochs" ? "epoch" : "second";
    row("th", ["", unit, "loss", "accuracy"]);
    for (const { k, training, report } of found) {
      const run = runs[k], name = single() ? "" : `${run.title}: `;
      // In a race, each run has one line: its validation, or its training until a report measures
      // the run.
      if (training >= 0 && (single() || !report)) row("td", [`${name}training, last steps`, run.training[view.axis][training].toFixed(2), brief(run.training.loss[training]), percent(run.training.accuracy[training])]);
      if (report) row("td", [`${name}validation`, report[view.axis].toFixed(2), brief(report.validationLoss), percent(report.validationAccuracy)]);
    }
    tip.replaceChildren(table);
    const box = stage.getBoundingClientRect(), at = event.clientX - box.left;
    const beside = at + 14 + tip.offsetWidth < box.width ? at + 14 : at - 14 - tip.offsetWidth;
    tip.style.left = `${Math.max(0, Math.min(beside, box.width - tip.offsetWidth))}px`;
    tip.style.top = `${Math.max(0, Math.min(event.clientY - box.top + 14, plots.height - tip.offsetHeight - 40))}px`;
  }

  stage.addEventListener("pointermove", (event) => {
    if (!plots || !runs.length) return;
    if (dragging === event.pointerId) { view.scrubNear(valueAt(event)); return; }
    if (event.pointerType === "touch") return;
    hovered = valueAt(event);
    tell(event);
    drawMarks();
  });
  const leave = () => { hovered = null; tip.hidden = true; if (plots) drawMarks(); };
  stage.addEventListener("pointerleave", leave);
  stage.addEventListener("pointerdown", (event) => {
    if (!plots || !runs.length || event.button) return;
    dragging = event.pointerId;
    stage.setPointerCapture(event.pointerId);
    track.focus({ preventScroll: true, focusVisible: false });
    leave();
    // A finger may be about to scroll the page, so the finger has to move along the axis or to tap.
    if (event.pointerType !== "touch") view.scrubNear(valueAt(event));
    event.preventDefault();
  });
  stage.addEventListener("pointerup", (event) => {
    if (dragging === event.pointerId && event.pointerType === "touch") view.scrubNear(valueAt(event));
    dragging = null;
  });
  stage.addEventListener("pointercancel", () => { dragging = null; });

  return { draw, drawMarks: () => { if (plots) drawMarks(); } };
}
