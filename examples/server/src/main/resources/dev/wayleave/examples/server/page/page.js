// The page: it follows the tailnet and its events, and hands both to the four panels.

import { bdi, byId, element, reconcile, setProse, setText } from "./dom.js";
import { Findings } from "./findings.js";
import { NodeList } from "./list.js";
import { Picture } from "./picture.js";
import { needsConsent, planSections, PolicyEditor } from "./policy.js";
import { rove } from "./roving.js";
import { follow, get, keys, Refusal, send } from "./server.js";
import { indexed, nameOf } from "./tailnet.js";
import { TimeLine } from "./timeline.js";
import { Why } from "./why.js";
import { clock, isExit, plural } from "./words.js";

let tailnet = null;
let chosen = null;
let mayOperate = false;
let clockSkew = 0;
let sample = new Map();
let toastTimer;
let drawing;
let stops = [];
let lostAt = null;

/** Explains a node or a route; null shows the overview. */
const choose = (choice) => {
  chosen = choice?.prefix === undefined ? choice : { ...choice, exit: isExit(choice.prefix) };
  showTab("why");
  draw();
  revealWhy();
};
const picture = new Picture(
  byId("picture"),
  choose,
  () => byId("filter").focus(),
  (isPart) => (byId("picture-all").hidden = !isPart),
);
const list = new NodeList(choose, act);
const findings = new Findings(choose, showLine, explain);
const why = new Why({ choose, act, showWaiting, showFindings: () => showTab("findings", true) }, () => findings.found);
const policy = new PolicyEditor(toast, ask);
const timeLine = new TimeLine(choose);

const now = () => Date.now() + clockSkew;

/** Draws the list first, and the picture in a task of its own: no task takes long. */
function drawTailnet() {
  list.update(tailnet, chosen, now(), mayOperate);
  drawing ??= setTimeout(() => {
    drawing = undefined;
    picture.update(tailnet, chosen, now());
  });
}

function draw() {
  drawTailnet();
  explain();
}

function explain() {
  if (tailnet !== null) {
    why.update(tailnet, chosen, now(), mayOperate, sample);
  }
}

function showLine(line) {
  showTab("policy");
  policy.showLine(line);
}

/** The list has all routes that wait. */
function showWaiting() {
  list.filter.showState("waiting");
  byId("filter-state").focus();
}

function heard(document_) {
  tailnet = indexed(document_);
  clockSkew = Date.parse(tailnet.time) - Date.now();
  byId("tailnet").replaceChildren(bdi(tailnet.tailnet));
  document.title = `${tailnet.tailnet} – Wayleave`;
  showFreshness();
  drawFigures();
  draw();
}

function drawFigures() {
  const routes = tailnet.nodes.flatMap((node) => node.routes);
  // a subnet that no node offers any more is one that its viewers miss
  const subnets = tailnet.routes.length + tailnet.lost.length;
  const served = tailnet.routes.filter((route) => route.state === "served").length;
  const figures = [
    [
      tailnet.nodes.filter((node) => node.liveness === "online").length,
      `of ${plural(tailnet.nodes.length, "node")} online`,
      "",
    ],
    [served, `of ${plural(subnets, "subnet")} served`, ""],
    [routes.filter((route) => route.state === "waiting").length, "waiting for approval", "wait"],
    [subnets - served, "not served", "bad"],
  ].filter(([count, , tone]) => tone === "" || count > 0);
  reconcile(
    byId("figures"),
    figures,
    ([, words]) => words.replace(/[\d.,]+/, "#"),
    ([, , tone]) => element("li", { "data-tone": tone }, tone === "" ? figure("span") : figure("button")),
    (item, [count, words]) => {
      setText(item.querySelector("b"), count.toLocaleString());
      setText(item.querySelector("b + span"), words);
    },
  );
}

