// The content of the picture: viewers, carriers and prefixes as items, and the lines between them.

import { nameOf, ownerOf } from "./tailnet.js";
import { isolated } from "./text.js";
import { nodeStates, plural } from "./words.js";

/** How many items a column has at most. */
const MOST = 24;
/** How many names a label has at most. */
const NAMED = 6;
const INTERNET = "internet";

export const nodeKey = (id) => `node ${id}`;
const prefixKey = (prefix) => `prefix ${prefix}`;

/** All items and lines of a tailnet. */
export function modelOf(tailnet, now) {
  const carriers = tailnet.nodes.filter((node) => node.routes.length > 0);
  const lines = new Map();
  const prefixes = prefixesOf(carriers, lines);
  const served = new Map(tailnet.routes.map((route) => [route.prefix, route]));
  const lost = tailnet.lost.filter((each) => !prefixes.has(each.prefix));
  const lostSince = new Map(tailnet.lost.map((each) => [each.prefix, each]));
  return {
    viewers: viewersOf(tailnet, carriers, lines),
    carriers: carriers.map((node) => carrierItem(tailnet, node, now)),
    prefixes: [
      ...[...prefixes.values()]
        .sort(subnetsFirst)
        .map((entry) => prefixItem(entry, served.get(entry.name), lostSince.get(entry.name))),
      ...lost.map(lostItem),
    ],
    lines: [...lines.values()],
  };
}

const subnetsFirst = (a, b) => (a.name === INTERNET) - (b.name === INTERNET);

function prefixesOf(carriers, lines) {
  const prefixes = new Map();
  for (const node of carriers) {
    const drawn = new Set();
    for (const route of node.routes) {
      const name = route.exit ? INTERNET : route.prefix;
      const entry = prefixes.get(name) ?? prefixes.set(name, { name, first: route, holders: [] }).get(name);
      entry.holders.push({ node, route });
      const kind = lineKind(node, route);
      // both exit routes of a node are one line
      if (kind !== null && !drawn.has(name)) {
        drawn.add(name);
        const serves = kind === "primary" || kind === "grace" || kind === "kept";
        // the line of the primary keeps its key when another node becomes the primary: the picture swings it
        const key =
          serves && !route.exit ? `serves ${name}` : `${kind === "exit" ? "exit" : "holds"} ${node.id} ${name}`;
        lines.set(key, { key, from: nodeKey(node.id), to: prefixKey(name), kind, serves });
      }
    }
  }
  return prefixes;
}

function lineKind(node, route) {
  switch (route.state) {
    case "primary":
      return node.liveness === "grace" ? "grace" : "primary";
    case "draining":
      if (!route.primary) {
        return node.liveness === "offline" ? "down" : "standby";
      }
      return node.liveness === "grace" ? "grace" : "primary";
    case "exit":
      return node.liveness === "offline" ? "down" : "exit";
    case "standby":
    case "kept":
    case "waiting":
    case "denied":
      return route.state === "denied" && !route.advertised ? null : route.state;
    case "approved":
      return null;
    default:
      return "down";
  }
}

/** One item for each class of viewers with the same routes. A user's node is a viewer, also if it carries a prefix. */
function viewersOf(tailnet, carriers, lines) {
  const tagged = new Set(carriers.filter((node) => node.user === null).map((node) => node.id));
  const viewers = [];
  for (const group of tailnet.viewers) {
    const members = group.nodes
      .filter((id) => !tagged.has(id))
      .map((id) => tailnet.byId.get(id))
      .filter(Boolean);
    if (members.length > 0) {
      viewers.push(viewerItem(tailnet, group, members, lines));
    }
  }
  return viewers;
}

