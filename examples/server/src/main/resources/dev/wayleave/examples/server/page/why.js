// Why a route is served or is not, and what a node is told: the reasons are the server's, this sets them out.

import { byId, element, prose, setAttribute, setText } from "./dom.js";
import { get } from "./server.js";
import { because, clock, isElection, isOfNode, named, nodeStates, owner, plural, routeState, withTimes } from "./words.js";

const MOST_PAST = 8;

export class Why {
  constructor(choose, act) {
    this.panel = byId("why");
    this.choose = choose;
    this.act = act;
    this.asked = 0;
    this.shown = "";
  }

  /**
   * Explains what is chosen, anew whenever something changed.
   *
   * @param sample what the agents of the sample's nodes do, by node
   */
  async update(tailnet, chosen, now, mayOperate, sample) {
    this.counted = undefined;
    if (chosen === null) {
      return;
    }
    Object.assign(this, { tailnet, now, mayOperate, sample });
    const asked = ++this.asked;
    const node = tailnet.nodes.find((each) => each.id === chosen.node);
    let parts;
    try {
      if (node === undefined) {
        parts = [element("p", { class: "empty" }, "This node is gone.")];
      } else if (chosen.prefix === undefined) {
        const [fresh, view] = await Promise.all([get(`nodes/${node.id}`), get(`nodes/${node.id}/view`)]);
        parts = this.#node(fresh, view);
      } else {
        const prefix = encodeURIComponent(chosen.prefix);
        const [said, { events }] = await Promise.all([get(`explain?node=${node.id}&prefix=${prefix}`), get(`events?limit=30&holders=true&prefix=${prefix}`)]);
        parts = this.#route(node, chosen.prefix, said, events);
      }
    } catch (refusal) {
      parts = [element("p", { class: "empty" }, prose(refusal.message))];
    }
    if (asked === this.asked) {
      this.#show(parts);
    }
  }