/** The overview lists what does not serve and what waits. */
function figure(tag) {
  return element(
    tag,
    tag === "button" ? { type: "button", class: "plain", click: () => choose(null) } : {},
    element("b"),
    " ",
    element("span"),
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

/** How many events of one request the page names: a drain may move hundreds of prefixes. */
const NAMED_EVENTS = 4;

/** What a request led to, and what the server remarks on it. */
function outcome({ happened, remarks }) {
  const texts = happened.slice(0, NAMED_EVENTS);
  if (happened.length > texts.length) {
    texts.push(`and ${plural(happened.length - texts.length, "more event")}`);
  }
  texts.push(...remarks.map((remark) => remark.message));
  return texts.length === 0 ? "Nothing changed." : `${texts.join("; ")}.`;
}

/** What the sample's agent was asked to do. */
function played(action, name) {
  const { silenceLimitSeconds, graceSeconds } = tailnet.settings;
  return {
    silence:
      `${name} sends nothing more. After ${silenceLimitSeconds} s of silence its grace begins; ` +
      `${graceSeconds} s later its standbys serve.`,
    stop: `${name} ended its session. In ${graceSeconds} s its standbys serve.`,
    start: `${name} runs again.`,
  }[action];
}

/** The actions that are planned first: the change, the question, and the answer that does it. */
const QUESTIONS = {
  approve: (name, prefix) => [
    { action: "approve", routes: [prefix] },
    `Approve ${prefix} on ${name}?`,
    "Approve anyway",
  ],
  revoke: (name, prefix) => [{ action: "revoke", routes: [prefix] }, `Revoke ${prefix} on ${name}?`, "Revoke anyway"],
  drain: (name) => [{ action: "drain" }, `Drain ${name}?`, "Drain anyway"],
};

async function act(action, about) {
  const name = nameOf(tailnet, about.node);
  try {
    let plan = null;
    if (action in QUESTIONS) {
      const [change, title, yes] = QUESTIONS[action](name, about.prefix);
      plan = await send("POST", `nodes/${about.node}/plan`, change);
      if (needsConsent(plan) && !(await ask(title, plan, yes))) {
        return;
      }
    }
    const answer = await ASKS[action](about, plan);
    toast(answer === undefined ? played(action, name) : outcome(answer));
  } catch (refusal) {
    toast(refusal.message);
  }
}

/** Shows the plan of a change, and asks whether to make it. */
function ask(title, plan, yes) {
  const dialog = byId("ask");
  setProse(byId("ask-title"), title);
  setText(
    byId("ask-words"),
    `${plan.summary.charAt(0).toUpperCase()}${plan.summary.slice(1)} (at revision ${plan.revision}).`,
  );
  setText(byId("ask-yes"), yes);
  byId("ask-list").replaceChildren(...planSections(plan.sections));
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }),
  );
}

function toast(words) {
  clearTimeout(toastTimer);
  const shown = byId("toast");
  setProse(shown, words);
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
    byId("why")
      .closest(".panel")
      .scrollIntoView({
        block: "start",
        behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth",
      });
  }
}

function connection(state) {
  if (state instanceof Refusal) {
    close(state.message);
    return;
  }
  lostAt = state === "live" ? null : (lostAt ?? new Date());
  showFreshness();
}

/** The board is stale without a connection, and where the server reports that it may be outdated. */
function showFreshness() {
  const { status, since } = tailnet?.replica ?? { status: "live" };
  const isLive = lostAt === null && status === "live";
  byId("connection").dataset.state = isLive ? "live" : "lost";
  document.body.classList.toggle("stale", !isLive);
  setText(
    byId("connection-words"),
    lostAt !== null
      ? `connection lost at ${clock(lostAt)}: this board is stale; trying again`
      : isLive
        ? "live"
        : `server ${status} since ${clock(since)}: this board is stale`,
  );
}

async function open() {
  try {
    const [self, first, { agents }, { events }] = await Promise.all([
      get("self"),
      get("tailnet"),
      get("sample").catch(() => ({ agents: [] })),
      get("events?limit=200"),
    ]);
    mayOperate = self.scope === "operate";
    sample = new Map(agents.map((agent) => [agent.node, agent.state]));
    document.body.dataset.view = "board";
    heard(first);
    timeLine.begin(events);
    policy.load(mayOperate);
    findings.load();
    stops = [
      follow(
        () => "tailnet/stream",
        (kind, said) => kind === "tailnet" && heard(said),
        connection,
      ),
      follow(
        () => `events/stream?after=${timeLine.last}`,
        (kind, event) => {
          if (kind === "event") {
            timeLine.add(event);
            findings.refresh();
            if (event.kind === "policy-replaced" || event.kind === "policy-text-changed") {
              policy.load(mayOperate);
            }
          } else if (kind === "history") {
            timeLine.forgetAfter(event.after);
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
byId("picture-all").addEventListener("click", () => {
  chosen = null;
  draw();
});
["figures", "nodes", "why", "findings-list", "policy-problems", "policy-foot", "events"].forEach((group) =>
  rove(byId(group)),
);
// a link that skips to a panel changes the part behind #, too
addEventListener("hashchange", () => location.hash.startsWith("#key=") && keys.find() && location.reload());

// The seconds of a silence and of a grace count between two documents.
setInterval(() => {
  if (lostAt !== null) {
    return;
  }
  why.count(now());
  if (tailnet?.nodes.some((node) => node.liveness === "grace" || node.silentAt !== null)) {
    drawTailnet();
  }
}, 1000);

if (keys.find() === null) {
  close("");
} else {
  open();
}
