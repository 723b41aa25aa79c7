// The drawing pad. The pad keeps the strokes, shows them at once, and tells Python of them as fast
// as Python answers. One message is on its way at a time, so a slow server gets fewer messages,
// never a queue.

import { once } from "../shared/life.js";

const PAD = 1024;            // pad units along each side, as in cnnlib/drawings/drawing.py
const MAX_STROKES = 400;     // as in cnnlib/drawings/drawing.py
const MAX_POINTS = 8000;
const CLOSEST = 9;           // pad units between two kept points: one pixel of the raster
const SHORTEST_WAIT = 30;    // milliseconds between two messages
const LONGEST_WAIT = 400;    // after this, an unanswered message counts as lost
const REPLAY_SPEED = 1.4;    // pad units a millisecond, for sample digits

export default once(createPad);

function createPad(root) {
  const find = (selector) => root.querySelector(selector);
  const paper = find(".paper"), hint = find(".hint"), note = find(".note");
  const widthInput = find(".width input");
  const undo = find('[data-act="undo"]'), clear = find('[data-act="clear"]');
  const context = paper.getContext("2d");

  let strokes = [];          // [{points: [x, y, width, …], erase}], the form that Python parses
  let history = [];          // earlier `strokes`, newest last, to which Undo goes back
  let current = null;        // the stroke under the pen
  let activePointer = null;
  let erasing = false;
  let replay = null;         // the handle of a running replay
  let loaded = null;         // the id of the last drawing that came from Python
  let sequence = 0, answered = 0, sentAt = 0, dirty = false, timer = null;
  let send = () => {}, ask = () => {};

  // ---- showing -------------------------------------------------------------------------
  function paint() {
    const side = Math.max(1, Math.round(paper.clientWidth * devicePixelRatio));
    if (paper.width !== side) paper.width = paper.height = side;
    context.clearRect(0, 0, side, side);
    const ink = getComputedStyle(paper).color;
    for (const stroke of strokes) paintStroke(stroke, ink, side / PAD);
    context.globalCompositeOperation = "source-over";
    const empty = strokes.length === 0;
    hint.hidden = !empty;
    clear.disabled = empty;
    undo.disabled = history.length === 0;
  }

  function paintStroke({ points, erase }, ink, scale) {
    context.globalCompositeOperation = erase ? "destination-out" : "source-over";
    context.fillStyle = context.strokeStyle = ink;
    context.lineCap = context.lineJoin = "round";
    if (points.length === 3) {
      context.beginPath();
      context.arc(points[0] * scale, points[1] * scale, (points[2] * scale) / 2, 0, 2 * Math.PI);
      context.fill();
    }
    for (let i = 3; i < points.length; i += 3) {
      context.beginPath();
      context.lineWidth = ((points[i - 1] + points[i + 2]) * scale) / 2;
      context.moveTo(points[i - 3] * scale, points[i - 2] * scale);
      context.lineTo(points[i] * scale, points[i + 1] * scale);
      context.stroke();
    }
  }

  // ---- telling Python ------------------------------------------------------------------
  function changed() {
    dirty = true;
    paint();
    flush();
  }

  function flush() {
    clearTimeout(timer);
    if (!dirty) return;
    const waited = performance.now() - sentAt;
    const due = answered >= sequence ? SHORTEST_WAIT : LONGEST_WAIT;
    if (waited < due) { timer = setTimeout(flush, due - waited); return; }
    dirty = false;
    sequence += 1;
    sentAt = performance.now();
    paper.dataset.sent = sequence;
    send({ sequence, strokes, down: activePointer !== null || replay !== null });
  }

  // ---- changing the drawing --------------------------------------------------------------
  function remember() {
    history.push(strokes);
    if (history.length > 100) history.shift();
  }

  function replaceWith(next) {
    stopReplay();
    remember();
    strokes = next;
    changed();
  }

  function countPoints() {
    return strokes.reduce((sum, stroke) => sum + stroke.points.length / 3, 0);
  }

  function toPoint(event) {
    const box = paper.getBoundingClientRect();
    const clamp = (v) => Math.min(PAD - 1, Math.max(0, Math.round(v)));
    const pressed = event.pointerType === "pen" && event.pressure > 0;
    const width = Number(widthInput.value) * (pressed ? 0.5 + event.pressure : 1) * (erasing ? 2 : 1);
    return [
      clamp(((event.clientX - box.left) / box.width) * PAD),
      clamp(((event.clientY - box.top) / box.height) * PAD),
      clamp(width),
    ];
  }

  function extend(event, isLast) {
    const [x, y, width] = toPoint(event);
    const { points } = current;
    const n = points.length;
    if (!isLast && n && Math.hypot(x - points[n - 3], y - points[n - 2]) < CLOSEST) return false;
    if (isLast && n && x === points[n - 3] && y === points[n - 2]) return false;
    points.push(x, y, width);
    return true;
  }

  function onDown(event) {
    if (activePointer !== null || (event.pointerType === "mouse" && event.button !== 0)) return;
    event.preventDefault();
    stopReplay();
    if (strokes.length >= MAX_STROKES || countPoints() >= MAX_POINTS - 1000) {
      note.textContent = "The pad is full: undo a stroke or clear it to draw on.";
      return;
    }
    note.textContent = "";
    paper.focus({ preventScroll: true, focusVisible: false });
    paper.setPointerCapture(event.pointerId);
    activePointer = event.pointerId;
    remember();
    current = { points: [], erase: erasing || event.buttons === 32 };
    strokes = [...strokes, current];
    extend(event, false);
    changed();
  }

  function onMove(event) {
    if (event.pointerId !== activePointer) return;
    event.preventDefault();
    const events = event.getCoalescedEvents?.() ?? [];
    let grew = false;
    for (const part of events.length ? events : [event]) {
      if (current.points.length < 3000) grew = extend(part, false) || grew;
    }
    if (grew) changed();
  }

  function onUp(event) {
    if (event.pointerId !== activePointer) return;
    if (event.type === "pointerup") extend(event, true);
    activePointer = null;
    current = null;
    changed();
  }

  function stopReplay() {
    if (replay !== null) cancelAnimationFrame(replay.frame);
    if (replay !== null) strokes = replay.whole;
    replay = null;
  }

  // A sample is written stroke by stroke at a hand's pace, so that the network is seen reading it.
  function write(whole) {
    stopReplay();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (still || !whole.length) { strokes = whole; changed(); return; }
    const started = performance.now();
    replay = { whole, frame: 0 };
    const step = () => {
      let left = (performance.now() - started) * REPLAY_SPEED;
      strokes = [];
      for (const { points, erase } of whole) {
        if (left <= 0) break;
        const shown = points.slice(0, 3);
        for (let i = 3; i < points.length && left > 0; i += 3) {
          left -= Math.hypot(points[i] - points[i - 3], points[i + 1] - points[i - 2]);
          shown.push(...points.slice(i, i + 3));
        }
        strokes.push({ points: shown, erase });
      }
      if (left > 0) { stopReplay(); changed(); return; }
      changed();
      replay.frame = requestAnimationFrame(step);
    };
    replay.frame = requestAnimationFrame(step);
  }

  // ---- controls ------------------------------------------------------------------------
  function choose(tool) {
    erasing = tool === "eraser";
    paper.classList.toggle("erasing", erasing);
    for (const button of root.querySelectorAll(".tool")) {
      button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
    }
  }

  function takeBack() {
    stopReplay();
    if (!history.length) return;
    note.textContent = "";
    strokes = history.pop();
    changed();
  }

  function onClick(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.tool) choose(button.dataset.tool);
    if (button.dataset.act === "undo") takeBack();
    if (button.dataset.act === "clear" && strokes.length) { note.textContent = ""; replaceWith([]); }
    if (button.dataset.sample) ask(Number(button.dataset.sample));
  }

  function onKey(event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      event.preventDefault();
      takeBack();
    } else if (/^[0-9]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      ask(Number(event.key));
    } else if (event.key === "Delete" && strokes.length) {
      replaceWith([]);
    }
  }

  const samples = find(".samples");
  for (let digit = 0; digit < 10; digit += 1) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = String(digit);
    button.dataset.sample = String(digit);
    button.setAttribute("aria-label", `Write a sample ${digit}`);
    samples.append(button);
  }

  const listeners = [
    [paper, "pointerdown", onDown], [paper, "pointermove", onMove], [paper, "pointerup", onUp],
    [paper, "pointercancel", onUp], [paper, "lostpointercapture", onUp],
    [paper, "contextmenu", (event) => event.preventDefault()],
    [paper, "keydown", onKey], [find(".pad"), "click", onClick],
  ];
  for (const [target, type, listener] of listeners) target.addEventListener(type, listener);
  const resized = new ResizeObserver(paint);
  resized.observe(paper);

  return {
    update({ data, say, keep }) {
      send = (value) => keep("drawing", value);
      ask = (digit) => say("sample", digit);
      if (data.load && data.load.id !== loaded) {
        const first = loaded === null;
        loaded = data.load.id;
        // Numbers that Python has not seen start above the last number that Python has seen.
        sequence = answered = Math.max(sequence, data.answered);
        if (!first) remember();
        if (data.load.write) write(data.load.strokes);
        else { strokes = data.load.strokes; paint(); }
      }
      if (data.note) note.textContent = data.note;
      answered = Math.max(answered, Math.min(data.answered, sequence));
      paint();
      flush();
    },
    destroy() {
      clearTimeout(timer);
      stopReplay();
      resized.disconnect();
      for (const [target, type, listener] of listeners) target.removeEventListener(type, listener);
    },
  };
}