  /** Replaces what is shown if it says something else, and keeps the focus where it was. */
  #show(parts) {
    const holder = element("div", {}, parts);
    if (holder.innerText === this.shown && holder.textContent === this.panel.textContent) {
      return;
    }
    const focused = this.panel.contains(document.activeElement) ? document.activeElement.dataset.focus : undefined;
    this.panel.replaceChildren(...holder.childNodes);
    if (focused !== undefined) {
      [...this.panel.querySelectorAll("[data-focus]")].find((each) => each.dataset.focus === focused)?.focus();
    }
  }

  #route(node, prefix, said, events) {
    const route = node.routes.find((each) => each.prefix === prefix);
    const state = route === undefined ? { words: "not offered", tone: "off" } : routeState(route);
    return [
      element("h3", {}, element("span", { class: "code" }, prefix), " on ", this.#link(node.name, { node: node.id }, "title")),
      element("p", { class: "answer" }, chip(state), said.serving ? "This node carries it now." : "This node does not carry it now."),
      this.#ladder(node, route, prefix, said),
      ...this.#holders(node, prefix, said),
      ...this.#past(events),
      this.#routeActions(node, route, prefix),
    ];
  }

  /** The life of a route: advertised, approved, elected, shown. */
  #ladder(node, route, prefix, said) {
    const exit = route?.exit ?? false;
    const told = this.#told(node, prefix, exit);
    const runs = said.advertised && said.approved;
    const elected = said.serving ? "good" : runs ? "calm" : "off";
    const pending = said.advertised ? "wait" : "off";
    const steps = [
      ["advertised", said.advertised ? "good" : "bad", said.advertised ? "yes, the node says that it can carry it" : "no: the node has to say first that it can carry it"],
      ["approved", said.approved ? "good" : route?.denied ? "bad" : pending, withTimes(said.approval)],
      ["elected", elected, exit ? "never: every exit node offers its own" : this.#elected(said, runs)],
      ["shown", told.length > 0 ? "good" : "off", told.length > 0 ? `to ${names(told)}` : "to nobody, on this node"],
    ];
    return element(
      "ol",
      { class: "ladder" },
      steps.map(([step, tone, reason]) =>
        element("li", { "data-tone": tone }, element("span", { class: "step" }, step), element("span", { class: "reason" }, prose(reason))),
      ),
    );
  }

  #elected(said, runs) {
    if (!runs) {
      return `no candidate before it is advertised and approved${said.primary === null ? "" : `; ${this.#nameOf(said.primary)} carries it`}`;
    }
    return withTimes(this.#named(said.election));
  }

  #told(node, prefix, exit) {
    const tells = (group) =>
      exit ? group.exits.some((each) => each.node === node.id && each.prefixes.includes(prefix)) : group.carriers.some((each) => each.prefix === prefix && each.carrier === node.id);
    return this.tailnet.viewers.filter(tells).flatMap((group) => group.nodes.map((id) => this.#nameOf(id)));
  }

  #holders(node, prefix, said) {
    if (said.holders.length === 0) {
      return [];
    }
    return [
      element("h4", {}, said.holders.length === 1 ? "Who could carry it" : `Who could carry it: ${plural(said.holders.length, "node")}`),
      element(
        "ul",
        { class: "rows" },
        said.holders.map((holder) =>
          element(
            "li",
            {},
            holder.node === node.id ? element("strong", {}, holder.name) : this.#link(holder.name, { node: holder.node, prefix }, `holder ${holder.node}`),
            element("span", { class: "reason" }, prose(withTimes(this.#named(holder.text)))),
          ),
        ),
      ),
    ];
  }

  /** Who carried it before, what moved it, and what its nodes did: now is only the last of these. */
  #past(events) {
    const past = events.filter((event) => isElection(event.kind) || isOfNode(event.kind)).slice(-MOST_PAST).reverse();
    if (past.length === 0) {
      return [];
    }
    return [
      element("h4", {}, "How it came to this"),
      element(
        "ul",
        { class: "rows past" },
        past.map((event) =>
          element("li", {}, element("time", { datetime: event.time }, clock(event.time)), element("span", {}, withTimes(event.text)), element("span", { class: "reason" }, prose(withTimes(this.#named(because(event)))))),
        ),
      ),
    ];
  }

  #routeActions(node, route, prefix) {
    if (route === undefined) {
      return null;
    }
    if (!this.mayOperate) {
      return reads("approve or revoke");
    }
    const approve = !route.approved;
    return element(
      "div",
      { class: "actions" },
      element(
        "button",
        { type: "button", class: approve ? "primary" : "danger", "data-focus": "act", click: () => this.act(approve ? "approve" : "revoke", { node: node.id, prefix }) },
        approve ? "Approve" : "Revoke",
      ),
    );
  }

  #node(node, view) {
    const facts = [
      [node.user === null ? "tags" : "user", owner(node, this.tailnet.users)],
      ["addresses", node.addresses.join(", ") || "none"],
      ["registered", new Date(node.registeredAt).toLocaleString()],
    ];
    if (node.lastHeard !== null) {
      this.heard = element("span");
      facts.push(["last heard", this.heard]);
      this.counted = node;
      this.count(this.now);
    }
    if (node.drain !== null) {
      facts.push(["draining", `since ${clock(node.drain.since)}${node.drain.until === null ? "" : `, until ${clock(node.drain.until)}`}, by ${node.drain.by}`]);
    }
    return [
      element("h3", {}, node.name),
      element("p", { class: "answer" }, nodeStates(node, this.now).map(chip)),
      this.#play(node),
      element("dl", { class: "facts" }, facts.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)])),
      ...this.#own(node),
      ...this.#viewOf(view),
    ];
  }

  /** Counts the seconds since the node was heard; the server does not tell of keep-alives. */
  count(now) {
    const node = this.counted;
    if (node === undefined || this.panel.hidden) {
      return;
    }
    const silent = Math.max(0, Math.round((now - Date.parse(node.lastHeard)) / 1000));
    const { keepAliveSeconds, silenceLimitSeconds } = this.tailnet.settings;
    const late = silent > keepAliveSeconds + 2 && silenceLimitSeconds !== null && node.liveness === "online";
    setText(this.heard, late ? `${silent} s ago; at ${silenceLimitSeconds} s it counts as gone` : `${silent} s ago`);
    setAttribute(this.heard, "class", late ? "late" : null);
    if (silent % keepAliveSeconds === 0 || silent > keepAliveSeconds) {
      get(`nodes/${node.id}`).then((fresh) => {
        if (this.counted === node && fresh.lastHeard !== null) {
          this.counted = fresh;
        }
      }, () => {});
    }
  }

  /** The sample's nodes are played by the server: they can be made to die. */
  #play(node) {
    const doing = this.sample.get(node.id);
    if (doing === undefined) {
      return hint("Its agent is a process of its own: end or freeze it there.");
    }
    if (!this.mayOperate) {
      return reads("stop or silence its agent");
    }
    const button = (action, words) => element("button", { type: "button", "data-focus": action, click: () => this.act(action, { node: node.id }) }, words);
    return element(
      "div",
      { class: "actions play", role: "group", "aria-label": "Play with this node" },
      doing === "running" ? [button("silence", "Cut its power"), button("stop", "Shut it down")] : button("start", "Start it again"),
    );
  }

  #own(node) {
    if (node.routes.length === 0) {
      return [];
    }
    const rows = node.routes.map((route) =>
      element(
        "li",
        {},
        this.#link(route.prefix, { node: node.id, prefix: route.prefix, exit: route.exit }, `own ${route.prefix}`, "code"),
        chip(routeState(route)),
        element("span", { class: "reason" }, prose(withTimes(route.reason))),
      ),
    );
    return [element("h4", {}, "Its own routes"), element("ul", { class: "rows" }, rows)];
  }

  #viewOf(view) {
    const given = view.given.map((each) =>
      element(
        "li",
        {},
        this.#link(each.prefix, { node: each.peer, prefix: each.prefix }, `given ${each.prefix}`, "code"),
        element("span", {}, `through ${this.#nameOf(each.peer)}`),
        element("span", { class: "reason" }, prose(this.#named(each.reason))),
      ),
    );
    const withheld = view.withheld.map((each) =>
      element(
        "li",
        {},
        this.#link(each.prefix, { node: each.peer, prefix: each.prefix }, `withheld ${each.peer} ${each.prefix}`, "code"),
        element("span", {}, `of ${this.#nameOf(each.peer)}`),
        element("span", { class: "reason" }, prose(this.#named(each.reason))),
      ),
    );
    return [
      element("h4", {}, "Routes that it is told"),
      given.length === 0 ? element("p", { class: "reason" }, "None.") : element("ul", { class: "rows" }, given),
      withheld.length === 0 ? null : element("h4", {}, "Routes that are withheld from it"),
      withheld.length === 0 ? null : element("ul", { class: "rows" }, withheld),
    ];
  }

  #link(text, choice, focus, kind = "") {
    return element("button", { type: "button", class: `plain ${kind}`, "data-focus": focus, click: () => this.choose(choice) }, text);
  }

  #nameOf(id) {
    return this.tailnet.nodes.find((node) => node.id === id)?.name ?? `node ${id}`;
  }

  #named(reason) {
    return named(reason, this.tailnet);
  }
}

const hint = (words) => element("p", { class: "reason" }, words);

const reads = (what) => hint(`This key may read. To ${what}, sign in with a key that may operate.`);

const chip = (state) => element("span", { class: "chip", "data-tone": state.tone }, state.words);

const names = (list) => (list.length <= 4 ? list.join(", ") : `${list.slice(0, 3).join(", ")} and ${list.length - 3} more`);
