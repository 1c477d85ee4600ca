// Every node and, under it, its routes: their states, and what an operator can do about them.

import { byId, element, reconcile, setAttribute, setText } from "./dom.js";
import { nodeStates, owner, routeState } from "./words.js";

export class NodeList {
  /**
   * @param choose called with what is to be explained
   * @param act called with the action and what it is for
   */
  constructor(choose, act) {
    this.choose = choose;
    this.act = act;
    this.table = byId("nodes");
    this.filter = byId("filter");
    this.filter.addEventListener("input", () => this.#draw());
    this.before = new Map();
  }

  update(tailnet, chosen, now, mayOperate) {
    Object.assign(this, { tailnet, chosen, now, mayOperate });
    this.#draw();
  }

  #draw() {
    if (this.tailnet === undefined) {
      return;
    }
    const wanted = this.filter.value.trim().toLowerCase();
    const blocks = this.tailnet.nodes
      .map((node) => this.#block(node, wanted))
      .filter((block) => block !== null)
      .sort((a, b) => (a.node.routes.length === 0) - (b.node.routes.length === 0) || a.node.id - b.node.id);
    reconcile(this.table, blocks, (block) => block.node.id, () => element("tbody"), (body, block) => this.#showBlock(body, block));
    byId("no-match").hidden = blocks.length > 0;
    this.before = new Map(this.tailnet.nodes.flatMap((node) => node.routes.map((route) => [`${node.id} ${route.prefix}`, route.state])));
  }

  /** What of a node passes the filter; a node's own match takes all its routes along. */
  #block(node, wanted) {
    const about = [node.name, owner(node, this.tailnet.users), ...node.addresses, ...nodeStates(node, this.now).map((state) => state.words)];
    const matches = (texts) => texts.some((text) => text.toLowerCase().includes(wanted));
    if (wanted === "" || matches(about)) {
      return { node, routes: node.routes };
    }
    const routes = node.routes.filter((route) => matches([route.prefix, routeState(route).words]));
    return routes.length === 0 ? null : { node, routes };
  }

  #showBlock(body, { node, routes }) {
    const rows = [{ key: "node" }, ...routes.map((route) => ({ key: route.prefix, route }))];
    reconcile(
      body,
      rows,
      (row) => row.key,
      (row) => (row.route === undefined ? this.#makeNode(node.id) : this.#makeRoute(node.id, row.route.prefix, row.route.exit)),
      (made, row) => (row.route === undefined ? this.#showNode(made, node) : this.#showRoute(made, node, row.route)),
    );
  }

  #makeNode(id) {
    return element(
      "tr",
      { class: "node" },
      element(
        "th",
        { scope: "rowgroup" },
        element("button", { type: "button", class: "plain name", click: () => this.choose({ node: id }) }),
        element("span", { class: "owner" }),
      ),
      element("td"),
      element("td", {}, element("button", { type: "button", click: (event) => this.act(event.currentTarget.dataset.act, { node: id }) })),
    );
  }

  #showNode(row, node) {
    const [head, states, action] = row.children;
    setText(head.children[0], node.name);
    setText(head.children[1], owner(node, this.tailnet.users));
    chips(states, nodeStates(node, this.now));
    row.classList.toggle("silent", node.silentAt !== null);
    const button = action.firstChild;
    const draining = node.drain !== null;
    setText(button, draining ? "End drain" : "Drain");
    setAttribute(button, "data-act", draining ? "undrain" : "drain");
    setAttribute(button, "aria-label", `${draining ? "End the drain of" : "Drain"} ${node.name}`);
    button.hidden = !this.mayOperate || !(node.router || draining);
    this.#mark(row, this.chosen?.node === node.id && this.chosen.prefix === undefined);
  }

  #makeRoute(id, prefix, exit) {
    return element(
      "tr",
      { class: "route" },
      element("th", { scope: "row" }, element("button", { type: "button", class: "plain", click: () => this.choose({ node: id, prefix, exit }) }, ...breakable(prefix))),
      element("td"),
      element("td", {}, element("button", { type: "button", click: (event) => this.act(event.currentTarget.dataset.act, { node: id, prefix }) })),
    );
  }

  #showRoute(row, node, route) {
    const [, states, action] = row.children;
    const state = routeState(route);
    chips(states, [state]);
    const button = action.firstChild;
    const approve = !route.approved;
    setText(button, approve ? "Approve" : "Revoke");
    setAttribute(button, "data-act", approve ? "approve" : "revoke");
    setAttribute(button, "class", approve && route.state === "waiting" ? "primary" : null);
    setAttribute(button, "aria-label", `${approve ? "Approve" : "Revoke"} ${route.prefix} on ${node.name}`);
    button.hidden = !this.mayOperate;
    this.#mark(row, this.chosen?.node === node.id && this.chosen.prefix === route.prefix);
    const before = this.before.get(`${node.id} ${route.prefix}`);
    if (before !== undefined && before !== route.state && state.tone === "good") {
      row.classList.remove("changed");
      void row.offsetWidth; // begins the animation anew
      row.classList.add("changed");
    }
  }

  #mark(row, chosen) {
    row.classList.toggle("chosen", chosen);
    setAttribute(row, "aria-selected", chosen ? "true" : null);
  }
}

/** A prefix that is too long for its line is broken before its length. */
function breakable(prefix) {
  const [address, length] = prefix.split("/");
  return [address, element("wbr"), `/${length}`];
}

/** Shows states as badges. */
export function chips(parent, states) {
  reconcile(
    parent,
    states,
    (state) => state.words.replace(/\d+/g, "#"),
    () => element("span", { class: "chip" }),
    (chip, state) => {
      setText(chip, state.words);
      setAttribute(chip, "data-tone", state.tone);
    },
  );
}
