// What a page has loaded is kept, so that it works without the network too: where the browser lets a page do that, which is
// at addresses of https: and on this machine.
export async function keepForLater() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("service_worker.js");
  const { active } = await navigator.serviceWorker.ready;
  const mine = performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => name.startsWith(location.origin));
  active.postMessage([...new Set([location.href.split("#")[0], ...mine])]);
}
