// Keeps the draft on the server while a survey is being filled in. Without it, "Finish later" does the same.
const WAIT = 800;
const form = document.getElementById("survey");
const status = document.getElementById("draft-status");
const progress = form.querySelector("progress");
const words = document.getElementById("progress-words");
let timer;
let unsaved = false;

function body() {
  const data = new FormData(form);
  data.set("do", "draft");
  return data;
}

async function keep() {
  clearTimeout(timer);
  if (!unsaved) return;
  unsaved = false;
  try {
    const answer = await fetch(form.action, { method: "POST", body: body(), keepalive: true, redirect: "error" });
    unsaved = answer.status !== 204;
  } catch {
    unsaved = true;
  }
  status.textContent = unsaved ? status.dataset.failed : status.dataset.saved;
  if (unsaved) timer = setTimeout(keep, 10 * WAIT);
}

function count() {
  if (!progress) return;
  const names = new Set([...form.querySelectorAll('[name^="answer-"]:checked')].map((input) => input.name));
  words.textContent = words.textContent.replace(/\p{Nd}+/u, new Intl.NumberFormat(document.documentElement.lang, { numberingSystem: "latn" }).format(names.size));
  progress.value = names.size;
}

form.addEventListener("input", () => {
  unsaved = true;
  count();
  clearTimeout(timer);
  timer = setTimeout(keep, WAIT);
});
form.addEventListener("submit", () => {
  unsaved = false;
  clearTimeout(timer);
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") keep();
});
