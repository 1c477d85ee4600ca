// The tailnet as a picture: viewers on the left, the nodes that carry their routes in the middle, prefixes on the
// right. When a prefix gets another primary, its line swings over to it.

import { drawn, reconcile, setAttribute, setText } from "./dom.js";
import { layOut, lineEnds, lineHeight } from "./layout.js";
import { chosenKey, columnsOf, modelOf, relatedTo } from "./model.js";
import { clipped, shortened } from "./text.js";

/** How long a prefix that moved is shown before other prefixes, in milliseconds. */
const RECENTLY = 120_000;
const SWING = 900;

const stillness = matchMedia("(prefers-reduced-motion: reduce)");

export class Picture {
  /**
   * @param choose called with the node or route to explain
   * @param showAll called for the items that the picture has no room for
   * @param showPart called with whether the picture shows the surroundings of the choice only
   */
  constructor(root, choose, showAll, showPart) {
    this.root = root;
    this.choose = choose;
    this.showAll = showAll;
    this.showPart = showPart;
    this.moved = new Map();
    this.items = new Map();
    this.lines = new Map();
    this.hovered = null;
    this.inFocus = null;
    this.lineLayer = drawn("g");
    this.itemLayer = drawn("g");
    this.headings = ["viewers", "carriers", "prefixes"].map((words) =>
      drawn("text", { class: "heading", y: 18 }, words),
    );
    this.svg = drawn("svg", {
      role: "group",
      "aria-label": "Viewers, carriers and prefixes. Arrow keys move, Enter explains.",
    });
    this.svg.append(...this.headings, this.lineLayer, this.itemLayer);
    this.svg.addEventListener("keydown", (event) => this.#move(event));
    root.append(this.svg);
    new ResizeObserver(() => this.model && this.#draw(false)).observe(root);
  }

  update(tailnet, chosen, now) {
    const before = this.model;
    const isNewChoice = this.chosen !== chosen;
    this.model = modelOf(tailnet, now);
    this.chosen = chosen;
    this.#noteMoves(before, now);
    const { columns, isPart } = columnsOf(this.model, chosen, this.moved);
    this.columns = columns;
    this.showPart(isPart);
    this.#draw(true);
    if (isNewChoice && chosen !== null) {
      this.#reveal(this.items.get(chosenKey(chosen, this.items)));
    }
  }

  /** Scrolls the picture, and not the page, to an item. */
  #reveal(item) {
    const { scrollTop, clientHeight } = this.root;
    if (item !== undefined && (item.box.y < scrollTop || item.box.y + item.box.h > scrollTop + clientHeight)) {
      this.root.scrollTop = item.box.y - clientHeight / 2;
    }
  }

  /** A prefix that moved, and both its primaries, stay in sight for a while. */
  #noteMoves(before, now) {
    const serving = new Map(before?.lines.filter((line) => line.serves).map((line) => [line.key, line]));
    for (const line of this.model.lines) {
      const was = serving.get(line.key);
      if (was !== undefined && was.from !== line.from) {
        [was.from, line.from, line.to].forEach((key) => this.moved.set(key, now));
      }
    }
    for (const [key, time] of this.moved) {
      if (now - time > RECENTLY) {
        this.moved.delete(key);
      }
    }
  }

