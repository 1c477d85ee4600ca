// The groups of the list: by what nodes carry, or by tag or user.

import { ownerOf } from "./tailnet.js";
import { plural, routeCounts } from "./words.js";

const ROLES = ["Nodes with subnet routes", "Exit nodes", "Nodes without routes"];

function role(node) {
  if (node.routes.length === 0) {
    return 2;
  }
  return node.routes.every((route) => route.exit) ? 1 : 0;
}

/**
 * Groups nodes.
 *
 * @param by "role" or "owner"
 * @returns the groups, each with a key, a title and its blocks in the order of their ids
 */
export function groupsOf(blocks, tailnet, by) {
  const groups = new Map();
  for (const block of blocks) {
    const title = by === "owner" ? ownerOf(tailnet, block.node) : ROLES[role(block.node)];
    const group = groups.get(title) ?? groups.set(title, { key: `${by} ${title}`, title, blocks: [] }).get(title);
    group.blocks.push(block);
  }
  const order =
    by === "owner"
      ? (a, b) => a.title.localeCompare(b.title)
      : (a, b) => ROLES.indexOf(a.title) - ROLES.indexOf(b.title);
  return [...groups.values()].sort(order);
}

/** What the heading of a group has beside its title. */
export function summaryOf({ blocks }) {
  const routes = blocks.flatMap((block) => block.routes);
  const counts = routeCounts(routes).filter(
    ({ state }) => state === "waiting" || state === "unserved" || state === "kept",
  );
  const gone = blocks.filter(({ node }) => node.liveness !== "online").length;
  return {
    words:
      routes.length === 0
        ? plural(blocks.length, "node")
        : `${plural(blocks.length, "node")}, ${plural(routes.length, "route")}`,
    chips: gone === 0 ? counts : [...counts, { words: `${gone.toLocaleString()} not online`, tone: "off" }],
  };
}
