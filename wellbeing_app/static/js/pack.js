// On the page for choosing visits: makes this browser a device of the advisor's, and packs what is chosen.

import { ofStaff, put, transaction } from "./store.js";
import { change, create, encrypt, has, newPassphrase, normalised, unlock, WrongPassphrase } from "./vault.js";
import { verified } from "./worker.js";

const form = document.getElementById("pack");
const says = document.getElementById("packing-says");
const [, version] = /\/at\/([^/]+)\//.exec(import.meta.url);
const steps = ["pack", "words-new", "words-known", "packed"].map((id) => document.getElementById(id));

function step(id) {
  for (const one of steps) one.hidden = one.id !== id;
  says.hidden = true;
  const shown = document.getElementById(id);
  (shown.querySelector("input:not([type=checkbox])") ?? shown.querySelector("h2"))?.focus();
}

function say(what, sentence = says.dataset[what]) {
  says.textContent = sentence;
  says.hidden = false;
}

/** An answer of the server. Throws what it says, or that there is no connection. */
async function ask(address, sent) {
  const headers = { "Content-Type": "application/json", "X-Wellbeing": "1" };
  const how = { method: "POST", headers, body: JSON.stringify(sent), redirect: "error" };
  const answer = await fetch(address, how).catch(() => null);
  const found = await answer?.json().catch(() => null);
  if (!found) throw new Error(says.dataset.offline);
  if (!answer.ok) throw new Error(found.say);
  return found;
}

const pressed = (button) => new Promise((resolve) => button.addEventListener("click", resolve, { once: true }));

const submitted = (one) =>
  new Promise((resolve) => {
    one.onsubmit = (event) => {
      event.preventDefault();
      resolve();
    };
  });

/** New words, shown once and typed once. */
async function newKeys(staff, initials) {
  const page = document.getElementById("words-new");
  const shown = page.querySelector("[data-words]");
  const typed = page.querySelector("input");
  const another = () => {
    shown.textContent = newPassphrase();
    typed.value = "";
  };
  another();
  page.querySelector("[data-do=another]").onclick = another;
  step("words-new");
  for (;;) {
    await submitted(page);
    if (normalised(typed.value) === normalised(shown.textContent)) break;
    say("differ");
    typed.focus();
  }
  say("making");
  const keys = await create(staff, initials, shown.textContent);
  shown.textContent = typed.value = "";
  return keys;
}

/** The words from before; or new ones, for somebody who has forgotten them. */
async function knownKeys(staff, initials) {
  const page = document.getElementById("words-known");
  const typed = page.querySelector("input");
  const forgot = pressed(page.querySelector("[data-do=forgot]")).then(() => "forgot");
  step("words-known");
  for (;;) {
    if ((await Promise.race([submitted(page), forgot])) === "forgot") return newKeys(staff, initials);
    say("opening");
    const found = await unlock(staff, typed.value).catch((error) => error);
    typed.value = "";
    if (!(found instanceof Error)) return found;
    if (!(found instanceof WrongPassphrase)) throw found;
    say("wrong");
    typed.focus();
  }
}

/** What was packed, sealed and in the place of what was packed before. What was finished stays marked so. */
async function keep(keys, { visits, packed_at, expires_at, service }) {
  const { staff } = keys;
  const sealed = await Promise.all(
    visits.map(async (visit) => {
      const { ticket } = visit;
      return { staff, ticket, ...(await encrypt(keys, `visits/${staff}/${ticket}`, visit)) };
    }),
  );
  await transaction(["visits"], async (base) => {
    const done = new Map((await base.all("visits", ofStaff(staff))).map(({ ticket, done_at }) => [ticket, done_at]));
    base.remove("visits", ofStaff(staff));
    for (const visit of sealed) base.put("visits", { ...visit, done_at: done.get(visit.ticket) });
  });
  await change(staff, () => ({ packed_at, expires_at, service }));
}

async function pack() {
  const tickets = new FormData(form).getAll("ticket");
  if (!tickets.length) return say("none");
  say("working");
  navigator.storage?.persist?.();
  const { device, staff, initials, intake } = await ask(form.dataset.enrol, { name: "", version });
  await put("device", { id: "this", device, intake });
  const keys = await ((await has(staff)) ? knownKeys : newKeys)(staff, initials);
  say("working");
  const bundle = await ask(form.dataset.pack, { tickets });
  await keep(keys, bundle);
  await verified((await navigator.serviceWorker.ready).active); // every language is here before this says so
  const done = document.getElementById("packed");
  done.querySelector("[data-many]").textContent = bundle.visits.length;
  step("packed");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  pack().catch((error) => {
    step("pack");
    say("broken", error.message || says.dataset.broken);
  });
});

if (navigator.serviceWorker && crypto.subtle && indexedDB) {
  navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => say("broken"));
  form.querySelector("button").disabled = false;
} else say("cannot");
