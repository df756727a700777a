// What the service worker says of its own files.

const PATIENCE = 10_000;

/** `{version, wrong}`, after it has tried to get what is missing; null if there is no worker, or no answer. */
export const verified = (worker) =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    setTimeout(resolve, worker ? PATIENCE : 0, null);
    worker?.postMessage({ type: "verify" }, [port2]);
  });
