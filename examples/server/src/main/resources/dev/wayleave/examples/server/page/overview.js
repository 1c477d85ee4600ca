// What the panel shows without a choice: prefixes that no node carries, routes that wait for approval, and the gravest
// findings.

import { bdi, element, prose } from "./dom.js";
import { nameOf } from "./tailnet.js";
import { clock, plural } from "./words.js";

/** How many rows a part has; the list and the findings have all. */
const MOST = 8;

/**
 * The parts that are not empty.
 *
 * @param findings what lint found, the gravest first
 * @param actions choose, act, showWaiting and showFindings
 */
export function overview(tailnet, findings, mayOperate, actions) {
  const parts = [...unserved(tailnet, actions), ...waiting(tailnet, mayOperate, actions), ...found(findings, actions)];
  return [
    element("h3", {}, "Overview"),
    parts.length > 0
      ? null
      : element("p", {}, "Each subnet is served, no route waits for approval, and lint has no findings."),
    element(
      "p",
      { class: "empty" },
      "Choose a node or a route, in the list or in the picture: this panel says why it is served, or why not.",
    ),
    ...parts,
  ];
}

function part(title, rows, rest) {
  return rows.length === 0
    ? []
    : [
        element("h4", {}, title),
        element("ul", { class: "rows" }, rows.slice(0, MOST)),
        rows.length > MOST ? rest : null,
      ];
}

const link = (text, focus, go, kind = "") =>
  element("button", { type: "button", class: `plain ${kind}`, "data-focus": focus, click: go }, text);

const showAll = (count, go) => element("p", {}, link(`Show all ${count.toLocaleString()}`, `all ${count}`, go, "all"));

function unserved(tailnet, { choose }) {
  const served = tailnet.routes.filter((route) => route.state !== "served");
  const rows = [
    ...served.map((route) => ({ prefix: route.prefix, node: route.primary ?? route.holders[0], reason: route.reason })),
    ...tailnet.lost.map(({ prefix, last, since, reason }) => ({
      prefix,
      node: last,
      reason: `since ${clock(since)}: ${reason}`,
    })),
  ];
  return part(
    `Not served: ${plural(rows.length, "subnet")}`,
    rows.map(({ prefix, node, reason }) =>
      element(
        "li",
        {},
        link(prefix, `unserved ${prefix}`, () => choose({ node, prefix }), "code"),
        element("span", { class: "reason" }, prose(reason)),
      ),
    ),
    null,
  );
}

function waiting(tailnet, mayOperate, { choose, act, showWaiting }) {
  const all = tailnet.nodes.flatMap((node) =>
    node.routes
      .filter((route) => route.state === "waiting")
      .map((route) => ({ node: node.id, prefix: route.prefix, exit: route.exit })),
  );
  const rows = all.slice(0, MOST + 1).map((route) => {
    const name = nameOf(tailnet, route.node);
    const about = `${route.prefix} on ${name}`;
    return element(
      "li",
      {},
      link(route.prefix, `waiting ${about}`, () => choose(route), "code"),
      element("span", { class: "on" }, "on ", bdi(name)),
      mayOperate
        ? element(
            "button",
            {
              type: "button",
              class: "primary",
              "aria-label": `Approve ${about}`,
              "data-focus": `approve ${about}`,
              click: () => act("approve", route),
            },
            "Approve",
          )
        : null,
    );
  });
  return part(`Waiting for approval: ${plural(all.length, "route")}`, rows, showAll(all.length, showWaiting));
}

function found(findings, { showFindings }) {
  const rows = findings.map(({ severity, message }) =>
    element(
      "li",
      { class: severity },
      element("span", { class: "severity" }, severity),
      element("span", { class: "message" }, prose(message)),
    ),
  );
  return rows.length === 0
    ? []
    : [
        ...part(`Findings of lint: ${rows.length.toLocaleString()}`, rows, null),
        element("p", {}, link("What to do about them", "findings", showFindings, "all")),
      ];
}
