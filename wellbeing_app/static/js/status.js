// The one honest line: what is on this device, on its way, with the office, or in want of a hand.

import { state } from "./outbox.js";
import { all, get } from "./store.js";

const line = document.querySelector("[data-status]");

/** What is so at the moment: its name among the line's `data-` texts, and how many. */
export async function now() {
  const [outbox, drafts, receipts, device] = await Promise.all([
    all("outbox"),
    all("drafts"),
    all("receipts"),
    get("device", "this"),
  ]);
  const needs = outbox.filter(({ say }) => say).length;
  const held = receipts.filter(({ state }) => state === "held").length;
  if (device?.lost) return ["lost", device.lost];
  if (needs) return ["needs", needs];
  if (outbox.length) return [WAITING[state.problem] ?? (state.sending ? "sending" : "waiting"), outbox.length];
  if (held) return ["held", held];
  if (drafts.length) return ["saved", drafts.length];
  return receipts.length ? ["sent", receipts.length] : ["nothing", 0];
}

const WAITING = { offline: "offline", "no server": "portal", refused: "portal", device: "device" };

async function draw() {
  const [what, count] = await now().catch(() => ["device", 0]);
  const words = line.dataset[what].replace("{n}", count);
  if (line.textContent !== words) line.textContent = words;
  line.dataset.state = what;
}

/** Keeps the line true. */
export function start() {
  if (!line) return;
  new BroadcastChannel("outbox").addEventListener("message", draw);
  addEventListener("outbox", draw);
  addEventListener("saved", draw);
  draw();
}
