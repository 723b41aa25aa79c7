// Words about a walkthrough that several places say.

export const title = (text) => text[0].toUpperCase() + text.slice(1);

const counted = (count, [one, several]) => `${count} ${count === 1 ? one : several}`;

// The terms of a walkthrough, and those in which a cell of a grid is used.
export const termsOf = (walk, count) => counted(count, walk.words.term);
export const usesOf = (walk, grid, count) => counted(count, walk.words.uses[grid.space] ?? walk.words.term);
