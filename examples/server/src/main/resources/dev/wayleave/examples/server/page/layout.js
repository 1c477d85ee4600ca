// The places of the picture: boxes in three columns, and where each line begins and ends.

import { brokenPrefix } from "./text.js";

const GAP = 10;
const TIGHT_GAP = 4;
const TOP = 30;
const LINE_HEIGHT = 13;

/**
 * Lays columns of items out.
 *
 * @returns the size, the left edge of each column, and the items by key with their boxes
 */
export function layOut(columns, outerWidth, room) {
  const width = Math.max(240, outerWidth);
  const narrow = width < 560;
  const widths = narrow
    ? [0.25, 0.27, 0.38].map((part) => part * width)
    : [0.2, 0.22, 0.22].map((part) => Math.min(230, part * width));
  const lefts = [4, (width - widths[2] - 4 + widths[0] + 4 - widths[1]) / 2, width - widths[2] - 4];
  const placed = columns.map((column, index) =>
    column.map((item) => ({ ...item, ...textOf(item, widths[index], narrow), column: index, narrow })),
  );
  const heights = (tight) => (item) =>
    (item.sub === "" ? 28 : 40) + (item.lines.length - 1) * LINE_HEIGHT - (tight ? 5 : 0);
  const total = (column, tight) =>
    column.reduce((sum, item) => sum + heights(tight)(item) + (tight ? TIGHT_GAP : GAP), 0);
  // a little closer together where that saves scrolling
  const tight = placed.some((column) => TOP + total(column, false) + 4 > room);
  const heightOf = heights(tight);
  const least = tight ? TIGHT_GAP : GAP;
  const height = Math.max(TOP + Math.max(...placed.map((column) => total(column, tight))) + 4, room);
  const items = new Map();
  placed.forEach((column, index) => {
    // the space that is left over is shared out, within reason
    const gap = least + Math.min(18, Math.max(0, height - TOP - 4 - total(column, tight)) / (column.length + 1));
    const used = column.reduce((sum, item) => sum + heightOf(item) + gap, -gap);
    // the middle of a column that is scrolled is out of sight
    let y = height > 1.5 * room ? TOP : TOP + Math.max(0, (height - TOP - 4 - used) / 2);
    column.forEach((item, row) => {
      const box = { x: lefts[index], y, w: widths[index], h: heightOf(item) };
      items.set(item.key, { ...item, row, box });
      y += box.h + gap;
    });
  });
  return { width, height, lefts, items };
}

/** Where the text of an item begins, how many letters fit, and the lines of its name: a prefix is never cut. */
function textOf(item, width, narrow) {
  const [dot, start, letter] = narrow ? [9, 17, item.code ? 7 : 6.3] : [13, 24, item.code ? 7.3 : 7];
  const most = Math.floor((width - start - 5) / letter);
  return {
    dot,
    start,
    most,
    mostSub: Math.floor((width - start - 5) / 5.7),
    lines: item.code ? brokenPrefix(item.name, most) : [item.name],
  };
}

export const lineHeight = LINE_HEIGHT;

/**
 * The ends of each line whose items are shown: spread over the sides of the boxes, in the order of the boxes at the
 * other end.
 *
 * @returns the ends by the key of the line: x and y of its beginning, x and y of its end
 */
export function lineEnds(lines, items) {
  const sides = new Map();
  const side = (key, right) => {
    const name = `${key} ${right}`;
    return sides.get(name) ?? sides.set(name, []).get(name);
  };
  const shown = lines.filter((line) => items.has(line.from) && items.has(line.to));
  for (const line of shown) {
    side(line.from, true).push({ line, other: items.get(line.to).box.y });
    side(line.to, false).push({ line, other: items.get(line.from).box.y });
  }
  for (const [name, list] of sides) {
    list.sort((a, b) => a.other - b.other);
    sides.set(name, new Map(list.map(({ line }, place) => [line, (place + 1) / (list.length + 1)])));
  }
  const at = (key, right, line) => {
    const { x, y, w, h } = items.get(key).box;
    return [right ? x + w : x, y + 6 + (h - 12) * side(key, right).get(line)];
  };
  return new Map(shown.map((line) => [line, [...at(line.from, true, line), ...at(line.to, false, line)]]));
}
