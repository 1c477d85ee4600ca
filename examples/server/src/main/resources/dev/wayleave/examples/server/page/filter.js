// The filter of the list: a text, a state, and an owner.

import { byId, element } from "./dom.js";
import { ownerOf } from "./tailnet.js";
import { isolated } from "./text.js";
import { needsAttention, nodeStates, routeState } from "./words.js";

const none = () => false;
const isIn = (state) => (route) => route.state === state;

/** The states to choose from: which nodes have one, and which routes. */
const STATES = {
  attention: [
    "needs attention",
    (node) => nodeStates(node, 0).some((state) => state.tone === "wait" || state.tone === "bad"),
    needsAttention,
  ],
  waiting: ["waiting for approval", none, isIn("waiting")],
  unserved: ["not served", none, (route) => route.state === "unserved" || route.state === "kept"],
  offline: ["node not online", (node) => node.liveness !== "online", none],
  draining: ["draining", (node) => node.drain !== null, none],
  primary: ["primary", none, isIn("primary")],
  standby: ["standby", none, isIn("standby")],
  exit: ["exit route", none, isIn("exit")],
  denied: ["denied", none, isIn("denied")],
  approved: ["approved, not advertised", none, isIn("approved")],
};

export class Filter {
  /** @param changed called when the filter is another one */
  constructor(changed) {
    this.text = byId("filter");
    this.state = byId("filter-state");
    this.owner = byId("filter-owner");
    this.state.append(...Object.entries(STATES).map(([value, [words]]) => element("option", { value }, words)));
    this.text.addEventListener("input", changed);
    this.state.addEventListener("change", changed);
    this.owner.addEventListener("change", changed);
    this.changed = changed;
    this.texts = new WeakMap();
  }

  get isActive() {
    return this.text.value.trim() !== "" || this.state.value !== "" || this.owner.value !== "";
  }

  /** Shows the nodes and routes in a state, whatever was filtered before. */
  showState(state) {
    this.text.value = this.owner.value = "";
    this.state.value = state;
    this.changed();
  }

  /** Takes the owners of a tailnet as choices. */
  update(tailnet) {
    this.tailnet = tailnet;
    const tags = [...new Set(tailnet.nodes.flatMap((node) => node.tags))].sort();
    const users = tailnet.nodes
      .filter((node) => node.user !== null)
      .map((node) => [`user ${node.user}`, isolated(ownerOf(tailnet, node))]);
    const owners = [
      ["Tags", tags.map((tag) => [tag, isolated(tag)])],
      ["Users", [...new Map(users)].sort((a, b) => a[1].localeCompare(b[1]))],
    ];
    const shown = JSON.stringify(owners);
    if (shown !== this.owners) {
      this.owners = shown;
      const chosen = this.owner.value;
      const group = ([label, choices]) =>
        element(
          "optgroup",
          { label },
          choices.map(([value, words]) => element("option", { value }, words)),
        );
      this.owner.replaceChildren(
        this.owner.options[0],
        ...owners.filter(([, choices]) => choices.length > 0).map(group),
      );
      this.owner.value = chosen;
      if (this.owner.selectedIndex < 0) {
        this.owner.value = "";
      }
    }
  }

  /** The nodes that pass, each with its routes that do; a match of the node itself takes all its routes along. */
  pass() {
    const text = this.text.value.trim().toLowerCase();
    const owner = this.owner.value;
    const [, isNode, isRoute] = STATES[this.state.value] ?? ["", () => true, none];
    const blocks = [];
    for (const node of this.tailnet.nodes) {
      if (owner !== "" && `user ${node.user}` !== owner && !node.tags.includes(owner)) {
        continue;
      }
      const isMatch = isNode(node) && (text === "" || this.#textOf(node).includes(text));
      const routes = isMatch ? node.routes : this.#routes(node, isNode(node) ? () => true : isRoute, text);
      if (isMatch || routes.length > 0) {
        blocks.push({ node, routes });
      }
    }
    return blocks;
  }

  #routes(node, isRoute, text) {
    const isNamed = text === "" || this.#textOf(node).includes(text);
    return node.routes.filter((route) => isRoute(route) && (isNamed || this.#textOfRoute(route).includes(text)));
  }

  /** Each document has nodes of its own, so that a text is made once for each document. */
  #textOf(node) {
    let text = this.texts.get(node);
    if (text === undefined) {
      // without the seconds that are left
      const states = nodeStates(node, 0).map((state) => state.words.replace(/,.*/, ""));
      text = [node.name, `#${node.id}`, ownerOf(this.tailnet, node), ...node.addresses, ...states]
        .join("\n")
        .toLowerCase();
      this.texts.set(node, text);
    }
    return text;
  }

  #textOfRoute(route) {
    let text = this.texts.get(route);
    if (text === undefined) {
      text = `${route.prefix}\n${routeState(route).words}`.toLowerCase();
      this.texts.set(route, text);
    }
    return text;
  }
}
