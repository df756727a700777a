// The service worker: registered here, and a new version taken over only when no form is open.

import { at } from "./workspace.js";

const bar = document.getElementById("update");
const BEHIND = 2_000; // whoever is here for the first time need not share a slow line with other languages
let asked = false;

function takeOver(worker) {
  asked = true;
  worker.postMessage({ type: "take over" });
}

function offer(worker) {
  if (at() === "lock" && !document.querySelector("#unlock input[type=password]:focus")) return takeOver(worker);
  bar.hidden = false;
  bar.querySelector("button").onclick = () => takeOver(worker);
}

function watch(registration) {
  const coming = registration.installing;
  coming?.addEventListener("statechange", () => {
    if (coming.state === "installed" && navigator.serviceWorker.controller) offer(coming);
  });
}

/** Registers the worker. The page is loaded afresh only where somebody asked, or nothing was begun. */
export async function start() {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  serviceWorker.addEventListener("controllerchange", () => asked && location.reload());
  const registration = await serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => null);
  if (!registration) return;
  registration.addEventListener("updatefound", () => watch(registration));
  if (registration.waiting && serviceWorker.controller) offer(registration.waiting);
  else watch(registration);
  const { active } = await serviceWorker.ready;
  setTimeout(() => active.postMessage({ type: "complete" }), BEHIND);
}
