// The person's own form on a tablet that was handed over. This document has no key that opens anything: what is
// answered is sealed at every tap, to be opened by the advisor, and shown from memory only.

import { finish } from "./outbox.js";
import { answerWords, helpLines, place, put, step } from "./page.js";
import * as problems from "./problems.js";
import { check, today } from "./rules.js";
import { sealJSON } from "./seal.js";
import * as speech from "./speech.js";
import * as store from "./store.js";
import { fieldsOf, fill, keysOf, known, oneAtATime, sealed, survey } from "./survey.js";

const TYPING = 300;
const IDLE = 90_000;
const FORGOTTEN = 10 * 60_000;
const QUIET = ["paused", "help"];

let given = null; // the hand-over, while the person has the tablet
let at = "neutral";
let behind = "start"; // where "carry on" leads from a quiet page
let changing = false; // whether a question was opened from the check page
let timer;
let idle;

const self = () => document.getElementById("self");
const form = () => document.getElementById("survey");
const last = () => keysOf(form()).length;
const known_ = () => ({ ...known(form()), modes: ["self_tablet"], respondents: ["self", "self_with_help"] });

function go(where) {
  speech.stop();
  if (!QUIET.includes(where)) behind = where;
  at = String(where);
  step(self(), at);
  document.getElementById("preferences").hidden = !given;
}

function fields() {
  const typed = fieldsOf(form());
  const respondent = typed.helper.trim() ? "self_with_help" : "self";
  const { lang } = document.documentElement;
  return { ...typed, respondent, mode: "self_tablet", language: lang, completed_on: today() };
}

function tell(what) {
  const status = document.getElementById("self-status");
  status.textContent = status.dataset[what] ?? "";
}

const save = oneAtATime(async () => {
  clearTimeout(timer);
  if (!given?.changed) return;
  given.changed = false;
  try {
    const { changed, ...record } = given;
    given.sealed = await sealJSON(given.draftPublic, given.id, fields());
    await store.put("handover", { ...record, sealed: given.sealed });
    tell("");
  } catch {
    given.changed = true;
    tell("failed");
    timer = setTimeout(save, 10 * TYPING);
  }
});

function changed({ type }) {
  if (!given) return;
  given.changed = true;
  clearTimeout(timer);
  if (type === "input") timer = setTimeout(save, TYPING);
  else save();
}

function wrongWith(number) {
  const key = keysOf(form())[number - 1];
  const found = check(fields(), known_(), { today: today() });
  const own = [`answer-${key}`, `note-${key}`].filter((name) => name in found);
  return Object.fromEntries(own.map((name) => [name, found[name] === "missing" ? "left_out" : found[name]]));
}

function next() {
  if (at === "start") return go(firstOpen());
  const here = self().querySelector(`[data-step="${at}"]`);
  const wrong = wrongWith(Number(at));
  if (Object.keys(wrong).length) return problems.show(here, form(), wrong);
  problems.forget(here);
  return changing || Number(at) === last() ? look() : go(Number(at) + 1);
}

function firstOpen() {
  const numbers = keysOf(form()).map((_, index) => index + 1);
  return numbers.find((number) => Object.keys(wrongWith(number)).length) ?? 1;
}

function back() {
  if (QUIET.includes(at)) return go(behind);
  if (at === "check") return go(last());
  if (changing) return look();
  return go(Number(at) > 1 ? Number(at) - 1 : "start");
}

function look() {
  const wrong = keysOf(form()).findIndex((_, index) => Object.keys(wrongWith(index + 1)).length);
  if (wrong >= 0) return go(wrong + 1);
  changing = false;
  const answers = fields();
  const rows = self().querySelectorAll(".answers .summary-row");
  keysOf(form()).forEach((key, index) => {
    rows[index].querySelector("dd").replaceChildren(answerWords(form(), key, answers[`answer-${key}`]));
  });
  return go("check");
}

