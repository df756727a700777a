// A visit without a connection: the form, a draft at every tap, check, save, and what changed.

import * as call from "./call.js";
import * as drafts from "./drafts.js";
import * as flag from "./flag.js";
import * as looking from "./looking.js";
import { answerWords, element, helpLines, place, put, say, step } from "./page.js";
import { post, sender } from "./posting.js";
import * as problems from "./problems.js";
import { installed } from "./ready.js";
import { reveal } from "./reveal.js";
import { check, day, today } from "./rules.js";
import * as store from "./store.js";
import { answered, fieldsOf, fill, isBegun, keysOf, known, noteMode, oneAtATime, personOf, survey } from "./survey.js";
import { beforeLock } from "./vault.js";
import { at, keys, show, workspace } from "./workspace.js";

const TYPING = 300;
const AGAIN = 5_000;
const root = document.getElementById("visit");
const form = document.getElementById("survey");
const status = document.getElementById("draft-status");
const measures = keysOf(form);

let open = null; // the draft at hand, and how to give it back to other tabs
let timer;

function tell(what) {
  status.textContent = status.dataset[what];
  status.dataset.now = what;
}

const save = oneAtATime(async () => {
  clearTimeout(timer);
  if (!open?.giveBack || !open.changed) return;
  const { draft } = open;
  open.changed = false;
  const fields = fieldsOf(form);
  noteMode(draft, fields);
  draft.fields = fields;
  try {
    await drafts.keep(keys(), draft);
    tell("saved");
    form.dataset.state = open?.changed ? "changed" : "saved";
    dispatchEvent(new Event("saved"));
  } catch (error) {
    if (open) open.changed = true;
    tell(error instanceof store.Full ? "full" : "failed");
    timer = setTimeout(save, AGAIN);
  }
});

function count() {
  const words = document.getElementById("progress-words");
  const number = answered(fieldsOf(form));
  words.textContent = words.textContent.replace(/\p{Nd}+/u, number);
  form.querySelector("progress").value = number;
}

function changed({ type }) {
  if (!open) return;
  open.changed = true;
  form.dataset.state = "changed";
  clearTimeout(timer);
  if (type === "input") timer = setTimeout(save, TYPING);
  else save();
  count();
}

const blank = ({ needs_interpreter, language }) => ({
  completed_on: today(),
  mode: "in_person",
  respondent: "self",
  with_interpreter: needs_interpreter ? "y" : "",
  language: language || "en",
});

function head({ visit }) {
  put(root, "name", drafts.nameOf(visit) || say("somebody"));
  put(root, "reference", visit.reference);
  for (const one of root.querySelectorAll("[data-occasion]")) one.hidden = one.dataset.occasion !== visit.occasion;
  document.getElementById("who").hidden = Boolean(visit.ticket);
  root.querySelector("[data-do=call]").hidden = !visit.may_telephone || !visit.telephone;
}

/** The service's own settings, as they were packed. */
const service = async () => (await store.get("vaults", keys().staff)).service ?? {};

async function earlier({ visit }) {
  for (const line of form.querySelectorAll(".measure-earlier")) line.remove();
  if (!visit.earlier || (await service()).hide_earlier !== false) return;
  for (const [key, score] of Object.entries(visit.earlier.scores)) {
    const line = element("p", "measure-earlier", `${say("earlier")} `, answerWords(form, key, score) ?? "");
    form.querySelector(`#measure-${key} .points-box`).before(line);
  }
}

/** Opens a visit's form, with its draft if there is one; the whole form read-only if another tab has it. */
async function begin({ visit, draft, byTelephone, onPaper }) {
  await close();
  const giveBack = await drafts.claim(visit?.ticket ?? draft?.ticket ?? draft?.id ?? crypto.randomUUID());
  const kept = visit ? await drafts.ofTicket(keys(), visit.ticket) : draft && (await drafts.all(keys())).find(({ id }) => id === draft.id);
  open = { draft: kept ?? drafts.fresh(visit), giveBack, changed: false };
  head(open.draft);
  await earlier(open.draft);
  problems.forget(root);
  fill(form, open.draft.fields ?? { ...blank(open.draft.visit), ...(onPaper && { mode: "self_paper" }) });
  for (const box of form.elements) box.disabled = !giveBack;
  for (const button of root.querySelectorAll("[data-do=before], [data-do=discard]")) button.disabled = !giveBack;
  place(root, "elsewhere").hidden = Boolean(giveBack);
  status.textContent = "";
  delete status.dataset.now;
  form.dataset.state = "saved";
  flag.clear();
  count();
  show("visit");
  step(root, "form");
  if (byTelephone && giveBack) await ring();
}

async function ring() {
  const its = await service();
  helpLines(root, its.help_lines ?? []);
  call.open(open.draft.visit, its);
}

async function close() {
  await save();
  call.end();
  open?.giveBack?.();
  open = null;
  place(root, "saved")?.remove();
  root.querySelector("[data-step=saved]").replaceChildren();
}

