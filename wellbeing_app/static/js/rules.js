// What is wrong with a survey's fields: the rules of services/answers.py and forms/survey.py, in the same words
// (the keys of PROBLEMS). tests/vectors/rules.json holds both to the same answers.

const LONGEST = { note: 2000, helper: 200, date_reason: 500, language: 12 };
const EARLIEST = "1990-01-01";
const TAG = /^[a-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/;
const UNREADABLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]/gu;

/** The day it is where the service is, as 2026-11-21. */
export const today = () => new Date().toLocaleDateString("sv-SE", { timeZone: "Europe/London" });

/** Text as the server keeps it: without what nobody can read, and without space around it. */
export const tidy = (text) => String(text ?? "").replace(/\r\n?/g, "\n").replace(UNREADABLE, "").trim();

const length = (text) => [...text].length;

/** The day, if it is one that exists; a browser's date box tells days in this form only. */
export function day(text) {
  const [, year, month, of] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  const told = new Date(Date.UTC(year, month - 1, of));
  return told.getUTCDate() === Number(of) ? text : null;
}

function ofMeasure(fields, key, known) {
  const answer = String(fields[`answer-${key}`] ?? "").trim();
  if (!answer) return "missing";
  const value = /^-?[0-9]{1,9}$/.test(answer) ? String(Number(answer)) : answer;
  if (!known.answers.includes(value)) return "not_an_answer";
  const ticked = fields[`prompts-${key}`] ?? [];
  return ticked.every((prompt) => known.prompts.includes(prompt)) ? null : "unknown_prompt";
}

function ofDay(given, reason, when) {
  if (given < EARLIEST) return { completed_on: "year_not_full" };
  if (given > when.today) return { completed_on: "in_future" };
  if (reason) return {};
  if (when.referred_on && given < when.referred_on) return { date_reason: "needed_before_referral" };
  return when.baseline_on && given < when.baseline_on ? { date_reason: "needed_before_baseline" } : {};
}

function ofPeople(fields, known) {
  const found = {};
  if (!known.modes.includes(fields.mode)) found.mode = "mode_missing";
  if (!known.respondents.includes(fields.respondent)) found.respondent = "respondent_missing";
  else if (fields.respondent !== "self" && !tidy(fields.helper)) found.helper = "helper_missing";
  const language = tidy(fields.language) || "en";
  if (!TAG.test(language) || length(language) > LONGEST.language) found.language = "language_unknown";
  return found;
}

function tooLong(fields, keys) {
  const found = {};
  for (const key of keys) {
    if (length(tidy(fields[`note-${key}`])) > LONGEST.note) found[`note-${key}`] = "note_too_long";
  }
  for (const name of ["helper", "date_reason"]) {
    if (length(tidy(fields[name])) > LONGEST[name]) found[name] = `${name}_too_long`;
  }
  return found;
}

/**
 * What is wrong, by field; empty when all is well. `known`: what the form offers (`measures`: by key, `answers`
 * and `prompts`; `modes`; `respondents`). `when`: `today`, `referred_on` and `baseline_on` or null.
 */
export function check(fields, known, when) {
  const problems = {};
  for (const [key, measure] of Object.entries(known.measures)) {
    const problem = ofMeasure(fields, key, measure);
    if (problem) problems[`answer-${key}`] = problem;
  }
  Object.assign(problems, tooLong(fields, Object.keys(known.measures)));
  const given = day(tidy(fields.completed_on));
  Object.assign(problems, ofDay(given ?? when.today, tidy(fields.date_reason), when), ofPeople(fields, known));
  if (!given) problems.completed_on = "completed_on_missing";
  return problems;
}
