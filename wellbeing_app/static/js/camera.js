// Reads a square code by the camera, where the browser can. Everywhere else typing it is enough.

const EVERY = 250;

async function canScan() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return false;
  return (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
}

/** Shows the button where the browser can; `found` is told what the code says. */
export async function offer(button, found) {
  const video = document.getElementById("viewfinder");
  const status = document.getElementById("scan-status");
  const end = (said) => {
    for (const track of video.srcObject?.getTracks() ?? []) track.stop();
    video.srcObject = null;
    video.hidden = true;
    button.disabled = false;
    status.textContent = said;
  };
  const look = async (detector) => {
    const [one] = await detector.detect(video);
    if (one) {
      end("");
      found(one.rawValue);
    } else if (video.srcObject) setTimeout(look, EVERY, detector);
  };
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.hidden = false;
      status.textContent = status.dataset.looking;
      await video.play();
      await look(new BarcodeDetector({ formats: ["qr_code"] }));
    } catch {
      end(status.dataset.refused);
    }
  });
  if (await canScan()) button.hidden = false;
}