async function finished(button) {
  button.disabled = true;
  await save();
  const { id, staff, ticket, occasion, device, intakePublic, ownPublic, started_at, about: who } = given;
  const about = { id, device, author: staff, instrument: self().dataset.instrument, started_at, self_completed: true };
  const item = { ...survey({ ticket, occasion }, fields(), about), ...who };
  try {
    const record = await sealed(item, staff, intakePublic, ownPublic);
    await finish(id, record, ticket);
  } catch {
    button.disabled = false;
    return tell("failed");
  }
  return end("done");
}

/** From now on nothing of the answers is in this document. */
function end(where) {
  given = null;
  form()?.remove();
  place(self(), "hello").textContent = "";
  go(where);
}

async function advisor() {
  await save();
  const [record] = await store.all("handover");
  location.replace(`/visit/${record?.lang ?? document.documentElement.lang}/`);
}

async function speak(code) {
  const kept = form() && fieldsOf(form());
  const answer = await fetch(`/visit/${code}/self/`).catch(() => null);
  if (!answer?.ok) return tell("no_language");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const { lang, dir } = page.documentElement;
  Object.assign(document.documentElement, { lang, dir });
  document.documentElement.dataset.locale = page.documentElement.dataset.locale;
  document.title = page.title;
  document.body.replaceChildren(...page.body.childNodes);
  history.replaceState(null, "", `/visit/${code}/self/`);
  bind();
  if (kept) fill(form(), kept);
  if (given) given.changed = true;
  await save();
  if (at === "check") return look();
  return go(at);
}

function size(chosen) {
  document.documentElement.dataset.text = chosen.dataset.size;
  for (const one of document.querySelectorAll("[data-size]")) one.toggleAttribute("aria-current", one === chosen);
}

const DO = {
  next,
  back,
  on: () => go(behind),
  pause: () => go("paused"),
  help: () => go("help"),
  read: (button) => speech.toggle(button, self().querySelector(`[data-step="${at}"] .measure`)),
  finish: finished,
  advisor,
};

function pressed(event) {
  const button = event.target.closest("[data-do], [data-language], [data-size], .answers a");
  if (!button) return;
  event.preventDefault();
  const { language, size: wanted } = button.dataset;
  if (language) speak(language);
  else if (wanted) size(button);
  else if (button.dataset.do) DO[button.dataset.do](button);
  else {
    changing = true;
    go(keysOf(form()).findIndex((key) => button.hash === `#measure-${key}`) + 1);
  }
}

/** What belongs to the page that is shown, after each change of language. */
function bind() {
  form().addEventListener("change", changed);
  form().addEventListener("input", changed);
  form().addEventListener("submit", (event) => event.preventDefault());
  speech.offer(self().querySelectorAll("[data-aloud]"));
  if (!given) return;
  const hello = place(self(), "hello");
  put(self(), "hello", given.first_name && hello.dataset.text.replace("{name}", given.first_name));
  helpLines(self(), given.help_lines ?? []);
}

/** The hand-over that was just made. It opens once: after a reload or a crash only the advisor goes on. */
const claimed = () =>
  store.transaction(["handover"], async (base) => {
    const all = await base.all("handover");
    const ready = all.find(({ state }) => state === "ready");
    if (ready) base.put("handover", { ...ready, state: "open" });
    return { ready, done: all.some(({ state }) => state === "done") };
  });

function awake() {
  clearTimeout(idle);
  idle = setTimeout(() => {
    if (given && !QUIET.includes(at)) go("paused");
    idle = setTimeout(() => given && location.reload(), FORGOTTEN);
  }, IDLE);
}

function stayHere() {
  history.pushState(null, "");
  addEventListener("popstate", () => {
    history.pushState(null, "");
    if (given && at !== "start") back();
  });
}

async function start() {
  document.addEventListener("click", pressed);
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
  addEventListener("pagehide", save);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
  for (const sign of ["pointerdown", "keydown", "input"]) addEventListener(sign, awake, { passive: true });
  const { ready, done } = await claimed();
  if (!ready) return end(done ? "done" : "neutral");
  given = { ...ready, state: "open" };
  bind();
  stayHere();
  awake();
  return go("start");
}

start().catch(() => end("neutral"));
