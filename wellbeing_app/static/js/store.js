// The device's database. Every write is on the disk before it is called done.

const NAME = "wellbeing";
const VERSION = 1;
const KEYS = {
  device: "id",
  vaults: "staff",
  visits: ["staff", "ticket"],
  drafts: "id",
  outbox: "id",
  receipts: "id",
  handover: "id",
};
// What a connection says that the system has closed behind our back, as iOS does: worth one more try.
const CLOSED = ["InvalidStateError", "UnknownError", "AbortError", "TransactionInactiveError"];

/** There is no room left on the device, though all that could be spared was thrown away. */
export class Full extends Error {}

let opening;

function connect() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      for (const [store, keyPath] of Object.entries(KEYS)) request.result.createObjectStore(store, { keyPath });
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const base = request.result;
      base.onclose = forget;
      base.onversionchange = () => {
        base.close();
        forget();
      };
      resolve(base);
    };
  });
  opening.catch(forget);
  return opening;
}

function forget() {
  opening = undefined;
}

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function verbs(of) {
  return {
    put: (store, record) => settled(of.objectStore(store).put(record)),
    get: (store, key) => settled(of.objectStore(store).get(key)),
    all: (store, range) => settled(of.objectStore(store).getAll(range)),
    remove: (store, key) => settled(of.objectStore(store).delete(key)),
  };
}

async function attempt(stores, work, mode) {
  const of = (await connect()).transaction(stores, mode, { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    of.oncomplete = resolve;
    of.onabort = () => reject(of.error ?? new DOMException("", "AbortError"));
  });
  done.catch(() => {});
  try {
    const result = await work(verbs(of));
    await done;
    return result;
  } catch (error) {
    try {
      of.abort();
    } catch {} // it has ended by itself
    throw error;
  }
}

/**
 * All of `work`'s puts and removes, or none. It is given `put`, `get`, `all` and `remove`, and must wait for
 * nothing else. It may be called twice, if the system has closed the database. Throws `Full`.
 */
export async function transaction(stores, work, mode = "readwrite") {
  try {
    return await attempt(stores, work, mode);
  } catch (error) {
    if (error.name === "QuotaExceededError") await makeRoom();
    else if (CLOSED.includes(error.name)) forget();
    else throw error;
  }
  try {
    return await attempt(stores, work, mode);
  } catch (error) {
    throw error.name === "QuotaExceededError" ? new Full() : error;
  }
}

/** Throws away what the device can get again: other versions of the app, old receipts, expired visits. */
async function makeRoom() {
  const own = document.documentElement.dataset.version;
  const names = own ? await caches.keys() : [];
  await Promise.all(names.filter((name) => !name.includes(own)).map((name) => caches.delete(name)));
  await tidy().catch(() => {});
}

/** Forgets receipts after thirty days, and visits whose time is over. */
export async function tidy(now = Date.now()) {
  const days = 24 * 60 * 60 * 1000;
  await attempt(
    ["receipts", "vaults", "visits"],
    async ({ all, remove }) => {
      const old = (await all("receipts")).filter(({ at }) => Date.parse(at) < now - 30 * days);
      const over = (await all("vaults")).filter((vault) => Date.parse(vault.expires_at) < now);
      for (const { id } of old) remove("receipts", id);
      for (const { staff } of over) remove("visits", ofStaff(staff));
    },
    "readwrite",
  );
}

/** The keys of everything that belongs to one advisor, in a store whose key begins with them. */
export const ofStaff = (staff) => IDBKeyRange.bound([staff], [staff, []]);

export const put = (store, record) => transaction([store], (base) => base.put(store, record));
export const get = (store, key) => transaction([store], (base) => base.get(store, key), "readonly");
export const all = (store, range) => transaction([store], (base) => base.all(store, range), "readonly");
export const remove = (store, key) => transaction([store], (base) => base.remove(store, key));
