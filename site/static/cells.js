// The cells of a lesson run here: Python in a worker, as in the playground, with one set of variables for the whole page.
// A cell that is run runs those above it first, if they haven't been. Whoever writes into a cell has it run anew.
import { Session } from "../session.js";

const WORDS = {
  en: { run: "Run", stop: "Stop", loading: "Loading Python, once …", running: "Running …", code: "Code of this cell", here: "Here: " },
  ko: { run: "실행", stop: "멈춤", loading: "파이썬을 불러오는 중 (처음 한 번) …", running: "실행하는 중 …", code: "이 셀의 코드", here: "여기서: " },
};
const words = WORDS[document.documentElement.lang] ?? WORDS.en;
const SITE = new URL("..", import.meta.url).href;

const make = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

let answered = () => {};
let current; // the cell that runs
const session = new Session({
  progress: (part) => current.say(part < 1 ? `${words.loading} ${Math.round(100 * part)} %` : words.running),
  print: (text) => current.print(text),
  done: (answer) => answered(answer),
});

class Cell {
  constructor(element) {
    this.element = element;
    this.code = element.querySelector(".cell_input pre");
    this.wasRun = false;
    this.button = make("button", { type: "button", className: "run-cell", textContent: words.run });
    this.button.addEventListener("click", () => (current ? stop() : runTo(this)));
    this.status = make("span", { className: "cell-status", role: "status" });
    element.querySelector(".cell_input").after(make("p", { className: "cell-tools" }, this.button, this.status));
    this.code.contentEditable = "plaintext-only";
    this.code.spellcheck = false;
    this.code.setAttribute("role", "textbox");
    this.code.setAttribute("aria-multiline", "true");
    this.code.setAttribute("aria-label", words.code);
    this.code.addEventListener("input", () => { this.wasRun = false; });
    this.code.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.shiftKey || event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (!current) runTo(this);
    });
  }

  say(text) {
    this.status.textContent = text;
  }

  // The output of before is in place until there is another; it stays, with a word, if this one can't be had here.
  get output() {
    return (this.fresh ??= make("div", { className: "cell_output fresh" }));
  }

  print(text) {
    const last = this.output.lastElementChild;
    const lines = last?.matches("pre.printed") ? last : make("pre", { className: "printed", tabIndex: 0 });
    lines.append(text);
    this.output.append(lines);
  }

  show({ page, kind, text, note, error }) {
    if (text) this.print(`${text}\n`);
    if (note) this.print(`${note}\n`);
    if (error) this.output.append(make("pre", { className: "cell-error", tabIndex: 0, textContent: `${words.here}${error.text}` }));
    if (page) this.output.append(framed(page, kind));
    this.element.querySelector(".cell_output.fresh")?.remove();
    this.element.querySelector(".cell_output:not(.fresh)")?.toggleAttribute("hidden", !error);
    if (this.fresh) this.element.append(this.fresh);
    this.fresh = undefined;
    this.wasRun = !error;
    this.say("");
  }
}

function framed(page, kind) {
  const frame = make("iframe", { className: `player ${kind}`, title: "Player", src: `${SITE}stage.html` });
  frame.setAttribute("sandbox", "allow-scripts allow-downloads");
  addEventListener("message", ({ source, data }) => {
    if (source === frame.contentWindow && data === "ready") source.postMessage({ page }, "*");
  });
  return frame;
}

const cells = [...document.querySelectorAll("article .cell")].filter((cell) => cell.querySelector(".cell_input pre")).map((cell) => new Cell(cell));

async function runTo(last) {
  last.wasRun = false;
  for (const cell of cells.slice(0, cells.indexOf(last) + 1)) {
    if (cell.wasRun) continue;
    current = cell;
    for (const { button } of cells) button.textContent = words.stop;
    cell.say(words.running);
    const answer = await new Promise((resolve) => {
      answered = resolve;
      session.run(cell.code.innerText.replace(/\n+$/, ""), document.documentElement.lang, false);
    });
    if (!answer) break;
    cell.show(answer);
  }
  current?.say("");
  current = undefined;
  for (const { button } of cells) button.textContent = words.run;
}

function stop() {
  session.stop();
  for (const cell of cells) cell.wasRun = false;
  answered();
}
