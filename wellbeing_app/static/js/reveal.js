// What changed since last time, in words and on the star: the logic of evaluation/change.py for one person.

import { answerWords, element, inWords, place, put, say } from "./page.js";
import { draw } from "./star.js";

const FEW = 3;

function changeOf(key, before, after) {
  const both = before && after;
  return { key, before, after, step: both ? after - before : null };
}

const titleOf = (form, key) => form.querySelector(`#measure-${key} legend`).lastChild.textContent.trim();

/** The scores of both times, and the step between them where there are both. */
function compare(keys, before, answers) {
  const score = (value) => (Number.isInteger(value) ? value : null);
  return keys.map((key) => changeOf(key, before[key] ?? null, score(answers[key])));
}

function fromTo(form, { key, before, after, step }, answers, reasons) {
  if (step === 0) return say("still", { after });
  if (step) return say("moved", { before, after });
  const now = after ?? answerWords(form, key, answers[key])?.textContent ?? say("no_answer");
  const then = before ?? answerWords(form, key, reasons[key])?.textContent ?? say("no_answer");
  return then === now ? String(now) : say("then", { before: then, after: now });
}

function points({ step }) {
  if (step === null) return say("not_compared");
  if (!step) return say("same");
  const told = element("bdi", "", `${step > 0 ? "+" : "−"}${Math.abs(step)}`);
  told.dir = "ltr";
  return told;
}

function sayCounts(page, form, changes) {
  const those = (test) => changes.filter(({ step }) => step !== null && test(step));
  const [up, same, lower] = [those((step) => step > 0), those((step) => !step), those((step) => step < 0)];
  const most = Math.max(0, ...up.map(({ step }) => step));
  const steps = up.filter(({ step }) => step === most);
  const named = ({ key, ...scores }) => ({ title: titleOf(form, key), ...scores });
  const listed = (several) => several.map((one) => element("li", "", say("step", named(one))));
  const few = (several) => several.length > 1 && several.length <= FEW;
  const last = steps.length === 1 ? say("biggest", named(steps[0])) : few(steps) ? say("biggest_several") : "";
  put(page, "counts", `${say(`${up.length}-${same.length}-${lower.length}`)} ${last}`);
  place(page, "steps").replaceChildren(...(few(steps) ? listed(steps) : []));
  place(page, "steps").hidden = !few(steps);
  const gaps = changes.length - up.length - same.length - lower.length;
  put(page, "gaps", gaps && gaps < changes.length ? say(`gaps-${gaps}`) : "");
  const [question, list] = place(page, "talk").children;
  place(page, "talk").hidden = !lower.length;
  if (few(lower)) list.replaceChildren(...listed(lower));
  else list.remove();
  if (lower.length) question.textContent = lower.length === 1 ? say("talk_one", named(lower[0])) : say(few(lower) ? "talk_few" : "talk_many");
}

/** "{first}" and "{latest}" in the page's texts become the two occasions. */
function name(page, names) {
  const filled = (text) => text.replace(/\{(first|latest)\}/g, (_, which) => names[which]);
  const texts = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = filled(texts.currentNode.data);
  for (const cell of page.querySelectorAll("[data-label]")) cell.dataset.label = filled(cell.dataset.label);
}

/** The comparison as it is read out on the telephone. */
function tell(page, form, changes) {
  const spoken = (score) => score && say(`spoken-${score}`);
  const lines = changes.map(({ key, before, after, step }) => {
    const values = { title: titleOf(form, key), before, after, before_label: spoken(before), after_label: spoken(after) };
    return element("p", "", say(step ? "tell" : step === 0 ? "tell_same" : "tell_one", values));
  });
  place(page, "told").prepend(...lines);
}

/** Fills the page that is shown once answers are saved; with `earlier` (on, scores, reasons), with what changed. */
export function reveal(page, form, keys, { answers, completed_on, mode, earlier }) {
  if (!earlier || mode !== "telephone") place(page, "tell").remove();
  if (!earlier) return place(page, "reveal").remove();
  const { scores, reasons = {} } = earlier;
  const changes = compare(keys, scores, answers);
  name(page, {
    first: say("start", { day: inWords(earlier.on) }),
    latest: say("follow_up", { day: inWords(completed_on) }),
  });
  if (mode === "telephone") tell(page, form, changes);
  sayCounts(page, form, changes);
  const figure = page.querySelector(".star");
  draw(figure, "first", changes.map(({ before }) => before));
  draw(figure, "latest", changes.map(({ after }) => after));
  figure.querySelector(".chart-gap").hidden = changes.every(({ step }) => step !== null);
  const rows = page.querySelectorAll("tbody tr");
  const labels = page.querySelectorAll(".star-scores");
  changes.forEach((change, at) => {
    labels[at].textContent = fromTo(form, change, answers, reasons);
    const [then, now, moved] = rows[at].querySelectorAll("td");
    then.replaceChildren(answerWords(form, change.key, change.before ?? reasons[change.key]) ?? say("no_answer"));
    now.replaceChildren(answerWords(form, change.key, answers[change.key]) ?? say("no_answer"));
    moved.replaceChildren(element("b", "", points(change)));
  });
}
