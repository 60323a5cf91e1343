"use strict";
// Plays a lesson: a list of moments, each of which has a state (the numbers in the drawing) and an explanation.
// The state of a moment is computed from the first one on, so that jumping and playing are the same thing.

const WORDS = {
  en: {
    stage: "Computation graph. Drag to move it, plus and minus to zoom, zero to see all.",
    drawing: "Drawing of the computation graph",
    zoom: "Zoom", zoomIn: "Zoom in (+)", zoomOut: "Zoom out (−)", fit: "Show all (0)",
    controls: "Player", list: "Steps", line: "The current step", languages: "Language",
    first: "To the start (Home)", back: "One step back (←)", forward: "One step forward (→)", last: "To the end (End)",
    play: "Play (space)", pause: "Pause (space)", slider: "Step", speed: "Speed",
    phases: { start: "Start", forward: "Forward pass", seed: "Backward pass", backward: "Backward pass" },
    start: "The leaves have their numbers. The forward pass computes the others, from the operands to the result.",
    seed: "Now backwards: how does {root} change with each number? By itself, it changes at the rate 1.",
    backward: "{node} passes its gradient {upstream} on to {operand}, times {derivative} = {local}.",
    soFar: "{operand.atom}.grad so far", upstream: "gradient of {node}", local: "{derivative}", now: "{operand.atom}.grad now",
    operation: "{formula}", result: "{node}", rootGradient: "{root.atom}.grad",
    open: "Open this neuron", close: "All neurons", neuron: "neuron",
    startItem: "start", seedItem: "{root.atom}.grad = 1", via: "through {node}",
  },
  ko: {
    stage: "계산 그래프. 끌어서 옮기고, +와 −로 확대·축소하고, 0으로 전체를 봅니다.",
    drawing: "계산 그래프 그림",
    zoom: "확대·축소", zoomIn: "확대 (+)", zoomOut: "축소 (−)", fit: "전체 보기 (0)",
    controls: "재생", list: "단계", line: "지금 단계", languages: "언어",
    first: "처음으로 (Home)", back: "한 단계 뒤로 (←)", forward: "한 단계 앞으로 (→)", last: "끝으로 (End)",
    play: "재생 (스페이스)", pause: "멈춤 (스페이스)", slider: "단계", speed: "속도",
    phases: { start: "시작", forward: "순전파", seed: "역전파", backward: "역전파" },
    start: "잎 노드의 값은 주어져 있습니다. 순전파는 피연산자에서 결과 쪽으로 나머지 값을 차례로 계산합니다.",
    seed: "이제 거꾸로 갑니다. 각 수가 변하면 {root}의 값은 얼마나 변할까요? 자기 자신에 대한 변화율은 1입니다.",
    backward: "{node}의 기울기 {upstream}에 {derivative} = {local}, 곧 국소 미분을 곱해 {operand}에 전달합니다.",
    soFar: "지금까지의 {operand.atom}.grad", upstream: "{node}의 기울기", local: "{derivative}", now: "새 {operand.atom}.grad",
    operation: "{formula}", result: "{node}", rootGradient: "{root.atom}.grad",
    open: "이 뉴런 열기", close: "모든 뉴런", neuron: "뉴런",
    startItem: "시작", seedItem: "{root.atom}.grad = 1", via: "{node}에서",
  },
};
const UNKNOWN = "·"; // in place of a number that has not been computed yet
const MILLISECONDS = 1600; // from one step to the next at normal speed
const LEGIBLE = 0.75, LARGEST = 6; // scales of the drawing

const element = (id) => document.getElementById(id);
const lesson = JSON.parse(element("lesson").textContent);
const root = lesson.nodes.length - 1;
const calm = matchMedia("(prefers-reduced-motion: reduce)");

const moments = [{ kind: "start" }, ...lesson.forward.map((step) => ({ kind: "forward", ...step }))];
if (lesson.gradients) {
  moments.push({ kind: "seed" }, ...lesson.backward.map((step) => ({ kind: "backward", ...step })));
}
const last = moments.length - 1;
let position = 0;
let words = WORDS[document.documentElement.lang];

