// The list of steps, and what makes a page of it all.

// ---- The list of steps

const list = element("list");
const items = [];

const inSight = new Set(); // the numbers of those items
const sight = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    const i = items.indexOf(target);
    if (isIntersecting && !inSight.has(i)) fill(i);
    inSight[isIntersecting ? "add" : "delete"](i);
  }
}, { root: list });

function translate() {
  nameRows();
  showLearning();
  list.firstElementChild.replaceChildren();
  sight.disconnect();
  inSight.clear();
  items.length = 0;
  moments.forEach((moment, i) => {
    const item = document.createElement("li");
    if (moment.kind !== moments[i - 1]?.kind && (moment.kind === "forward" || moment.kind === "seed")) {
      const heading = document.createElement("h2");
      heading.textContent = words.phases[moment.kind];
      item.append(heading);
    }
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = -1;
    const target = moment.operand ?? moment.node ?? (moment.kind === "seed" ? root : undefined);
    if (target !== undefined) button.dataset.value = target;
    button.addEventListener("click", () => { pause(); go(i); });
    item.append(button);
    items.push(button);
    fill(i);
    sight.observe(button);
    list.firstElementChild.append(item);
  });
}

function fill(i) {
  items[i].replaceChildren(...itemText(moments[i], valuesOf(moments[i]), isHidden(i)));
}

function itemText(moment, values, hidden) {
  if (moment.group) return groupItem(moment);
  if (hidden) return filled(moment.kind === "forward" ? "{node} = ?" : "{operand.atom}.grad = ?", values);
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

list.addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
  step(position + by);
  items[position].focus();
  event.preventDefault();
});

function showItem() {
  const before = list.querySelector("[aria-current]");
  before?.removeAttribute("aria-current");
  if (before) before.tabIndex = -1; // one stop for the tab key
  const current = items[position];
  current.tabIndex = 0;
  current.setAttribute("aria-current", "step");
  const { top, bottom } = current.parentElement.getBoundingClientRect();
  const frame = list.getBoundingClientRect();
  if (top < frame.top || bottom > frame.bottom) list.scrollTop += (top + bottom - frame.top - frame.bottom) / 2;
}

// ---- What a step looks like, and what else can be done

function show() {
  updated = chosen = undefined;
  comment = "";
  holdBack();
  showNumbers();
  highlight();
  showWords();
  showItem();
  showPlaces();
  follow();
  writeState();
  if (asked()) focusAnswer();
  if (knownInTable !== (position === last && !asked())) showLearning();
}

// After a change of numbers. The items out of sight are filled when they come into it.
function showChange() {
  if (lesson.gradients) weighEdges();
  showWeights();
  showNumbers();
  showWords();
  for (const i of inSight) fill(i);
  showLeaves();
  showLearning();
  writeState();
}

// What the drawing has.
function isInLegend(kind) {
  if (kind === "source") return lesson.gradients;
  return kind === "work" || kind === "target" || drawing.querySelector(`.${kind}`) !== null;
}

// In the drawing, which was drawn in English.
function nameBoxes() {
  for (const text of drawing.querySelectorAll(".value text:first-of-type")) {
    text.dataset.english ??= text.textContent;
    text.textContent = read(text.dataset.english);
  }
}

function names() {
  nameBoxes();
  const boxes = drawing.querySelectorAll(".neuron");
  drawing.setAttribute("role", boxes.length || drawing.querySelector(".leaf, .told") ? "group" : "img");
  drawing.setAttribute("aria-label", words.drawing);
  for (const neuron of boxes) {
    neuron.setAttribute("role", "button");
    neuron.setAttribute("tabindex", "0");
    neuron.setAttribute("aria-description", words.open);
  }
  element("close").hidden = !inside;
  showPlaces();
  for (const option of element("level").options) option.textContent = words.levels[option.value];
  nameResults();
  const kinds = Object.entries(words.legend).filter(([kind]) => isInLegend(kind));
  element("legend").replaceChildren(...kinds.map(([kind, text]) => {
    const key = document.createElement("span");
    key.className = kind;
    key.textContent = text;
    return key;
  }));
  showLeaves();
  const { parameter, number, gradient, stepColumn, rate, updateButton, resetShort } = words;
  const heads = { "th-name": parameter, "th-number": number, "th-gradient": gradient, "th-step": stepColumn };
  const texts = { ...heads, "rate-label": rate, update: updateButton };
  for (const [id, text] of Object.entries(texts)) element(id).textContent = text;
  element("reset").querySelector("span").textContent = resetShort;
  const { zoomIn, zoomOut, fit, stage, zoom, list, reset, learn, table, save, saveSvg, savePng } = words;
  const buttons = { "zoom-in": zoomIn, "zoom-out": zoomOut, fit, reset, "save-svg": saveSvg, "save-png": savePng };
  return { ...buttons, level: words.level, stage, zoom, list, learn, table, save };
}

Object.assign(actions, { "zoom-in": () => zoom(1.3), "zoom-out": () => zoom(1 / 1.3), fit, close, reset });
Object.assign(keys, { "+": "zoom-in", "=": "zoom-in", "-": "zoom-out", 0: "fit", Escape: "close" });
const pans = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select")) return;
  const box = event.target.closest?.(".neuron, .told");
  if (box && (event.key === "Enter" || event.key === " ")) {
    if (box.matches(".neuron")) open(box.id);
    else choose(Number(box.id.slice(1)));
  } else if (event.shiftKey && pans[event.key]) {
    move(...pans[event.key]);
  } else {
    return;
  }
  event.preventDefault();
});

// ---- Start

function settle() {
  fit();
  if (view.scale < SMALLEST) {
    // too large to read at once: begin where the pass begins
    fitted = false;
    view.scale = Math.max(SMALLEST, Math.min(1, (0.97 * frame().height) / graphHeight));
    view.x = stage.clientWidth / view.scale / 2;
    view.y = graphHeight / 2 - offCentre() / view.scale;
    applyView();
    follow();
  }
}

prepare(drawing);
start();
settle();
if (lives && location.hash) readState();
new ResizeObserver(() => (fitted ? fit() : applyView())).observe(stage);
