// The advisor's page: unlock, the packed visits, what waits, and locking again.

import * as bycode from "./bycode.js";
import * as locking from "./locking.js";
import * as outbox from "./outbox.js";
import * as status from "./status.js";
import * as updates from "./updates.js";
import { start as startVisit } from "./visit.js";
import { start as startVisits } from "./visits.js";
import { start as startWaiting } from "./waiting.js";
import { tidy } from "./store.js";

const { lang } = document.documentElement;
if (location.pathname === "/visit/") location.replace(`/visit/${localStorage.getItem("language") ?? lang}/`);
localStorage.setItem("language", lang);

startVisits();
startVisit();
startWaiting();
bycode.start();
locking.start();
status.start();
updates.start();
tidy().catch(() => {}); // a database that fails says so in the status line
outbox.start();
