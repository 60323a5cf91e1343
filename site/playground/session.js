// Python in a worker: starts it, hands it programs, and ends it when a program has to be stopped.
//
// The worker is made of a blob, so that the page's policy, which forbids every other origin, is its policy too.

export class Session {
  // `on` has functions: progress(part), print(text), done(answer)
  constructor(on) {
    this.on = on;
    this.worker = null;
    this.isBusy = false;
  }

  async #start() {
    const base = new URL(".", import.meta.url).href;
    const code = await (await fetch(new URL("worker.js", base))).blob();
    const worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })), { type: "module" });
    worker.addEventListener("message", ({ data: [kind, content] }) => {
      if (worker !== this.worker || !Object.hasOwn(this.on, kind)) return; // a program can post anything
      if (kind === "done") this.isBusy = false;
      if (content.died) this.stop(); // the next program gets another one
      this.on[kind](content);
    });
    worker.addEventListener("error", (event) => {
      if (worker === this.worker) this.#fail(event.message);
    });
    worker.postMessage({ base });
    this.worker = worker;
  }

  #fail(message) {
    this.stop();
    this.on.done({ error: { text: message } });
  }

  // `fresh` forgets the variables of earlier programs.
  async run(program, language, fresh = true) {
    this.isBusy = true;
    if (!this.worker) await this.#start();
    this.worker?.postMessage({ program, language, fresh });
  }

  stop() {
    this.worker?.terminate();
    this.worker = null;
    this.isBusy = false;
  }
}
