// The front page: a formula, and the player of its graph. The address says which: #f=(a*b+c)**2&a=2&b=-3
import { Fault, parse } from "./expression.js";
import { language, start } from "./language.js";
import { keepForLater } from "./offline.js";
import { pageOf, tools } from "./picture.js";
import { SAID } from "./words.js";

const FIRST = { a: 2, b: -3, c: 10, x: 0.5, y: -1, w: 1.5 }; // numbers of variables that nobody has given one
const element = (id) => document.getElementById(id);
const player = () => element("player");
let numbers = FIRST;
let isFirst = true; // the page that the build has made is shown

function say(key, named = "", more = "") {
  const fault = element("fault");
  fault.textContent = SAID[language()][key].replaceAll("{}", named) + more;
  fault.classList.toggle("wrong", !["copied", "loading"].includes(key));
}

function sayFault(error, text, table) {
  if (!(error instanceof Fault)) return say("failed", error.message);
  const functions = Object.entries(table).filter(([name]) => !["add", "sub", "mul", "div", "neg", "mask"].includes(name));
  say(error.key, error.named, error.key === "unknown" ? functions.map(([name]) => name).join(", ") : "");
  const place = document.createElement("code");
  place.textContent = ` ${text.slice(0, error.at)}▸${text.slice(error.at)}`;
  element("fault").append(place);
  element("formula").setAttribute("aria-invalid", "true");
  element("formula").focus();
  element("formula").setSelectionRange(error.at, Math.max(error.at + 1, error.at + String(error.named).length));
  return undefined;
}

// A new frame each time, so that going back in the browser's history leads to the page before this one.
function frame(address, page) {
  const fresh = player().cloneNode();
  fresh.src = address;
  if (page) {
    const answer = ({ source, data }) => {
      if (source !== fresh.contentWindow || data !== "ready") return;
      removeEventListener("message", answer);
      source.postMessage({ page }, "*");
    };
    addEventListener("message", answer);
  }
  player().replaceWith(fresh);
}

async function show(text, state = "") {
  element("formula").value = text;
  element("formula").removeAttribute("aria-invalid");
  say("loading");
  let found;
  try {
    found = await tools();
    const graph = parse(text, found.table, found.rows, numbers);
    frame(`stage.html${state && `#${state}`}`, pageOf(graph, language(), found));
    isFirst = false;
    element("fault").textContent = "";
    history.replaceState(null, "", `#${address()}`);
  } catch (error) {
    sayFault(error, text, found?.table ?? {});
  }
}

// The formula, the numbers of its variables and the player's step, as the player says in its own address.
const playerState = () => { try { return player().contentWindow.location.hash.slice(1); } catch { return ""; } };

function address(state = playerState()) {
  const parts = new URLSearchParams({ f: element("formula").value });
  for (const [name, number] of Object.entries(numbers)) if (FIRST[name] !== number) parts.set(name, number);
  for (const [name, number] of new URLSearchParams(state)) parts.set(name, number);
  return parts.toString();
}

function open() {
  const parts = new URLSearchParams(location.hash.slice(1));
  const formula = parts.get("f");
  if (!formula) return;
  parts.delete("f");
  numbers = { ...FIRST };
  for (const [name, number] of parts) if (name !== "step" && name !== "rate" && Number.isFinite(Number(number))) numbers[name] = Number(number);
  const kept = new URLSearchParams([...parts].filter(([name]) => name === "step" || name === "rate"));
  show(formula.slice(0, 500), kept.toString());
}

element("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  show(element("formula").value);
});
element("share").addEventListener("click", async () => {
  history.replaceState(null, "", `#${address()}`);
  try { await navigator.clipboard.writeText(location.href); } catch { /* the address bar has it */ }
  say("copied");
});
addEventListener("hashchange", open);

const firstPlayer = () => (language() === "ko" ? "player-ko.html" : "player.html");
start(() => {
  const state = playerState();
  if (isFirst) frame(`${firstPlayer()}${state && `#${state}`}`);
  else show(element("formula").value, state);
});
if (location.hash.startsWith("#f=")) open();
else if (language() === "ko") frame(firstPlayer());
keepForLater();
