// A visit by telephone: one measure at a time, with the words to say; broken off, and taken up at the same place.

import { listen } from "./callkeys.js";
import { inWords, place, put, say, step } from "./page.js";
import * as problems from "./problems.js";

const LEFT_OUT = "declined";
const NOT_ASKED = "not_asked";
const root = document.getElementById("visit");
const form = document.getElementById("survey");
const measures = [...form.querySelectorAll(".measure")];
const ticks = [...root.querySelectorAll("[data-step=call] [type=checkbox]")];

const box = (measure, value) => measure.querySelector(`[type=radio][value="${value}"]`);
const chosen = (measure) => measure.querySelector("[type=radio]:checked");
const blank = () => measures.find((measure) => !chosen(measure));
/** The question that was asked last; 0 before the first. */
const at = () => Number(form.elements.place.value);

/** Whether one question is shown and no other. */
export const isAsking = () => Boolean(root.dataset.call) && !root.hidden && !root.querySelector("[data-step=form]").hidden;

/** This measure and no other, from now on also after a break. */
export function ask(measure) {
  const number = measures.indexOf(measure) + 1;
  form.elements.place.value = root.dataset.call = number;
  form.dispatchEvent(new Event("change"));
  for (const one of measures) one.hidden = one !== measure;
  problems.forget(root);
  put(root, "question", say("question", { number }));
  document.getElementById("call-progress").value = number;
  step(root, "form");
  measure.tabIndex = -1;
  (chosen(measure) ?? measure).focus();
}

/** The whole form again. */
export function end() {
  delete root.dataset.call;
  for (const measure of measures) measure.hidden = false;
}

/** Before the first question, and whenever they are rung again. */
export function open({ first_name, last_name, advisor, telephone, safe_times, date_of_birth }, service) {
  for (const tick of ticks) tick.checked = false;
  put(root, "unticked", "");
  put(root, "number", telephone);
  place(root, "number").href = `tel:${telephone.replace(/[^+\d]/g, "")}`;
  put(root, "safe", safe_times);
  put(root, "hello", say("hello", { name: advisor, service: service.name || place(root, "hello").dataset.unnamed }));
  put(root, "who-answers", `${first_name} ${last_name}`);
  put(root, "born", date_of_birth && say("born", { day: inWords(date_of_birth) }));
  place(root, "opening").hidden = at() > 1;
  put(root, "begin", say(at() ? "go_on" : "begin", { number: at() }));
  step(root, "call");
}

function begin() {
  const missing = ticks.find(({ checked }) => !checked);
  put(root, "unticked", missing && place(root, "unticked").dataset.text);
  if (missing) return missing.focus();
  form.elements.mode.value = "telephone";
  return ask(measures[at() - 1] ?? blank() ?? measures[0]);
}

/** What the buttons of a call do; `look` leads to all the answers, `leave` to the visits. */
export function buttons(look, leave) {
  const onwards = () => (blank() ? ask(measures[at()] ?? blank()) : look());
  const next = () => {
    const { id } = measures[at() - 1];
    if (chosen(measures[at() - 1])) return onwards();
    return problems.show(root, form, { [id.replace("measure", "answer")]: "missing" });
  };
  listen(isAsking);
  return {
    ask: begin,
    continue: next,
    skip: () => {
      box(measures[at() - 1], LEFT_OUT).checked = true;
      return onwards();
    },
    stop: () => {
      for (const measure of measures) if (!chosen(measure)) box(measure, NOT_ASKED).checked = true;
      form.dispatchEvent(new Event("change"));
      return look();
    },
    previous: () => (at() > 1 ? ask(measures[at() - 2]) : leave()),
    pause: leave,
    help: () => step(root, "help"),
    on: () => ask(measures[at() - 1]),
    flag: () => {
      document.getElementById("flag").open = true;
      document.getElementById("concern").focus();
    },
    tell: () => {
      place(root, "told").hidden = false;
      place(root, "told").focus();
    },
  };
}
