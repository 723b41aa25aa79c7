// What every component begins with: its life in the page, the palette, and how numbers are written.

// Streamlit calls a component anew for each new packet of data, with the same parent element.
// `create(root)` runs once for each place in the page and returns {update, destroy}. A packet is
// four bytes that tell the JSON's length, the JSON, and bytes that the component reads itself.
function once(create) {
  const instances = new WeakMap();
  return (component) => {
    const root = component.parentElement;
    let instance = instances.get(root);
    if (!instance) {
      instance = create(root);
      instance.refit ??= () => {};
      addEventListener("classroom:fit", instance.refit);
      instances.set(root, instance);
    }
    const packet = component.data;
    const end = 4 + new DataView(packet.buffer, packet.byteOffset).getUint32(0, true);
    const data = JSON.parse(new TextDecoder().decode(packet.subarray(4, end)));
    instance.update({ ...component, data, body: packet.subarray(end) });
    return () => {
      // A call that another packet overtook is taken back too, while the component lives on.
      if (root.isConnected) return;
      removeEventListener("classroom:fit", instance.refit);
      instance.destroy?.();
      instances.delete(root);
    };
  };
}

// In presenter mode a figure fills the screen: how many pixels of its height are still free, less
// than none if it is too high; null on an ordinary page, where a figure is as high as it was told.
function heightLeft() {
  const page = document.querySelector("[data-testid=stMainBlockContainer]"), content = page?.firstElementChild;
  if (!content || !document.documentElement.hasAttribute("data-presenting")) return null;
  const { paddingTop, paddingBottom } = getComputedStyle(page);
  return innerHeight - parseFloat(paddingTop) - parseFloat(paddingBottom) - content.offsetHeight;
}

// The largest size in [least, most] with which `lay` leaves no less than no height free.
function fill(least, most, lay) {
  for (let step = (most - least) / 2; step >= 4; step /= 2) {
    lay(least + step);
    if (heightLeft() >= 0) least += step;
  }
  lay(least);
}

// How much larger type and cells are than on an ordinary page.
const grown = () => (heightLeft() === null ? 1 : Math.max(1, innerHeight / 520));

// Whether Python is at work on this page.
const isRunning = () => document.querySelector("[data-test-script-state]")?.dataset.testScriptState === "running";

function element(tag, className, parent, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
}

// Three significant digits, a true minus sign, whole numbers as whole numbers.
function format(value) {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value).replace("-", "−");
  const size = Math.abs(value);
  const text = size >= 1e4 || size < 1e-3 ? value.toExponential(2) : value.toPrecision(3);
  return text.replace(/-/g, "−");
}

// Light text stands on a dark page.
function themeOf(node) {
  const [r, g, b] = (getComputedStyle(node).color.match(/[\d.]+/g) ?? [0, 0, 0]).map(Number);
  return r + g + b > 384 ? "dark" : "light";
}

function rgbOf(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

// The colour at `t` in [0, 1] along evenly spaced stops, as [red, green, blue].
function between(stops, t) {
  const at = Math.max(0, Math.min(1, t)) * (stops.length - 1);
  const low = Math.min(Math.floor(at), stops.length - 2);
  const from = rgbOf(stops[low]), to = rgbOf(stops[low + 1]);
  return from.map((value, i) => Math.round(value + (at - low) * (to[i] - value)));
}

// 257 colours along the stops, as pixels of a canvas: the odd number puts one on a signed zero.
function colourTable(stops) {
  const table = new Uint32Array(257);
  for (let i = 0; i <= 256; i += 1) {
    const [r, g, b] = between(stops, i / 256);
    table[i] = (255 << 24) | (b << 16) | (g << 8) | r;
  }
  return table;
}

// How a cell of this value is painted, with text that can be read on it.
function cellStyle(value, limit, stops) {
  const rgb = between(stops, 0.5 + value / (2 * limit));
  const [r, g, b] = rgb;
  const dark = 0.299 * r + 0.587 * g + 0.114 * b < 140;
  return { background: `rgb(${rgb.join(",")})`, color: dark ? "#fff" : "#10141c" };
}
