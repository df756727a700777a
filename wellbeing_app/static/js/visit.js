// A visit without a connection: the form, a draft at every tap, check, save, and what changed.

import * as drafts from "./drafts.js";
import { finish } from "./outbox.js";
import { answerWords, element, inWords, place, put, say, step } from "./page.js";
import * as problems from "./problems.js";
import { installed } from "./ready.js";
import { reveal } from "./reveal.js";
import { check, day, tidy, today } from "./rules.js";
import * as store from "./store.js";
import { answered, fieldsOf, fill, isBegun, keysOf, known, oneAtATime, personOf, sealed, survey } from "./survey.js";
import { beforeLock } from "./vault.js";
import { fromBase64url } from "./bytes.js";
import { at, keys, show, workspace } from "./workspace.js";

const TYPING = 300;
const AGAIN = 5_000;
const root = document.getElementById("visit");
const form = document.getElementById("survey");
const status = document.getElementById("draft-status");
const flag = document.getElementById("flag-form");
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
  draft.fields = fieldsOf(form);
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
  root.querySelector("[data-do=before]").hidden = !visit.ticket;
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
async function begin({ visit, draft }) {
  await close();
  const giveBack = await drafts.claim(visit?.ticket ?? draft?.ticket ?? draft?.id ?? crypto.randomUUID());
  const kept = visit ? await drafts.ofTicket(keys(), visit.ticket) : draft && (await drafts.all(keys())).find(({ id }) => id === draft.id);
  open = { draft: kept ?? drafts.fresh(visit), giveBack, changed: false };
  head(open.draft);
  await earlier(open.draft);
  problems.forget(root);
  fill(form, open.draft.fields ?? blank(open.draft.visit));
  for (const box of form.elements) box.disabled = !giveBack;
  for (const button of root.querySelectorAll("[data-do=before], [data-do=discard]")) button.disabled = !giveBack;
  place(root, "elsewhere").hidden = Boolean(giveBack);
  status.textContent = "";
  delete status.dataset.now;
  form.dataset.state = "saved";
  flag.reset();
  document.getElementById("flag-status").textContent = "";
  count();
  show("visit");
  step(root, "form");
}

async function close() {
  await save();
  open?.giveBack?.();
  open = null;
  place(root, "saved")?.remove();
  root.querySelector("[data-step=saved]").replaceChildren();
}

function wrong() {
  const { visit } = open.draft;
  const fields = fieldsOf(form);
  const when = { today: today(), referred_on: visit.referred_on, baseline_on: visit.not_before };
  const found = check(fields, known(form), when);
  const person = personOf(visit, fields);
  if (person && !person.first_name && !person.reference) found["person-first_name"] = "person_needed";
  if (person?.date_of_birth && (day(person.date_of_birth) ?? "9") > today()) found["person-date_of_birth"] = "born_later";
  return found;
}

function row(name, text) {
  const shown = root.querySelector(`[data-row="${name}"]`);
  shown.hidden = !text;
  shown.querySelector("dd").textContent = text;
}

const labelOf = (name) => form.querySelector(`[name="${name}"]:checked`)?.closest("label").textContent.trim();

function said(key, fields) {
  const ticked = fields[`prompts-${key}`].map((prompt) =>
    element("li", "", form.querySelector(`[name="prompts-${key}"][value="${prompt}"]`).closest("label").textContent.trim()),
  );
  const note = element("p", "answer-note lines", tidy(fields[`note-${key}`]));
  note.dir = "auto";
  return [...(ticked.length ? [element("ul", "answer-prompts", ...ticked)] : []), ...(note.textContent ? [note] : [])];
}

async function look() {
  await save();
  const found = wrong();
  if (Object.keys(found).length) return problems.show(root, form, found);
  problems.forget(root);
  const fields = fieldsOf(form);
  const rows = root.querySelectorAll(".answers .summary-row");
  measures.forEach((key, at) => {
    const words = answerWords(form, key, fields[`answer-${key}`]);
    rows[at].querySelector("dd").replaceChildren(words, ...said(key, fields));
  });
  row("completed_on", inWords(fields.completed_on));
  row("mode", labelOf("mode"));
  row("respondent", [labelOf("respondent"), tidy(fields.helper)].filter(Boolean).join(" – "));
  row("with_interpreter", say(fields.with_interpreter ? "yes" : "no"));
  row("language", form.elements.language.selectedOptions[0].textContent);
  row("date_reason", tidy(fields.date_reason));
  put(root, "not-saved", "");
  return step(root, "check");
}

