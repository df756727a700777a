// The words of the page and its places: a script says only what the page holds.

const page = () => document.getElementById("words").content;

/** A sentence of the page with its {places} filled. */
export const say = (name, values = {}) =>
  page().querySelector(`[data-say="${name}"]`).textContent.trim().replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");

/** The place for `name`: the element that carries `data-put` of that name. */
export const place = (root, name) => root.querySelector(`[data-put="${name}"]`);

/** Puts text there, and hides the place if there is none. */
export function put(root, name, text) {
  const there = place(root, name);
  there.textContent = text ?? "";
  there.hidden = !text;
}

/** An element with a class and what is in it. */
export function element(tag, className, ...inside) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...inside);
  return made;
}

/** Shows one step and no other, from its top, with the focus on its heading. */
export function step(root, name) {
  for (const one of root.querySelectorAll("[data-step]")) one.hidden = one.dataset.step !== name;
  scrollTo(0, 0);
  const shown = root.querySelector(`[data-step="${name}"]`);
  (shown.querySelector("h1, h2[tabindex]") ?? root.querySelector("h1")).focus({ preventScroll: true });
}

/** A day in the page's language. */
export const inWords = (day) =>
  new Date(`${day}T12:00`).toLocaleDateString(document.documentElement.dataset.locale, { dateStyle: "long" });

/** An answer as the form says it: its number and words, or why there is none; null for no answer. */
export function answerWords(form, key, value) {
  const box = value && form.querySelector(`[name="answer-${key}"][value="${value}"]`);
  if (!box) return null;
  const label = box.closest("label");
  const words = label.querySelector(".point-label");
  if (!words) return element("span", "answer-reason", label.textContent.trim());
  return element("span", "", element("span", "answer-number", value), ` ${words.textContent}`);
}

/** The lines to ring are the service's own, where it has some. */
export function helpLines(root, lines) {
  const cards = place(root, "lines");
  const [sample] = cards.children;
  const drawn = lines.map(({ who, number, note }) => {
    const card = sample.cloneNode(true);
    card.querySelector("[data-line=who]").textContent = who;
    card.querySelector("[data-line=note]").textContent = note;
    card.querySelector("a").href = `tel:${number.replace(/[^+\d]/g, "")}`;
    card.querySelector("a bdi").textContent = number;
    return card;
  });
  if (drawn.length) cards.replaceChildren(...drawn);
}
