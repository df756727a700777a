// From a form to the outbox: sealed to the office's newest key, and to the advisor's own.

import { fromBase64url } from "./bytes.js";
import { finish } from "./outbox.js";
import * as store from "./store.js";
import { sealed } from "./survey.js";

/** What this device says of itself, and the key it seals to. */
export async function sender() {
  const { device, intake } = await store.get("device", "this");
  return { device, intake: fromBase64url(intake[0].public) };
}

/** Into the outbox, for good; `draft` and the visit of `ticket` are done with it. Throws `store.Full`. */
export async function post({ staff, own }, item, intake, draft, ticket) {
  await finish(draft, await sealed(item, staff, intake, own.publicKey), ticket);
}
