// Why a route is served or is not, and which routes a node gets. The reasons are the server's.

import { bdi, byId, element, prose } from "./dom.js";
import { NodeFacts } from "./nodefacts.js";
import { overview } from "./overview.js";
import { chip, link, names, reads } from "./parts.js";
import { get } from "./server.js";
import { nameOf } from "./tailnet.js";
import { clock, ELECTIONS, NODE_CHANGES, reasonOf, routeState } from "./words.js";

const MOST_PAST = 8;

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
    this.node = new NodeFacts(this.panel, actions);
    this.asked = 0;
  }

  /**
   * Explains the choice, or shows the overview; called after each change.
   *
   * @param sample what the agents of the sample's nodes do, by node
   */
  async update(tailnet, chosen, now, mayOperate, sample) {
    this.node.forget();
    Object.assign(this, { tailnet, mayOperate });
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
        parts = this.node.of(fresh, view, { tailnet, now, mayOperate, sample });
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
            element("span", { class: "reason" }, prose(reasonOf(event))),
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

  /** Counts the seconds since the chosen node was heard. */
  count(now) {
    this.node.count(now);
  }

  #link(text, choice, focus) {
    return link(this.choose, text, choice, focus);
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

const tones = (panel) => [...panel.querySelectorAll("[data-tone]")].map((each) => each.dataset.tone).join();
