// The playground: a program, its examples, its link, and what came of it.
import { editor } from "./editor.js";
import { language, start } from "../front/language.js";
import { keepForLater } from "../front/offline.js";
import { packed, unpacked } from "./link.js";
import { Session } from "./session.js";
import { PLAYGROUND } from "../front/words.js";

const element = (id) => document.getElementById(id);
const said = () => PLAYGROUND[language()];
const examples = JSON.parse(element("programs").textContent);
let page = ""; // the player's that is shown

const session = new Session({
  progress(part) {
    element("progress").hidden = part >= 1;
    element("progress").value = part;
    element("status").textContent = part < 1 ? said().loading : said().running;
  },
  print: (text) => element("output").append(text),
  done,
});

function tell(text, kind) {
  const line = document.createElement("span");
  line.className = kind;
  line.textContent = `${element("output").textContent && !element("output").textContent.endsWith("\n") ? "\n" : ""}${text}\n`;
  element("output").append(line);
}

function done({ page: shown, text, note, error }) {
  busy(false);
  element("progress").hidden = true;
  element("status").textContent = error ? said().failed : said().done;
  if (text) tell(text, "result");
  if (note) tell(note, "note");
  if (error) {
    tell(error.line ? said().line.replace("{}", error.line) + error.text : error.text, "error");
    if (error.line) program.mark(error.line, error.text);
  }
  if (shown) show(shown);
}

// A fresh frame for each player; the frame can't reach this page, nor anything else.
function show(shown) {
  page = shown;
  const fresh = element("player").cloneNode();
  fresh.hidden = false;
  fresh.src = "stage.html";
  element("player").replaceWith(fresh);
}
addEventListener("message", ({ source, data }) => {
  if (source === element("player").contentWindow && data === "ready") source.postMessage({ page }, "*");
});

function busy(is) {
  element("run").disabled = is;
  element("stop").disabled = !is;
}

function run() {
  if (session.isBusy) return;
  element("guest").hidden = true;
  element("output").replaceChildren();
  element("player").hidden = true;
  program.unmark();
  busy(true);
  element("status").textContent = said().starting;
  session.run(program.text(), language());
}

function stop() {
  session.stop();
  busy(false);
  element("progress").hidden = true;
  element("status").textContent = said().stopped;
}

async function share() {
  history.replaceState(null, "", `#code=${await packed(program.text())}`);
  try {
    await navigator.clipboard.writeText(location.href);
  } catch { /* the address bar has it */ }
  element("status").textContent = said().copied;
}

// ---- What is written in the editor first: the link's program, the one that was left, or the first example.

const kept = () => { try { return localStorage.getItem("program"); } catch { return null; } };
const keep = (text) => { try { localStorage.setItem("program", text); } catch { /* private windows may refuse */ } };

const program = editor(element("editor"), { label: said().program, run, changed: () => keep(program.text()) });

async function open() {
  const code = /^#code=([\w-]+)$/.exec(location.hash)?.[1];
  const chosen = examples[/^#example=(\d+)$/.exec(location.hash)?.[1]];
  if (!code) return program.replace(chosen?.text ?? kept() ?? examples[0].text);
  element("guest").hidden = false;
  try {
    program.replace(await unpacked(code));
  } catch {
    element("status").textContent = said().broken;
  }
  return undefined;
}

function listExamples() {
  const chosen = element("examples").value;
  element("examples").replaceChildren(new Option(said().choose, ""), ...examples.map(({ titles }, i) => new Option(titles[language()], i)));
  element("examples").value = chosen;
}

element("run").addEventListener("click", run);
element("stop").addEventListener("click", stop);
element("share").addEventListener("click", share);
element("examples").addEventListener("change", ({ target }) => {
  if (target.value === "") return;
  if (session.isBusy) stop();
  element("guest").hidden = true;
  history.replaceState(null, "", location.pathname);
  program.replace(examples[target.value].text);
});
addEventListener("hashchange", open);
start(listExamples);
listExamples();
open();
keepForLater();
