// How large a figure may be. In presenter mode it fills the screen.

// In presenter mode a figure fills the screen: how many pixels of its height are still free, less
// than none if it is too high; null on an ordinary page, where a figure is as high as it was told.
export function heightLeft() {
  const page = document.querySelector("[data-testid=stMainBlockContainer]"), content = page?.firstElementChild;
  if (!content || !document.documentElement.hasAttribute("data-presenting")) return null;
  const { paddingTop, paddingBottom } = getComputedStyle(page);
  return innerHeight - parseFloat(paddingTop) - parseFloat(paddingBottom) - content.offsetHeight;
}

// The largest size in [least, most] with which `lay` leaves no less than no height free.
export function fill(least, most, lay) {
  for (let step = (most - least) / 2; step >= 4; step /= 2) {
    lay(least + step);
    if (heightLeft() >= 0) least += step;
  }
  lay(least);
}

// How much larger type and cells are than on an ordinary page.
export const grown = () => (heightLeft() === null ? 1 : Math.max(1, innerHeight / 520));

// How much larger the page's type is than in a browser that nobody has set up.
export const typeScale = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