function wrong() {
  const { visit } = open.draft;
  const fields = fieldsOf(form);
  const when = { today: today(), referred_on: visit.referred_on, baseline_on: visit.not_before };
  return { ...check(fields, known(form), when), ...wrongPerson(visit, fields) };
}

function wrongPerson(visit, fields) {
  const found = {};
  const person = personOf(visit, fields);
  if (person && !person.first_name && !person.reference) found["person-first_name"] = "person_needed";
  if (person?.date_of_birth && (day(person.date_of_birth) ?? "9") > today()) found["person-date_of_birth"] = "born_later";
  return found;
}

async function look() {
  await save();
  const found = wrong();
  if (Object.keys(found).length) {
    call.end();
    return problems.show(root, form, found);
  }
  problems.forget(root);
  looking.draw(root, form);
  return step(root, "check");
}

async function send({ id, visit, started_at, modes }) {
  const { device, intake } = await sender();
  const about = { id, device, author: keys().staff, instrument: root.dataset.instrument, started_at, modes };
  const item = survey(visit, fieldsOf(form), about);
  await post(keys(), item, intake, id, visit.ticket);
  return item;
}

async function saveForGood(button) {
  button.disabled = true;
  await save();
  try {
    const { draft } = open;
    const item = await send(draft);
    open.giveBack();
    open.giveBack = null;
    call.end();
    celebrate(item, draft.visit);
  } catch (error) {
    put(root, "not-saved", status.dataset[error instanceof store.Full ? "full" : "failed"]);
  }
  button.disabled = false;
}

function celebrate({ answers, completed_on, mode }, { earlier, occasion }) {
  const page = document.getElementById("saved").content.cloneNode(true);
  reveal(page, form, measures, { answers, completed_on, mode, earlier: occasion === "follow_up" ? earlier : null });
  root.querySelector("[data-step=saved]").replaceChildren(page);
  step(root, "saved");
}

function before() {
  const found = wrongPerson(open.draft.visit, fieldsOf(form));
  if (Object.keys(found).length) return problems.show(root, form, found);
  problems.forget(root);
  place(root, "in-a-tab").hidden = installed();
  const fields = fieldsOf(form);
  place(root, "begun").hidden = !(open.draft.visit.ticket ? isBegun(fields) : answered(fields));
  return step(root, "before");
}

async function handOver() {
  await save();
  const { visit } = open.draft;
  const { device, intake } = await sender();
  const { lang } = document.documentElement;
  const spoken = root.dataset.languages.split(" ").includes(visit.language) ? visit.language : lang;
  const { first_name_at_handover, help_lines } = await service();
  const called = visit.known_as || visit.first_name || open.draft.fields?.["person-first_name"];
  const first_name = first_name_at_handover ? called : "";
  const more = { device, intakePublic: intake, lang, first_name, help_lines };
  await drafts.handOver(keys(), open.draft, more);
  location.replace(`/visit/${spoken}/self/`);
}

async function discard(button) {
  if (button.dataset.sure) {
    open.changed = false;
    await drafts.discard(open.draft);
    return show("visits");
  }
  button.dataset.sure = "yes";
  button.textContent = button.dataset.again;
  return undefined;
}

function hideStar(button) {
  const figure = button.closest("section").querySelector("figure");
  figure.hidden = !figure.hidden;
  button.setAttribute("aria-expanded", !figure.hidden);
  [button.textContent, button.dataset.show] = [button.dataset.show, button.textContent];
}

const DO = {
  close: () => show("visits"),
  check: look,
  change: () => step(root, "form"),
  save: saveForGood,
  before,
  "hand-over": handOver,
  discard,
  star: hideStar,
  call: ring,
  ...call.buttons(look, () => show("visits")),
};

/** Waits for a visit to be opened. */
export function start() {
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) {
      event.preventDefault();
      Promise.resolve(DO[button.dataset.do](button)).catch(() => tell("failed"));
    }
    const change = event.target.closest(".answers a");
    if (!change) return;
    event.preventDefault();
    if (root.dataset.call) return call.ask(form.querySelector(change.hash));
    step(root, "form");
    form.querySelector(change.hash).scrollIntoView();
    form.querySelector(`${change.hash} :checked`).focus({ preventScroll: true });
  });
  form.addEventListener("change", changed);
  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  flag.start(() => [keys(), { ticket: open.draft.visit.ticket, person: personOf(open.draft.visit, fieldsOf(form)) }]);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
  addEventListener("pagehide", save);
  beforeLock(save);
  workspace.addEventListener("visit", ({ detail }) => begin(detail));
  workspace.addEventListener("view", ({ detail }) => detail !== "visit" && close());
  workspace.addEventListener("unlocked", async ({ detail }) => {
    if ((await drafts.takeBack(detail)) && at() === "visits") show("visits");
  });
}
