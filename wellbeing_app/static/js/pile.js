// Shows how far a pile is while it is being printed. Without it, "See how far it is" does the same.

const EVERY = 1000;

async function look() {
  const here = document.getElementById("pile");
  if (here.dataset.atWork !== "yes") return;
  try {
    const answer = await fetch(location.href, { redirect: "error" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("pile");
    if (answer.ok && fresh) renew(here, fresh);
  } catch {
    // No connection for a moment: the next look may have one.
  }
  setTimeout(look, EVERY);
}

function renew(here, fresh) {
  if (fresh.dataset.atWork !== "yes") {
    here.replaceWith(fresh);
    return;
  }
  here.querySelector("progress").value = fresh.querySelector("progress").value;
  for (const words of here.querySelectorAll("#progress-words, #progress-state")) {
    words.textContent = fresh.querySelector(`#${words.id}`).textContent;
  }
}

setTimeout(look, EVERY);
