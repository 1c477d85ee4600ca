// The words and colours of states: one table for the list, the picture and the time line.

/** What the page calls each state of a route, and how it looks. */
const ROUTE = {
  waiting: ["waiting for approval", "wait"],
  denied: ["denied", "bad"],
  approved: ["approved, not advertised", "off"],
  primary: ["primary", "good"],
  standby: ["standby", "calm"],
  offline: ["offline", "off"],
  kept: ["kept", "kept"],
  unserved: ["unserved", "bad"],
  draining: ["draining", "wait"],
  exit: ["exit route", "good"],
};

export function routeState(route) {
  const [words, tone] = ROUTE[route.state] ?? [route.state, "off"];
  return { words: route.state === "draining" && route.primary ? "draining, still primary" : words, tone };
}

/** Everything about a node that wants a badge; the first is about its session. */
export function nodeStates(node, now) {
  const states = [liveness(node, now)];
  if (node.drain !== null) {
    states.push({ words: "draining", tone: "wait" });
  }
  if (node.keyExpired) {
    states.push({ words: "key expired", tone: "bad" });
  }
  if (node.health === "unhealthy") {
    states.push({ words: "unhealthy", tone: "bad" });
  }
  return states;
}

const secondsUntil = (time, now) => Math.max(0, Math.ceil((Date.parse(time) - now) / 1000));

function liveness(node, now) {
  if (node.silentAt !== null) {
    return { words: `not heard, ${secondsUntil(node.silentAt, now)} s left`, tone: "wait" };
  }
  if (node.liveness === "grace") {
    return { words: `in grace, ${node.graceUntil === null ? 0 : secondsUntil(node.graceUntil, now)} s left`, tone: "wait" };
  }
  return node.liveness === "online" ? { words: "online", tone: "good" } : { words: "offline", tone: "off" };
}

const EVENT = {
  "route-approved": "good",
  "approval-pending": "wait",
  "route-revoked": "bad",
  "route-denied": "bad",
  "primary-elected": "good",
  "primary-moved": "good",
  "prefix-unserved": "bad",
  "primary-kept": "kept",
  "node-online": "calm",
  "node-in-grace": "wait",
  "drain-started": "wait",
  "drain-ended": "calm",
  "policy-replaced": "calm",
  "policy-text-changed": "calm",
  "users-changed": "calm",
  "node-renamed": "calm",
  "node-owner-changed": "calm",
  "node-key-changed": "calm",
  "settings-changed": "calm",
  "clock-stepped": "wait",
};

export const eventTone = (kind) => EVENT[kind] ?? "off";

/** Changes of who serves what, and what needs somebody: the rest is detail. */
export const isNews = (kind) => kind !== "route-advertised" && kind !== "route-withdrawn";

/** Changes of who carries a prefix. */
export const isElection = (kind) => ["primary-elected", "primary-moved", "prefix-unserved", "primary-kept"].includes(kind);

/** Changes of the nodes that could carry a prefix. */
export const isOfNode = (kind) => ["node-in-grace", "node-offline", "node-online", "drain-started", "drain-ended"].includes(kind);

/** Changes that are spoken to those who cannot see the picture move. */
export const isSpoken = (kind) => isElection(kind) || kind === "node-offline" || kind === "approval-pending";

export const clock = (time) =>
  new Date(time).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

/** Times of today are shown as people read clocks. */
export const withTimes = (text) =>
  text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (time) =>
    new Date(time).toDateString() === new Date().toDateString() ? clock(time) : new Date(time).toLocaleString(),
  );

/** Reasons name nodes by number; people know them by name. */
export const named = (reason, tailnet) =>
  reason.replace(/\bnode `?(\d+)`?(?!\d)/g, (words, id) => tailnet?.nodes.find((node) => node.id === Number(id))?.name ?? words);

/** Why something happened: what led to it, and what followed from that. */
export const because = (event) => (event.cause === null ? event.reason : `${event.cause}; then ${event.reason}`);

/** Shortens in the middle: the ends of names and addresses tell them apart. */
export function shortened(text, most) {
  if (text.length <= most) {
    return text;
  }
  const tail = Math.floor((most - 1) / 2);
  return `${text.slice(0, most - 1 - tail)}…${text.slice(text.length - tail)}`;
}

/** Leaves words out at the end: what is said in words is understood by the first of them. */
export function clipped(words, most) {
  const end = words.lastIndexOf(" ", most - 1);
  return words.length <= most || end < 1 ? shortened(words, most) : `${words.slice(0, end).replace(/[,:]$/, "")}…`;
}

export const owner = (node, users) => {
  if (node.user === null) {
    return node.tags.join(", ");
  }
  return users.find((user) => user.id === node.user)?.name ?? `user ${node.user}`;
};

export const plural = (count, one, many = `${one}s`) => `${count.toLocaleString()} ${count === 1 ? one : many}`;
