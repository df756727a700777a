// The one page of the visits: which part of it is shown, and whose keys are open.

/** Says "unlocked" (detail: keys), "view" (detail: its name) and "visit" (detail: visit and draft, or null). */
export const workspace = new EventTarget();

export const say = (what, detail) => workspace.dispatchEvent(new CustomEvent(what, { detail }));

let open = null;

/** The keys of the advisor who is at the tablet; null while it is locked. */
export const keys = () => open;

export function unlocked(found) {
  open = found;
  say("unlocked", found);
}

/** Shows one part of the page, the `section` with this `data-view`, and begins at its heading. */
export function show(view) {
  for (const section of document.querySelectorAll("section[data-view]")) section.hidden = section.dataset.view !== view;
  document.body.dataset.at = view;
  scrollTo(0, 0);
  document.querySelector(`section[data-view="${view}"] h1`)?.focus();
  say("view", view);
}

export const at = () => document.body.dataset.at;

/** A copy of the document's `template` with this id, its `data-field`s filled; what has no value is left out. */
export function drawn(id, values) {
  const copy = document.getElementById(id).content.cloneNode(true);
  for (const place of copy.querySelectorAll("[data-field]")) {
    const value = values[place.dataset.field];
    if (value || value === 0) place.textContent = value;
    else (place.closest("[data-part]") ?? place).remove();
  }
  return copy;
}

const language = document.documentElement.dataset.locale;

/** A day or a moment in the words of the page's language. */
export function day(iso, how = { dateStyle: "long" }) {
  return iso ? new Intl.DateTimeFormat(language, how).format(new Date(iso)) : "";
}

export const moment = (iso) => day(iso, { dateStyle: "medium", timeStyle: "short" });

export function languageName(code) {
  return code ? new Intl.DisplayNames(language, { type: "language" }).of(code) : "";
}
