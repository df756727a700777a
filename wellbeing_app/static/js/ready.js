// Whether this device is ready to leave the signal behind: green only if everything is, and why not.

import { all, get, put, remove } from "./store.js";
import { waiting } from "./outbox.js";
import { verified } from "./worker.js";

const HOUR = 60 * 60 * 1000;
const ROOM = 5_000_000;
const version = () => document.documentElement.dataset.version;

async function roundTrip() {
  const probe = { id: "probe", at: Date.now() };
  await put("device", probe);
  const found = await get("device", "probe");
  await remove("device", "probe");
  return found.at === probe.at;
}

export const installed = () => matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;

async function lasting() {
  return installed() || (await navigator.storage?.persisted?.()) || (await navigator.storage?.persist?.()) || false;
}

async function fresh(staff) {
  const packed = (await all("vaults")).filter((vault) => !staff || vault.staff === staff);
  return packed.some(({ packed_at }) => Date.now() - Date.parse(packed_at) < 24 * HOUR);
}

async function room() {
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  return quota === undefined || quota - usage > ROOM;
}

async function sentOf() {
  const [oldest] = await waiting();
  return !oldest || Date.now() - Date.parse(oldest.made_at) < 3 * 24 * HOUR;
}

/** Each check by its name, true if it is well. A check that cannot be made is not well. */
export async function checks(staff) {
  const files = verified(navigator.serviceWorker?.controller);
  const all = {
    worker: files.then(Boolean),
    files: files.then((found) => found?.wrong.length === 0 && found.version === version()),
    database: roundTrip(),
    lasting: lasting(),
    fresh: fresh(staff),
    room: room(),
    sent: sentOf(),
  };
  const names = Object.keys(all);
  const found = await Promise.allSettled(Object.values(all));
  return Object.fromEntries(found.map(({ value }, at) => [names[at], value === true]));
}

/** Draws the panel: each line says whether it is well, and if not, why and what to do. */
export async function draw(panel, staff) {
  const found = await checks(staff);
  for (const [name, well] of Object.entries(found)) {
    const line = panel.querySelector(`[data-check="${name}"]`);
    if (line) line.dataset.well = well;
  }
  const isReady = Object.values(found).every(Boolean);
  panel.dataset.ready = isReady;
  panel.querySelector("summary").textContent = isReady ? panel.dataset.yes : panel.dataset.no;
  return isReady;
}
