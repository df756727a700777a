// Opens a form by the camera, where the browser can read codes. Everywhere else the field is enough.

const EVERY = 250;
const form = document.getElementById("open-form");
const button = document.getElementById("scan");
const video = document.getElementById("viewfinder");
const status = document.getElementById("scan-status");

async function canScan() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return false;
  return (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
}

async function scan() {
  button.disabled = true;
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.hidden = false;
    status.textContent = status.dataset.looking;
    await video.play();
    look(new BarcodeDetector({ formats: ["qr_code"] }));
  } catch {
    status.textContent = status.dataset.refused;
    button.disabled = false;
  }
}

async function look(detector) {
  const [found] = await detector.detect(video);
  if (!found) {
    setTimeout(look, EVERY, detector);
    return;
  }
  for (const track of video.srcObject.getTracks()) track.stop();
  form.elements.code.value = found.rawValue;
  form.requestSubmit();
}

const code = form.elements.code;
// After a mistake the summary of it has the focus.
if (!document.querySelector(".error-summary")) (code.value ? form.querySelector(".button-primary") : code).focus();
button.addEventListener("click", scan);
if (await canScan()) button.hidden = false;
