// Nodes and routes in groups. Of a large tailnet groups and nodes are folded, and a long list is shown in portions.

import { byId, element, reconcile, setText } from "./dom.js";
import { Filter } from "./filter.js";
import { groupsOf } from "./groups.js";
import { makeGroup, makeMore, makeNode, makeRoute, showGroup, showMore, showNode, showRoute } from "./rows.js";

/** Up to so many nodes and routes nothing is folded. */
const SMALL = 60;
/** How many nodes of a group, and routes of a node, are shown at first, and how many more each time. */
const PORTION = 40;

export class NodeList {
  /**
   * @param choose called with the node or route to explain
   * @param act called with the action and what it is for
   */
  constructor(choose, act) {
    this.actions = { choose, act, fold: (key) => this.#fold(key) };
    this.table = byId("nodes");
    this.by = byId("group-by");
    this.by.addEventListener("change", () => this.#draw());
    this.filter = new Filter(() => this.#draw());
    /** Which groups and nodes the operator folded or opened. */
    this.folds = new Map();
    this.portions = new Map();
  }

  update(tailnet, chosen, now, mayOperate) {
    const isNewChoice = chosen !== null && chosen !== this.about?.chosen;
    if (this.about?.tailnet !== tailnet) {
      this.filter.update(tailnet);
    }
    this.about = { tailnet, chosen, now, mayOperate };
    if (isNewChoice && chosen.prefix !== undefined) {
      this.folds.set(chosen.node, true);
    }
    this.#draw(isNewChoice);
  }

  #draw(isNewChoice = false) {
    if (this.about === undefined) {
      return;
    }
    const { tailnet, chosen } = this.about;
    const blocks = this.filter.pass();
    const rows = blocks.reduce((sum, block) => sum + 1 + block.routes.length, 0);
    this.isSmall = rows <= SMALL;
    const groups = groupsOf(blocks, tailnet, this.by.value);
    if (isNewChoice) {
      groups
        .filter((group) => group.blocks.some((block) => block.node.id === chosen.node))
        .forEach((group) => this.folds.set(group.key, true));
    }
    reconcile(
      this.table,
      groups.flatMap((group, place) => this.#bodies(group, place)),
      (body) => body.key,
      (body) => this.#make(body),
      (made, body) => this.#show(made, body),
    );
    byId("no-match").hidden = blocks.length > 0;
    setText(
      byId("list-count"),
      this.filter.isActive ? `${blocks.length.toLocaleString()} of ${tailnet.nodes.length.toLocaleString()}` : "",
    );
    if (isNewChoice) {
      this.#reveal();
    }
  }

  /** The bodies of the table for a group: its heading, its nodes, and how many more it has. */
  #bodies(group, place) {
    const isOpen = this.folds.get(group.key) ?? (this.isSmall || this.filter.isActive || place === 0);
    const heading = { key: group.key, group, isOpen };
    if (!isOpen) {
      return [heading];
    }
    const shown = this.#portion(group.blocks, group.key, (block) => block.node.id === this.about.chosen?.node);
    const nodes = shown.map((block) => ({ key: block.node.id, block }));
    return shown.length === group.blocks.length
      ? [heading, ...nodes]
      : [heading, ...nodes, { key: `more ${group.key}`, more: group, shown: shown.length }];
  }

  /** The first portions of a list, and the chosen one where it lies beyond them. */
  #portion(list, key, isChosen) {
    const most = this.portions.get(key) ?? PORTION;
    return list.length <= most ? list : [...list.slice(0, most), ...list.slice(most).filter(isChosen)];
  }

  #make(body) {
    if (body.group !== undefined) {
      return makeGroup(() => this.#fold(body.key));
    }
    return body.more !== undefined
      ? element(
          "tbody",
          {},
          makeMore(() => this.#more(body.more.key)),
        )
      : element("tbody", { class: "block" });
  }

  #show(made, body) {
    if (body.group !== undefined) {
      showGroup(made, body.group, body.isOpen);
    } else if (body.more !== undefined) {
      showMore(made, body.shown, body.more.blocks.length, "nodes");
    } else {
      this.#showBlock(made, body.block);
    }
  }

  #showBlock(body, block) {
    const { node, routes } = block;
    const { chosen } = this.about;
    const isPart = routes.length < node.routes.length;
    const isOpen = this.folds.get(node.id) ?? (this.isSmall || isPart);
    const shown = isOpen
      ? this.#portion(routes, node.id, (route) => node.id === chosen?.node && route.prefix === chosen.prefix)
      : [];
    const rows = [{ key: "node" }, ...shown.map((route) => ({ key: route.prefix, route }))];
    if (isOpen && shown.length < routes.length) {
      rows.push({ key: "more", shown: shown.length });
    }
    reconcile(
      body,
      rows,
      (row) => row.key,
      (row) => {
        if (row.key === "more") {
          return makeMore(() => this.#more(node.id));
        }
        return row.route === undefined ? makeNode(node.id, this.actions) : makeRoute(node.id, row.route, this.actions);
      },
      (made, row) => {
        if (row.key === "more") {
          showMore(made, row.shown, routes.length, "routes");
        } else if (row.route === undefined) {
          showNode(made, block, isOpen, this.about);
        } else {
          showRoute(made, node, row.route, this.about);
        }
      },
    );
  }

  /** Folds or opens a group or a node: the button has the state. */
  #fold(key) {
    const shown = this.table.byKey.get(key);
    const isOpen = shown.querySelector(".fold").getAttribute("aria-expanded") === "true";
    this.folds.set(key, !isOpen);
    this.#draw();
  }

  #more(key) {
    this.portions.set(key, (this.portions.get(key) ?? PORTION) + PORTION);
    this.#draw();
  }

  /** Scrolls the list, and not the page, to the chosen row. */
  #reveal() {
    const row = this.table.querySelector("tr.chosen");
    const list = this.table.closest(".scroll");
    if (row === null || list.scrollHeight <= list.clientHeight) {
      return;
    }
    const [inner, outer] = [row.getBoundingClientRect(), list.getBoundingClientRect()];
    const heading = this.table.querySelector(".group")?.offsetHeight ?? 0;
    if (inner.top < outer.top + heading || inner.bottom > outer.bottom) {
      list.scrollTop += inner.top - outer.top - outer.height / 2;
    }
  }
}