function viewerItem(tailnet, group, members, lines) {
  const key = `viewers ${members[0].id}`;
  const given = [...group.carriers, ...group.exits.map((exit) => ({ prefix: INTERNET, carrier: exit.node }))];
  const byCarrier = new Map();
  for (const route of given) {
    const reached = byCarrier.get(route.carrier) ?? byCarrier.set(route.carrier, new Set()).get(route.carrier);
    reached.add(prefixKey(route.prefix));
  }
  for (const [carrier, reached] of byCarrier) {
    const line = `given ${key} ${carrier}`;
    lines.set(line, { key: line, from: key, to: nodeKey(carrier), kind: "viewer", prefixes: reached });
  }
  const first = members.slice(0, NAMED).map((node) => isolated(nameOf(tailnet, node.id)));
  const rest = members.length - first.length;
  const owners = [...new Set(members.map((node) => isolated(ownerOf(tailnet, node))))];
  const more = rest > 0 ? ` and ${plural(rest, "more viewer")}` : "";
  return {
    key,
    name:
      members.length === 1
        ? first[0]
        : members.length <= NAMED
          ? `${first[0]} + ${members.length - 1}`
          : plural(members.length, "viewer"),
    sub:
      given.length === 0
        ? "gets no route"
        : owners.length <= NAMED
          ? owners.join(", ")
          : `of ${plural(owners.length, "owner")}`,
    full: `${first.join(", ")}${more}: ${given.length === 0 ? "no route" : plural(given.length, "route")}`,
    tone: members.some((node) => node.liveness === "online") ? "good" : "off",
    members: new Set(members.map((node) => node.id)),
    given: new Set(given.map((route) => `${nodeKey(route.carrier)} ${prefixKey(route.prefix)}`)),
    choice: { node: members[0].id },
  };
}

function carrierItem(tailnet, node, now) {
  const states = nodeStates(node, now);
  const worst =
    states.find((state) => state.tone === "bad") ?? states.find((state) => state.tone === "wait") ?? states[0];
  const words = states.filter((state) => state.words !== "online").map((state) => state.words);
  const name = isolated(nameOf(tailnet, node.id));
  return {
    key: nodeKey(node.id),
    name,
    sub: words.length === 0 ? isolated(ownerOf(tailnet, node)) : words.join(", "),
    full: `${name}, ${states.map((state) => state.words).join(", ")}`,
    tone: worst.tone,
    silent: node.silentAt !== null,
    members: new Set([node.id]),
    choice: { node: node.id },
  };
}

function prefixItem(entry, elected, lost) {
  if (entry.name === INTERNET) {
    return internetItem(entry);
  }
  const { words, tone } = prefixState(entry, elected, lost);
  return {
    key: prefixKey(entry.name),
    name: entry.name,
    sub: words,
    full: `${entry.name}, ${words === "" ? "served" : words}`,
    tone,
    code: true,
    choice: { node: elected?.primary ?? entry.holders[0].node.id, prefix: entry.name },
  };
}

function internetItem(entry) {
  const serving = entry.holders.filter(({ route }) => route.state === "exit");
  return {
    key: prefixKey(INTERNET),
    name: "the internet",
    sub: serving.length === 0 ? "no exit node" : "",
    full: `The internet, through ${plural(new Set(serving.map(({ node }) => node.id)).size, "exit node")}`,
    tone: serving.length === 0 ? "wait" : "good",
    code: false,
    choice: { node: entry.holders[0].node.id, prefix: entry.first.prefix, exit: true },
  };
}

/** A prefix that had a primary and that no node has any more. */
const lostItem = ({ prefix, last }) => ({
  key: prefixKey(prefix),
  name: prefix,
  sub: "unserved",
  full: `${prefix}, unserved: no node offers it any more`,
  tone: "bad",
  code: true,
  choice: { node: last, prefix },
});

function prefixState(entry, elected, lost) {
  if (elected === undefined) {
    const states = new Set(entry.holders.map(({ route }) => route.state));
    const words = states.has("waiting") ? "waiting for approval" : states.has("denied") ? "denied" : "not advertised";
    if (lost !== undefined) {
      return { words: states.has("waiting") ? "unserved, waiting" : `unserved, ${words}`, tone: "bad" };
    }
    return { words, tone: states.has("waiting") ? "wait" : states.has("denied") ? "bad" : "off" };
  }
  if (elected.state === "served") {
    return { words: "", tone: "good" };
  }
  return elected.state === "kept" ? { words: "kept: no candidate", tone: "kept" } : { words: "unserved", tone: "bad" };
}