// ---- The numbers in the drawing

// The texts in the drawing that change, for each Value, with the width that is kept free for their numbers.
let fields = [];

function findFields() {
  fields = lesson.nodes.map((_, i) => {
    const found = {};
    for (const text of element(`v${i}`)?.querySelectorAll("text") ?? []) {
      const [, kind, number] = /^(data|grad)\s(.*)$/s.exec(text.textContent) ?? [];
      if (kind) found[kind] = { text, width: number.length };
    }
    return found;
  });
}

const computed = new Set(lesson.forward.map((step) => step.node));

function numbersAt(moment) {
  const data = lesson.nodes.map((node, i) => (computed.has(i) ? UNKNOWN : node.data));
  const grad = lesson.nodes.map(() => UNKNOWN);
  for (const step of moments.slice(0, moment + 1)) {
    if (step.kind === "forward") data[step.node] = lesson.nodes[step.node].data;
    if (step.kind === "seed") grad.fill("0").splice(root, 1, "1");
    if (step.kind === "backward") grad[step.operand] = step.after;
  }
  return { data, grad };
}

function write(field, kind, number) {
  const content = `${kind} ${number.padStart(field.width)}`.replaceAll(" ", "\u00a0");
  if (field.text.textContent !== content) field.text.textContent = content;
}

function showNumbers() {
  const numbers = numbersAt(position);
  fields.forEach((found, i) => {
    for (const kind of Object.keys(found)) write(found[kind], kind, numbers[kind][i]);
  });
}

// ---- The nodes and edges at work

// The ids of what a Value, and an edge from an operand, are in the drawing as it is: themselves or the box around them.
const box = (i) => lesson.boxes[i];
const valueId = (i) => (element(`v${i}`) ? `v${i}` : `v${box(i)}`);
const edgeId = (node, operand, k) => (element(`e${node}-${k}`) ? `e${node}-${k}` : `b${box(operand)}-${box(node)}`);

// What a moment lights up: ids by their part in the step. Not all are in a drawing that shows a part of the graph.
function parts({ kind, node, operand, operands, position: k }) {
  const ids = { from: [], edge: [`o${node}`, `e${node}`], to: [] };
  if (kind === "forward") {
    ids.edge.push(...operands.map((from, i) => edgeId(node, from, i)));
    ids.to.push(valueId(node));
  } else if (kind === "backward") {
    ids.from.push(valueId(node));
    ids.edge.push(edgeId(node, operand, k));
    ids.to.push(valueId(operand));
  } else if (kind === "seed") {
    ids.to.push(valueId(root));
  }
  return ids;
}

let passed = new Set(); // ids of the edges that this pass has been through

function highlight() {
  const now = moments[position];
  const before = moments.slice(0, position).filter((moment) => (moment.kind === "forward") === (now.kind === "forward"));
  const passedNow = new Set(before.flatMap((moment) => parts(moment).edge));
  mark(passed, passedNow, "passed");
  passed = passedNow;

  for (const lit of drawing.querySelectorAll(".lit")) lit.classList.remove("lit", "from", "edge-at-work", "to");
  for (const [part, ids] of Object.entries(parts(now))) {
    for (const id of ids) element(id)?.classList.add("lit", part === "edge" ? "edge-at-work" : part);
  }
  document.body.dataset.kind = now.kind;
}

// Only what changes is touched, so that the browser has little to draw.
function mark(before, now, name) {
  for (const id of before) if (!now.has(id)) element(id)?.classList.remove(name);
  for (const id of now) if (!before.has(id)) element(id)?.classList.add(name);
}

// ---- The words

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

// What the templates may name. With `.atom`, a name that is not one word stands in parentheses.
function valuesOf(moment) {
  const values = { ...moment, "root.atom": lesson.nodes[root].atom };
  for (const part of ["node", "operand"]) {
    if (!(part in moment)) continue;
    const { name, atom, data } = lesson.nodes[moment[part]];
    Object.assign(values, { [part]: name, [`${part}.atom`]: atom });
    if (moment.kind === "forward") values.result = data;
  }
  return { ...values, root: lesson.nodes[root].name };
}

