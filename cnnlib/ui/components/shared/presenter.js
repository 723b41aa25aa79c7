// The room for a figure, which fills the screen in presenter mode.

// Return how many pixels of the screen's height a figure still leaves free in presenter mode: below
// 0 if the figure is too high, and null on an ordinary page, where Python sets a figure's height.
export function heightLeft() {
  const page = document.querySelector("[data-testid=stMainBlockContainer]"), content = page?.firstElementChild;
  if (!content || !document.documentElement.hasAttribute("data-presenting")) return null;
  const { paddingTop, paddingBottom } = getComputedStyle(page);
  return innerHeight - parseFloat(paddingTop) - parseFloat(paddingBottom) - content.offsetHeight;
}

// Find the largest size in [least, most] with which `lay` does not go beyond the free height.
export function fill(least, most, lay) {
  for (let step = (most - least) / 2; step >= 4; step /= 2) {
    lay(least + step);
    if (heightLeft() >= 0) least += step;
  }
  lay(least);
}

// Return how much larger type and cells are than on an ordinary page.
export const grown = () => (heightLeft() === null ? 1 : Math.max(1, innerHeight / 520));

// Return how much larger the page's type is than in a browser with its own settings unchanged.
export const typeScale = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
