// Answers a call's questions by single keys. Without it, Tab, the arrows and Enter do the same.

const form = document.getElementById("survey");
const choice = document.getElementById("keys");
const OFF = "keysAreOff";
const BUTTONS = { h: "help", s: "flag", p: "pause" };
const LEFT_OUT = "declined";
const TYPED_IN = "textarea, select, input:not([type=radio], [type=checkbox])";
const PRESSED = "button, a, summary";

choice.checked = sessionStorage.getItem(OFF) === null;
choice.closest("[hidden]").hidden = false;
choice.addEventListener("change", () => {
  if (choice.checked) sessionStorage.removeItem(OFF);
  else sessionStorage.setItem(OFF, "yes");
});

function answer(key) {
  const value = key === "9" ? LEFT_OUT : key;
  const input = form.querySelector(`input[type=radio][value="${CSS.escape(value)}"]`);
  if (!input) return false;
  input.checked = true;
  input.focus();
  input.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

function press(name) {
  const button = form.querySelector(`button[name="do"][value="${name}"]`);
  if (!button) return false;
  form.requestSubmit(button);
  return true;
}

function goBack() {
  const link = document.querySelector(".back-link");
  if (!link) return false;
  link.click();
  return true;
}

function act(event) {
  const key = event.key.toLowerCase();
  if (key === "enter") return !event.target.closest(PRESSED) && press("continue");
  if (key === "backspace") return goBack();
  return key in BUTTONS ? press(BUTTONS[key]) : answer(key);
}

document.addEventListener("keydown", (event) => {
  const isCommand = event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
  if (!choice.checked || isCommand || event.repeat || event.target.closest(TYPED_IN)) return;
  if (act(event)) event.preventDefault();
});
