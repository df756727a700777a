// A survey's form and what is in it: shared by the advisor's form and the person's own pages.

import { sealJSON } from "./seal.js";
import { tidy } from "./rules.js";

const MEASURE = /^answer-(.+)$/;

const boxes = (form) => [...form.elements].filter((element) => element.name);
const valuesOf = (form, name) => boxes(form).filter((box) => box.name === name).map((box) => box.value);

/** The measures' keys, in the order they are asked. */
export const keysOf = (form) => [...new Set(boxes(form).map(({ name }) => MEASURE.exec(name)?.[1]).filter(Boolean))];

/** What was typed and chosen, by field, as the online form sends it. */
export function fieldsOf(form) {
  const data = new FormData(form);
  const value = (name) => (name.startsWith("prompts-") ? data.getAll(name) : (data.get(name) ?? ""));
  return Object.fromEntries(boxes(form).map(({ name }) => [name, value(name)]));
}

/** Show these fields; a list that lacks a value gets it. What was folded away opens where something is in it. */
export function fill(form, fields) {
  form.reset();
  for (const box of boxes(form)) {
    const value = fields[box.name];
    if (value === undefined) continue;
    if (/radio|checkbox/.test(box.type)) box.checked = [value].flat().includes(box.value);
    else {
      box.value = value;
      if (box.value !== value && box.type.startsWith("select")) box.append(new Option(value, value, true, true));
    }
  }
  for (const folded of form.querySelectorAll("details")) {
    folded.open = Boolean(folded.querySelector(":checked")) || [...folded.querySelectorAll("textarea, [type=text]")].some((box) => box.value);
  }
}

/** What the form offers, as `rules.check` wants it. */
export const known = (form) => ({
  measures: Object.fromEntries(
    keysOf(form).map((key) => [
      key,
      { answers: valuesOf(form, `answer-${key}`), prompts: valuesOf(form, `prompts-${key}`) },
    ]),
  ),
  modes: valuesOf(form, "mode"),
  respondents: valuesOf(form, "respondent"),
});

export const answered = (fields) => Object.keys(fields).filter((name) => MEASURE.test(name) && fields[name]).length;

/** Whether somebody answered, ticked or wrote anything. */
export const isBegun = (fields) =>
  Object.keys(fields).some((name) => /^(answer|prompts|note|person)-/.test(name) && fields[name]?.length);

/** Remembers how it was done until now, if it goes on in another way half-way. Straight back again was a slip. */
export function noteMode(draft, fields) {
  const before = draft.fields ?? {};
  const number = answered(before);
  if (!before.mode || before.mode === fields.mode || !number || !Object.keys(fields).some((name) => MEASURE.test(name) && !before[name])) return;
  draft.modes ??= [];
  const last = draft.modes.at(-1);
  if (last?.mode === fields.mode && last.answered === number) draft.modes.pop();
  else draft.modes.push({ mode: before.mode, answered: number, at: new Date().toISOString() });
}

const scoreOr = (value) => (/^[0-9]+$/.test(value) ? Number(value) : value);

const ofKeys = (fields, kind) =>
  Object.fromEntries(
    Object.keys(fields)
      .filter((name) => name.startsWith(`${kind}-`) && fields[name].length)
      .map((name) => [name.slice(kind.length + 1), kind === "answer" ? scoreOr(fields[name]) : fields[name]]),
  );

/** Whose answers these are, when there is no ticket that says so; else null. */
export const personOf = (visit, fields) =>
  visit.ticket
    ? null
    : Object.fromEntries(
        ["first_name", "last_name", "date_of_birth", "reference", "telephone"].map((name) => [
          name,
          tidy(fields[`person-${name}`]),
        ]),
      );

/** Finished answers as they travel. `about`: id, device, author, instrument, started_at, modes and self_completed. */
export const survey = (visit, fields, about) => ({
  schema: 1,
  id: about.id,
  kind: "survey",
  device: about.device,
  author: about.author,
  ticket: visit.ticket,
  occasion: visit.occasion,
  person: personOf(visit, fields),
  instrument_version: about.instrument,
  answers: ofKeys(fields, "answer"),
  prompts: ofKeys(fields, "prompts"),
  notes: ofKeys(fields, "note"),
  mode: fields.mode,
  modes: about.modes ?? [],
  respondent: fields.respondent,
  helper: tidy(fields.helper),
  with_interpreter: Boolean(fields.with_interpreter),
  language: fields.language || "en",
  completed_on: fields.completed_on,
  date_reason: tidy(fields.date_reason),
  started_at: about.started_at,
  finished_at: new Date().toISOString(),
  self_completed: Boolean(about.self_completed),
  flag: null,
  flag_id: null,
});

/** The item sealed twice, for the outbox: to the office, and to the advisor whose it is. */
export async function sealed(item, staff, intake, own) {
  const [forOffice, forSelf] = await Promise.all([sealJSON(intake, item.id, item), sealJSON(own, item.id, item)]);
  return { id: item.id, staff, sealed: forOffice, own: forSelf };
}

/** Runs `work` one at a time; asked for meanwhile, it runs once more. */
export function oneAtATime(work) {
  let running;
  let again;
  const run = async () => {
    do {
      again = false;
      await work();
    } while (again);
  };
  return () => {
    if (running) again = true;
    else running = run().finally(() => (running = undefined));
    return running;
  };
}
