// The policy as text, checked while the operator writes; problems and notices are marked at their places.

import { byId, element, prose, setAttribute, setText } from "./dom.js";
import { get, Refusal, send } from "./server.js";
import { plural } from "./words.js";

const PAUSE = 300;

export class PolicyEditor {
  constructor(said, ask) {
    this.said = said;
    this.ask = ask;
    this.text = byId("policy-text");
    this.marks = byId("policy-marks");
    this.gutter = byId("policy-gutter");
    this.status = byId("policy-status");
    this.save = byId("policy-save");
    this.undo = byId("policy-undo");
    this.inForce = null;
    this.problems = [];
    this.notices = [];
    this.noticesInForce = [];
    this.checks = 0;
    this.text.addEventListener("input", () => this.#edited());
    this.text.addEventListener("scroll", () => this.#follow());
    this.save.addEventListener("click", () => this.#put());
    this.undo.addEventListener("click", () => this.#take(this.inForce));
    this.#buttons();
  }

  get dirty() {
    return this.inForce !== null && this.text.value !== this.inForce;
  }

  /** Shows the policy in force, unless the operator has changed the text. */
  async load(mayOperate) {
    this.text.readOnly = !mayOperate;
    try {
      const { policy, notices } = await get("policy");
      const dirty = this.dirty;
      const changed = this.inForce !== null && this.inForce !== policy;
      this.inForce = policy;
      this.noticesInForce = notices;
      if (!dirty) {
        this.#take(policy);
      } else if (changed) {
        this.#report("Another policy came into force while you were writing: undo your changes to see it.", "bad");
      }
    } catch (refusal) {
      this.#report(refusal.message, "bad");
    }
  }

  #take(policy) {
    if (this.text.value !== policy) {
      this.text.value = policy;
    }
    this.#show([], this.noticesInForce);
    this.#report(this.#inForceWords(), "");
  }

  #edited() {
    this.#show(
      this.problems.filter((problem) => problem.line !== null),
      this.notices.filter((notice) => notice.line !== null),
    );
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.#check(), PAUSE);
  }

  async #check() {
    const check = ++this.checks;
    try {
      const { problems, notices } = await send("POST", "policy/check", { policy: this.text.value });
      if (check === this.checks) {
        this.#judged(problems, notices);
      }
    } catch (refusal) {
      this.#report(refusal.message, "bad");
    }
  }

