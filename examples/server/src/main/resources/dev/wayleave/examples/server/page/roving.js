// A group of controls is one stop of the Tab key; the arrow keys lead from control to control.

const CONTROLS = "button:not([hidden], [hidden] *, :disabled)";
const ROWS = "tr, li, .actions, h3, p";

/** Makes the buttons of an element, also those that it gets later, one stop. */
export function rove(group) {
  let current = null;
  const settle = () => {
    const controls = [...group.querySelectorAll(CONTROLS)];
    current = controls.includes(current) ? current : (controls[0] ?? null);
    for (const control of controls) {
      control.tabIndex = control === current ? 0 : -1;
    }
  };
  new MutationObserver(settle).observe(group, {
    childList: true,
    subtree: true,
    attributeFilter: ["hidden", "disabled"],
  });
  group.addEventListener("focusin", (event) => {
    if (event.target.matches(CONTROLS)) {
      current = event.target;
      settle();
    }
  });
  group.addEventListener("keydown", (event) => {
    const next = target(event, group);
    if (next !== undefined) {
      event.preventDefault();
      next.focus();
    }
  });
  settle();
}

/** Where a key leads: left and right to the next control, up and down to the next row, Home and End to the ends. */
function target({ key, target: here, altKey, ctrlKey, metaKey }, group) {
  if (altKey || ctrlKey || metaKey || !here.matches(CONTROLS)) {
    return undefined;
  }
  const controls = [...group.querySelectorAll(CONTROLS)];
  const place = controls.indexOf(here);
  const row = here.closest(ROWS);
  const inRow = (control) => control.closest(ROWS) === row;
  switch (key) {
    case "ArrowRight":
      return controls[place + 1];
    case "ArrowLeft":
      return controls[place - 1];
    case "ArrowDown":
      return sideBySide(
        here,
        controls.slice(place + 1).filter((control) => !inRow(control)),
      );
    case "ArrowUp":
      return sideBySide(
        here,
        controls
          .slice(0, place)
          .reverse()
          .filter((control) => !inRow(control)),
      );
    case "Home":
      return controls[0];
    case "End":
      return controls.at(-1);
    default:
      return undefined;
  }
}

/** The control of the nearest row in the same column; the first one where that column has none. */
function sideBySide(here, others) {
  const row = others[0]?.closest(ROWS);
  const cell = here.closest("td, th");
  const inRow = others.filter((control) => control.closest(ROWS) === row);
  const isBelow = (control) =>
    control.closest("td, th")?.cellIndex === cell?.cellIndex && control.matches(".fold") === here.matches(".fold");
  return inRow.find(isBelow) ?? inRow[0];
}
