// Python in a worker. The first message says where the site is; the others are programs, and each gets an answer.

const PAUSE = 50; // milliseconds between two posts of what is printed: a page can't take more
const MOST = 200000; // characters that one program may print
let python; // a promise of what runs programs
let said = "";
let printed = 0;
let posted = 0;

const post = (kind, content) => postMessage([kind, content]);

function print(text) {
  if (printed > MOST) return;
  printed += text.length;
  said += printed > MOST ? "\n…\n" : text;
  if (performance.now() - posted > PAUSE) flush();
}

function flush() {
  if (said) post("print", said);
  said = "";
  posted = performance.now();
}

// Counts what is loaded, in parts of all.
function counted(load, total) {
  let loaded = 0;
  return async (...request) => {
    const answer = await load(...request);
    if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
    const count = new TransformStream({
      transform(chunk, controller) {
        loaded += chunk.length;
        post("progress", Math.min(1, loaded / total));
        controller.enqueue(chunk);
      },
    });
    return new Response(answer.body.pipeThrough(count), { headers: answer.headers });
  };
}

// What a program, which may come from anyone, could reach the site's stored pages with, and everything else out there.
const OUTSIDE = [
  ...["caches", "indexedDB", "fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "WebTransport", "EventSource"],
  ...["Worker", "SharedWorker", "BroadcastChannel", "importScripts", "webkitRequestFileSystem", "cookieStore", "storage"],
  ...["locks", "serviceWorker", "webkitResolveLocalFileSystemURL", "Notification"],
];
function closeOff() {
  for (const owner of [self, navigator]) {
    for (let part = owner; part && part !== Object.prototype; part = Object.getPrototypeOf(part)) {
      for (const name of OUTSIDE) if (Object.hasOwn(part, name)) delete part[name];
    }
  }
}

async function start(base) {
  self.fetch = counted(self.fetch.bind(self), @@total@@);
  const { loadPyodide } = await import(`${base}pyodide/pyodide.js`);
  const [pyodide, library] = await Promise.all([
    loadPyodide({ indexURL: `${base}pyodide/`, lockFileURL: `${base}pyodide/pyodide-lock.json` }),
    fetch(`${base}pyodide/stepgrad.zip`).then((answer) => answer.arrayBuffer()),
  ]);
  pyodide.setStdout({ write: (bytes) => (print(new TextDecoder().decode(bytes)), bytes.length) });
  pyodide.setStderr({ write: (bytes) => (print(new TextDecoder().decode(bytes)), bytes.length) });
  const [folder] = pyodide.runPython("import site; site.getsitepackages()").toJs();
  pyodide.unpackArchive(library, "zip", { extractDir: folder });
  const run = pyodide.runPython("from programs import run; run");
  closeOff();
  return (program, language, fresh) => JSON.parse(run(program, language, fresh));
}

addEventListener("message", async ({ data }) => {
  try {
    if (data.base) {
      python = start(data.base);
      await python;
      return;
    }
    const run = await python;
    post("progress", 1);
    printed = 0;
    const answer = run(data.program, data.language, data.fresh);
    flush();
    post("done", answer);
  } catch (error) {
    flush();
    post("done", { error: { text: String(error?.message ?? error) }, died: true });
  }
});
