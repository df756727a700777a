// Opens a packed visit by the code of its paper form: scanned, typed, or in the address that brought us here.

import { hex, sha256, utf8 } from "./bytes.js";
import { offer } from "./camera.js";
import { packed } from "./visits.js";
import { say, workspace } from "./workspace.js";

const TOKEN = 16;
const MEANT = { O: "0", I: "1", L: "1", U: "V" };
const form = document.getElementById("by-code");
const problem = document.getElementById("by-code-problem");
let asked = location.hash.slice(1);

async function open(typed) {
  const end = typed.trim().toUpperCase().split("/").pop();
  const code = end.replace(/[OILU]/g, (letter) => MEANT[letter]).replace(/[^0-9A-Z]/g, "");
  const token = hex(await sha256(utf8(end.slice(-TOKEN))));
  const visit = (await packed()).find((one) => !one.done_at && (one.code === code || one.forms?.some((copy) => copy.code === code || copy.token === token)));
  problem.hidden = Boolean(visit);
  if (visit) {
    form.reset();
    say("visit", { visit, onPaper: true });
  } else form.elements.code.focus();
}

export function start() {
  if (asked) history.replaceState(null, "", location.pathname);
  workspace.addEventListener("unlocked", () => {
    if (asked) open(asked);
    asked = "";
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    open(form.elements.code.value);
  });
  offer(document.getElementById("scan"), open);
}
