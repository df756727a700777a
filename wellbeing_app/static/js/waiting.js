// What has not been receipted yet, each entry to be looked at, and the rescue file.

import { base64url } from "./bytes.js";
import { personIn } from "./drafts.js";
import { send, waiting } from "./outbox.js";
import { openJSON } from "./seal.js";
import { all } from "./store.js";
import { packed } from "./visits.js";
import { at, drawn, keys, moment, show, workspace } from "./workspace.js";

const list = document.getElementById("waiting");

async function rescue() {
  const items = (await waiting()).map(({ id, sha256, sealed }) => ({ id, sha256, sealed: base64url(sealed) }));
  const file = new Blob([JSON.stringify({ schema: 1, items })], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `wellbeing-rescue-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** What is inside an entry, for the advisor who made it. */
const inside = ({ id, own }) => openJSON(keys().own.privateKey, keys().own.publicKey, id, own);

async function name(item, visits) {
  const known = (await personIn(keys(), item)) ?? visits.find(({ ticket }) => ticket === item.ticket) ?? {};
  return [known.first_name, known.last_name].filter(Boolean).join(" ");
}

function answers(item) {
  const rows = document.getElementById("answers-sent").content.cloneNode(true);
  for (const row of rows.querySelectorAll("[data-measure]")) {
    const given = String(item.answers?.[row.dataset.measure] ?? "");
    const label = document.querySelector(`#answer-words`).content.querySelector(`[data-answer="${given}"]`);
    row.querySelector("[data-given]").textContent = label?.textContent ?? "";
    row.querySelector("[data-note]").textContent = item.notes?.[row.dataset.measure] ?? "";
  }
  return rows;
}

async function entry(record, visits) {
  const copy = drawn("waiting-entry", { made: moment(record.made_at), refused: record.say });
  if (!keys() || keys().staff !== record.staff || !record.own) return copy;
  const item = await inside(record);
  copy.querySelector("[data-who]").textContent = await name(item, visits);
  copy.querySelector("details").append(answers(item));
  copy.querySelector("details").hidden = false;
  return copy;
}

async function draw() {
  const visits = keys() ? await packed() : [];
  const records = await waiting();
  const held = (await all("receipts")).filter(({ state }) => state === "held");
  list.replaceChildren(...(await Promise.all(records.map((record) => entry(record, visits)))));
  document.getElementById("nothing-waits").hidden = records.length > 0;
  document.getElementById("rescue").hidden = !records.length;
  document.getElementById("held").hidden = !held.length;
  document.getElementById("lost").hidden = !(await all("device")).some(({ lost }) => lost);
}

export function start() {
  document.querySelector("[data-do=rescue]").addEventListener("click", rescue);
  document.querySelector("[data-do=send]").addEventListener("click", send);
  for (const button of document.querySelectorAll("[data-do=waiting]")) button.addEventListener("click", () => show("waiting"));
  for (const button of document.querySelectorAll("[data-do=back]")) button.addEventListener("click", () => show(keys() ? "visits" : "lock"));
  workspace.addEventListener("view", ({ detail }) => detail === "waiting" && draw());
  addEventListener("outbox", () => at() === "waiting" && draw());
}