async function send() {
  const { draft } = open;
  const device = await store.get("device", "this");
  const about = { id: draft.id, device: device.device, author: keys().staff, instrument: root.dataset.instrument, started_at: draft.started_at };
  const item = survey(draft.visit, fieldsOf(form), about);
  await finish(draft.id, await sealed(item, keys().staff, intakeOf(device), keys().own.publicKey), draft.visit.ticket);
  return item;
}

const intakeOf = (device) => fromBase64url(device.intake[0].public);

async function saveForGood() {
  await save();
  try {
    const item = await send();
    const { draft } = open;
    open.giveBack();
    open.giveBack = null;
    celebrate(item, draft.visit);
  } catch (error) {
    put(root, "not-saved", status.dataset[error instanceof store.Full ? "full" : "failed"]);
  }
}

function celebrate({ answers, completed_on }, { earlier, occasion }) {
  const page = document.getElementById("saved").content.cloneNode(true);
  reveal(page, form, measures, { answers, completed_on, earlier: occasion === "follow_up" ? earlier : null });
  root.querySelector("[data-step=saved]").replaceChildren(page);
  step(root, "saved");
}

async function raise(event) {
  event.preventDefault();
  const { concern, told } = flag.elements;
  const error = document.getElementById("concern-error");
  error.hidden = Boolean(tidy(concern.value));
  if (!error.hidden) return concern.focus();
  const said = document.getElementById("flag-status");
  try {
    await sendFlag(tidy(concern.value), tidy(told.value));
    flag.reset();
    document.getElementById("flag").open = false;
    said.textContent = said.dataset.raised;
  } catch {
    said.textContent = said.dataset.failed;
  }
}

async function sendFlag(concern, told) {
  const { visit } = open.draft;
  const device = await store.get("device", "this");
  const { ticket } = visit;
  const item = {
    ...{ schema: 1, id: crypto.randomUUID(), kind: "flag", device: device.device, author: keys().staff, ticket },
    ...{ person: personOf(visit, fieldsOf(form)), concern, told, raised_at: new Date().toISOString() },
  };
  await finish(item.id, await sealed(item, keys().staff, intakeOf(device), keys().own.publicKey));
}

function before() {
  place(root, "in-a-tab").hidden = installed();
  place(root, "begun").hidden = !isBegun(fieldsOf(form));
  step(root, "before");
}

async function handOver() {
  await save();
  const { visit } = open.draft;
  const device = await store.get("device", "this");
  const { lang } = document.documentElement;
  const spoken = root.dataset.languages.split(" ").includes(visit.language) ? visit.language : lang;
  const { first_name_at_handover, help_lines } = await service();
  const first_name = first_name_at_handover ? visit.known_as || visit.first_name : "";
  const more = { device: device.device, intakePublic: intakeOf(device), lang, first_name, help_lines };
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
};

/** Waits for a visit to be opened. */
export function start() {
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) {
      event.preventDefault();
      DO[button.dataset.do](button);
    }
    const change = event.target.closest(".answers a");
    if (!change) return;
    event.preventDefault();
    step(root, "form");
    form.querySelector(change.hash).scrollIntoView();
    form.querySelector(`${change.hash} :checked`).focus({ preventScroll: true });
  });
  form.addEventListener("change", changed);
  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  flag.addEventListener("submit", raise);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
  addEventListener("pagehide", save);
  beforeLock(save);
  workspace.addEventListener("visit", ({ detail }) => begin(detail));
  workspace.addEventListener("view", ({ detail }) => detail !== "visit" && close());
  workspace.addEventListener("unlocked", async ({ detail }) => {
    if ((await drafts.takeBack(detail)) && at() === "visits") show("visits");
  });
}
