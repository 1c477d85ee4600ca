// What the panel Why shows of a node: its facts, its agent, its routes, and the routes of its view.

import { bdi, element, prose, setAttribute, setText } from "./dom.js";
import { chip, hint, link, listed, names } from "./parts.js";
import { get } from "./server.js";
import { nameOf, ownerOf } from "./tailnet.js";
import { clock, moment, nodeStates, routeState } from "./words.js";

export class NodeFacts {
  /**
   * @param panel where the facts are shown
   * @param actions choose, act
   */
  constructor(panel, actions) {
    this.panel = panel;
    this.choose = actions.choose;
    this.act = actions.act;
  }

  /** Ends the count of the seconds since the node was heard. */
  forget() {
    this.counted = undefined;
  }

  /**
   * The facts of a node, its routes, and the routes of its view.
   *
   * @param context the tailnet, the time, whether the key may operate, and what the agents of the sample's nodes do
   */
  of(node, view, context) {
    Object.assign(this, context);
    const facts = [
      ["id", `#${node.id}`],
      [node.user === null ? "tags" : "user", bdi(ownerOf(this.tailnet, node))],
      ["addresses", node.addresses.join(", ") || "none"],
      ["registered", new Date(node.registeredAt).toLocaleString()],
    ];
    if (node.lastHeard !== null) {
      facts.push(["last heard", element("span", { class: "heard" }, this.#heard(node, this.now).words)]);
      this.counted = node;
    } else if (node.absentSince !== null) {
      facts.push(["absent since", moment(node.absentSince)]);
    }
    if (node.drain !== null) {
      const until = node.drain.until === null ? "" : `, until ${clock(node.drain.until)}`;
      facts.push(["draining", `since ${clock(node.drain.since)}${until}, by ${node.drain.by}`]);
    }
    return [
      element("h3", {}, bdi(this.#nameOf(node.id))),
      element("p", { class: "answer" }, nodeStates(node, this.now).map(chip)),
      this.#class(node),
      this.#play(node),
      element(
        "dl",
        { class: "facts" },
        facts.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]),
      ),
      ...this.#own(node),
      ...this.#viewOf(view),
    ];
  }

  /** The viewers that get the same routes. */
  #class(node) {
    const group = this.tailnet.viewers.find((each) => each.nodes.includes(node.id));
    const others = (group?.nodes ?? []).filter((id) => id !== node.id).map((id) => this.#nameOf(id));
    return others.length === 0 ? null : hint(`It gets the same routes as ${names(others)}.`);
  }

  /** For how long a node was not heard. */
  #heard(node, now) {
    const silent = Math.max(0, Math.round((now - Date.parse(node.lastHeard)) / 1000));
    const { keepAliveSeconds, silenceLimitSeconds } = this.tailnet.settings;
    const isLate = silent > keepAliveSeconds + 2 && silenceLimitSeconds > 0 && node.liveness === "online";
    return {
      silent,
      isLate,
      words: isLate ? `${silent} s ago; its grace begins at ${silenceLimitSeconds} s` : `${silent} s ago`,
    };
  }

  /** Counts the seconds since the node was heard: a keep-alive changes no document. */
  count(now) {
    const node = this.counted;
    const shown = this.panel.querySelector(".heard");
    if (node === undefined || shown === null || this.panel.hidden) {
      return;
    }
    const { silent, isLate, words } = this.#heard(node, now);
    setText(shown, words);
    setAttribute(shown, "class", isLate ? "heard late" : "heard");
    const { keepAliveSeconds } = this.tailnet.settings;
    if (silent % keepAliveSeconds === 0 || silent > keepAliveSeconds) {
      get(`nodes/${node.id}`).then(
        (fresh) => {
          if (this.counted === node && fresh.lastHeard !== null) {
            this.counted = fresh;
          }
        },
        () => {},
      );
    }
  }

  /**
   * The server runs the agents of the sample's nodes: the operator can end or silence them here. Other agents have the
   * reason why not.
   */
  #play(node) {
    const doing = this.sample.get(node.id);
    const obstacle =
      doing === undefined
        ? "The server does not run this agent: end or freeze its process where it runs."
        : this.mayOperate
          ? null
          : "This key may read. To stop or silence its agent, sign in with a key that may operate.";
    const button = (action, words) =>
      element(
        "button",
        {
          type: "button",
          "data-focus": action,
          "aria-disabled": obstacle === null ? null : "true",
          "aria-describedby": obstacle === null ? null : "obstacle",
          click: () => obstacle === null && this.act(action, { node: node.id }),
        },
        words,
      );
    const isRunning = doing === "running" || (doing === undefined && node.liveness === "online");
    return [
      element(
        "div",
        { class: "actions play", role: "group", "aria-label": "Agent of this node" },
        isRunning
          ? [button("silence", "Cut its power"), button("stop", "Shut it down")]
          : button("start", "Start it again"),
      ),
      obstacle === null ? null : element("p", { class: "reason obstacle", id: "obstacle" }, obstacle),
    ];
  }

  #own(node) {
    if (node.routes.length === 0) {
      return [];
    }
    const rows = node.routes.map(
      (route) => () =>
        element(
          "li",
          {},
          this.#link(
            route.prefix,
            { node: node.id, prefix: route.prefix, exit: route.exit },
            `own ${route.prefix}`,
            "code",
          ),
          chip(routeState(route)),
          element("span", { class: "reason" }, prose(route.reason)),
        ),
    );
    return listed("Routes of this node", rows);
  }

  #viewOf(view) {
    const given = view.given.map(
      (each) => () =>
        element(
          "li",
          {},
          this.#link(each.prefix, { node: each.peer, prefix: each.prefix }, `given ${each.prefix}`, "code"),
          element("span", {}, "through ", bdi(this.#nameOf(each.peer))),
          element("span", { class: "reason" }, prose(each.reason)),
        ),
    );
    const withheld = view.withheld.map(
      (each) => () =>
        element(
          "li",
          {},
          this.#link(
            each.prefix,
            { node: each.peer, prefix: each.prefix },
            `withheld ${each.peer} ${each.prefix}`,
            "code",
          ),
          element("span", {}, "of ", bdi(this.#nameOf(each.peer))),
          element("span", { class: "reason" }, prose(each.reason)),
        ),
    );
    return [
      ...(given.length === 0
        ? [element("h4", {}, "Routes in its view"), hint("None.")]
        : listed("Routes in its view", given)),
      ...(withheld.length === 0 ? [] : listed("Routes withheld from it", withheld)),
    ];
  }

  #link(text, choice, focus, kind) {
    return link(this.choose, text, choice, focus, kind);
  }

  #nameOf(id) {
    return nameOf(this.tailnet, id);
  }
}
