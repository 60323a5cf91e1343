// Keeps what the site's pages have loaded, by the version of the site that they are of. What was kept is answered at once.
const VERSION = "@@version@@";
const NAME = `stepgrad ${VERSION} ${registration.scope}`;

addEventListener("install", () => skipWaiting());

addEventListener("activate", (event) => event.waitUntil((async () => {
  const old = (await caches.keys()).filter((name) => name.endsWith(registration.scope) && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
})()));

async function keep(addresses) {
  const kept = await caches.open(NAME);
  for (const address of addresses) if (!(await kept.match(address))) await kept.add(address).catch(() => {});
}
addEventListener("message", (event) => event.waitUntil(keep(event.data)));

async function answer(request) {
  const kept = await caches.open(NAME);
  const found = await kept.match(request, { ignoreSearch: true });
  if (found) return found;
  const fresh = await fetch(request);
  if (fresh.ok && fresh.status === 200) await kept.put(request, fresh.clone());
  return fresh;
}
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && request.url.startsWith(registration.scope)) event.respondWith(answer(request));
});
