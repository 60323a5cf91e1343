// Moving through the moments of a lesson, and the controls. A player says how many moments there are and how fast they
// follow each other, `last` and `MILLISECONDS`; what a moment looks like, `show()`, and its number, `numberOf()`; what its
// parts are called, `names()`; what else depends on the language, `translate()`; and adds its own to `actions` and `keys`.

const element = (id) => document.getElementById(id);
const lesson = JSON.parse(element("lesson").textContent);
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let position = 0;
let words = WORDS[document.documentElement.lang];

// The template with its {names} filled in: texts, and names that may run in either direction, as elements of their own.
function filled(template, values) {
  return template.split(/(\{[\w.]+\})/).filter(Boolean).map((part) => {
    const key = /^\{([\w.]+)\}$/.exec(part)?.[1];
    if (!key) return part;
    const name = document.createElement("bdi");
    name.textContent = values[key];
    return name;
  });
}

// ---- Moving through the moments

let timer = 0;
let furthest = () => last; // to which one may go now

function go(to) {
  position = Math.max(0, Math.min(last, to));
  show();
  element("count").textContent = `${numberOf(position)} / ${numberOf(last)}`;
  element("slider").value = position;
  element("slider").setAttribute("aria-valuetext", element("count").textContent);
  for (const [id, end] of [["first", 0], ["back", 0], ["forward", furthest()], ["last", furthest()]]) {
    element(id).setAttribute("aria-disabled", position === end);
  }
}

function play() {
  if (position === last) go(0);
  element("sentence").setAttribute("aria-live", "off"); // more than anyone could listen to
  document.body.classList.add("playing");
  wait();
  nameControls();
}

function wait() {
  timer = setTimeout(() => {
    go(position + 1);
    if (position < last) wait();
    else pause();
  }, MILLISECONDS / element("speed").value);
}

function pause() {
  clearTimeout(timer);
  timer = 0;
  document.body.classList.remove("playing");
  element("sentence").setAttribute("aria-live", "polite");
  nameControls();
}

function step(to) {
  pause();
  go(to);
}

// ---- Controls

function nameControls() {
  const { controls, line, languages, slider, speed, first, back, forward, last, play, pause } = words;
  const playing = document.body.classList.contains("playing");
  const shared = { controls, line, languages, slider, speed, first, back, forward, last, play: playing ? pause : play };
  for (const [id, name] of Object.entries({ ...shared, ...names() })) {
    element(id).setAttribute("aria-label", name);
    if (element(id).matches("button, select")) element(id).title = name;
  }
}

function speak(language) {
  document.documentElement.lang = language;
  words = WORDS[language];
  for (const button of element("languages").children) button.setAttribute("aria-pressed", button.value === language);
  nameControls();
  translate();
  go(position);
}

const actions = {
  first: () => step(0),
  back: () => step(position - 1),
  play: () => (timer ? pause() : play()),
  forward: () => step(position + 1),
  last: () => step(last),
};
const keys = { ArrowRight: "forward", ArrowLeft: "back", Home: "first", End: "last", " ": "play" };

function press(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select, input:not(#slider)")) return;
  if (!keys[event.key] || (event.key === " " && event.target.matches("button"))) return;
  actions[keys[event.key]]();
  event.preventDefault();
}

function start() {
  for (const [id, action] of Object.entries(actions)) element(id).addEventListener("click", action);
  for (const button of element("languages").children) button.addEventListener("click", () => speak(button.value));
  element("slider").max = last;
  element("slider").addEventListener("input", (event) => step(Number(event.target.value)));
  document.addEventListener("keydown", press);
  document.body.classList.add("ready");
  speak(document.documentElement.lang);
}