/** The item of what is chosen; null where it is not shown. */
export function chosenKey(chosen, items) {
  if (chosen.prefix !== undefined) {
    const key = prefixKey(chosen.exit ? INTERNET : chosen.prefix);
    return items.has(key) ? key : null;
  }
  for (const item of items.values()) {
    if (item.members?.has(chosen.node)) {
      return item.key;
    }
  }
  return null;
}

/** The lines that lead to or from an item; of viewers, the lines of their routes to the end. */
export function relatedTo(key, item, lines) {
  const related = new Set();
  for (const line of lines) {
    const isTouched = line.from === key || line.to === key;
    const isGiven = item?.given !== undefined && line.kind !== "standby" && item.given.has(`${line.from} ${line.to}`);
    if (isTouched || isGiven || (line.kind === "viewer" && line.prefixes.has(key))) {
      related.add(line.key);
    }
  }
  return related;
}

/**
 * The items at most two lines away: of a prefix its carriers and viewers, of a node also the other carriers of its
 * prefixes.
 */
function surroundings(key, model, items) {
  const near = new Set([key]);
  const related = relatedTo(key, items.get(key), model.lines);
  for (const line of model.lines) {
    if (related.has(line.key)) {
      near.add(line.from).add(line.to);
    }
  }
  const isCarrier = key.startsWith("node ");
  for (const line of model.lines) {
    // a viewer's carriers have other prefixes, too: those are not its surroundings
    if (isCarrier && line.kind !== "viewer" && near.has(line.to)) {
      near.add(line.from);
    }
  }
  return near;
}

/**
 * The items that are shown: all of them where they fit; else the surroundings of the choice and what moved, or without
 * a choice what matters most. A column shows how many more it has.
 *
 * @returns the columns, and whether they are the surroundings only
 */
export function columnsOf(model, chosen, moved) {
  const all = [model.viewers, model.carriers, model.prefixes];
  const items = new Map(all.flat().map((item) => [item.key, item]));
  const isLarge = all.some((column) => column.length > MOST);
  const centre = isLarge && chosen !== null ? chosenKey(chosen, items) : null;
  const near = centre === null ? null : surroundings(centre, model, items);
  const rank = (item) => {
    if (item.key === centre) {
      return 0;
    }
    if (moved.has(item.key)) {
      return 1;
    }
    // the internet is one item, and all exit nodes lead to it
    return near?.has(item.key) || item.key === prefixKey(INTERNET) ? 2 : RANKS[item.tone];
  };
  const isShown = (item) => near === null || near.has(item.key) || moved.has(item.key);
  return {
    columns: [
      capped(model.viewers, isShown, rank, "class of viewers", "classes of viewers"),
      capped(model.carriers, isShown, rank, "carrier"),
      capped(model.prefixes, isShown, rank, "prefix", "prefixes"),
    ],
    isPart: near !== null,
  };
}

/** Items that need the operator go before those that are in order. */
const RANKS = { bad: 3, wait: 3, kept: 3, good: 4, off: 5 };

function capped(items, isShown, rank, one, many) {
  const fitting = items.filter(isShown);
  if (fitting.length === items.length && items.length <= MOST) {
    return items;
  }
  const shown = new Set(fitting.sort((a, b) => rank(a) - rank(b)).slice(0, MOST - 1));
  const rest = items.length - shown.size;
  const more = {
    key: `more ${one}`,
    name: `and ${rest.toLocaleString()} more`,
    sub: "",
    full: `${plural(rest, one, many)} more: the list has all nodes and routes`,
    tone: "off",
    more: true,
  };
  return [...items.filter((item) => shown.has(item)), more];
}
