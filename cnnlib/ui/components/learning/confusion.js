// Ten by ten counts. A cell chooses which mistakes the gallery shows; a head chooses its whole row or column.

import { cellStyle } from "../shared/colours.js";
import { element } from "../shared/page.js";

export function confusionOf(root, view) {
  const table = root.querySelector(".matrix"), cells = [], heads = [];
  const top = element("tr", "", element("thead", "", table));
  element("td", "", top).style.border = "0";
  for (let said = 0; said < 10; said += 1) head(top, "col", { said }, said);
  const body = element("tbody", "", table);
  for (let truth = 0; truth < 10; truth += 1) {
    const row = element("tr", "", body);
    head(row, "row", { truth }, truth);
    for (let said = 0; said < 10; said += 1) cells.push(cell(element("td", "", row), { truth, said }));
  }
  cells[0].node.tabIndex = 0;

  function head(row, scope, which, digit) {
    const one = cell(element("th", "", row, String(digit)), which);
    one.node.scope = scope;
    heads.push(one);
  }

  function cell(node, which) {
    node.addEventListener("click", () => view.choose(which));
    return Object.assign(which, { node });
  }

  body.addEventListener("keydown", (event) => {
    const at = cells.findIndex(({ node }) => node === event.target);
    const move = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -10, ArrowDown: 10 }[event.key];
    if (at < 0 || (!move && event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    if (!move) { view.choose(cells[at]); return; }
    const next = cells[at + move];
    if (!next || (Math.abs(move) === 1 && next.truth !== cells[at].truth)) return;
    cells[at].node.tabIndex = -1;
    next.node.tabIndex = 0;
    next.node.focus();
  });

  // Mistakes are painted by their share of the true digit's images, on a logarithmic scale, so that
  // the same count looks the same in every report. The diagonal is painted as the other side of
  // zero.
  return function show(report, { signed }) {
    for (let truth = 0; truth < 10; truth += 1) {
      const counts = report.confusion.subarray(10 * truth, 10 * truth + 10);
      const whole = counts.reduce((sum, count) => sum + count, 0);
      counts.forEach((count, said) => {
        const { node } = cells[10 * truth + said];
        const strength = whole === 0 ? 0 : truth === said ? (-0.4 * count) / whole : Math.log1p(count) / Math.log1p(whole);
        const text = count ? String(count) : "";
        if (node.textContent !== text) node.textContent = text;
        Object.assign(node.style, cellStyle(strength, 1, signed));
        node.title = `${count} of ${whole} images of ${truth} read as ${said}`;
        node.setAttribute("aria-label", node.title);
      });
    }
    const { chosen } = view;
    for (const { node, truth, said } of [...cells, ...heads]) {
      node.classList.toggle("chosen", chosen !== null && truth === chosen.truth && said === chosen.said);
    }
  };
}
