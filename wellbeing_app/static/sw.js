// Keeps the documents for visits on the device, whole and verified, and nothing that is about anybody.
// Above stands SHELL: the version, and each file's address with its SHA-256 (web/shell.py).

const PREFIX = "shell-";
const CACHE = PREFIX + SHELL.version;
const GENERATIONS = 2;
const HALF_A_DAY = 12 * 60 * 60 * 1000;

const isFile = (address) => address.startsWith("/visit/at/");

async function digest(answer) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await answer.arrayBuffer()));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function fetched(address, how) {
  const answer = await fetch(address, { cache: how, redirect: "error" });
  const isRight = answer.ok && (await digest(answer.clone())) === SHELL.files[address];
  return isRight ? answer : null;
}

async function keep(cache, address) {
  // What the page has just loaded need not come twice: the hash says whether it is right.
  const answer = (await fetched(address, isFile(address) ? "default" : "no-cache")) ?? (await fetched(address, "reload"));
  if (!answer) throw new Error(`${address} is not what it should be.`);
  await cache.put(address, answer);
}

async function install() {
  const cache = await caches.open(CACHE);
  try {
    await Promise.all(Object.keys(SHELL.files).map((address) => keep(cache, address)));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
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
    return (await kept(inLanguage("no-connection/"))) ?? Response.error();
  }
}

/** Which files are missing or not as they should be. */
async function wrong() {
  const cache = await caches.open(CACHE);
  const found = await Promise.all(
    Object.entries(SHELL.files).map(async ([address, hash]) => {
      const answer = await cache.match(address);
      return answer && (await digest(answer)) === hash ? null : address;
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

addEventListener("message", ({ data, ports }) => {
  if (data.type === "take over") skipWaiting();
  if (data.type === "verify") wrong().then((files) => ports[0].postMessage({ version: SHELL.version, wrong: files }));
});
