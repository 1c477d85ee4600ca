// The findings of lint: the gravest first, each with what to do, and a link to the node or to the line of the policy.

import { byId, element, prose, setAttribute, setText } from "./dom.js";
import { get } from "./server.js";
import { plural } from "./words.js";

const PAUSE = 1000;

export class Findings {
  /**
   * @param choose called with the node or route to explain
   * @param showLine called with a line of the policy
   * @param changed called when there are other findings
   */
  constructor(choose, showLine, changed) {
    this.choose = choose;
    this.showLine = showLine;
    this.changed = changed;
    this.found = [];
    this.list = byId("findings-list");
    this.none = byId("no-findings");
    this.badge = byId("findings-badge");
  }

  /** Asks soon: changes come in bursts. */
  refresh() {
    this.pause ??= setTimeout(() => {
      this.pause = undefined;
      this.load();
    }, PAUSE);
  }

  /** Asks now, or once more after the answer that is awaited: the server works on one question at a time. */
  async load() {
    if (this.asking) {
      this.again = true;
      return;
    }
    this.asking = true;
    this.again = false;
    try {
      const { findings } = await get("findings");
      this.#show(findings);
    } catch (refusal) {
      this.none.hidden = false;
      setText(this.none, refusal.message);
    }
    this.asking = false;
    if (this.again) {
      this.refresh();
    }
  }

  #show(findings) {
    const shown = JSON.stringify(findings);
    if (shown === this.shown) {
      return;
    }
    this.shown = shown;
    this.found = findings;
    this.list.replaceChildren(...findings.map((finding) => this.#make(finding)));
    this.none.hidden = findings.length > 0;
    setText(this.none, "Lint has no findings.");
    const grave = findings.filter((finding) => finding.severity !== "info").length;
    this.badge.hidden = grave === 0;
    setText(this.badge, String(grave));
    setAttribute(this.badge, "aria-label", plural(grave, "error or warning", "errors and warnings"));
    this.changed();
  }

  #make(finding) {
    const { severity, code, message, advice, line, nodes, prefixes } = finding;
    const route =
      nodes.length === 1 ? { node: nodes[0], prefix: prefixes.length === 1 ? prefixes[0] : undefined } : null;
    const go = line !== null ? () => this.showLine(line) : route !== null ? () => this.choose(route) : null;
    const words = prose(message);
    return element(
      "li",
      { class: severity },
      element(
        "p",
        { class: "head" },
        element("span", { class: "severity" }, severity),
        " ",
        element("span", { class: "code" }, code),
        line === null ? null : ` policy, line ${line}`,
      ),
      element(
        "p",
        { class: "message" },
        go === null ? words : element("button", { type: "button", class: "plain", click: go }, words),
      ),
      element("p", { class: "advice" }, prose(advice)),
    );
  }
}
