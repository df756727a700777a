// Keeps the draft on the server while a survey is being filled in. Without it, "Finish later" does the same.

const WAIT = 800;
const LONGEST_ON_LEAVING = 60_000; // bytes: browsers send no more once the page is gone

const form = document.getElementById("survey");
const status = document.getElementById("draft-status");
const progress = form.querySelector("progress");
const words = document.getElementById("progress-words");
const SAID = { 204: "saved", 401: "signedOut" };

let timer;
let unsaved = false;
let sending = false;
let failing = false;
let sure = false;

function body() {
  const data = new URLSearchParams(new FormData(form));
  data.set("do", "draft");
  return data;
}

function say(what) {
  if (!status) return;
  status.textContent = status.dataset[what];
  status.dataset.now = what;
}

async function keep({ leaving = false } = {}) {
  clearTimeout(timer);
  if (!unsaved || (sending && !leaving)) return;
  unsaved = false;
  sending = true;
  const sent = body();
  let wait = WAIT;
  try {
    const keepalive = leaving && String(sent).length < LONGEST_ON_LEAVING;
    const answer = await fetch(form.action, { method: "POST", body: sent, keepalive, redirect: "error" });
    failing = false;
    say(SAID[answer.status] ?? "refused");
  } catch {
    unsaved = failing = true;
    wait = 10 * WAIT;
    say("failed");
  }
  sending = false;
  if (unsaved) timer = setTimeout(keep, wait);
}

function count() {
  if (!progress) return;
  const names = new Set([...form.querySelectorAll('[name^="answer-"]:checked')].map((input) => input.name));
  const number = new Intl.NumberFormat(document.documentElement.lang, { numberingSystem: "latn" });
  words.textContent = words.textContent.replace(/\p{Nd}+/u, number.format(names.size));
  progress.value = names.size;
}

form.addEventListener("input", () => {
  unsaved = true;
  count();
  clearTimeout(timer);
  timer = setTimeout(keep, WAIT);
});

// Without a connection the press would lead to the browser's own error page, away from the answers.
form.addEventListener("submit", async (event) => {
  if (sure || (!failing && navigator.onLine)) {
    unsaved = false;
    clearTimeout(timer);
    return;
  }
  event.preventDefault();
  unsaved = true;
  await keep();
  sure = !failing;
  if (sure) form.requestSubmit(event.submitter);
});

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") keep({ leaving: true });
});
