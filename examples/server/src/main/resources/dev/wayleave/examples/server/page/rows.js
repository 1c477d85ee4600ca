// The rows of the list: the heading of a group, a node, a route, and the row that shows more.

import { bdi, element, reconcile, setAttribute, setText } from "./dom.js";
import { summaryOf } from "./groups.js";
import { nameOf, ownerOf } from "./tailnet.js";
import { lastSeen, nodeStates, routeCounts, routeState } from "./words.js";

export function makeGroup(fold) {
  const button = element("button", { type: "button", class: "plain fold", click: fold }, bdi(""));
  return element(
    "tbody",
    { class: "group" },
    element(
      "tr",
      {},
      element(
        "th",
        { scope: "rowgroup", colspan: 3 },
        button,
        element("span", { class: "count" }),
        element("span", { class: "chips" }),
      ),
    ),
  );
}

export function showGroup(body, group, isOpen) {
  const [button, count, states] = body.firstChild.firstChild.children;
  const { words, chips: shown } = summaryOf(group);
  setText(button.firstChild, group.title);
  setAttribute(button, "aria-expanded", String(isOpen));
  setText(count, words);
  chips(states, shown);
}

export const makeMore = (more) =>
  element("tr", { class: "more" }, element("td", { colspan: 3 }, element("button", { type: "button", click: more })));

export const showMore = (row, shown, all, what) =>
  setText(
    row.querySelector("button"),
    `Show more: ${shown.toLocaleString()} of ${all.toLocaleString()} ${what} are shown`,
  );

export function makeNode(id, { choose, act, fold }) {
  return element(
    "tr",
    { class: "node" },
    element(
      "th",
      { scope: "rowgroup" },
      element("button", { type: "button", class: "plain fold", click: () => fold(id) }),
      element("button", { type: "button", class: "plain name", click: () => choose({ node: id }) }, bdi("")),
      element("span", { class: "owner" }, bdi("")),
      element("ul", { class: "node-facts" }),
    ),
    element("td"),
    element(
      "td",
      {},
      element("button", { type: "button", click: (event) => act(event.currentTarget.dataset.act, { node: id }) }),
    ),
  );
}

export function showNode(row, { node, routes }, isOpen, { tailnet, chosen, now, mayOperate }) {
  const [head, states, action] = row.children;
  const [fold, name, owner, facts] = head.children;
  const label = nameOf(tailnet, node.id);
  fold.hidden = routes.length === 0;
  setAttribute(fold, "aria-expanded", String(isOpen));
  setAttribute(fold, "aria-label", `Routes of ${label}`);
  setText(name.firstChild, node.name);
  setText(owner.firstChild, ownerOf(tailnet, node));
  const shown = [`#${node.id}`, ...node.addresses, lastSeen(node)]
    .filter((fact) => fact !== "")
    .map((text, place) => ({ text, place }));
  reconcile(
    facts,
    shown,
    ({ place }) => place,
    () => element("li"),
    (item, { text }) => setText(item, text),
  );
  chips(states, [...nodeStates(node, now), ...(isOpen ? [] : routeCounts(routes))]);
  row.classList.toggle("silent", node.silentAt !== null);
  const draining = node.drain !== null;
  const button = action.firstChild;
  setText(button, draining ? "End drain" : "Drain");
  setAttribute(button, "data-act", draining ? "undrain" : "drain");
  setAttribute(button, "aria-label", `${draining ? "End the drain of" : "Drain"} ${label}`);
  button.hidden = !mayOperate || !(node.router || draining);
  mark(row, chosen?.node === node.id && chosen.prefix === undefined);
}

export function makeRoute(id, { prefix, exit }, { choose, act }) {
  return element(
    "tr",
    { class: "route" },
    element(
      "th",
      { scope: "row" },
      element(
        "button",
        { type: "button", class: "plain", click: () => choose({ node: id, prefix, exit }) },
        ...breakable(prefix),
      ),
    ),
    element("td"),
    element(
      "td",
      {},
      element("button", {
        type: "button",
        click: (event) => act(event.currentTarget.dataset.act, { node: id, prefix }),
      }),
    ),
  );
}

export function showRoute(row, node, route, { tailnet, chosen, mayOperate }) {
  const [, states, action] = row.children;
  const state = routeState(route);
  chips(states, [state]);
  const button = action.firstChild;
  const approve = !route.approved;
  setText(button, approve ? "Approve" : "Revoke");
  setAttribute(button, "data-act", approve ? "approve" : "revoke");
  setAttribute(button, "class", approve && route.state === "waiting" ? "primary" : null);
  setAttribute(
    button,
    "aria-label",
    `${approve ? "Approve" : "Revoke"} ${route.prefix} on ${nameOf(tailnet, node.id)}`,
  );
  button.hidden = !mayOperate;
  mark(row, chosen?.node === node.id && chosen.prefix === route.prefix);
  if (row.state !== undefined && row.state !== route.state && state.tone === "good") {
    row.classList.remove("changed");
    void row.offsetWidth; // begins the animation anew
    row.classList.add("changed");
  }
  row.state = route.state;
}

function mark(row, isChosen) {
  row.classList.toggle("chosen", isChosen);
  setAttribute(row, "aria-selected", isChosen ? "true" : null);
}

/** A prefix that is too long for its line is broken after a colon or before its length. */
const breakable = (prefix) =>
  prefix.split(/(?<=:)(?=[^:/])|(?=\/)/).flatMap((part, i) => (i === 0 ? part : [element("wbr"), part]));

/** Shows states as badges. */
function chips(parent, states) {
  reconcile(
    parent,
    states,
    (state) => state.words.replace(/[\d.,\s]+/g, "#"),
    () => element("span", { class: "chip" }),
    (chip, state) => {
      setText(chip, state.words);
      setAttribute(chip, "data-tone", state.tone);
    },
  );
}
