// The answers in words, to be looked over before they are saved.

import { answerWords, element, inWords, put, say } from "./page.js";
import { tidy } from "./rules.js";
import { fieldsOf, keysOf } from "./survey.js";

const labelOf = (form, name) => form.querySelector(`[name="${name}"]:checked`)?.closest("label").textContent.trim();

function said(form, key, fields) {
  const label = (prompt) => form.querySelector(`[name="prompts-${key}"][value="${prompt}"]`).closest("label");
  const ticked = fields[`prompts-${key}`].map((prompt) => element("li", "", label(prompt).textContent.trim()));
  const note = element("p", "answer-note lines", tidy(fields[`note-${key}`]));
  note.dir = "auto";
  return [...(ticked.length ? [element("ul", "answer-prompts", ...ticked)] : []), ...(note.textContent ? [note] : [])];
}

/** Fills the page of all the answers. */
export function draw(root, form) {
  const fields = fieldsOf(form);
  const rows = root.querySelectorAll(".answers .summary-row");
  keysOf(form).forEach((key, at) => {
    const words = answerWords(form, key, fields[`answer-${key}`]);
    rows[at].querySelector("dd").replaceChildren(words, ...said(form, key, fields));
  });
  const told = {
    completed_on: inWords(fields.completed_on),
    mode: labelOf(form, "mode"),
    respondent: [labelOf(form, "respondent"), tidy(fields.helper)].filter(Boolean).join(" – "),
    with_interpreter: say(fields.with_interpreter ? "yes" : "no"),
    language: form.elements.language.selectedOptions[0].textContent,
    date_reason: tidy(fields.date_reason),
  };
  for (const [name, text] of Object.entries(told)) {
    const row = root.querySelector(`[data-row="${name}"]`);
    row.hidden = !text;
    row.querySelector("dd").textContent = text;
  }
  put(root, "not-saved", "");
}
