// Says at once what each key means, beside its measure. Without it, the page says so after Enter.

const form = document.getElementById("keys-form");
const field = form.elements.keys;
const lines = [...form.querySelectorAll(".echo-line")];
const meanings = new Map(
  [...document.querySelectorAll("#key-list .key-line")].map((line) => [
    line.querySelector("dt").textContent,
    line.querySelector("dd").textContent,
  ]),
);
const radios = form.querySelector("[name=do][value=radios]");

function echo() {
  if (radios && /r/i.test(field.value)) {
    field.value = field.value.replace(/r/gi, "");
    form.requestSubmit(radios);
    return;
  }
  const keys = [...field.value].filter((key) => meanings.has(key)).slice(0, lines.length);
  field.value = keys.join("");
  lines.forEach((line, place) => {
    line.querySelector(".echo-answer").textContent = meanings.get(keys[place]) ?? "";
    line.toggleAttribute("data-next", place === keys.length);
  });
}

field.addEventListener("input", echo);
field.focus();
echo();
