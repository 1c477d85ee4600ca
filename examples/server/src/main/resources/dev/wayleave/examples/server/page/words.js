// The words and colours of states: one table for the list, the picture and the time line.

/** The words and the tone of each state of a route. */
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

/** Whether the operator has to look at a route. A denied route waits for no decision. */
export const needsAttention = (route) => ["waiting", "unserved", "kept"].includes(route.state);

/** How many routes are in each state, as badges. */
export function routeCounts(routes) {
  const counts = new Map();
  for (const route of routes) {
    const { words, tone } = routeState(route);
    const entry =
      counts.get(words) ?? counts.set(words, { state: route.state, count: 0, name: words, tone }).get(words);
    entry.count++;
  }
  return [...counts.values()].map(({ state, count, name, tone }) => ({
    state,
    words: `${count.toLocaleString()} ${name}`,
    tone,
  }));
}

/** The badges of a node; the first is about its session. */
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
    return {
      words: `in grace, ${node.graceUntil === null ? 0 : secondsUntil(node.graceUntil, now)} s left`,
      tone: "wait",
    };
  }
  return node.liveness === "online" ? { words: "online", tone: "good" } : { words: node.liveness, tone: "off" };
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

export const isExit = (prefix) => prefix === "0.0.0.0/0" || prefix === "::/0";

export const eventTone = (kind) => EVENT[kind] ?? "off";

/** Changes of primaries, and changes that the operator has to look at; other changes are detail. */
export const isNews = (kind) => kind !== "route-advertised" && kind !== "route-withdrawn";

/** The kinds of changes of the primary of a prefix. */
export const ELECTIONS = ["primary-elected", "primary-moved", "prefix-unserved", "primary-kept"];

/** The kinds of changes of the nodes that can carry a prefix. */
export const NODE_CHANGES = ["node-in-grace", "node-offline", "node-online", "drain-started", "drain-ended"];

/** Changes that a screen reader reads out: its user does not see the picture move. */
export const isSpoken = (kind) => ELECTIONS.includes(kind) || kind === "node-offline" || kind === "approval-pending";

/** When a node was last heard: empty where the server does not know it. */
export function lastSeen(node) {
  if (node.liveness === "online" && node.silentAt === null) {
    return "seen now";
  }
  if (node.lastHeard !== null) {
    return `last seen ${moment(node.lastHeard)}`;
  }
  return node.absentSince === null ? "" : `absent since ${moment(node.absentSince)}`;
}

const isToday = (time) => new Date(time).toDateString() === new Date().toDateString();

/** The time of day, with the date where it is not of today. */
export const moment = (time) => (isToday(time) ? clock(time) : new Date(time).toLocaleString());

const TIME_OF_DAY = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

export const clock = (time) => TIME_OF_DAY.format(new Date(time));

/** Why an event happened: its cause, and then the reason of the decision. */
export const reasonOf = (event) => (event.cause === null ? event.reason : `${event.cause}; then ${event.reason}`);

export const plural = (count, one, many = `${one}s`) => `${count.toLocaleString()} ${count === 1 ? one : many}`;
