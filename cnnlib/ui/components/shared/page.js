// Elements, canvases, and whether Python is at work on the page.

// Return whether Python is at work on this page.
export const isRunning = () => document.querySelector("[data-test-script-state]")?.dataset.testScriptState === "running";

export function element(tag, className, parent, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
}

// Give a canvas this size on the page, in whole pixels of the screen, and return its empty context.
export function sizeCanvas(canvas, width, height) {
  const dots = devicePixelRatio, w = Math.round(width * dots), h = Math.round(height * dots);
  if (canvas.width !== w || canvas.height !== h) {
    Object.assign(canvas, { width: w, height: h });
    Object.assign(canvas.style, { width: `${w / dots}px`, height: `${h / dots}px` });
  }
  const context = canvas.getContext("2d");
  context.setTransform(dots, 0, 0, dots, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
