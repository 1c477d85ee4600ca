// Names and texts from outside: characters that are not seen are escaped, and scripts that run from right to left are
// isolated.

/**
 * Characters without ink, and those that change the direction of a text: controls (but tab and line feed), formats,
 * separators, all spaces but the plain one, variation selectors, and the fillers of several scripts.
 */
const UNSEEN = new RegExp(
  "[\\p{Cf}\\p{Zl}\\p{Zp}\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00a0\\u034f\\u115f\\u1160\\u1680\\u17b4" +
    "\\u17b5\\u180b-\\u180f\\u2000-\\u200a\\u202f\\u205f\\u2800\\u3000\\u3164\\ufe00-\\ufe0f\\uffa0" +
    "\\u{e0100}-\\u{e01ef}]",
  "u",
);
const ALL_UNSEEN = new RegExp(UNSEEN, "gu");
const ESCAPED_IN_JSON = /\\u[0-9a-fA-F]{4}/;

/** Words of scripts that run from right to left, with the spaces between them. */
const RIGHT_TO_LEFT =
  "[^\\s`]*[\\p{Script=Hebrew}\\p{Script=Arabic}\\p{Script=Syriac}" +
  "\\p{Script=Thaana}\\p{Script=Nko}\\p{Script=Adlam}][^\\s`]*";
const RUNS = new RegExp(`(${RIGHT_TO_LEFT}(?: +${RIGHT_TO_LEFT})*)`, "u");

function escaped(text) {
  return text.replace(ALL_UNSEEN, (found) => {
    const digits = found.codePointAt(0).toString(16);
    return digits.length > 4 ? `\\u{${digits}}` : `\\u${digits.padStart(4, "0")}`;
  });
}

/** The fields that are edited and sent back: they stay as they are. */
const EDITED = new Set(["policy"]);

/** Reads JSON. Characters that are not seen are escaped in each text, so that no part of the page can forget it. */
export function readJson(text) {
  return UNSEEN.test(text) || ESCAPED_IN_JSON.test(text)
    ? JSON.parse(text, (key, value) => (typeof value === "string" && !EDITED.has(key) ? escaped(value) : value))
    : JSON.parse(text);
}

/** Splits a text: the parts at odd places run from right to left. */
export const byDirection = (text) => text.split(RUNS);

/** Isolates a name by characters, for texts that can hold no elements. */
export const isolated = (name) => (RUNS.test(name) ? `\u2068${name}\u2069` : name);

/** Shortens in the middle: the ends of names and addresses tell them apart. */
export function shortened(text, most) {
  const letters = [...text];
  if (letters.length <= most) {
    return text;
  }
  const tail = Math.floor((most - 1) / 2);
  return `${letters.slice(0, most - 1 - tail).join("")}…${letters.slice(letters.length - tail).join("")}`;
}

/** Leaves words out at the end: a sentence is understood by its first words. */
export function clipped(words, most) {
  const end = words.lastIndexOf(" ", most - 1);
  return words.length <= most || end < 1 ? shortened(words, most) : `${words.slice(0, end).replace(/[,:]$/, "")}…`;
}

/** Breaks an address or a prefix into lines, after a colon or before the length where there is one. */
export function brokenPrefix(prefix, most) {
  const lines = [];
  let rest = prefix;
  while (rest.length > most) {
    const colon = rest.lastIndexOf(":", most - 1) + 1;
    const slash = rest.lastIndexOf("/", most);
    const end = Math.max(colon, slash) || most;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...lines, rest];
}
