// The list of steps, moving through them, and the controls.

// ---- The list of steps

const list = element("list");
const items = [];

function buildList() {
  list.firstElementChild.replaceChildren();
  items.length = 0;
  moments.forEach((moment, i) => {
    const values = valuesOf(moment);
    const item = document.createElement("li");
    if (moment.kind !== moments[i - 1]?.kind && (moment.kind === "forward" || moment.kind === "seed")) {
      const heading = document.createElement("h2");
      heading.textContent = words.phases[moment.kind];
      item.append(heading);
    }
    const button = document.createElement("button");
    button.type = "button";
    button.append(...itemText(moment, values));
    button.addEventListener("click", () => { pause(); go(i); });
    item.append(button);
    items.push(button);
    list.firstElementChild.append(item);
  });
}

function itemText(moment, values) {
  const small = document.createElement("small");
  switch (moment.kind) {
    case "start":
      return [words.startItem];
    case "forward":
      return filled("{node} = {result}", values);
    case "seed":
      return filled(words.seedItem, values);
    default:
      small.append(...filled(words.via, values));
      return [...filled("{operand.atom}.grad: {before} → {after}", values), small];
  }
}

function showItem() {
  list.querySelector("[aria-current]")?.removeAttribute("aria-current");
  const current = items[position];
  current.setAttribute("aria-current", "step");
  const { top, bottom } = current.parentElement.getBoundingClientRect();
  const frame = list.getBoundingClientRect();
  if (top < frame.top || bottom > frame.bottom) list.scrollTop += (top + bottom - frame.top - frame.bottom) / 2;
}

// ---- Moving through the steps

let timer = 0;

function go(to) {
  position = Math.max(0, Math.min(last, to));
  showNumbers();
  highlight();
  showWords();
  showItem();
  follow();
  for (const [id, end] of [["first", 0], ["back", 0], ["forward", last], ["last", last]]) {
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
  const playing = document.body.classList.contains("playing");
  const names = {
    "zoom-in": words.zoomIn, "zoom-out": words.zoomOut, fit: words.fit, first: words.first, back: words.back,
    play: playing ? words.pause : words.play, forward: words.forward, last: words.last,
    slider: words.slider, speed: words.speed, stage: words.stage, zoom: words.zoom, controls: words.controls,
    list: words.list, line: words.line, languages: words.languages,
  };
  for (const [id, name] of Object.entries(names)) {
    element(id).setAttribute("aria-label", name);
    if (element(id).matches("button, select")) element(id).title = name;
  }
  const boxes = drawing.querySelectorAll(".neuron");
  drawing.setAttribute("role", boxes.length ? "group" : "img");
  drawing.setAttribute("aria-label", words.drawing);
  for (const neuron of boxes) {
    neuron.setAttribute("role", "button");
    neuron.setAttribute("tabindex", "0");
    neuron.setAttribute("aria-description", words.open);
  }
  element("close").hidden = !inside;
  element("close").textContent = `← ${words.close}`;
}

function speak(language) {
  document.documentElement.lang = language;
  words = WORDS[language];
  for (const button of element("languages").children) button.setAttribute("aria-pressed", button.value === language);
  nameControls();
  buildList();
  go(position);
}

const actions = {
  first: () => step(0),
  back: () => step(position - 1),
  play: () => (timer ? pause() : play()),
  forward: () => step(position + 1),
  last: () => step(last),
  "zoom-in": () => zoom(1.3),
  "zoom-out": () => zoom(1 / 1.3),
  fit,
  close,
};
for (const [id, action] of Object.entries(actions)) element(id).addEventListener("click", action);
for (const button of element("languages").children) button.addEventListener("click", () => speak(button.value));
element("slider").max = last;
element("slider").addEventListener("input", (event) => step(Number(event.target.value)));

const keys = {
  ArrowRight: "forward", ArrowLeft: "back", Home: "first", End: "last", " ": "play",
  "+": "zoom-in", "=": "zoom-in", "-": "zoom-out", 0: "fit", Escape: "close",
};
const pans = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select")) return;
  const neuron = event.target.closest?.(".neuron");
  if (neuron && (event.key === "Enter" || event.key === " ")) {
    open(neuron.id);
  } else if (event.shiftKey && pans[event.key]) {
    move(...pans[event.key]);
  } else if (keys[event.key] && !(event.key === " " && event.target.matches("button"))) {
    actions[keys[event.key]]();
  } else {
    return;
  }
  event.preventDefault();
});

// ---- Start

function settle() {
  fit();
  if (view.scale < LEGIBLE) {
    // too large to read at once: begin where the pass begins
    view.scale = LEGIBLE;
    view.x = stage.clientWidth / view.scale / 2;
    applyView();
    follow();
  }
}

document.body.classList.add("ready");
prepare(drawing);
speak(document.documentElement.lang);
settle();
new ResizeObserver(applyView).observe(stage);
