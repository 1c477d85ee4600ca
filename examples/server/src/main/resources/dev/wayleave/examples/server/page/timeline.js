// The events, the newest first.

import { byId, element, prose, reconcile, setText } from "./dom.js";
import { clock, eventTone, isNews, isSpoken, reasonOf } from "./words.js";

const MOST = 300;

export class TimeLine {
  constructor(choose) {
    this.choose = choose;
    this.events = [];
    this.fresh = new Set();
    this.all = byId("all-events");
    this.all.addEventListener("change", () => this.#draw(new Set()));
  }

  get last() {
    return this.events.at(-1)?.id ?? "0";
  }

  /** Takes the events before the page was opened. */
  begin(events) {
    this.events = events;
    this.#drawSoon();
  }

  add(event) {
    if (this.events.some((known) => known.id === event.id)) {
      return;
    }
    this.events.push(event);
    this.events.splice(0, Math.max(0, this.events.length - MOST));
    if (isSpoken(event.kind)) {
      setText(byId("announce"), event.text);
    }
    this.fresh.add(event.id);
    this.#drawSoon();
  }

  /** The tailnet has another history after this event: the events of the former one are no longer shown. */
  forgetAfter(id) {
    this.events.splice(this.events.findIndex((known) => known.id === id) + 1);
    this.#drawSoon();
  }

  /** Events come in bursts. */
  #drawSoon() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.#draw(this.fresh);
      this.fresh = new Set();
    });
  }

  #draw(fresh) {
    const shown = this.events.filter((event) => this.all.checked || isNews(event.kind)).reverse();
    reconcile(
      byId("events"),
      shown,
      (event) => event.id,
      (event) => this.#make(event, fresh.has(event.id)),
    );
    byId("no-events").hidden = shown.length > 0;
  }

  #make(event, fresh) {
    const choice = event.node === null ? null : { node: event.node, prefix: event.prefix ?? undefined };
    const by = event.actor === null || event.actorNamed ? "" : `by ${event.actor}`;
    const reason = [reasonOf(event), by].filter((text) => text !== "").join(", ");
    return element(
      "li",
      { "data-tone": eventTone(event.kind), class: fresh ? "new" : null },
      element("time", { datetime: event.time, title: new Date(event.time).toLocaleString() }, clock(event.time)),
      element(
        "div",
        { class: "what" },
        choice === null
          ? prose(event.text)
          : element("button", { type: "button", class: "plain", click: () => this.choose(choice) }, prose(event.text)),
        element("div", { class: "reason" }, prose(reason)),
      ),
    );
  }
}