function tile(part, number, caption) {
  const box = document.createElement("span");
  box.className = `tile ${part}`;
  const figure = document.createElement("strong");
  figure.textContent = number;
  const label = document.createElement("small");
  label.append(...caption);
  box.append(figure, label);
  return box;
}

function sign(text) {
  const box = document.createElement("span");
  box.className = "sign";
  box.textContent = text;
  return box;
}

function equation(moment, values) {
  const caption = (key) => filled(words[key], values);
  switch (moment.kind) {
    case "forward":
      return [tile("edge-at-work", moment.numbers, caption("operation")), sign("="), tile("to", values.result, caption("result"))];
    case "seed":
      return [tile("to", "1", caption("rootGradient"))];
    case "backward":
      return [
        tile("", moment.before, caption("soFar")), sign("+"),
        tile("from", moment.upstream, caption("upstream")), sign("×"),
        tile("edge-at-work", moment.local, caption("local")), sign("="),
        tile("to", moment.after, caption("now")),
      ];
    default:
      return [];
  }
}

// The sides joined by equals signs, without repetitions.
function equated(...sides) {
  return sides.filter((side, i) => side !== sides[i - 1]).join(" = ");
}

// What happens: for the forward pass an equation, which any language reads alike.
function sentence(moment, values) {
  if (moment.kind !== "forward") return filled(words[moment.kind], values);
  return [equated(values.node, values.formula, values.numbers, values.result)];
}

// How the local derivative comes about.
function reason(moment) {
  if (moment.kind !== "backward" || moment.formula === moment.local) return "";
  return equated(moment.derivative, moment.formula, moment.numbers, moment.local);
}

function showWords() {
  const moment = moments[position];
  const neuron = lesson.neurons[box(moment.node)];
  element("phase").textContent = words.phases[moment.kind] + (neuron ? ` · ${words.neuron} ${neuron}` : "");
  const values = valuesOf(moment);
  element("sentence").replaceChildren(...sentence(moment, values));
  element("equation").replaceChildren(...equation(moment, values));
  element("reason").textContent = reason(moment);
  element("count").textContent = `${position} / ${last}`;
  element("slider").value = position;
  element("slider").setAttribute("aria-valuetext", element("count").textContent);
}

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

// ---- Zoom and pan

const stage = element("stage");
let drawing = stage.querySelector("svg");
let graphWidth = 0;
let graphHeight = 0;
const view = { x: 0, y: 0, scale: 1 }; // the point in the middle, and pixels for a unit
let gliding = 0;

// By a transformation of the whole: a change of the view box would lay out every text again.
function applyView() {
  // there is nothing to see far outside the graph
  view.x = Math.max(0, Math.min(graphWidth, view.x));
  view.y = Math.max(0, Math.min(graphHeight, view.y));
  const [x, y] = [stage.clientWidth / 2 - view.x * view.scale, stage.clientHeight / 2 - view.y * view.scale];
  drawing.style.transform = `translate(${x}px, ${y}px) scale(${view.scale})`;
}

const scaleToFit = () => 0.94 * Math.min(stage.clientWidth / graphWidth, stage.clientHeight / graphHeight);

function zoom(factor, x = stage.clientWidth / 2, y = stage.clientHeight / 2) {
  cancelAnimationFrame(gliding);
  const scale = Math.max(Math.min(scaleToFit(), 1), Math.min(LARGEST, view.scale * factor));
  const [dx, dy] = [x - stage.clientWidth / 2, y - stage.clientHeight / 2];
  view.x += dx / view.scale - dx / scale; // the point under (x, y) stays there
  view.y += dy / view.scale - dy / scale;
  view.scale = scale;
  applyView();
}

function move(dx, dy) {
  cancelAnimationFrame(gliding);
  view.x -= dx / view.scale;
  view.y -= dy / view.scale;
  applyView();
}

function fit() {
  cancelAnimationFrame(gliding);
  Object.assign(view, { x: graphWidth / 2, y: graphHeight / 2, scale: Math.min(scaleToFit(), 1.6) });
  applyView();
}

