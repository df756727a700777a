// Each advisor's keys on this device: wrapped by a passphrase on the disk, in clear in this page's memory only.

import { utf8 } from "./bytes.js";
import { generate } from "./seal.js";
import { get, ofStaff, put, transaction } from "./store.js";

const { subtle } = crypto;
const ROUNDS = 1_000_000;
const MOST_TRIES = 10;
const AES = { name: "AES-GCM", length: 256 };
const DATA = ["encrypt", "decrypt", "wrapKey", "unwrapKey"];
const CURVE = { name: "ECDH", namedCurve: "P-256" };
// Without g, q, x and other letters that are heard or spelled in two ways. 13 × 5 syllables, 8 of them: 48 bits.
const CONSONANTS = "bdfhlmnprstvz";
const VOWELS = "aeiou";
const WORDS = 4;

/** The passphrase does not fit. `left` is how often one may try before the packed visits are erased. */
export class WrongPassphrase extends Error {
  constructor(left) {
    super();
    this.left = left;
  }
}

/** Four new words that can be spoken and spelled, each of 65 × 65 alike. */
export function newPassphrase() {
  const letter = (letters) => letters[below(letters.length)];
  const syllable = () => letter(CONSONANTS) + letter(VOWELS);
  return Array.from({ length: WORDS }, () => syllable() + syllable()).join(" ");
}

function below(most) {
  const random = new Uint8Array(1);
  do crypto.getRandomValues(random);
  while (random[0] >= 256 - (256 % most));
  return random[0] % most;
}

/** What counts of a passphrase: its letters. Spaces, hyphens and capitals are as one likes. */
export const normalised = (typed) => typed.normalize("NFKC").toLowerCase().replace(/[^a-z]/g, "");

async function passphraseKey(typed, { salt, rounds }) {
  const known = await subtle.importKey("raw", utf8(normalised(typed)), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return subtle.deriveKey(how, known, AES, false, ["wrapKey", "unwrapKey"]);
}

const boundTo = (place, iv) => ({ name: "AES-GCM", iv, additionalData: utf8(`${place}/1`) });
const newIv = () => crypto.getRandomValues(new Uint8Array(12));

async function wrap(format, key, by, place) {
  const iv = newIv();
  return { iv, data: new Uint8Array(await subtle.wrapKey(format, key, by, boundTo(place, iv))) };
}

const unwrap = (format, { iv, data }, by, place, kind, uses) =>
  subtle.unwrapKey(format, data, by, boundTo(place, iv), kind, false, uses);

/** Gives an advisor keys on this device. Any they had are replaced, and with them the drafts only they opened. */
export async function create(staff, initials, passphrase, more = {}) {
  const how = { salt: crypto.getRandomValues(new Uint8Array(16)), rounds: ROUNDS };
  const dek = await subtle.generateKey(AES, true, DATA);
  const { publicKey, privateKey } = await generate();
  const wrapped = await wrap("raw", dek, await passphraseKey(passphrase, how), `vaults/${staff}`);
  const own = await wrap("pkcs8", privateKey, dek, `vaults/${staff}/own`);
  await put("vaults", { staff, initials, ...how, wrapped, publicKey, own, tries: 0, ...more });
  return unlock(staff, passphrase);
}

/** The advisor's keys. Throws `WrongPassphrase`; the tenth in a row erases the visits they packed. */
export async function unlock(staff, passphrase) {
  const vault = await change(staff, ({ tries }) => ({ tries: tries + 1 }));
  const dek = await opened(vault, passphrase);
  await change(staff, () => ({ tries: 0 }));
  const privateKey = await unwrap("pkcs8", vault.own, dek, `vaults/${staff}/own`, CURVE, ["deriveBits"]);
  return { staff, dek, own: { publicKey: vault.publicKey, privateKey } };
}

async function opened(vault, passphrase) {
  const kek = await passphraseKey(passphrase, vault);
  try {
    return await unwrap("raw", vault.wrapped, kek, `vaults/${vault.staff}`, AES, DATA);
  } catch {
    const left = Math.max(0, MOST_TRIES - vault.tries);
    if (!left) await transaction(["visits"], ({ remove }) => remove("visits", ofStaff(vault.staff)));
    throw new WrongPassphrase(left);
  }
}

/** Changes some fields of an advisor's entry, and returns it. */
export const change = (staff, fields) =>
  transaction(["vaults"], async (base) => {
    const vault = await base.get("vaults", staff);
    const changed = { ...vault, ...fields(vault) };
    base.put("vaults", changed);
    return changed;
  });

/** Whether the advisor has keys on this device. */
export const has = async (staff) => Boolean(await get("vaults", staff));

/** An object as ciphertext, good at this place (store and key) only. */
export async function encrypt({ dek }, place, object) {
  const iv = newIv();
  const data = await subtle.encrypt(boundTo(place, iv), dek, utf8(JSON.stringify(object)));
  return { iv, data: new Uint8Array(data) };
}

/** What `encrypt` made at the same place. Throws if it is from another, or was changed. */
export async function decrypt({ dek }, place, { iv, data }) {
  return JSON.parse(new TextDecoder().decode(await subtle.decrypt(boundTo(place, iv), dek, data)));
}

/** Removes an advisor from this device. What they finished stays in the outbox until it is sent. */
export const wipe = (staff) =>
  transaction(["vaults", "visits", "drafts", "handover"], async (base) => {
    const drafts = (await base.all("drafts")).filter((draft) => draft.staff === staff);
    for (const { id } of drafts) base.remove("drafts", id);
    for (const { id, staff: whose } of await base.all("handover")) if (whose === staff) base.remove("handover", id);
    base.remove("visits", ofStaff(staff));
    base.remove("vaults", staff);
  });

const last = new Set();

/** `work` is done before the page locks: what was typed in the last moment is saved. */
export const beforeLock = (work) => last.add(work);

/** Forgets the keys, by leaving for a fresh page that never had them. */
export async function lock(address = location.pathname) {
  await Promise.allSettled([...last].map((work) => work()));
  location.replace(address);
}
