// Opens a form by the camera, where the browser can read codes.

import { offer } from "./camera.js";

const form = document.getElementById("open-form");
const code = form.elements.code;
// After a mistake the summary of it has the focus.
if (!document.querySelector(".error-summary")) (code.value ? form.querySelector(".button-primary") : code).focus();
offer(document.getElementById("scan"), (said) => {
  code.value = said;
  form.requestSubmit();
});
