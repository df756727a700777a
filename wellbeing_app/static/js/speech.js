// Reading a question aloud: only with a voice that is on the device, so that nothing is sent away.

const voices = () => {
  const { lang } = document.documentElement;
  return (window.speechSynthesis?.getVoices() ?? []).filter(
    (voice) => voice.localService && voice.lang.split(/[-_]/)[0] === lang.split("-")[0],
  );
};

let speaking = null;

/** Shows these where there is a voice; browsers tell of their voices late. */
export function offer(offers) {
  const show = () => {
    for (const one of offers) one.hidden = !voices().length;
  };
  show();
  window.speechSynthesis?.addEventListener?.("voiceschanged", show);
}

export function stop() {
  if (!speaking) return;
  speechSynthesis.cancel();
  change();
}

function change() {
  const { button } = speaking;
  [button.textContent, button.dataset.stop] = [button.dataset.stop, button.textContent];
  speaking = null;
}

/** What a measure says to the person, a line at a time. */
const lines = (measure) =>
  [...measure.querySelectorAll("h1, .measure-line, .prompts-read p, .prompts-read li, .measure-how, .point, .aside")].map(
    (one) => one.textContent.trim().replace(/\s+/g, " "),
  );

/** Begins to read, or stops. */
export function toggle(button, measure) {
  if (speaking) return stop();
  const [voice] = voices();
  const spoken = lines(measure).map((line) => Object.assign(new SpeechSynthesisUtterance(line), { voice, lang: voice.lang }));
  speaking = { button };
  [button.textContent, button.dataset.stop] = [button.dataset.stop, button.textContent];
  spoken.at(-1).onend = () => speaking?.button === button && change();
  for (const one of spoken) speechSynthesis.speak(one);
  return undefined;
}
