// A call with a connection: its buttons are the form's own.

import { listen } from "./callkeys.js";

listen();
