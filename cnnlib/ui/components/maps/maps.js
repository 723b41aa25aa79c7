// Maps beside each other, and which cells belong together: pointing at a cell lights what it reads
// in the maps before it and what it affects in the maps after it. The tables that say so come from
// Python; this module only follows them.

import { cellStyle, themeOf } from "../shared/colours.js";
import { once } from "../shared/life.js";
import { format } from "../shared/numbers.js";
import { element } from "../shared/page.js";
import { PALETTE } from "../shared/palette.js";
import { fill, grown, heightLeft } from "../shared/presenter.js";

export default once(createMaps);

const TEXT_FROM = 25;   // pixels of a cell in which its number is written
const SMALLEST_MAP = 58;
const SMALLEST_CELL = 26;   // pixels of a map of a single cell
const TIP_MS = 3000;
const AROUND = 60;          // pixels for the names above and below a line of maps
const NARROW = 640;
// So many maps of one group are shown at once; a learner pages to the others.
const PAGE = 6;

function createMaps(root) {
  const room = root.querySelector(".room"), list = root.querySelector(".groups");
  const tip = root.querySelector(".tip"), spoken = root.querySelector("[aria-live]");
  let data = null, panels = [], groups = [], from = [], to = [], hover = null, chosen = null, tipTimer = null, signature = "", fitted = "";
  let tell = () => {};

  const css = (name) => getComputedStyle(room).getPropertyValue(name).trim();

  // ---- building, once for each set of maps ----------------------------------------------------
  function build() {
    list.replaceChildren();
    const pages = groups.map(({ page }) => page);
    groups = [];
    panels = data.panels.map((given, at) => {
      let group = groups[groups.length - 1];
      if (!group || group.name !== given.group) {
        const box = element("div", "group", list);
        const head = element("div", "head", box);
        group = { name: given.group, page: pages[groups.length] ?? 0, panels: [], head, heading: element("b", "", head), box: element("div", "panels", box) };
        groups.push(group);
      }
      const figure = element("figure", "panel", group.box);
      const canvas = element("canvas", "", figure);
      const caption = element("figcaption", "", figure);
      const panel = { at, group, figure, canvas, caption, title: element("b", "", caption), note: element("span", "", caption), base: document.createElement("canvas") };
      group.panels.push(panel);
      canvas.dataset.map = at;
      canvas.tabIndex = 0;
      canvas.setAttribute("role", "application");
      canvas.addEventListener("pointermove", (event) => point(panel, event));
      canvas.addEventListener("pointerleave", () => { hover = null; tip.hidden = true; mark(); });
      canvas.addEventListener("click", (event) => {
        choose({ panel: at, ...cellAt(panel, event) });
        if (event.pointerType !== "mouse") tellFinger(event);
      });
      canvas.addEventListener("keydown", (event) => key(panel, event));
      return panel;
    });
    groups.forEach(addPager);
  }

  // ---- pages of a group that has more maps than are shown at once -------------------------------
  const pagesOf = ({ name, panels: own }) => (name ? Math.ceil(own.length / PAGE) : 1);

  function addPager(group) {
    if (pagesOf(group) < 2) return;
    const pager = element("div", "pager", group.head);
    const button = (sign, label, by) => {
      const made = element("button", "", pager, sign);
      made.type = "button";
      made.setAttribute("aria-label", label);
      made.addEventListener("click", () => { turn(group, group.page + by); layout(); });
      return made;
    };
    group.back = button("◀", "Earlier maps", -1);
    group.told = element("output", "", pager);
    group.on = button("▶", "Later maps", 1);
  }

  function turn(group, page) {
    const together = data.together.includes(group.name) ? groups.filter(({ name }) => data.together.includes(name)) : [group];
    for (const one of together) one.page = page;
  }

  function openPages() {
    for (const group of groups) {
      group.page = Math.max(0, Math.min(pagesOf(group) - 1, group.page));
      const few = pagesOf(group) < 2;
      group.panels.forEach(({ figure }, number) => { figure.hidden = !few && Math.floor(number / PAGE) !== group.page; });
      if (!group.told) continue;
      group.back.disabled = group.page === 0;
      group.on.disabled = group.page === pagesOf(group) - 1;
    }
  }

  // Say which maps of a group are shown, and how many of all its maps are lit.
  function tellPage({ panels: own, page, told }, lit) {
    if (!told) return;
    const first = page * PAGE, count = own.filter(({ at }) => lit.has(at)).length;
    told.textContent = `${first + 1}–${Math.min(first + PAGE, own.length)} of ${own.length}${count ? `, ${count} lit` : ""}`;
  }

  // ---- painting ---------------------------------------------------------------------------------
  function layout() {
    const wide = room.clientWidth, dpr = devicePixelRatio;
    if (!wide || !panels.length) return;
    openPages();
    const open = panels.filter(({ figure }) => !figure.hidden);
    const sum = open.reduce((total, { given }) => total + given.columns, 0);
    const tallest = Math.max(...open.map(({ given }) => given.rows));
    const free = wide - 10 * open.length - 12 * groups.length;
    const lay = (shared, height) => measure(open, Math.min(shared, height / tallest, grown() * data.largest));
    if (wide < NARROW) lay(abreast(open, wide), data.height);
    else if (heightLeft() === null) fold(lay, free / sum);
    // A screen that is high enough shows several lines of larger maps.
    else fill(60, innerHeight, (height) => lay(Infinity, height));
    fitted = `${wide} ${heightLeft()}`;
    for (const panel of open) paintBase(panel, dpr);
    mark();
  }

  // Show one line of maps, or several lines of larger ones, if a page has room for their height.
  function fold(lay, shared) {
    const first = panels.find(({ figure }) => !figure.hidden), room = data.height + AROUND;
    const lower = (try_) => { for (let part = 1; part > 0.2; part *= 0.96) { try_(part); if (list.offsetHeight <= room) break; } };
    lower((part) => lay(Infinity, part * data.height));
    const folded = first.cell, high = folded * Math.max(...panels.map(({ figure, given }) => (figure.hidden ? 0 : given.rows)));
    lower((part) => lay(part * shared, data.height));
    if (first.cell < folded) lay(Infinity, high);
  }

  // On a phone a group has lines of its own: return the cell with which three maps fill one line.
  function abreast(open, wide) {
    const most = Math.max(...groups.map(({ panels: own }) => own.length));
    return (wide / Math.min(3, most) - 12) / Math.max(...open.map(({ given }) => given.columns));
  }

  function measure(open, shared) {
    const wide = room.clientWidth, dpr = devicePixelRatio;
    const smallest = wide < NARROW ? 46 : SMALLEST_MAP * grown();
    for (const panel of open) {
      const { rows, columns } = panel.given;
      const narrow = (wide - 12) / columns;
      const cell = Math.min(narrow, Math.max(grown() * data.largest, SMALLEST_CELL / columns), Math.max(shared, smallest / columns, 2));
      panel.cell = Math.max(1, Math.floor(cell * dpr)) / dpr;
      for (const canvas of [panel.canvas, panel.base]) {
        canvas.width = Math.round(columns * panel.cell * dpr) + 2;
        canvas.height = Math.round(rows * panel.cell * dpr) + 2;
      }
      panel.canvas.style.width = `${panel.canvas.width / dpr}px`;
      panel.caption.style.maxWidth = `${Math.max(76, panel.canvas.width / dpr)}px`;
      panel.canvas.style.height = `${panel.canvas.height / dpr}px`;
    }
  }

  function paintBase({ given, base, cell, values }, dpr) {
    const context = base.getContext("2d"), size = cell * dpr;
    const palette = PALETTE[themeOf(room)], ink = css("--st-text-color");
    const table = given.signed ? palette.signed : palette.unsigned;
    context.clearRect(0, 0, base.width, base.height);
    const written = cell >= TEXT_FROM;
    context.font = `${Math.min(15 * grown() * dpr, size * 0.4)}px ${css("--st-font") || "sans-serif"}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (let row = 0; row < given.rows; row += 1) {
      for (let column = 0; column < given.columns; column += 1) {
        const x = 1 + column * size, y = 1 + row * size;
        const ghost = isGhost(given, row, column);
        const value = values ? values[row * given.columns + column] : 0;
        const limit = given.signed ? given.limit : given.limit / 2;
        const style = cellStyle(given.signed ? value : value - limit, limit, table);
        context.fillStyle = style.background;
        if (!ghost) context.fillRect(x, y, size, size);
        if (cell >= 5) {
          context.strokeStyle = ink;
          context.globalAlpha = ghost ? 0.45 : 0.16;
          context.setLineDash(ghost ? [2 * dpr, 2 * dpr] : []);
          context.lineWidth = 1;
          context.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
          context.setLineDash([]);
          context.globalAlpha = 1;
        }
        if (written && values) {
          context.fillStyle = ghost ? ink : style.color;
          context.globalAlpha = ghost ? 0.6 : 1;
          context.fillText(short(value), x + size / 2, y + size / 2);
          context.globalAlpha = 1;
        }
      }
    }
    context.strokeStyle = ink;
    context.globalAlpha = 0.5;
    context.lineWidth = 1;
    context.strokeRect(0.5, 0.5, base.width - 1, base.height - 1);
    context.globalAlpha = 1;
  }

  // Leave out the zeros at the end of a decimal, because cells are narrow.
  const short = (value) => format(value).replace(/^([^e]*\.[^e]*?)\.?0+$/, "$1").replace(/\.$/, "");

  const isGhost = ({ rows, columns, padding }, row, column) =>
    row < padding || column < padding || row >= rows - padding || column >= columns - padding;

  // ---- what belongs together -----------------------------------------------------------------------
  // Return, for each map that a cell reads or affects, a set of rows and a set of columns.
  function touched({ panel, row, column }) {
    const found = new Map([[panel, { rows: new Set([row]), columns: new Set([column]) }]]);
    const add = (to, rows, columns) => {
      const seen = found.get(to) ?? { rows: new Set(), columns: new Set() };
      rows.forEach((at) => seen.rows.add(at));
      columns.forEach((at) => seen.columns.add(at));
      found.set(to, seen);
    };
    const along = (table, cells) => [...cells].flatMap((at) => table.get(at) ?? []);
    for (let at = panel; at > 0; at -= 1) {
      const seen = found.get(at);
      if (!seen) continue;
      for (const link of from[at]) add(link.to, along(link.down.rows, seen.rows), along(link.down.columns, seen.columns));
    }
    if (!data.above) return found;
    for (let at = panel; at < panels.length; at += 1) {
      const seen = found.get(at);
      if (!seen) continue;
      for (const link of to[at]) add(link.from, along(link.up.rows, seen.rows), along(link.up.columns, seen.columns));
    }
    return found;
  }

  // Many links share a table, so each table is opened once.
  function openLinks() {
    const tables = data.tables.map((table) => new Map(table.map((cells, at) => [at, cells])));
    const turned = tables.map(inverse);
    from = panels.map(() => []);
    to = panels.map(() => []);
    for (const { from: source, to: target, rows, columns } of data.links) {
      const link = {
        from: source, to: target,
        down: { rows: tables[rows], columns: tables[columns] },
        up: { rows: turned[rows], columns: turned[columns] },
      };
      from[source].push(link);
      to[target].push(link);
    }
  }

  function inverse(table) {
    const turned = new Map();
    for (const [at, cells] of table) for (const cell of cells) turned.set(cell, [...(turned.get(cell) ?? []), at]);
    return turned;
  }

  function runs(cells) {
    const sorted = [...cells].sort((a, b) => a - b), found = [];
    for (const at of sorted) {
      const last = found[found.length - 1];
      if (last && last[1] === at) last[1] = at + 1;
      else found.push([at, at + 1]);
    }
    return found;
  }

  function mark() {
    const spot = hover ?? chosen;
    const lit = spot ? touched(spot) : new Map();
    const dpr = devicePixelRatio, colour = css("--st-primary-color"), paper = css("--st-background-color");
    for (const group of groups) tellPage(group, lit);
    for (const { at, figure, canvas, base, cell, given } of panels) {
      const seen = lit.get(at);
      canvas.dataset.lit = seen ? `${[...seen.rows].sort((a, b) => a - b).join()};${[...seen.columns].sort((a, b) => a - b).join()}` : "";
      if (figure.hidden) continue;
      const context = canvas.getContext("2d"), size = cell * dpr;
      context.clearRect(0, 0, canvas.width, canvas.height);
      context.drawImage(base, 0, 0);
      if (!seen) continue;
      // A wholly lit map keeps its colours.
      const whole = seen.rows.size === given.rows && seen.columns.size === given.columns;
      const grow = at === spot.panel ? 1.5 * dpr : 0;
      for (const [top, bottom] of runs(seen.rows)) {
        for (const [left, right] of runs(seen.columns)) {
          const box = [1 + left * size - grow, 1 + top * size - grow, (right - left) * size + 2 * grow, (bottom - top) * size + 2 * grow];
          context.globalAlpha = at === spot.panel ? 0.5 : 0.2;
          context.fillStyle = colour;
          if (cell < TEXT_FROM && !whole) context.fillRect(...box);
          context.globalAlpha = 1;
          context.strokeStyle = paper;
          context.lineWidth = 4 * dpr;
          if (cell > 8 || at === spot.panel) context.strokeRect(...box);
          context.strokeStyle = colour;
          context.lineWidth = 2 * dpr;
          context.strokeRect(...box);
        }
      }
    }
  }

  // ---- pointer and keyboard ------------------------------------------------------------------------
  function cellAt({ given, canvas, cell }, event) {
    const box = canvas.getBoundingClientRect();
    const clamp = (value, count) => Math.max(0, Math.min(count - 1, Math.floor(value)));
    return { row: clamp((event.clientY - box.top) / cell, given.rows), column: clamp((event.clientX - box.left) / cell, given.columns) };
  }

  function nameOf({ panel, row, column }) {
    const { given, values } = panels[panel], { padding } = given;
    const value = values ? `: ${format(values[row * given.columns + column])}` : "";
    return isGhost(given, row, column) ? `${given.title}: padding` : `${given.title}, row ${row - padding}, column ${column - padding}${value}`;
  }

  function point(panel, event) {
    if (event.pointerType === "touch") return;
    const cell = cellAt(panel, event);
    if (!hover || hover.panel !== panel.at || hover.row !== cell.row || hover.column !== cell.column) {
      hover = { panel: panel.at, ...cell };
      mark();
      tip.textContent = nameOf(hover);
    }
    placeTip(event);
  }

  // A finger can't hover, so the cell that a finger touched is told for a while.
  function tellFinger(event) {
    tip.textContent = nameOf(chosen);
    placeTip(event);
    clearTimeout(tipTimer);
    tipTimer = setTimeout(() => { tip.hidden = true; }, TIP_MS);
  }

  function placeTip(event) {
    tip.hidden = false;
    const box = room.getBoundingClientRect();
    tip.style.left = `${Math.max(0, Math.min(event.clientX - box.left + 14, box.width - tip.offsetWidth - 4))}px`;
    tip.style.top = `${event.clientY - box.top + 18}px`;
  }

  // Keys may come faster than answers: until Python has heard the last choice, the browser's
  // counts.
  function choose(cell) {
    chosen = cell;
    tell("cell", cell);
    spoken.textContent = cell ? nameOf(cell) : "";
    mark();
  }

  const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Enter: [0, 0] };

  function key({ at, given }, event) {
    if (event.key === "Escape") { choose(null); return; }
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    const mine = chosen?.panel === at;
    const clamp = (value, count) => Math.max(0, Math.min(count - 1, value));
    hover = null;
    choose({
      panel: at,
      row: mine ? clamp(chosen.row + move[0], given.rows) : given.rows >> 1,
      column: mine ? clamp(chosen.column + move[1], given.columns) : given.columns >> 1,
    });
  }

  const resized = new ResizeObserver(() => layout());
  resized.observe(room);

  return {
    update({ data: given, body, say, unheard }) {
      tell = say;
      data = given;
      const wanted = JSON.stringify(data.panels.map(({ rows, columns, group }, at) => [rows, columns, group === data.panels[at - 1]?.group]));
      if (wanted !== signature) { signature = wanted; hover = null; tip.hidden = true; build(); }
      panels.forEach((panel, at) => {
        panel.given = data.panels[at];
        const { rows, columns, from, title, note } = panel.given;
        panel.values = from < 0 ? null : new Float32Array(body.buffer, body.byteOffset + 4 * from, rows * columns);
        panel.title.textContent = title;
        panel.note.textContent = note;
        panel.group.name = panel.given.group;
        panel.canvas.setAttribute("aria-label", `${title}: ${rows} by ${columns}. Arrow keys choose a cell, Escape lets go.`);
      });
      for (const { heading, name } of groups) { heading.textContent = name; heading.hidden = !name; }
      openLinks();
      if (!unheard("cell")) {
        const before = JSON.stringify(chosen);
        chosen = data.chosen;
        if (chosen && before !== JSON.stringify(chosen)) {
          const { group } = panels[chosen.panel];
          turn(group, Math.floor((chosen.panel - group.panels[0].at) / PAGE));
        }
      }
      layout();
      room.dataset.ready = "true";
    },
    refit() { if (`${room.clientWidth} ${heightLeft()}` !== fitted) layout(); },
    destroy() { resized.disconnect(); },
  };
}
