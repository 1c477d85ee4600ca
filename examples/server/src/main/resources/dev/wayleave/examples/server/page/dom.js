// Elements, made without markup: any name of a node is text.

import { byDirection } from "./text.js";

export const byId = (id) => document.getElementById(id);

/** An element with these attributes and children; texts become text. A function as an attribute is a listener. */
export function element(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for pictures. */
export function drawn(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      made.addEventListener(name, value);
    } else {
      setAttribute(made, name, value);
    }
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** Sets an attribute: true adds it without a value; false, null and undefined remove it. An equal value is not set. */
export function setAttribute(on, name, value) {
  if (value === false || value === null || value === undefined) {
    on.removeAttribute(name);
    return;
  }
  const text = value === true ? "" : String(value);
  if (on.getAttribute(name) !== text) {
    on.setAttribute(name, text);
  }
}

export function setText(on, text) {
  if (on.textContent !== text) {
    on.textContent = text;
  }
}

/** A name, isolated from the direction of the text around it. */
export const bdi = (name) => element("bdi", {}, name);

/** A time as the server's texts have it. A browser would break it after a hyphen. */
const TIME = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

const timed = (words) =>
  words.split(TIME).map((part, i) => (i % 2 === 1 ? element("time", { datetime: part }, part) : part));

/**
 * A message as nodes: the parts between backticks are code, words that run from right to left are isolated, and times
 * stay on one line.
 */
export function prose(message) {
  return message
    .split("`")
    .flatMap((part, i) =>
      i % 2 === 1
        ? element("code", {}, part)
        : byDirection(part).flatMap((words, k) => (k % 2 === 1 ? bdi(words) : timed(words))),
    );
}

/** Shows a message as the only content. */
export function setProse(on, message) {
  if (on.textContent !== message.replaceAll("`", "")) {
    on.replaceChildren(...prose(message));
  }
}

/**
 * Makes the children of a parent those of the items, in their order, and keeps the element of each key: focus and
 * animations survive. Children without a key of ours stay in front.
 */
export function reconcile(parent, items, keyOf, create, update) {
  const kept = (parent.byKey ??= new Map());
  const wanted = new Set(items.map(keyOf));
  for (const [key, child] of kept) {
    if (!wanted.has(key)) {
      child.remove();
      kept.delete(key);
    }
  }
  let last = null;
  for (const item of items) {
    const key = keyOf(item);
    let child = kept.get(key);
    const fresh = child === undefined;
    if (fresh) {
      child = create(item);
      kept.set(key, child);
    }
    const place = last === null ? firstOfOurs(parent, kept) : last.nextSibling;
    if (child !== place) {
      parent.insertBefore(child, place);
    }
    update?.(child, item, fresh);
    last = child;
  }
}

function firstOfOurs(parent, kept) {
  const ours = new Set(kept.values());
  for (const child of parent.childNodes) {
    if (ours.has(child)) {
      return child;
    }
  }
  return null;
}
