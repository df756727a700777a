// What is wrong, beside each box and in a list at the top, as the server shows it.

import { element, place, say } from "./page.js";

const id = (name) => `${name}-error`;

function whereOf(form, name) {
  const box = form.querySelector(`[name="${name}"]`);
  const around = box.closest(name.startsWith("answer-") ? ".measure" : ".field, .card");
  const before = around.querySelector(".points-box, .choices") ?? box;
  const described = around.tagName === "FIELDSET" ? around : box;
  return { box, around, before: name.startsWith("note-") ? box : before, described };
}

const describe = (element, ids) =>
  ids.length ? element.setAttribute("aria-describedby", ids.join(" ")) : element.removeAttribute("aria-describedby");

const describedBy = (element) => (element.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);

/** Takes away what was said before. */
export function forget(root) {
  place(root, "problems").replaceChildren();
  for (const told of root.querySelectorAll("[data-told]")) {
    const described = root.querySelector(`[aria-describedby~="${told.id}"]`);
    describe(described, describedBy(described).filter((one) => one !== told.id));
    described.removeAttribute("aria-invalid");
    told.parentElement.classList.remove("measure-invalid", "field-invalid");
    told.remove();
  }
}

function beside(form, name, text) {
  const { box, around, before, described } = whereOf(form, name);
  const told = element("p", "field-error", element("span", "visually-hidden", `${say("error")} `), text);
  told.id = id(name);
  told.dataset.told = name;
  before.before(told);
  told.parentElement.classList.add(name.startsWith("answer-") ? "measure-invalid" : "field-invalid");
  describe(described, [...describedBy(described), told.id]);
  if (described === box) box.setAttribute("aria-invalid", "true");
  const folded = around.closest("details") ?? box.closest("details");
  if (folded) folded.open = true;
  return box;
}

function inTheList(form, name, text) {
  const box = beside(form, name, text);
  const link = element("a", "", text);
  link.href = `#${box.id}`;
  const title = box.closest(".measure")?.querySelector("legend").lastChild.textContent.trim();
  if (title) link.textContent = say("of_measure", { measure: title, problem: text });
  link.onclick = (event) => {
    event.preventDefault();
    box.focus();
  };
  return element("li", "", link);
}

/** Shows what is wrong, by field, in the order of the form. */
export function show(root, form, problems) {
  forget(root);
  const order = [...new Set([...form.elements].map(({ name }) => name))].filter((name) => name in problems);
  const heading = element("h2", "", say("check_these"));
  const list = element("ul", "", ...order.map((name) => inTheList(form, name, say(problems[name]))));
  const summary = element("div", "error-summary", heading, list);
  summary.setAttribute("role", "alert");
  summary.tabIndex = -1;
  place(root, "problems").append(summary);
  summary.focus();
}
