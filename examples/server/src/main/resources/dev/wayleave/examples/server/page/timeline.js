// What happened, the newest on top.

import { byId, element, prose, reconcile, setText } from "./dom.js";
import { because, clock, eventTone, isNews, isSpoken, named, withTimes } from "./words.js";

const MOST = 300;

export class TimeLine {
  /** @param tailnet gives the tailnet of now, whose nodes the reasons name */
  constructor(choose, tailnet) {
    this.choose = choose;
    this.tailnet = tailnet;
    this.events = [];
    this.all = byId("all-events");
    this.all.addEventListener("change", () => this.#draw(new Set()));
  }

  get last() {
    return this.events.at(-1)?.seq ?? 0;
  }

  /** Takes the history in; it is not news. */
  begin(events) {
    this.events = events;
    this.#draw(new Set());
  }

  add(event) {
    if (event.seq <= this.last) {
      return;
    }
    this.events.push(event);
    this.events.splice(0, Math.max(0, this.events.length - MOST));
    if (isSpoken(event.kind)) {
      setText(byId("announce"), withTimes(event.text));
    }
    // events come in bursts
    (this.fresh ??= new Set()).add(event.seq);
    this.frame ??= requestAnimationFrame(() => {
      this.#draw(this.fresh);
      this.frame = this.fresh = undefined;
    });
  }

  #draw(fresh) {
    const shown = this.events.filter((event) => this.all.checked || isNews(event.kind)).reverse();
    reconcile(
      byId("events"),
      shown,
      (event) => event.seq,
      (event) => this.#make(event, fresh.has(event.seq)),
    );
    byId("no-events").hidden = shown.length > 0;
  }

  #make(event, fresh) {
    const choice = event.node === null ? null : { node: event.node, prefix: event.prefix ?? undefined };
    const by = event.actor === null ? "" : `, by ${event.actor}`;
    return element(
      "li",
      { "data-tone": eventTone(event.kind), class: fresh ? "new" : null },
      element("time", { datetime: event.time, title: new Date(event.time).toLocaleString() }, clock(event.time)),
      element(
        "div",
        { class: "what" },
        choice === null ? withTimes(event.text) : element("button", { type: "button", class: "plain", click: () => this.choose(choice) }, withTimes(event.text)),
        element("div", { class: "reason" }, prose(withTimes(named(because(event), this.tailnet())) + by)),
      ),
    );
  }
}