// Bring what is at work into view, if it is not; if that is too much, then the node that gets a number.
function follow() {
  const boxes = (selector) => [...stage.querySelectorAll(selector)].map((part) => part.getBoundingClientRect());
  const [all, target] = [boxes(".lit"), boxes(".to")];
  if (!all.length) return;
  const frame = stage.getBoundingClientRect();
  const margin = Math.min(48, frame.width / 8, frame.height / 8);
  const shift = (low, high) => {
    const room = frame[high] - frame[low] - 2 * margin;
    const ends = (parts) => [Math.min(...parts.map((part) => part[low])), Math.max(...parts.map((part) => part[high]))];
    let [from, to] = ends(all);
    if (to - from > room) [from, to] = ends(target);
    if (from >= frame[low] + margin && to <= frame[high] - margin) return 0;
    return (from + to - frame[low] - frame[high]) / 2;
  };
  const [dx, dy] = [shift("left", "right"), shift("top", "bottom")];
  if (dx || dy) glide(view.x + dx / view.scale, view.y + dy / view.scale);
}

function glide(x, y) {
  cancelAnimationFrame(gliding);
  const from = { ...view };
  const start = performance.now();
  const duration = calm.matches ? 0 : Math.min(300, MILLISECONDS / element("speed").value / 3);
  const frame = (now) => {
    const t = duration ? Math.min(1, Math.max(0, (now - start) / duration)) : 1;
    const eased = t * t * (3 - 2 * t);
    view.x = from.x + (x - from.x) * eased;
    view.y = from.y + (y - from.y) * eased;
    applyView();
    if (t < 1) gliding = requestAnimationFrame(frame);
  };
  frame(start);
}

const pointers = new Map();
const spread = () => {
  const [a, b] = pointers.values();
  return Math.hypot(a.x - b.x, a.y - b.y);
};

stage.addEventListener("pointerdown", (event) => {
  if (event.target.closest("button")) return;
  pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
});
stage.addEventListener("pointermove", (event) => {
  const before = pointers.get(event.pointerId);
  if (!before) return;
  const distance = pointers.size === 2 ? spread() : 0;
  stage.setPointerCapture(event.pointerId); // from the first move on: a click stays one on what it has met
  pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  move((event.clientX - before.x) / pointers.size, (event.clientY - before.y) / pointers.size);
  if (distance) {
    const frame = stage.getBoundingClientRect();
    const [a, b] = pointers.values();
    zoom(spread() / distance, (a.x + b.x) / 2 - frame.left, (a.y + b.y) / 2 - frame.top);
  }
});
for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, (event) => pointers.delete(event.pointerId));

stage.addEventListener("click", (event) => {
  const neuron = event.target.closest(".neuron");
  if (neuron) open(neuron.id);
});

// The wheel scrolls the page that the player is in, unless the drawing has been clicked on.
stage.addEventListener("wheel", (event) => {
  if (!event.ctrlKey && !event.metaKey && document.activeElement !== stage) return;
  event.preventDefault();
  const frame = stage.getBoundingClientRect();
  zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), event.clientX - frame.left, event.clientY - frame.top);
}, { passive: false });

// ---- Neurons: boxes of a large network, each with a drawing of its inside

const whole = drawing;
let inside = ""; // the id of the box that is open

function open(id) {
  inside = id;
  const opened = element(`inside-${id}`).content.querySelector("svg").cloneNode(true);
  put(opened);
  element("close").focus();
}

function close() {
  if (!inside) return;
  const left = inside;
  inside = "";
  put(whole);
  element(left).focus();
}

// Show another drawing.
function put(svg) {
  drawing.replaceWith(svg);
  prepare(svg);
  nameControls();
  settle();
  go(position);
}

function prepare(svg) {
  drawing = svg;
  ({ width: graphWidth, height: graphHeight } = drawing.viewBox.baseVal);
  drawing.setAttribute("width", graphWidth);
  drawing.setAttribute("height", graphHeight);
  findFields();
  for (const edge of drawing.querySelectorAll(".passed")) edge.classList.remove("passed");
  passed = new Set();
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
