// The page: it follows the tailnet and its events, and hands what it hears to the four panels.

import { byId, element, setText } from "./dom.js";
import { Findings } from "./findings.js";
import { NodeList } from "./list.js";
import { Picture } from "./picture.js";
import { needsConsent, planSections, PolicyEditor } from "./policy.js";
import { follow, get, keys, Refusal, send } from "./server.js";
import { TimeLine } from "./timeline.js";
import { Why } from "./why.js";
import { clock, plural } from "./words.js";

let tailnet = null;
let chosen = null;
let mayOperate = false;
let clockSkew = 0;
let sample = new Map();
let toastTimer;
let stops = [];
let lostAt = null;

const choose = (choice) => {
  chosen = choice;
  showTab("why");
  draw();
  revealWhy();
};
const picture = new Picture(byId("picture"), choose, () => byId("filter").focus());
const list = new NodeList(choose, act);
const why = new Why(choose, act);
const policy = new PolicyEditor(toast, ask);
const findings = new Findings(choose, (line) => {
  showTab("policy");
  policy.showLine(line);
});
const timeLine = new TimeLine(choose, () => tailnet);

function draw() {
  const now = Date.now() + clockSkew;
  picture.update(tailnet, chosen, now);
  list.update(tailnet, chosen, now, mayOperate);
  why.update(tailnet, chosen, now, mayOperate, sample);
}

function heard(document_) {
  tailnet = document_;
  clockSkew = Date.parse(tailnet.time) - Date.now();
  setText(byId("tailnet"), tailnet.tailnet);
  document.title = `${tailnet.tailnet} – Wayleave`;
  drawFigures();
  draw();
}

function drawFigures() {
  const routes = tailnet.nodes.flatMap((node) => node.routes);
  const figures = [
    [tailnet.nodes.filter((node) => node.liveness === "online").length, `of ${plural(tailnet.nodes.length, "node")} online`, ""],
    [tailnet.routes.filter((route) => route.state === "served").length, `of ${plural(tailnet.routes.length, "subnet")} served`, ""],
    [routes.filter((route) => route.state === "waiting").length, "waiting for approval", "wait"],
    [tailnet.routes.filter((route) => route.state !== "served").length, "not served", "bad"],
  ];
  byId("figures").replaceChildren(
    ...figures.filter(([count, , tone]) => tone === "" || count > 0).map(([count, words, tone]) => element("li", { "data-tone": tone }, element("b", {}, String(count)), ` ${words}`)),
  );
}

const ASKS = {
  approve: ({ node, prefix }) => send("POST", `nodes/${node}/approve`, { routes: [prefix] }),
  revoke: ({ node, prefix }) => send("POST", `nodes/${node}/revoke`, { routes: [prefix] }),
  drain: ({ node }, plan) => send("POST", `nodes/${node}/drain`, { forced: plan.problems.length > 0 }),
  undrain: ({ node }) => send("POST", `nodes/${node}/undrain`, {}),
  silence: ({ node }) => play(node, "silence"),
  stop: ({ node }) => play(node, "stop"),
  start: ({ node }) => play(node, "start"),
};

async function play(node, action) {
  const { state } = await send("POST", `sample/${node}/${action}`, {});
  sample.set(node, state);
  draw();
}

function done(action, prefix, name) {
  const { silenceLimitSeconds, graceSeconds } = tailnet.settings;
  return {
    approve: `${prefix} on ${name} is approved.`,
    revoke: `${prefix} on ${name} is revoked, and denied to the policy.`,
    drain: `${name} is being drained.`,
    undrain: `${name} is no longer drained.`,
    silence: `${name} says nothing more. It counts as gone after ${silenceLimitSeconds} s of silence; ${graceSeconds} s later its standbys serve.`,
    stop: `${name} took leave. In ${graceSeconds} s its standbys serve.`,
    start: `${name} runs again.`,
  }[action];
}

/** What is planned before it is done, with the question and the answer that does it. */
const QUESTIONS = {
  revoke: (name, prefix) => [{ action: "revoke", routes: [prefix] }, `Revoke ${prefix} on ${name}?`, "Revoke anyway"],
  drain: (name) => [{ action: "drain" }, `Drain ${name}?`, "Drain anyway"],
};

async function act(action, about) {
  const name = tailnet.nodes.find((node) => node.id === about.node)?.name;
  try {
    let plan = null;
    if (action in QUESTIONS) {
      const [change, title, yes] = QUESTIONS[action](name, about.prefix);
      plan = await send("POST", `nodes/${about.node}/plan`, change);
      if (needsConsent(plan) && !(await ask(title, plan, yes))) {
        return;
      }
    }
    await ASKS[action](about, plan);
    toast(done(action, about.prefix, name));
  } catch (refusal) {
    toast(refusal.message);
  }
}

