// The tailnet as a picture: who is told what on the left, who carries it in the middle, what is reached on the right. When a
// prefix gets another primary, its line swings over to it.

import { drawn, reconcile, setAttribute, setText } from "./dom.js";
import { clipped, nodeStates, owner, plural, shortened } from "./words.js";

const MOST = 40;
/** How long a prefix that moved is shown before others, in milliseconds. */
const RECENTLY = 120_000;
const GAP = 10;
const TIGHT_GAP = 4;
const TOP = 30;
const SWING = 900;
export const INTERNET = "internet";

const stillness = matchMedia("(prefers-reduced-motion: reduce)");

export class Picture {
  /**
   * @param choose called with what is to be explained
   * @param showAll called when somebody wants what the picture has no room for
   */
  constructor(root, choose, showAll) {
    this.root = root;
    this.choose = choose;
    this.showAll = showAll;
    this.moved = new Map();
    this.items = new Map();
    this.lines = new Map();
    this.hovered = null;
    this.inFocus = null;
    this.lineLayer = drawn("g");
    this.itemLayer = drawn("g");
    this.headings = ["viewers", "carriers", "prefixes"].map((words) => drawn("text", { class: "heading", y: 18 }, words));
    this.svg = drawn("svg", { role: "group", "aria-label": "Viewers, carriers and prefixes. Arrow keys move, Enter explains." });
    this.svg.append(...this.headings, this.lineLayer, this.itemLayer);
    this.svg.addEventListener("keydown", (event) => this.#move(event));
    root.append(this.svg);
    new ResizeObserver(() => this.model && this.#draw(false)).observe(root);
  }

  update(tailnet, chosen, now) {
    const before = this.model;
    this.model = modelOf(tailnet, now);
    this.chosen = chosen;
    this.#noteMoves(before, now);
    this.columns = columnsOf(this.model, chosen, this.moved);
    this.#draw(true);
  }

  /** What a prefix moved from and to stays in sight for a while. */
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
    reconcile(this.itemLayer, [...this.items.values()], (item) => item.key, (item) => this.#makeItem(item), (made, item) => this.#showItem(made, item));
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
    const width = Math.max(240, this.root.clientWidth - 8);
    const narrow = width < 560;
    const columns = this.columns;
    const widths = narrow ? [0.27, 0.29, 0.32].map((part) => part * width) : [0.2, 0.22, 0.22].map((part) => Math.min(230, part * width));
    const lefts = [4, (width - widths[1]) / 2, width - widths[2] - 4];
    const room = this.root.clientHeight - 12;
    const heights = (tight) => (item) => (item.sub === "" ? 28 : 40) - (tight ? 5 : 0);
    const total = (column, tight) => column.reduce((sum, item) => sum + heights(tight)(item) + (tight ? TIGHT_GAP : GAP), 0);
    // a little closer together where that saves scrolling
    const tight = columns.some((column) => TOP + total(column, false) + 4 > room);
    const heightOf = heights(tight);
    const least = tight ? TIGHT_GAP : GAP;
    const tall = (column) => total(column, tight);
    const height = Math.max(TOP + Math.max(...columns.map(tall)) + 4, room);
    setAttribute(this.svg, "width", width);
    setAttribute(this.svg, "height", height);
    const items = new Map();
    columns.forEach((column, index) => {
      setAttribute(this.headings[index], "x", lefts[index] + 2);
      // what is left over is shared out, within reason
      const gap = least + Math.min(18, Math.max(0, height - TOP - 4 - tall(column)) / (column.length + 1));
      const used = column.reduce((sum, item) => sum + heightOf(item) + gap, -gap);
      let y = TOP + Math.max(0, (height - TOP - 4 - used) / 2);
      column.forEach((item, row) => {
        const box = { x: lefts[index], y, w: widths[index], h: heightOf(item) };
        items.set(item.key, { ...item, column: index, row, box, narrow });
        y += box.h + gap;
      });
    });
    this.items = items;
    this.#route();
  }

  /** Where each line begins and ends: spread over the sides of its boxes in the order of the boxes at its other end. */
  #route() {
    const ends = new Map();
    const drawable = this.model.lines.filter((line) => this.items.has(line.from) && this.items.has(line.to));
    const side = (key, right) => {
      const name = `${key} ${right}`;
      return ends.get(name) ?? ends.set(name, []).get(name);
    };
    for (const line of drawable) {
      side(line.from, true).push({ line, other: this.items.get(line.to).box.y });
      side(line.to, false).push({ line, other: this.items.get(line.from).box.y });
    }
    const at = (key, right, line) => {
      const { x, y, w, h } = this.items.get(key).box;
      const list = side(key, right).sort((a, b) => a.other - b.other);
      const place = list.findIndex((end) => end.line === line);
      return [right ? x + w : x, y + 6 + ((h - 12) * (place + 1)) / (list.length + 1)];
    };
    const lines = new Map();
    for (const line of drawable) {
      const target = [...at(line.from, true, line), ...at(line.to, false, line)];
      const before = this.lines.get(line.key);
      const swings = before !== undefined && before.from !== line.from;
      lines.set(line.key, { ...line, target, start: before?.current ?? target, current: before?.current ?? target, swings });
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
    const middle = item.sub === "" ? h / 2 : h / 2 - 6.5;
    const [dot, start, letter] = item.narrow ? [9, 17, item.code ? 7 : 6.3] : [13, 24, item.code ? 7.3 : 7];
    setAttribute(circle, "cx", dot);
    setAttribute(circle, "cy", middle);
    setAttribute(name, "x", start);
    setAttribute(sub, "x", start);
    setAttribute(name, "y", middle + 4.5);
    setAttribute(sub, "y", middle + 19.5);
    setAttribute(name, "class", item.code ? "name code" : "name");
    setText(title, item.full);
    setText(name, shortened(item.name, Math.floor((w - start - 5) / letter)));
    setText(sub, clipped(item.sub, Math.floor((w - start - 5) / 5.7)));
  }

  #showLine(made, line) {
    const [path, flow] = made.children;
    setAttribute(path, "class", `line ${line.kind}`);
    const flows = line.kind === "primary" || line.kind === "exit";
    setAttribute(flow, "visibility", flows ? null : "hidden");
    if (line.swings) {
      this.itemLayer.byKey.get(line.from).querySelector(".pulse").animate?.(
        [{ opacity: 0 }, { opacity: 1, offset: 0.3 }, { opacity: 0 }],
        { duration: SWING * 2, delay: stillness.matches ? 0 : SWING * 0.6 },
      );
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

  /** What belongs to the chosen or hovered item stands out, the rest steps back. */
  #highlight() {
    const centre = this.hovered ?? (this.chosen === null ? null : chosenKey(this.chosen, this.items));
    const related = centre === null ? null : relatedTo(centre, this.hovered === null ? this.chosen : null, this.items.get(centre), this.model);
    for (const [key, made] of this.itemLayer.byKey ?? []) {
      setAttribute(made, "data-chosen", this.chosen !== null && key === chosenKey(this.chosen, this.items));
      setAttribute(made, "aria-pressed", this.chosen !== null && key === chosenKey(this.chosen, this.items) ? "true" : "false");
    }
    for (const [key, made] of this.lineLayer.byKey ?? []) {
      made.classList.toggle("faded", related !== null && !related.has(key));
      made.firstChild.classList.toggle("strong", related !== null && related.has(key));
    }
    this.#rove();
  }

  /** One item can be reached with Tab; arrows lead to the others. */
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
    const [dx, dy] = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key] ?? [0, 0];
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

const nodeKey = (id) => `node ${id}`;
const prefixKey = (prefix) => `prefix ${prefix}`;

function chosenKey(chosen, items) {
  if (chosen.prefix !== undefined) {
    const key = prefixKey(chosen.exit ? INTERNET : chosen.prefix);
    return items.has(key) ? key : null;
  }
  for (const item of items.values()) {
    if (item.members?.includes(chosen.node)) {
      return item.key;
    }
  }
  return null;
}

/** The lines that lead to or from an item; of a viewer, those that it is told of, to the end. */
function relatedTo(key, chosen, item, model) {
  const lines = new Set();
  for (const line of model.lines) {
    const touches = line.from === key || line.to === key;
    const told = item?.told?.some((route) => line.from === nodeKey(route.carrier) && line.to === prefixKey(route.prefix) && line.kind !== "standby");
    const tellsOfIt = line.kind === "viewer" && line.prefixes.has(key);
    if (touches || told || tellsOfIt) {
      lines.add(line.key);
    }
  }
  return lines;
}

/** What is drawn: three columns of items, and the lines between them. */
function modelOf(tailnet, now) {
  const carriers = tailnet.nodes.filter((node) => node.routes.length > 0);
  // somebody's own machine is a viewer, whatever else it does
  const shown = new Set(carriers.filter((node) => node.user === null).map((node) => node.id));
  const lines = [];
  const prefixes = new Map();
  const served = new Map(tailnet.routes.map((route) => [route.prefix, route]));
  for (const node of carriers) {
    for (const route of node.routes) {
      const name = route.exit ? INTERNET : route.prefix;
      const entry = prefixes.get(name) ?? prefixes.set(name, { name, first: route, holders: [] }).get(name);
      entry.holders.push({ node, route });
      const kind = lineKind(node, route);
      if (kind !== null && !lines.some((line) => line.to === prefixKey(name) && line.from === nodeKey(node.id))) {
        const serves = kind === "primary" || kind === "grace" || kind === "kept";
        // a served prefix has one such line, whoever carries it: that is what swings
        const key = serves && !route.exit ? `serves ${name}` : `${kind === "exit" ? "exit" : "holds"} ${node.id} ${name}`;
        lines.push({ key, from: nodeKey(node.id), to: prefixKey(name), kind, serves });
      }
    }
  }
  const viewers = [];
  for (const group of tailnet.viewers) {
    const members = group.nodes.filter((id) => !shown.has(id)).map((id) => tailnet.nodes.find((node) => node.id === id)).filter(Boolean);
    if (members.length > 0) {
      viewers.push(viewerItem(group, members, tailnet.users, lines));
    }
  }
  return {
    viewers,
    carriers: carriers.map((node) => carrierItem(node, tailnet.users, now)),
    prefixes: [...prefixes.values()].sort(subnetsFirst).map((entry) => prefixItem(entry, served.get(entry.name))),
    lines,
  };
}

const subnetsFirst = (a, b) => (a.name === INTERNET) - (b.name === INTERNET);

/** What of the model is shown: of a long column what matters most, and how much more there is. */
function columnsOf(model, chosen, moved) {
  const items = [...model.viewers, ...model.carriers, ...model.prefixes];
  const centre = chosen === null ? null : chosenKey(chosen, new Map(items.map((item) => [item.key, item])));
  const beside = new Set(model.lines.filter((line) => line.from === centre || line.to === centre).flatMap((line) => [line.from, line.to]));
  const rank = (item) => {
    if (item.key === centre) {
      return 0;
    }
    if (moved.has(item.key)) {
      return 1;
    }
    // the internet is one item, and all exit nodes lead to it
    return beside.has(item.key) || item.key === prefixKey(INTERNET) ? 2 : RANKS[item.tone];
  };
  return [
    capped(model.viewers, rank, "group of viewers", "groups of viewers"),
    capped(model.carriers, rank, "carrier"),
    capped(model.prefixes, rank, "prefix", "prefixes"),
  ];
}

/** What somebody has to look after goes before what is as it should be. */
const RANKS = { bad: 3, wait: 3, kept: 3, good: 4, off: 5 };

function capped(items, rank, one, many) {
  if (items.length <= MOST) {
    return items;
  }
  const shown = new Set([...items].sort((a, b) => rank(a) - rank(b)).slice(0, MOST - 1));
  const rest = items.length - shown.size;
  const more = {
    key: `more ${one}`,
    name: `and ${rest.toLocaleString()} more`,
    sub: "",
    full: `${plural(rest, one, many)} more: the list has them all`,
    tone: "off",
    more: true,
  };
  return [...items.filter((item) => shown.has(item)), more];
}

function lineKind(node, route) {
  switch (route.state) {
    case "primary":
      return node.liveness === "grace" ? "grace" : "primary";
    case "draining":
      if (!route.primary) {
        return node.liveness === "offline" ? "down" : "standby";
      }
      return node.liveness === "grace" ? "grace" : "primary";
    case "exit":
      return node.liveness === "offline" ? "down" : "exit";
    case "standby":
    case "kept":
    case "waiting":
    case "denied":
      return route.state === "denied" && !route.advertised ? null : route.state;
    case "approved":
      return null;
    default:
      return "down";
  }
}

function viewerItem(group, members, users, lines) {
  const key = `viewers ${members.map((node) => node.id).join(" ")}`;
  const told = [
    ...group.carriers,
    ...group.exits.map((exit) => ({ prefix: INTERNET, carrier: exit.node })),
  ];
  const byCarrier = new Map();
  for (const route of told) {
    const reached = byCarrier.get(route.carrier) ?? byCarrier.set(route.carrier, new Set()).get(route.carrier);
    reached.add(prefixKey(route.prefix));
  }
  for (const [carrier, reached] of byCarrier) {
    lines.push({ key: `told ${key} ${carrier}`, from: key, to: nodeKey(carrier), kind: "viewer", prefixes: reached });
  }
  const names = members.map((node) => node.name);
  const name = names.length === 1 ? names[0] : `${names[0]} + ${names.length - 1}`;
  const owners = [...new Set(members.map((node) => owner(node, users)))];
  return {
    key,
    name,
    sub: told.length === 0 ? "is told no route" : owners.join(", "),
    full: `${names.join(", ")}: ${told.length === 0 ? "told no route" : `told ${plural(told.length, "route")}`}`,
    tone: members.some((node) => node.liveness === "online") ? "good" : "off",
    members: members.map((node) => node.id),
    told,
    choice: { node: members[0].id },
  };
}

function carrierItem(node, users, now) {
  const states = nodeStates(node, now);
  const worst = states.find((state) => state.tone === "bad") ?? states.find((state) => state.tone === "wait") ?? states[0];
  const words = states.filter((state) => state.words !== "online").map((state) => state.words);
  return {
    key: nodeKey(node.id),
    name: node.name,
    sub: words.length === 0 ? owner(node, users) : words.join(", "),
    full: `${node.name}, ${states.map((state) => state.words).join(", ")}`,
    tone: worst.tone,
    silent: node.silentAt !== null,
    members: [node.id],
    choice: { node: node.id },
  };
}

function prefixItem(entry, elected) {
  if (entry.name === INTERNET) {
    const serving = entry.holders.filter(({ route }) => route.state === "exit");
    return {
      key: prefixKey(INTERNET),
      name: "the internet",
      sub: serving.length === 0 ? "no exit node" : "",
      full: `The internet, through ${plural(new Set(serving.map(({ node }) => node.id)).size, "exit node")}`,
      tone: serving.length === 0 ? "wait" : "good",
      code: false,
      choice: { node: entry.holders[0].node.id, prefix: entry.first.prefix, exit: true },
    };
  }
  const { words, tone } = prefixState(entry, elected);
  const about = elected?.primary ?? entry.holders[0].node.id;
  return {
    key: prefixKey(entry.name),
    name: entry.name,
    sub: words,
    full: `${entry.name}, ${words === "" ? "served" : words}`,
    tone,
    code: true,
    choice: { node: about, prefix: entry.name },
  };
}

function prefixState(entry, elected) {
  if (elected === undefined) {
    const states = new Set(entry.holders.map(({ route }) => route.state));
    if (states.has("waiting")) {
      return { words: "waiting for approval", tone: "wait" };
    }
    return states.has("denied") ? { words: "denied", tone: "bad" } : { words: "not advertised", tone: "off" };
  }
  if (elected.state === "served") {
    return { words: "", tone: "good" };
  }
  return elected.state === "kept" ? { words: "kept: nobody is left", tone: "kept" } : { words: "unserved", tone: "bad" };
}
