// What a page loads is kept, so that it works without the network too: where the browser lets a page do that, which is at
// addresses of https: and on this machine.
const FRAME = ["stage.html", "stage.js"]; // asked for by a frame

export async function keepForLater() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register(new URL("service_worker.js", import.meta.url));
  const { active } = await navigator.serviceWorker.ready;
  const keep = (addresses) => active.postMessage(addresses.filter((address) => address.startsWith(location.origin)));
  keep([location.href.split("#")[0], ...FRAME.map((name) => new URL(name, import.meta.url).href)]);
  const observer = new PerformanceObserver((list) => keep(list.getEntries().map(({ name }) => name)));
  observer.observe({ type: "resource", buffered: true });
}