  #judged(problems, notices) {
    this.#show(problems, notices);
    if (problems.length > 0) {
      this.#report(
        `${plural(problems.length, "problem")}: the policy in force does not change until they are corrected.`,
        "bad",
      );
    } else {
      const noticed = notices.length > 0 ? `, and ${plural(notices.length, "notice")}` : "";
      this.#report(
        this.dirty ? `No problems${noticed}. Not in force yet.` : this.#inForceWords(),
        this.dirty ? "good" : "",
      );
      if (this.dirty) {
        this.#foresee();
      }
    }
  }

  /** Shows the plan of the text, unless the text changed since. */
  async #foresee() {
    const check = this.checks;
    const plan = await send("POST", "policy/plan", { policy: this.text.value }).catch(() => null);
    if (check === this.checks) {
      this.#showPlan(plan);
    }
  }

  #showPlan(plan) {
    const shown = byId("policy-plan");
    shown.hidden = plan === null;
    if (plan !== null) {
      shown.replaceChildren(
        element(
          "p",
          { "data-tone": needsConsent(plan) ? "bad" : "" },
          `If it is put in force: ${plan.summary} (at revision ${plan.revision}).`,
        ),
        ...planSections(plan.sections),
      );
    }
  }

  async #put() {
    clearTimeout(this.pause);
    const check = ++this.checks;
    const policy = this.text.value;
    try {
      const plan = await send("POST", "policy/plan", { policy });
      if (needsConsent(plan) && !(await this.ask("Put this policy in force?", plan, "Put in force anyway"))) {
        return;
      }
      const { notices } = await send("PUT", "policy", { policy });
      this.inForce = policy;
      this.noticesInForce = notices;
      if (check === this.checks) {
        this.#show([], notices);
        this.#report(this.#inForceWords(), "good");
      }
      this.said("The policy is in force.");
    } catch (refusal) {
      if (refusal instanceof Refusal && refusal.problems.length > 0) {
        this.#judged(refusal.problems, []);
        byId("policy-problems").querySelector("button")?.focus();
      } else {
        this.#report(refusal.message, "bad");
      }
    }
  }

  #inForceWords() {
    return this.noticesInForce.length > 0
      ? `In force, with ${plural(this.noticesInForce.length, "notice")}.`
      : "In force.";
  }

  #show(problems, notices) {
    this.#showPlan(null);
    this.problems = problems;
    this.notices = notices;
    const text = this.text.value;
    const lines = lineStarts(text);
    const all = [...problems, ...notices];
    const spans = all
      .filter((problem) => problem.line !== null)
      .map((problem) => ({ problem, ...span(text, lines, problem.line, problem.column) }))
      .sort((a, b) => a.from - b.from);
    this.#mark(text, spans, problems);
    const wrong = new Set(spans.filter(({ problem }) => problems.includes(problem)).map(({ problem }) => problem.line));
    const noticed = new Set(spans.map(({ problem }) => problem.line));
    const marked = (i) => (wrong.has(i) ? "marked" : "noticed");
    this.gutter.replaceChildren(
      ...lines.flatMap((_, i) =>
        noticed.has(i + 1) ? [element("span", { class: marked(i + 1) }, `● ${i + 1}`), "\n"] : [`${i + 1}\n`],
      ),
    );
    byId("policy-problems").replaceChildren(
      ...all.map((problem) => {
        const kind = problems.includes(problem) ? "problem" : "notice";
        const place = problem.line === null ? "" : `${problem.line}:${problem.column}`;
        const go = () => this.#go(spans.find((each) => each.problem === problem));
        return element(
          "li",
          { class: kind },
          element(
            "button",
            { type: "button", click: go },
            element("span", { class: "place" }, place),
            element("span", {}, kind === "notice" ? "Notice: " : "", prose(problem.message)),
          ),
        );
      }),
    );
    const badge = byId("policy-badge");
    badge.hidden = problems.length === 0;
    setText(badge, String(problems.length));
    setAttribute(badge, "aria-label", plural(problems.length, "problem"));
    setAttribute(this.text, "aria-invalid", problems.length > 0 ? "true" : null);
    this.#buttons();
    this.#follow();
  }

  /** The same text once more, unseen, below the text field; only its marks show. */
  #mark(text, spans, problems) {
    const parts = [];
    let done = 0;
    for (const { from, to, problem } of spans) {
      if (from >= done) {
        const kind = problems.includes(problem) ? "problem" : "notice";
        parts.push(text.slice(done, from), element("mark", { class: kind }, text.slice(from, to)));
        done = to;
      }
    }
    this.marks.replaceChildren(...parts, `${text.slice(done)}\n`);
  }

  /** Leads to a line of the policy in force. */
  showLine(line) {
    const text = this.text.value;
    const from = lineStarts(text)[line - 1];
    if (from !== undefined && !this.dirty) {
      const end = text.indexOf("\n", from);
      this.#go({ from, to: end < 0 ? text.length : end, problem: { line } });
    } else {
      this.text.focus();
    }
  }

  #go(place) {
    this.text.focus();
    if (place !== undefined) {
      this.text.setSelectionRange(place.from, place.to);
      const height = parseFloat(getComputedStyle(this.text).lineHeight);
      this.text.scrollTop = Math.max(0, (place.problem.line - 4) * height);
      this.#follow();
    }
  }

  #follow() {
    this.marks.scrollTop = this.gutter.scrollTop = this.text.scrollTop;
    this.marks.scrollLeft = this.text.scrollLeft;
  }

  #buttons() {
    const may = this.dirty && !this.text.readOnly;
    this.save.disabled = !may || this.problems.length > 0;
    this.undo.disabled = !may;
  }

  #report(words, tone) {
    setText(this.status, words);
    setAttribute(this.status, "data-tone", tone);
    this.#buttons();
  }
}

const SIGNS = { lost: "−", moved: "~", gained: "+", changed: "~" };

/** The sections of a plan. */
export function planSections(sections) {
  return sections.map(({ title, lines }) =>
    element(
      "section",
      {},
      element("h3", {}, title),
      element(
        "ul",
        {},
        ...lines.map(({ kind, text }) => element("li", { class: kind }, `${SIGNS[kind]} `, prose(text))),
      ),
    ),
  );
}

/** Whether the operator is asked first: a viewer loses something, a prefix becomes unserved, or a drain leaves one. */
export const needsConsent = ({ verdict, unserved, staying }) =>
  verdict === "loss" || unserved.length > 0 || staying.length > 0;

function lineStarts(text) {
  const starts = [0];
  for (const end of text.matchAll(/\r\n|\r|\n/g)) {
    starts.push(end.index + end[0].length);
  }
  return starts;
}

/** The span that begins at a line and a column: a text to its closing quote, a word, or one character. */
function span(text, lines, line, column) {
  const from = Math.min(text.length, (lines[line - 1] ?? text.length) + column - 1);
  const found = /^("(?:[^"\\\r\n]|\\.)*"?|[\w:.@*-]+|[^\r\n])/.exec(text.slice(from, from + 400));
  return found === null ? { from: Math.max(0, from - 1), to: from } : { from, to: from + found[0].length };
}
