// The parts that the panel Why is made of.

import { element, prose } from "./dom.js";

/** How many rows a list has: a router of a large tailnet has thousands of routes. */
const MOST = 50;

export const hint = (words) => element("p", { class: "reason" }, prose(words));

/** The first rows under a title, which has their number. */
export function listed(title, rows) {
  const rest = rows.length - MOST;
  return [
    element("h4", {}, rows.length === 1 ? title : `${title}: ${rows.length.toLocaleString()}`),
    element(
      "ul",
      { class: "rows" },
      rows.slice(0, MOST).map((make) => make()),
    ),
    rest > 0 ? hint(`And ${rest.toLocaleString()} more: the list finds them by a search.`) : null,
  ];
}

export const reads = (what) => hint(`This key may read. To ${what}, sign in with a key that may operate.`);

export const chip = (state) => element("span", { class: "chip", "data-tone": state.tone }, state.words);

export const names = (list) =>
  list.length <= 4 ? list.join(", ") : `${list.slice(0, 3).join(", ")} and ${list.length - 3} more`;

/**
 * A text that leads to a choice.
 *
 * @param focus names the link, so that it keeps the focus when the panel is written again
 */
export const link = (choose, text, choice, focus, kind = "") =>
  element(
    "button",
    { type: "button", class: `plain ${kind}`, "data-focus": focus, click: () => choose(choice) },
    text,
  );
