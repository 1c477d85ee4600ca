// Why a route is served or is not, and which routes a node gets. The reasons are the server's.

import { bdi, byId, element, prose, setAttribute, setText } from "./dom.js";
import { overview } from "./overview.js";
import { get } from "./server.js";
import { nameOf, ownerOf } from "./tailnet.js";
import { because, clock, ELECTIONS, moment, NODE_CHANGES, nodeStates, plural, routeState } from "./words.js";

const MOST_PAST = 8;
/** How many rows a list has: a router of a large tailnet has thousands of routes. */
const MOST = 50;

export class Why {
  /**
   * @param actions choose, act, and what the overview leads to
   * @param findings gives what lint found
   */
  constructor(actions, findings) {
    this.panel = byId("why");
    this.actions = actions;
    this.choose = actions.choose;
    this.act = actions.act;
    this.findings = findings;
    this.asked = 0;
  }

  /**
   * Explains the choice, or shows the overview; called after each change.
   *
   * @param sample what the agents of the sample's nodes do, by node
   */
  async update(tailnet, chosen, now, mayOperate, sample) {
    this.counted = undefined;
    Object.assign(this, { tailnet, now, mayOperate, sample });
    const asked = ++this.asked;
    if (chosen === null) {
      this.#show(overview(tailnet, this.findings(), mayOperate, this.actions));
      return;
    }
    const node = tailnet.byId.get(chosen.node);
    let parts;
    try {
      if (node === undefined) {
        parts = await this.#removed(chosen);
      } else if (chosen.prefix === undefined) {
        const [fresh, view] = await Promise.all([get(`nodes/${node.id}`), get(`nodes/${node.id}/view`)]);
        parts = this.#node(fresh, view);
      } else {
        const prefix = encodeURIComponent(chosen.prefix);
        const [said, events] = await Promise.all([get(`explain?node=${node.id}&prefix=${prefix}`), history(prefix)]);
        parts = this.#route(node, chosen.prefix, said, events);
      }
    } catch (refusal) {
      parts = [element("p", { class: "empty" }, prose(refusal.message))];
    }
    if (asked === this.asked) {
      this.#show([this.#back(), ...parts]);
    }
  }

  #back() {
    return element("p", { class: "back" }, this.#link("← Overview", null, "overview"));
  }

