// A one-time link keeps its secret behind the #, where no server and no log sees it. Take it out of the
// address at once, put it into the form, and go on.
const code = location.hash.slice(1);
const form = document.getElementById("one-time-link");

if (code && form) {
  history.replaceState(null, "", location.pathname);
  form.elements.namedItem("code").value = code;
  form.requestSubmit();
}
