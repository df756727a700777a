// The advisor's unfinished forms: kept under their key at every change, and open in one tab at a time.

import { generate, openJSON, sealJSON } from "./seal.js";
import * as store from "./store.js";
import { answered, isBegun, noteMode, personOf } from "./survey.js";
import { base64url, fromBase64url } from "./bytes.js";
import { decrypt, encrypt } from "./vault.js";

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const UNKNOWN = { ticket: null, occasion: "baseline" };

/** A visit nobody began yet; without one, somebody's who is not packed. */
export const fresh = (visit) => ({
  id: crypto.randomUUID(),
  visit: visit ?? UNKNOWN,
  fields: null,
  started_at: new Date().toISOString(),
});

/** What the person is called, as far as it is known. */
export const nameOf = ({ known_as, first_name, last_name }) =>
  [known_as || first_name, last_name].filter(Boolean).join(" ");

async function record(keys, draft) {
  const { id, visit, fields } = draft;
  const person = visit.ticket ? visit : { first_name: fields["person-first_name"], last_name: fields["person-last_name"] };
  const told = { ...draft, ticket: visit.ticket, name: nameOf(person), answered: answered(fields) };
  const saved_at = new Date().toISOString();
  return { id, staff: keys.staff, saved_at, ...(await encrypt(keys, `drafts/${id}`, told)) };
}

/** On the disk when it is done. Throws `store.Full`. */
export const keep = async (keys, draft) => store.put("drafts", await record(keys, draft));

export const discard = ({ id }) => store.remove("drafts", id);

/** The advisor's drafts. One that can't be opened belongs to keys that are gone. */
export async function all(keys) {
  const own = (await store.all("drafts")).filter(({ staff }) => staff === keys.staff);
  const opened = await Promise.allSettled(own.map((one) => decrypt(keys, `drafts/${one.id}`, one)));
  return opened.filter(({ value }) => value).map(({ value }) => value);
}

export const ofTicket = async (keys, ticket) => (await all(keys)).find((draft) => draft.visit.ticket === ticket);

/** Leave to write this form in this tab: a function that gives it back; null if another tab has it. */
export const claim = (name) =>
  new Promise((resolve) => {
    navigator.locks.request(`draft:${name}`, { ifAvailable: true }, (lock) =>
      lock ? new Promise((giveBack) => resolve(giveBack)) : resolve(null),
    );
  });

/** Who somebody is that has no ticket, so that it can lie in clear: the office opens it, and this advisor. */
async function sealedPerson({ own }, id, person, office) {
  const to = async (key) => base64url(await sealJSON(key, `${id}/person`, person));
  return { person: null, person_sealed: await to(office), person_own: await to(own.publicKey) };
}

/** Who a finished item is about, for the advisor who sealed it: null if its ticket says so. */
export async function personIn({ own }, { id, person, person_own }) {
  return person_own ? openJSON(own.privateKey, own.publicKey, `${id}/person`, fromBase64url(person_own)) : person;
}

/**
 * Writes down what the person's own page may know: one ticket, or who it is, sealed; and public keys. What they answer is sealed to a
 * key that only this advisor's passphrase opens. `more` is read there in clear.
 */
export async function handOver(keys, draft, more) {
  const { visit, fields } = draft;
  // A draft that says no more than who it is must not outlast the person's own answers.
  const id = visit.ticket || answered(fields) ? crypto.randomUUID() : draft.id;
  const { publicKey, privateKey } = await generate();
  const pkcs8 = base64url(new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey)));
  const secret = await encrypt(keys, `handover/${id}`, { pkcs8, draft });
  const { ticket, occasion } = visit;
  const person = personOf(visit, fields);
  const about = person && (await sealedPerson(keys, id, person, more.intakePublic));
  const started_at = new Date().toISOString();
  const own = { staff: keys.staff, ownPublic: keys.own.publicKey };
  await store.put("handover", { id, state: "ready", ticket, occasion, started_at, about, draftPublic: publicKey, ...own, ...more, ...secret });
}

async function answersIn(keys, handover, secret) {
  const privateKey = await crypto.subtle.importKey("pkcs8", fromBase64url(secret.pkcs8), CURVE, false, ["deriveBits"]);
  return openJSON(privateKey, handover.draftPublic, handover.id, handover.sealed);
}

/** What the person answered, laid over what the advisor had: what they left blank stays. */
async function takenUp(keys, handover) {
  const secret = await decrypt(keys, `handover/${handover.id}`, handover);
  const given = await answersIn(keys, handover, secret);
  const kept = (await all(keys)).find(({ id }) => id === secret.draft.id) ?? secret.draft;
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value.length));
  const { id, visit, started_at, modes } = kept;
  const draft = { id, visit, started_at, modes, fields: kept.fields };
  const fields = { ...kept.fields, ...said };
  noteMode(draft, fields);
  return { ...draft, fields };
}

/**
 * Ends every hand-over on this device: the advisor's own goes on as a draft, another's is left for them.
 * Tells how many were taken up.
 */
export async function takeBack(keys) {
  let count = 0;
  for (const handover of await store.all("handover")) {
    const isOwn = handover.staff === keys.staff;
    const unfinished = isOwn && handover.sealed && handover.state !== "done";
    const draft = unfinished ? await takenUp(keys, handover) : null;
    const kept = draft && isBegun(draft.fields) ? await record(keys, draft) : null;
    count += kept ? 1 : 0;
    await store.transaction(["drafts", "handover"], (base) => {
      if (kept) base.put("drafts", kept);
      if (isOwn || handover.state === "done") base.remove("handover", handover.id);
      else base.put("handover", { ...handover, state: "kept" });
    });
  }
  return count;
}
