// Sealed boxes: HPKE base mode (RFC 9180) with DHKEM(P-256, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM.
// A box is 1 (its version), 8 bytes of the recipient's key id, 65 of the sender's one-time key, the ciphertext.

import { join, sha256, utf8 } from "./bytes.js";

const { subtle } = crypto;
const VERSION = 1;
const KEM = join(utf8("KEM"), [0, 0x10]);
const HPKE = join(utf8("HPKE"), [0, 0x10, 0, 1, 0, 2]);
const NOTHING = new Uint8Array();
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const ID = 8;
const POINT = 65;
const PADDED_TO = 4096;

async function hmac(key, data) {
  // Web Crypto takes no empty key; RFC 5869 means zeros by it.
  const raw = key.length ? key : new Uint8Array(32);
  const imported = await subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await subtle.sign("HMAC", imported, data));
}

const extract = (suite, salt, label, secret) => hmac(salt, join(utf8("HPKE-v1"), suite, utf8(label), secret));

// One block of HKDF-Expand: enough, for nothing here is longer than 32 bytes.
async function expand(suite, secret, label, info, length) {
  const block = await hmac(secret, join([0, length], utf8("HPKE-v1"), suite, utf8(label), info, [1]));
  return block.slice(0, length);
}

async function shared(privateKey, publicRaw, enc, recipientRaw) {
  const point = await subtle.importKey("raw", publicRaw, CURVE, false, []);
  const dh = new Uint8Array(await subtle.deriveBits({ name: "ECDH", public: point }, privateKey, 256));
  const secret = await extract(KEM, NOTHING, "eae_prk", dh);
  return expand(KEM, secret, "shared_secret", join(enc, recipientRaw), 32);
}

async function schedule(sharedSecret, info) {
  const hashes = ["psk_id_hash", "info_hash"].map((label, at) => extract(HPKE, NOTHING, label, at ? info : NOTHING));
  const context = join([0], ...(await Promise.all(hashes)));
  const secret = await extract(HPKE, sharedSecret, "secret", NOTHING);
  const [key, iv] = await Promise.all([
    expand(HPKE, secret, "key", context, 32),
    expand(HPKE, secret, "base_nonce", context, 12),
  ]);
  return { key: await subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]), iv };
}

const raw = async (key) => new Uint8Array(await subtle.exportKey("raw", key));

/** The bare RFC 9180 single-shot seal; `pair` is the sender's one-time key. Returns enc and ciphertext in one. */
export async function encryptTo(publicRaw, info, bytes, pair) {
  const enc = await raw(pair.publicKey);
  const { key, iv } = await schedule(await shared(pair.privateKey, publicRaw, enc, publicRaw), info);
  return join(enc, new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv }, key, bytes)));
}

/** The bare RFC 9180 single-shot open. Throws if anything was changed, or the key or info is another. */
export async function decryptFrom(privateKey, publicRaw, info, box) {
  const enc = box.slice(0, POINT);
  const { key, iv } = await schedule(await shared(privateKey, enc, enc, publicRaw), info);
  return new Uint8Array(await subtle.decrypt({ name: "AES-GCM", iv }, key, box.slice(POINT)));
}

const keyPair = () => subtle.generateKey(CURVE, true, ["deriveBits"]);
const bound = (id) => utf8(`wellbeing/1/${id}`);
const keyId = async (publicRaw) => (await sha256(publicRaw)).slice(0, ID);

/** A key pair to open boxes with. The private key can be exported, so that it can be wrapped. */
export async function generate() {
  const { publicKey, privateKey } = await keyPair();
  return { publicKey: await raw(publicKey), privateKey };
}

/** A box that only the holder of the private key can open, and only under the same `id`. */
export async function seal(publicRaw, id, bytes) {
  const sealed = await encryptTo(publicRaw, bound(id), bytes, await keyPair());
  return join([VERSION], await keyId(publicRaw), sealed);
}

/** What is in the box. Throws if it was changed, is another's, or was sealed under another id. */
export async function open(privateKey, publicRaw, id, sealed) {
  const head = join([VERSION], await keyId(publicRaw));
  if (!head.every((byte, at) => byte === sealed[at])) throw new Error("This box is for another key.");
  return decryptFrom(privateKey, publicRaw, bound(id), sealed.slice(head.length));
}

/** The same for an object, padded so that its length tells nothing. */
export function sealJSON(publicRaw, id, object) {
  const bytes = utf8(JSON.stringify(object));
  const padding = new Uint8Array((PADDED_TO - (bytes.length % PADDED_TO)) % PADDED_TO).fill(32);
  return seal(publicRaw, id, join(bytes, padding));
}

export const openJSON = async (...box) => JSON.parse(new TextDecoder().decode(await open(...box)));