  #draw(moving) {
    this.#layOut();
    reconcile(
      this.itemLayer,
      [...this.items.values()],
      (item) => item.key,
      (item) => this.#makeItem(item),
      (made, item) => this.#showItem(made, item),
    );
    reconcile(
      this.lineLayer,
      [...this.lines.values()],
      (line) => line.key,
      () => drawn("g", {}, drawn("path"), drawn("path", { class: "flow" })),
      (made, line) => this.#showLine(made, line),
    );
    this.#highlight();
    this.#swing(moving && !stillness.matches);
  }

  #layOut() {
    const { width, height, lefts, items } = layOut(
      this.columns,
      this.root.clientWidth - 8,
      this.root.clientHeight - 12,
    );
    setAttribute(this.svg, "width", width);
    setAttribute(this.svg, "height", height);
    lefts.forEach((left, index) => setAttribute(this.headings[index], "x", left + 2));
    this.items = items;
    const lines = new Map();
    for (const [line, target] of lineEnds(this.model.lines, items)) {
      const before = this.lines.get(line.key);
      const swings = before !== undefined && before.from !== line.from;
      lines.set(line.key, {
        ...line,
        target,
        start: before?.current ?? target,
        current: before?.current ?? target,
        swings,
      });
    }
    this.lines = lines;
  }

  #makeItem(item) {
    const made = drawn(
      "g",
      {
        class: "item",
        role: "button",
        tabindex: -1,
        "data-key": item.key,
        click: () => this.#press(this.items.get(item.key)),
        pointerenter: () => this.#hover(item.more ? null : item.key),
        pointerleave: () => this.#hover(null),
        focus: () => {
          this.inFocus = item.key;
          this.#rove();
        },
      },
      drawn("title"),
      drawn("rect", { class: "body", rx: 7 }),
      drawn("rect", { class: "pulse", rx: 7 }),
      drawn("circle", { r: 4 }),
      drawn("text", { class: "name" }),
      drawn("text", { class: "sub" }),
    );
    return made;
  }

  #showItem(made, item) {
    const [title, body, pulse, circle, name, sub] = made.children;
    const { x, y, w, h } = item.box;
    setAttribute(made, "transform", `translate(${x} ${y})`);
    setAttribute(made, "data-tone", item.tone);
    setAttribute(made, "aria-label", item.full);
    made.classList.toggle("silent", item.silent === true);
    for (const box of [body, pulse]) {
      setAttribute(box, "width", w);
      setAttribute(box, "height", h);
    }
    const wrapped = (item.lines.length - 1) * lineHeight;
    const middle = (item.sub === "" ? h / 2 : h / 2 - 6.5) - wrapped / 2;
    setAttribute(circle, "cx", item.dot);
    setAttribute(circle, "cy", middle);
    setAttribute(sub, "x", item.start);
    setAttribute(name, "y", middle + 4.5);
    setAttribute(sub, "y", middle + wrapped + 19.5);
    setAttribute(name, "class", item.code ? "name code" : "name");
    setText(title, item.full);
    const lines = item.lines.map((text, place) => ({ text: item.code ? text : shortened(text, item.most), place }));
    reconcile(
      name,
      lines,
      ({ place }) => place,
      () => drawn("tspan"),
      (line, { text, place }) => {
        setAttribute(line, "x", item.start);
        setAttribute(line, "dy", place === 0 ? 0 : lineHeight);
        setText(line, text);
      },
    );
    setText(sub, clipped(item.sub, item.mostSub));
  }

  #showLine(made, line) {
    const [path, flow] = made.children;
    setAttribute(path, "class", `line ${line.kind}`);
    const flows = line.kind === "primary" || line.kind === "exit";
    setAttribute(flow, "visibility", flows ? null : "hidden");
    if (line.swings) {
      this.itemLayer.byKey
        .get(line.from)
        .querySelector(".pulse")
        .animate?.([{ opacity: 0 }, { opacity: 1, offset: 0.3 }, { opacity: 0 }], {
          duration: SWING * 2,
          delay: stillness.matches ? 0 : SWING * 0.6,
        });
    }
  }

  #swing(moving) {
    cancelAnimationFrame(this.frame);
    const begun = performance.now();
    const step = (now) => {
      const part = moving ? Math.min(1, (now - begun) / SWING) : 1;
      const eased = part < 0.5 ? 4 * part ** 3 : 1 - (-2 * part + 2) ** 3 / 2;
      for (const line of this.lines.values()) {
        line.current = line.target.map((end, i) => line.start[i] + (end - line.start[i]) * eased);
        const [x1, y1, x2, y2] = line.current;
        const middle = (x1 + x2) / 2;
        const shape = `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
        for (const path of this.lineLayer.byKey.get(line.key).children) {
          setAttribute(path, "d", shape);
        }
      }
      if (part < 1) {
        this.frame = requestAnimationFrame(step);
      }
    };
    step(begun);
  }

  #press(item) {
    if (item.more) {
      this.showAll();
    } else {
      this.choose(item.choice);
    }
  }

  #hover(key) {
    this.hovered = key;
    this.#highlight();
  }

  /** The lines of the chosen or hovered item are strong, the other lines fade. */
  #highlight() {
    const chosen = this.chosen === null ? null : chosenKey(this.chosen, this.items);
    const centre = this.hovered ?? chosen;
    const related = centre === null ? null : relatedTo(centre, this.items.get(centre), this.lines.values());
    for (const [key, made] of this.itemLayer.byKey ?? []) {
      setAttribute(made, "data-chosen", key === chosen);
      setAttribute(made, "aria-pressed", key === chosen ? "true" : "false");
    }
    for (const [key, made] of this.lineLayer.byKey ?? []) {
      made.classList.toggle("faded", related !== null && !related.has(key));
      made.firstChild.classList.toggle("strong", related !== null && related.has(key));
    }
    this.#rove();
  }

  /** One item can be reached with Tab; arrows lead to the other items. */
  #rove() {
    const reachable = this.items.has(this.inFocus) ? this.inFocus : this.items.keys().next().value;
    for (const [key, made] of this.itemLayer.byKey ?? []) {
      setAttribute(made, "tabindex", key === reachable ? 0 : -1);
    }
  }

  #move(event) {
    const here = this.items.get(event.target.closest?.(".item")?.dataset.key);
    if (here === undefined) {
      return;
    }
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.#press(here);
      return;
    }
    const [dx, dy] = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key] ?? [
      0, 0,
    ];
    if (dx === 0 && dy === 0) {
      return;
    }
    event.preventDefault();
    const others = [...this.items.values()];
    const next =
      dx === 0
        ? others.find((item) => item.column === here.column && item.row === here.row + dy)
        : others
            .filter((item) => item.column === here.column + dx)
            .sort((a, b) => Math.abs(a.box.y - here.box.y) - Math.abs(b.box.y - here.box.y))[0];
    if (next !== undefined) {
      this.itemLayer.byKey.get(next.key).focus();
    }
  }
}
