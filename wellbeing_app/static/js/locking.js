// The lock page: who is at the tablet, and the passphrase; and locking again by itself.

import { all } from "./store.js";
import { lock, unlock, WrongPassphrase } from "./vault.js";
import { drawn, keys, show, unlocked, workspace } from "./workspace.js";

const IDLE = 5 * 60_000;
const HIDDEN = 60_000;
const form = document.getElementById("unlock");
const typed = form.elements.passphrase;
const problem = document.getElementById("unlock-problem");

async function people() {
  const vaults = await all("vaults");
  const list = document.getElementById("advisors");
  list.replaceChildren(
    ...vaults.map(({ staff, initials }) => {
      const choice = drawn("advisor", { initials });
      choice.querySelector("input").value = staff;
      return choice;
    }),
  );
  if (vaults.length === 1) {
    list.querySelector("input").checked = true;
    typed.focus();
  }
  form.hidden = !vaults.length;
  document.getElementById("nobody").hidden = vaults.length > 0;
}

function blame(what, left) {
  problem.textContent = form.dataset[what].replace("{n}", left);
  problem.hidden = false;
  typed.setAttribute("aria-invalid", "true");
  typed.focus();
}

async function tryToUnlock(event) {
  event.preventDefault();
  const button = form.querySelector("button[type=submit]");
  const staff = new FormData(form).get("staff");
  if (!staff) return blame("who");
  if (!typed.value.trim()) return blame("blank");
  button.disabled = true;
  form.dataset.state = "opening";
  try {
    const found = await unlock(staff, typed.value);
    form.reset();
    unlocked(found);
  } catch (error) {
    if (!(error instanceof WrongPassphrase)) return blame("broken");
    blame(error.left ? "wrong" : "erased", error.left);
  } finally {
    button.disabled = false;
    delete form.dataset.state;
  }
}

function lockByItself() {
  let idle;
  let hidden = 0;
  const again = () => {
    clearTimeout(idle);
    idle = setTimeout(lock, IDLE);
  };
  for (const sign of ["pointerdown", "keydown", "input"]) addEventListener(sign, again, { passive: true });
  document.addEventListener("visibilitychange", () => {
    const now = document.visibilityState === "hidden" ? Date.now() : 0;
    if (now) setTimeout(() => document.visibilityState === "hidden" && lock(), HIDDEN);
    else if (hidden && Date.now() - hidden > HIDDEN) lock();
    hidden = now;
  });
  again();
}

/** Begins locked. */
export function start() {
  form.addEventListener("submit", tryToUnlock);
  document.getElementById("show-passphrase").addEventListener("change", ({ target }) => {
    typed.type = target.checked ? "text" : "password";
  });
  for (const button of document.querySelectorAll("[data-do=lock]")) button.addEventListener("click", () => lock());
  workspace.addEventListener("unlocked", lockByItself);
  addEventListener("outbox", ({ detail }) => detail.wiped?.includes(keys()?.staff) && lock());
  addEventListener("pageshow", ({ persisted }) => persisted && lock());
  show("lock");
  document.activeElement.blur(); // nobody came from elsewhere: the page has only begun
  people().catch(() => blame("broken"));
}
