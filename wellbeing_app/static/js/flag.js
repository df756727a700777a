// A worry about somebody's safety: it goes ahead of the survey, as soon as there is a connection.

import { post, sender } from "./posting.js";
import { tidy } from "./rules.js";

const form = document.getElementById("flag-form");
const status = document.getElementById("flag-status");
const button = form.querySelector("button");

/** Blank again, for another person. */
export function clear() {
  form.reset();
  document.getElementById("flag").open = false;
  status.textContent = "";
}

async function send(keys, about) {
  const { concern, told } = form.elements;
  const { device, intake } = await sender();
  const item = {
    ...{ schema: 1, id: crypto.randomUUID(), kind: "flag", device, author: keys.staff, ...about },
    ...{ concern: tidy(concern.value), told: tidy(told.value), raised_at: new Date().toISOString() },
  };
  await post(keys, item, intake, item.id, null);
}

async function raise(event, whose) {
  event.preventDefault();
  const { concern } = form.elements;
  const error = document.getElementById("concern-error");
  error.hidden = Boolean(tidy(concern.value));
  if (!error.hidden) return concern.focus();
  button.disabled = true;
  const said = await send(...whose()).then(
    () => "raised",
    () => "failed",
  );
  button.disabled = false;
  if (said === "raised") clear();
  status.textContent = status.dataset[said];
  document.querySelector("#visit[data-call] .measure:not([hidden])")?.focus();
}

/** `whose` tells the advisor's keys, and the ticket or the person. */
export const start = (whose) => form.addEventListener("submit", (event) => raise(event, whose));