/** Shows what a change would do, and asks whether it is done. */
function ask(title, plan, yes) {
  const dialog = byId("ask");
  setText(byId("ask-title"), title);
  setText(byId("ask-words"), `${plan.summary.charAt(0).toUpperCase()}${plan.summary.slice(1)} (at revision ${plan.revision}).`);
  setText(byId("ask-yes"), yes);
  byId("ask-list").replaceChildren(...planSections(plan.sections));
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}

function toast(words) {
  clearTimeout(toastTimer);
  const shown = byId("toast");
  setText(shown, words);
  shown.hidden = false;
  toastTimer = setTimeout(() => (shown.hidden = true), 6000);
}

const TABS = ["why", "findings", "policy"];

function showTab(name, focus = false) {
  for (const tab of TABS) {
    const button = byId(`tab-${tab}`);
    button.setAttribute("aria-selected", String(tab === name));
    button.tabIndex = tab === name ? 0 : -1;
    byId(tab).hidden = tab !== name;
  }
  byId("board").dataset.detail = name;
  if (focus) {
    byId(`tab-${name}`).focus();
  }
  if (name === "policy") {
    policy.load(mayOperate);
  } else if (name === "findings") {
    findings.load();
  }
}

for (const tab of TABS) {
  byId(`tab-${tab}`).addEventListener("click", () => showTab(tab));
  byId(`tab-${tab}`).addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const step = event.key === "ArrowRight" ? 1 : TABS.length - 1;
      showTab(TABS[(TABS.indexOf(tab) + step) % TABS.length], true);
    }
  });
}

/** On a narrow screen the explanation may be out of sight. */
function revealWhy() {
  const panel = byId("why").closest(".panel").getBoundingClientRect();
  if (panel.top > innerHeight - 120 || panel.bottom < 120) {
    byId("why").closest(".panel").scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }
}

function connection(state) {
  if (state instanceof Refusal) {
    close(state.message);
    return;
  }
  lostAt = state === "live" ? null : (lostAt ?? new Date());
  byId("connection").dataset.state = state;
  document.body.classList.toggle("stale", lostAt !== null);
  setText(byId("connection-words"), lostAt === null ? "live" : `connection lost at ${clock(lostAt)}: this board is stale; trying again`);
}

async function open() {
  try {
    const self = await get("self");
    mayOperate = self.scope === "operate";
    tailnet = await get("tailnet");
    const { agents } = await get("sample").catch(() => ({ agents: [] }));
    sample = new Map(agents.map((agent) => [agent.node, agent.state]));
    const { events } = await get("events?limit=200");
    document.body.dataset.view = "board";
    timeLine.begin(events);
    policy.load(mayOperate);
    findings.load();
    stops = [
      follow(() => "tailnet/stream", (kind, said) => kind === "tailnet" && heard(said), connection),
      follow(
        () => `events/stream?after=${timeLine.last}`,
        (kind, event) => {
          if (kind === "event") {
            timeLine.add(event);
            findings.refresh();
            if (event.kind === "policy-replaced" || event.kind === "policy-text-changed") {
              policy.load(mayOperate);
            }
          }
        },
        () => {},
      ),
    ];
  } catch (refusal) {
    if (refusal instanceof Refusal && (refusal.status === 401 || refusal.status === 403)) {
      close("This key does not open the tailnet.");
    } else {
      byId("connection-words").textContent = refusal.message;
      setTimeout(open, 2000);
    }
  }
}

function close(problem) {
  stops.forEach((stop) => stop());
  stops = [];
  keys.forget();
  document.body.dataset.view = "sign-in";
  setText(byId("key-problem"), problem);
  byId("key").focus();
}

byId("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  keys.keep(byId("key").value.trim());
  byId("key").value = "";
  open();
});
byId("leave").addEventListener("click", () => close(""));
// a link that skips to a panel changes what stands behind #, too
addEventListener("hashchange", () => location.hash.startsWith("#key=") && keys.find() && location.reload());

// What counts by itself: the seconds of a silence and of a grace.
setInterval(() => {
  if (lostAt !== null) {
    return;
  }
  why.count(Date.now() + clockSkew);
  if (tailnet?.nodes.some((node) => node.liveness === "grace" || node.silentAt !== null)) {
    const now = Date.now() + clockSkew;
    picture.update(tailnet, chosen, now);
    list.update(tailnet, chosen, now, mayOperate);
  }
}, 1000);

if (keys.find() === null) {
  close("");
} else {
  open();
}
