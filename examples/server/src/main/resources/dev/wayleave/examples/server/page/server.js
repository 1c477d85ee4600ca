// Requests to the server, and its streams. The key travels in a header and nowhere else.

import { readJson } from "./text.js";

const ROOT = "api/wayleave/v1/";
const KEY = "wayleave-key";
const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;

/** The server sends something at least every 5 s: after a longer silence the connection is dead, even if it is open. */
const LONGEST_SILENCE = 15000;

/** The server refused a request, with a reason. */
export class Refusal extends Error {
  constructor(status, document) {
    super(document.detail || document.title || `the server answered ${status}`);
    this.status = status;
    this.problems = document.problems ?? [];
  }
}

export const keys = {
  /** The key of this tab. A key behind # in the address is taken out of the address first. */
  find() {
    const given = new URLSearchParams(location.hash.slice(1)).get("key");
    if (given) {
      sessionStorage.setItem(KEY, given);
      history.replaceState(null, "", location.pathname + location.search);
    }
    return sessionStorage.getItem(KEY);
  },
  keep: (key) => sessionStorage.setItem(KEY, key),
  forget: () => sessionStorage.removeItem(KEY),
};

function call(path, options = {}) {
  const headers = new Headers({ Authorization: `Bearer ${sessionStorage.getItem(KEY) ?? ""}` });
  if (options.body !== undefined) {
    headers.set("Content-Type", "application/json");
  }
  return fetch(ROOT + path, { ...options, headers, cache: "no-store", credentials: "omit", redirect: "error" });
}

async function answer(response) {
  if (response.ok) {
    return response.status === 204 ? null : readJson(await response.text());
  }
  throw new Refusal(
    response.status,
    await response
      .text()
      .then(readJson)
      .catch(() => ({ title: response.statusText })),
  );
}

export const get = async (path) => answer(await call(path));
export const send = async (method, path, body) => answer(await call(path, { method, body: JSON.stringify(body) }));

/**
 * Reads an event stream until it is stopped, and takes it up again when it breaks.
 *
 * @param path asked anew for each connection
 * @param heard called with the kind and the data of each event
 * @param state called with "live", "lost", or the refusal that ends it
 * @returns a function that stops it
 */
export function follow(path, heard, state) {
  const stopped = new AbortController();
  (async () => {
    let wait = FIRST_WAIT;
    while (!stopped.signal.aborted) {
      try {
        const response = await call(path(), { signal: stopped.signal });
        if (!response.ok) {
          await answer(response);
        }
        state("live");
        await read(response.body, (kind, data) => {
          wait = FIRST_WAIT;
          heard(kind, data);
        });
      } catch (failure) {
        if (stopped.signal.aborted) {
          return;
        }
        if (failure instanceof Refusal && [401, 403, 404].includes(failure.status)) {
          state(failure);
          return;
        }
      }
      state("lost");
      await new Promise((resolve) => setTimeout(resolve, wait));
      wait = Math.min(wait * 2, LONGEST_WAIT);
    }
  })();
  return () => stopped.abort();
}

async function read(body, heard) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    await readAll(reader, heard);
  } finally {
    reader.cancel().catch(() => {});
  }
}

async function readAll(reader, heard) {
  let rest = "";
  for (;;) {
    const { value, done } = await next(reader);
    if (done) {
      return;
    }
    // the end of a message may lie between two chunks
    const unread = Math.max(0, rest.length - 3);
    rest += value;
    if (!/\n\r?\n/.test(rest.slice(unread))) {
      continue;
    }
    const parts = rest.split(/\r?\n\r?\n/);
    rest = parts.pop();
    for (const part of parts) {
      const lines = part.split(/\r?\n/);
      const field = (name) =>
        lines.filter((line) => line.startsWith(name)).map((line) => line.slice(name.length).replace(/^ /, ""));
      const data = field("data:").join("\n");
      if (data !== "") {
        heard(field("event:")[0] ?? "message", readJson(data));
      }
    }
  }
}

/** Reads what comes next; fails after a long silence. */
function next(reader) {
  let timer;
  const silence = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("the server is silent")), LONGEST_SILENCE);
  });
  return Promise.race([reader.read(), silence]).finally(() => clearTimeout(timer));
}