  /** Replaces the content if it changed, and keeps the focus where it was. */
  #show(parts) {
    const holder = element("div", {}, parts);
    if (holder.textContent === this.panel.textContent && tones(holder) === tones(this.panel)) {
      return;
    }
    const focused = this.panel.contains(document.activeElement) ? document.activeElement.dataset.focus : undefined;
    this.panel.replaceChildren(...holder.childNodes);
    if (focused !== undefined) {
      (
        [...this.panel.querySelectorAll("[data-focus]")].find((each) => each.dataset.focus === focused) ?? this.panel
      ).focus();
    }
  }

  /** A node that is removed: its prefix has a history. */
  async #removed({ node, prefix }) {
    if (prefix === undefined) {
      return [element("p", { class: "empty" }, "This node is removed.")];
    }
    const events = await history(encodeURIComponent(prefix));
    return [
      element("h3", {}, element("span", { class: "code" }, prefix)),
      element("p", { class: "answer" }, `Node ${node} is removed. `, this.#lost(prefix)),
      ...this.#past(events),
    ];
  }

  /** Since when and why a prefix that had a primary has none. */
  #lost(prefix) {
    const lost = this.tailnet.lost.find((each) => each.prefix === prefix);
    return lost === undefined
      ? null
      : [
          chip({ words: "unserved", tone: "bad" }),
          prose(`No node carries ${prefix} since ${clock(lost.since)}: ${lost.reason}`),
        ];
  }

  #route(node, prefix, said, events) {
    const route = node.routes.find((each) => each.prefix === prefix);
    const state = route === undefined ? { words: "not offered", tone: "off" } : routeState(route);
    return [
      element(
        "h3",
        {},
        element("span", { class: "code" }, prefix),
        " on ",
        this.#link(bdi(this.#nameOf(node.id)), { node: node.id }, "title"),
      ),
      element(
        "p",
        { class: "answer" },
        chip(state),
        said.serving ? "This node carries it now." : "This node does not carry it now. ",
        this.#lost(prefix),
      ),
      this.#ladder(node, route, prefix, said),
      ...this.#holders(node, prefix, said),
      ...this.#past(events),
      this.#routeActions(node, route, prefix),
    ];
  }

  /** The life of a route: advertised, approved, serving, shown. */
  #ladder(node, route, prefix, said) {
    const viewers = this.#viewers(node, prefix, route?.exit ?? false);
    const runs = said.advertised && said.approved;
    const tones = {
      advertised: said.advertised ? "good" : "bad",
      approved: said.approved ? "good" : route?.denied ? "bad" : said.advertised ? "wait" : "off",
      serving: said.serving ? "good" : runs ? "calm" : "off",
    };
    const steps = [
      ...said.lines.map(({ question, answer, reason }) => [
        question,
        tones[question],
        reason === "" ? answer : `${answer}: ${reason}`,
      ]),
      [
        "shown",
        viewers.length > 0 ? "good" : "off",
        viewers.length > 0 ? `to ${names(viewers)}` : "to no viewer through this node",
      ],
    ];
    return element(
      "ol",
      { class: "ladder" },
      steps.map(([step, tone, reason]) =>
        element(
          "li",
          { "data-tone": tone },
          element("span", { class: "step" }, step),
          element("span", { class: "reason" }, prose(reason)),
        ),
      ),
    );
  }

  #viewers(node, prefix, exit) {
    const hasIt = (group) =>
      exit
        ? group.exits.some((each) => each.node === node.id && each.prefixes.includes(prefix))
        : group.carriers.some((each) => each.prefix === prefix && each.carrier === node.id);
    return this.tailnet.viewers.filter(hasIt).flatMap((group) => group.nodes.map((id) => this.#nameOf(id)));
  }

  #holders(node, prefix, said) {
    if (said.holders.length === 0) {
      return [];
    }
    return [
      element("h4", {}, `Nodes that offer it: ${said.holders.length.toLocaleString()}`),
      element(
        "ul",
        { class: "rows" },
        said.holders.map((holder) =>
          element(
            "li",
            {},
            holder.node === node.id
              ? element("strong", {}, bdi(this.#nameOf(holder.node)))
              : this.#link(bdi(this.#nameOf(holder.node)), { node: holder.node, prefix }, `holder ${holder.node}`),
            element("span", { class: "reason" }, prose(holder.text)),
          ),
        ),
      ),
    ];
  }

  /** The primaries before, what moved the prefix, and what its nodes did. */
  #past(events) {
    if (events.length === 0) {
      return [];
    }
    return [
      element("h4", {}, "History"),
      element(
        "ul",
        { class: "rows past" },
        events.map((event) =>
          element(
            "li",
            {},
            element("time", { datetime: event.time }, clock(event.time)),
            element("span", {}, prose(event.text)),
            element("span", { class: "reason" }, prose(because(event))),
          ),
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
        {
          type: "button",
          class: approve ? "primary" : "danger",
          "data-focus": "act",
          click: () => this.act(approve ? "approve" : "revoke", { node: node.id, prefix }),
        },
        approve ? "Approve" : "Revoke",
      ),
    );
  }

  #node(node, view) {
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

  #link(text, choice, focus, kind = "") {
    return element(
      "button",
      { type: "button", class: `plain ${kind}`, "data-focus": focus, click: () => this.choose(choice) },
      text,
    );
  }

  #nameOf(id) {
    return nameOf(this.tailnet, id);
  }
}

/** The newest elections and changes of nodes of a prefix, newest first; a node that flaps hides no election. */
async function history(prefix) {
  const [newest, elections] = await Promise.all([
    get(`events?limit=${MOST_PAST}&holders=true&kinds=${[...ELECTIONS, ...NODE_CHANGES]}&prefix=${prefix}`),
    get(`events?limit=1&kinds=${ELECTIONS}&prefix=${prefix}`),
  ]);
  const last = elections.events.filter((election) => newest.events.every((event) => event.id !== election.id));
  return [...last, ...newest.events].reverse();
}

const hint = (words) => element("p", { class: "reason" }, prose(words));

/** The first rows under a title, which has their number. */
function listed(title, rows) {
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

const tones = (panel) => [...panel.querySelectorAll("[data-tone]")].map((each) => each.dataset.tone).join();

const reads = (what) => hint(`This key may read. To ${what}, sign in with a key that may operate.`);

const chip = (state) => element("span", { class: "chip", "data-tone": state.tone }, state.words);

const names = (list) =>
  list.length <= 4 ? list.join(", ") : `${list.slice(0, 3).join(", ")} and ${list.length - 3} more`;
