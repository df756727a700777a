// Keeps the documents for visits on the device, whole and verified, and nothing that is about anybody.
// Above stands SHELL: the version, and each file's address with the beginning of its SHA-256 (web/shell.py).

const PREFIX = "shell-";
const CACHE = PREFIX + SHELL.version;
const GENERATIONS = 2;
const HALF_A_DAY = 12 * 60 * 60 * 1000;

const isFile = (address) => address.startsWith("/visit/at/");
const languageOf = (address) => address.split("/")[2];

async function isRight(answer, address) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await answer.arrayBuffer()));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("").startsWith(SHELL.files[address]);
}

async function fetched(address, how) {
  const answer = await fetch(address, { cache: how, redirect: "error" });
  return answer.ok && (await isRight(answer.clone(), address)) ? answer : null;
}

async function keep(cache, address) {
  // What the page has just loaded need not come twice: the hash says whether it is right.
  const answer = (await fetched(address, isFile(address) ? "default" : "no-cache")) ?? (await fetched(address, "reload"));
  if (!answer) throw new Error(`${address} is not what it should be.`);
  await cache.put(address, answer);
}

/** Whether a first visit waits for it: the files, and the documents in a language that is open. */
async function isNeeded() {
  const open = (await clients.matchAll({ includeUncontrolled: true })).map(({ url }) => new URL(url).pathname);
  const spoken = [inLanguage(""), ...open.filter((address) => address in SHELL.files)].map(languageOf);
  return (address) => isFile(address) || spoken.includes(languageOf(address));
}

/** A first visit is ready with its own language, and gets the others after it. A new version comes whole. */
async function install() {
  const isNew = !(await caches.has(CACHE)); // else a worker in use may depend on it
  const cache = await caches.open(CACHE);
  const needed = registration.active ? () => true : await isNeeded();
  try {
    await Promise.all(Object.keys(SHELL.files).filter(needed).map((address) => keep(cache, address)));
  } catch (error) {
    if (isNew) await caches.delete(CACHE);
    throw error;
  }
}

/** What is not there yet, or was cleared away. */
async function complete() {
  const cache = await caches.open(CACHE);
  const there = (await cache.keys()).map(({ url }) => new URL(url).pathname);
  const missing = Object.keys(SHELL.files).filter((address) => !there.includes(address));
  await Promise.all(missing.map((address) => keep(cache, address)));
}

async function activate() {
  const kept = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  const old = kept.slice(0, Math.max(0, kept.length - (GENERATIONS - 1)));
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
}

const kept = async (address) => (await (await caches.open(CACHE)).match(address)) ?? caches.match(address);

/** The document of this name in the browser's language, if there is one in it. */
function inLanguage(name) {
  const own = `/visit/${navigator.language.split("-")[0]}/${name}`;
  return own in SHELL.files ? own : `/visit/en/${name}`;
}

const page = async (request, address) =>
  (await kept(address === "/visit/" ? inLanguage("") : address)) ?? elsewhere(request);

/**
 * Whether the tablet is in the person's hands: then all but the visits' own pages lead back to theirs. For half
 * a day at most, so that forgotten words do not shut the advisor out of the app.
 */
const handedOver = () =>
  new Promise((resolve) => {
    const request = indexedDB.open("wellbeing");
    request.onupgradeneeded = () => request.transaction.abort(); // nothing was ever packed here
    request.onerror = () => resolve(false);
    request.onsuccess = () => {
      const base = request.result;
      base.transaction("handover").objectStore("handover").getAll().onsuccess = ({ target }) => {
        base.close();
        const since = Date.now() - HALF_A_DAY;
        resolve(target.result.some(({ state, started_at }) => state !== "kept" && Date.parse(started_at) > since));
      };
    };
  });

async function elsewhere(request) {
  if (await handedOver()) return Response.redirect(inLanguage("self/"));
  try {
    return await fetch(request);
  } catch {
    const [, form] = /^\/e\/([\w-]+)$/i.exec(new URL(request.url).pathname) ?? [];
    if (form) return Response.redirect(`${inLanguage("")}#${form}`);
    return (await kept(inLanguage("no-connection/"))) ?? Response.error();
  }
}

/** Which files are missing or not as they should be, after one more try to get what is missing. */
async function wrong() {
  await complete().catch(() => {});
  const cache = await caches.open(CACHE);
  const found = await Promise.all(
    Object.keys(SHELL.files).map(async (address) => {
      const answer = await cache.match(address);
      return answer && (await isRight(answer, address)) ? null : address;
    }),
  );
  return found.filter(Boolean);
}

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));

addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  if (mode === "navigate") event.respondWith(pathname.startsWith("/visit/") ? page(event.request, pathname) : elsewhere(event.request));
  else if (isFile(pathname) || pathname in SHELL.files) event.respondWith(kept(pathname).then((answer) => answer ?? fetch(event.request)));
});

addEventListener("message", (event) => {
  const { data, ports } = event;
  if (data.type === "take over") skipWaiting();
  if (data.type === "complete") event.waitUntil(complete().catch(() => {}));
  if (data.type === "verify") event.waitUntil(wrong().then((files) => ports[0].postMessage({ version: SHELL.version, wrong: files })));
});
