// What is said of a walkthrough in several places.

export const title = (text) => text[0].toUpperCase() + text.slice(1);

// A pooling adds up no products: each of its terms is an input cell in one window.
export const pools = (walk) => walk.method === "window by window";
