// The list of packed visits, once the tablet is unlocked.

import * as ready from "./ready.js";
import { all, get, ofStaff } from "./store.js";
import { decrypt } from "./vault.js";
import { day, drawn, keys, languageName, moment, say, show, workspace } from "./workspace.js";

const list = document.getElementById("visits");
const words = list.dataset;

const opened = async (place, record) => ({ ...record, ...(await decrypt(keys(), place, record)) });

/** The unlocked advisor's visits, in the order in which they are planned. */
export async function packed() {
  const { staff } = keys();
  const records = await all("visits", ofStaff(staff));
  const found = await Promise.all(records.map((one) => opened(`visits/${staff}/${one.ticket}`, one)));
  return found.sort((one, other) => (one.planned_for ?? "9").localeCompare(other.planned_for ?? "9"));
}

/** Their unfinished drafts. One that can't be opened belongs to keys that are gone, and is left alone. */
export async function drafts() {
  const own = (await all("drafts")).filter(({ staff }) => staff === keys().staff);
  const found = await Promise.allSettled(own.map((one) => opened(`drafts/${one.id}`, one)));
  return found.filter(({ value }) => value).map(({ value }) => value);
}

const NEEDS = ["needs_interpreter", "needs_bsl", "needs_large_print"];

function values(visit) {
  const needs = NEEDS.filter((need) => visit[need]).map((need) => words[need]);
  const not = ["may_telephone", "may_leave_message"].filter((may) => visit[may] === false).map((may) => words[may]);
  const isLater = visit.not_before > new Date().toISOString().slice(0, 10);
  return {
    ...visit,
    name: [visit.known_as || visit.first_name, visit.last_name].filter(Boolean).join(" "),
    occasion: words[visit.occasion],
    planned: day(visit.planned_for),
    not_before: isLater && day(visit.not_before),
    contact: not.join(" "),
    spoken: languageName(visit.language),
    needs: needs.join(", "),
    done: visit.done_at && moment(visit.done_at),
  };
}

function card(visit, draft) {
  const copy = drawn("visit-card", values(visit));
  const call = copy.querySelector("a[href^=tel]");
  if (call) call.href = `tel:${visit.telephone.replace(/[^+\d]/g, "")}`;
  const button = copy.querySelector("[data-do=visit]");
  button.querySelector("[data-begin]").hidden = Boolean(draft);
  button.querySelector("[data-resume]").hidden = !draft;
  button.addEventListener("click", () => say("visit", { visit, draft }));
  const ring = copy.querySelector("[data-do=call]");
  ring.hidden = !visit.may_telephone || !visit.telephone;
  ring.addEventListener("click", () => say("visit", { visit, draft, byTelephone: true }));
  if (visit.done_at) button.parentElement.remove();
  return copy;
}

function loose(draft) {
  const copy = drawn("draft-card", { name: draft.name ?? "", saved: moment(draft.saved_at) });
  copy.querySelector("button").addEventListener("click", () => say("visit", { visit: null, draft }));
  return copy;
}

async function draw() {
  const [visits, begun, vault] = await Promise.all([packed(), drafts(), get("vaults", keys().staff)]);
  const ofTicket = new Map(begun.map((draft) => [draft.ticket, draft]));
  const tickets = new Set(visits.map(({ ticket }) => ticket));
  const others = begun.filter(({ ticket }) => !tickets.has(ticket));
  list.replaceChildren(...others.map(loose), ...visits.map((visit) => card(visit, ofTicket.get(visit.ticket))));
  list.dataset.opened = visits.length;
  document.getElementById("no-visits").hidden = visits.length + others.length > 0;
  const age = document.getElementById("packed-at");
  age.textContent = age.dataset.text.replace("{packed}", moment(vault.packed_at)).replace("{expires}", moment(vault.expires_at));
  ready.draw(document.getElementById("ready"), keys().staff);
}

export function start() {
  workspace.addEventListener("unlocked", () => show("visits"));
  workspace.addEventListener("view", ({ detail }) => detail === "visits" && draw());
  document.getElementById("unknown").addEventListener("click", () => say("visit", { visit: null, draft: null }));
  for (const button of document.querySelectorAll("[data-do=visits]")) button.addEventListener("click", () => show("visits"));
}
