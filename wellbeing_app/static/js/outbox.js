// Finished answers leave the device here, and only against a receipt that names them and their hash.

import { base64url, hex, sha256 } from "./bytes.js";
import * as store from "./store.js";
import { wipe } from "./vault.js";

const AT_ONCE = 25;
const MOST_BYTES = 600_000;
const FIRST_WAIT = 5_000;
const LONGEST_WAIT = 5 * 60_000;
const PATIENCE = 30_000;
// These may be one item's fault; what else goes wrong is everybody's.
const ONE_ITEMS_FAULT = [400, 413, 422, 500];

const channel = new BroadcastChannel("outbox");
let timer;
let wait = FIRST_WAIT;
let pending;

/** What is known of the sending: `problem` is null, "offline", "no server" or "refused". */
export const state = { sending: false, problem: null };

const tell = (news = {}) => {
  Object.assign(state, news);
  channel.postMessage({ ...state });
  dispatchEvent(new CustomEvent("outbox", { detail: state }));
};

/**
 * A finished draft, sealed, takes its place in the outbox in one step, and sending begins.
 * `record`: id, staff, sealed (to the intake key), own (to the advisor's). The visit of `ticket`, if there is
 * one, is marked as done, and a hand-over of the draft's id is over. Throws `Full`; the draft stays then.
 */
export async function finish(draft, record, ticket = null) {
  const kept = {
    ...record,
    sha256: hex(await sha256(record.sealed)),
    made_at: new Date().toISOString(),
    state: "waiting",
    say: "",
  };
  await store.transaction(["outbox", "drafts", "visits", "handover"], async (base) => {
    base.put("outbox", kept);
    base.remove("drafts", draft);
    const visit = ticket && (await base.get("visits", [record.staff, ticket]));
    if (visit) base.put("visits", { ...visit, done_at: kept.made_at });
    const { id, staff, lang, started_at } = (await base.get("handover", draft)) ?? {};
    if (id) base.put("handover", { id, staff, lang, started_at, state: "done" });
  });
  tell();
  send();
}

/** What has not been receipted: one advisor's, or everybody's. The oldest first. */
export async function waiting(staff) {
  const items = await store.all("outbox");
  items.sort((one, other) => one.made_at.localeCompare(other.made_at));
  return staff ? items.filter((item) => item.staff === staff) : items;
}

/** Sends what waits, one tab at a time, and asks the office for news in any case. Never throws. */
export function send() {
  pending ??= navigator.locks.request("outbox", () => {
    pending = undefined;
    return drain();
  });
  return pending;
}

async function drain() {
  clearTimeout(timer);
  tell({ sending: true });
  const problem = await everything().catch(() => "device");
  tell({ sending: false, problem });
  const left = (await waiting().catch(() => [])).length;
  wait = problem ? Math.min(2 * wait, LONGEST_WAIT) : FIRST_WAIT;
  if (problem || left) timer = setTimeout(send, (left ? wait : LONGEST_WAIT) * (0.5 + Math.random()));
}

async function everything() {
  const tried = new Set();
  let most = AT_ONCE;
  let refused = null;
  for (;;) {
    const all = await waiting();
    const batch = some(all.filter(({ id }) => !tried.has(id)), most);
    if (!batch.length && (tried.size || refused)) return refused;
    const answer = await post(batch, all.length);
    if (answer.problem && !answer.maybeOne) return answer.problem;
    if (answer.problem && batch.length > 1) {
      most = 1;
      continue;
    }
    if (answer.problem) {
      refused = answer.problem;
      for (const item of batch) await store.put("outbox", { ...item, say: String(answer.status) });
    } else if (await settle(batch, answer.body)) await post([], (await waiting()).length); // "they are gone"
    if (!batch.length) return refused;
    for (const { id } of batch) tried.add(id);
  }
}

function some(items, most) {
  let bytes = 0;
  return items.slice(0, most).filter(({ sealed }, at) => (bytes += 1.4 * sealed.length) < MOST_BYTES || !at);
}

async function post(batch, unsent) {
  const items = batch.map(({ id, sha256, sealed }) => ({ id, sha256, sealed: base64url(sealed) }));
  const version = document.documentElement.dataset.version ?? "";
  const vaults = (await store.all("vaults")).map(({ staff }) => staff);
  const body = JSON.stringify({ schema: 1, version, unsent, now: new Date().toISOString(), vaults, items });
  try {
    const answer = await fetch("/sync", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Wellbeing": "1" },
      body,
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
    return await judged(answer);
  } catch {
    return { problem: "offline" };
  }
}

/** An answer of our own server, or what is the matter: a portal's page, a proxy's and a redirect are none. */
async function judged(answer) {
  const { status } = answer;
  if (status !== 200) return { problem: status ? "refused" : "no server", status, maybeOne: ONE_ITEMS_FAULT.includes(status) };
  const isJSON = answer.headers.get("Content-Type")?.startsWith("application/json");
  const body = isJSON ? await answer.json().catch(() => null) : null;
  return Array.isArray(body?.receipts) ? { body } : { problem: "no server" };
}

/** Writes down what the office said, and forgets whom it says; tells whether it did. */
async function settle(batch, { receipts, intake, wipe: gone, revoked, lost, now }) {
  const given = new Map(receipts.map((receipt) => [`${receipt.id} ${receipt.sha256}`, receipt]));
  await store.transaction(["outbox", "receipts", "device"], async (base) => {
    for (const { id, sha256 } of batch) {
      const receipt = given.get(`${id} ${sha256}`);
      if (!["recorded", "held"].includes(receipt?.state)) continue;
      base.put("receipts", { id, sha256, state: receipt.state, at: new Date().toISOString() });
      base.remove("outbox", id);
    }
    const device = await base.get("device", "this");
    const news = { intake, revoked, contact: now, lost: lost ?? 0 };
    if (device || lost) base.put("device", { id: "this", ...device, ...news });
  });
  for (const staff of gone ?? []) await wipe(staff);
  if (gone?.length) tell({ wiped: gone });
  return gone?.length;
}

/** Keeps sending from now on: at once, with every sign of a connection, and every so often. */
export function start() {
  addEventListener("online", soon);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && soon());
  return send();
}

function soon() {
  wait = FIRST_WAIT;
  send();
}
