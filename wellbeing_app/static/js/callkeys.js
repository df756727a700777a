// A call's questions by single keys. Without it, Tab, the arrows and Enter do the same.

const OFF = "keysAreOff";
const BUTTONS = { enter: "continue", h: "help", s: "flag", p: "pause" };
const LEFT_OUT = "declined";
const TYPED_IN = "textarea, select, input:not([type=radio], [type=checkbox])";
const PRESSED = "button, a, summary";
const choice = document.getElementById("keys");

/** What a key presses: a button by its name, or an answer of the measure that is asked; null for other keys. */
function meant(key) {
  if (key === "backspace") return document.querySelector(".back-link");
  const name = BUTTONS[key];
  if (name) return document.querySelector(`[data-do=${name}], button[value=${name}]`);
  const value = key === "9" ? LEFT_OUT : /^[1-5]$/.test(key) && key;
  return value && document.querySelector(`.measure:not([hidden]) [type=radio][value="${value}"]`);
}

/** Listens from now on, while `isAsking`. */
export function listen(isAsking = () => true) {
  choice.checked = sessionStorage.getItem(OFF) === null;
  choice.closest("p").hidden = false;
  choice.addEventListener("change", () => (choice.checked ? sessionStorage.removeItem(OFF) : sessionStorage.setItem(OFF, "yes")));
  document.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    const isCommand = event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
    if (!choice.checked || isCommand || event.repeat || event.target.closest(TYPED_IN) || !isAsking()) return;
    const there = key === "enter" && event.target.closest(PRESSED) ? null : meant(key);
    if (!there) return;
    event.preventDefault();
    if (there.type === "radio") there.focus();
    there.click();
  });
}
