// The drawing: its numbers, what is lit up in it, zoom and pan, and the insides of neurons.

const UNKNOWN = "·"; // in place of a number that has not been computed yet
const SMALLEST = 0.9; // below it, a graph is not shown whole at first: its texts would be smaller than 11 pixels
const LARGEST = 6;
const LARGEST_FITTED = 3;
const ROOMY = 320; // pixels: a stage so high keeps room for its buttons
const BUTTONS = 52;
const TREMBLE = 4; // pixels

// ---- The numbers in the drawing

// The texts in the drawing that change, for each Value, with the width that is kept free for their numbers.
let fields = [];

function findFields() {
  fields = nodes.map((node, i) => {
    const found = {};
    const texts = element(`v${i}`)?.querySelectorAll("text") ?? [];
    for (const text of texts) {
      const [, kind, number] = /^(data|grad)\s(.*)$/s.exec(text.textContent) ?? [];
      if (kind) found[kind] = { text, before: `${kind} `, width: number.length };
    }
    if (node.constant && isLeaf(i) && texts.length > 1) found.data = { text: texts[1], before: "", width: texts[1].textContent.length };
    return found;
  });
}

// What has been computed by this moment, and null for what hasn't.
function numbersAt(moment) {
  const numbers = { data: nodes.map(({ row }, i) => (row === undefined ? data[i] : null)), grad: nodes.map(() => null) };
  for (const { kind, nodes: made, edges: passing } of moments.slice(0, moment + 1)) {
    if (kind === "forward") for (const node of made) numbers.data[node] = data[node];
    if (kind === "seed") numbers.grad.fill(0).splice(root, 1, 1);
    if (kind === "backward") for (const { operand, after } of passing) numbers.grad[operand] = after;
  }
  return numbers;
}

// With as many of four digits as the box has room for: it was drawn for other numbers.
function fitting(number, width) {
  let text = rounded(number);
  for (let digits = 3; text.length > width && digits > 0; digits--) text = rounded(number, digits);
  return text;
}

function write({ text, before, width }, number) {
  const shown = number === null ? UNKNOWN : fitting(number, width).replaceAll("-", "\u2212");
  const content = (before && before + shown.padStart(width)).replaceAll(" ", "\u00a0") || shown;
  if (text.textContent !== content) text.textContent = content;
}

function showNumbers() {
  const numbers = numbersAt(asked() ? position - 1 : position);
  fields.forEach((found, i) => {
    for (const kind of Object.keys(found)) write(found[kind], numbers[kind][i]);
  });
}

// ---- The nodes and edges at work

// The ids of what a Value, and an edge from an operand, are in the drawing as it is: themselves, or the box around them.
const box = (i) => lesson.boxes[i]?.[1]; // of the neuron
const valueId = (i) => `v${places[i]}`;
const edgeId = (node, operand, k) => (element(`e${node}-${k}`) ? `e${node}-${k}` : `b${places[operand]}-${places[node]}`);
let places = []; // for each Value, which one's box it is in: its own, its neuron's, its layer's

function findPlaces() {
  places = lesson.boxes.map((boxes) => boxes.find((i) => element(`v${i}`)));
}

// What a moment lights up: ids by their part in the step. Not all are in a drawing that shows a part of the graph.
function parts({ kind, nodes: made, edges: passing }) {
  const ids = { from: [], edge: [], to: [] };
  if (kind === "forward") {
    for (const node of made) {
      ids.edge.push(`o${node}`, `e${node}`, ...nodes[node].inputs.map((from, i) => edgeId(node, from, i)));
      ids.to.push(valueId(node));
    }
  } else if (kind === "backward") {
    for (const { node, operand, position: k } of passing) {
      ids.from.push(valueId(node));
      ids.edge.push(`o${node}`, `e${node}`, edgeId(node, operand, k));
      ids.to.push(valueId(operand));
    }
    const outside = ids.to.filter((id) => !ids.from.includes(id)); // of a box: what it hands on, if anything
    if (outside.length) ids.to = outside;
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
  labelEdges(now.kind === "backward" && !now.group ? now.edges : []);
  document.body.classList.toggle("at-work", Boolean(now.group) && level === "neuron");
  document.body.dataset.kind = now.kind;
}

// Only what changes is touched, so that the browser has little to draw.
function mark(before, now, name) {
  for (const id of before) if (!now.has(id)) element(id)?.classList.remove(name);
  for (const id of now) if (!before.has(id)) element(id)?.classList.add(name);
}

// ---- Zoom and pan

const stage = element("stage");
let drawing = stage.querySelector("svg");
let graphWidth = 0;
let graphHeight = 0;
const view = { x: 0, y: 0, scale: 1 }; // the point in the middle, and pixels for a unit
let gliding = 0;
let fitted = true; // the whole is shown, and stays so when the stage changes its size

// By a transformation of the whole: a change of the view box would lay out every text again.
function applyView() {
  // there is nothing to see far outside the graph
  view.x = Math.max(0, Math.min(graphWidth, view.x));
  view.y = Math.max(0, Math.min(graphHeight, view.y));
  const [x, y] = [stage.clientWidth / 2 - view.x * view.scale, stage.clientHeight / 2 - view.y * view.scale];
  drawing.style.transform = `translate(${x}px, ${y}px) scale(${view.scale})`;
}

// The buttons at the top of a high stage stay beside the graph.
function scaleToFit() {
  const { clientWidth: width, clientHeight: height } = stage;
  return Math.min((0.96 * width) / graphWidth, (height > ROOMY ? height - 2 * BUTTONS : 0.94 * height) / graphHeight);
}

function zoom(factor, x = stage.clientWidth / 2, y = stage.clientHeight / 2) {
  cancelAnimationFrame(gliding);
  fitted = false;
  const scale = Math.max(Math.min(scaleToFit(), 1), Math.min(LARGEST, view.scale * factor));
  const [dx, dy] = [x - stage.clientWidth / 2, y - stage.clientHeight / 2];
  view.x += dx / view.scale - dx / scale; // the point under (x, y) stays there
  view.y += dy / view.scale - dy / scale;
  view.scale = scale;
  applyView();
}

function move(dx, dy) {
  cancelAnimationFrame(gliding);
  fitted = false;
  view.x -= dx / view.scale;
  view.y -= dy / view.scale;
  applyView();
}

function fit() {
  cancelAnimationFrame(gliding);
  fitted = true;
  Object.assign(view, { x: graphWidth / 2, y: graphHeight / 2, scale: Math.min(scaleToFit(), LARGEST_FITTED) });
  applyView();
}

// Keep what is at work in view.
function follow() {
  bring([...drawing.querySelectorAll(".lit")], [...drawing.querySelectorAll(".to")]);
}

const holds = (outer, inner) =>
  outer.left <= inner.left && inner.right <= outer.right && outer.top <= inner.top && inner.bottom <= outer.bottom;

// Bring all of these elements into view, unless they are; if that is too much, then the most important.
function bring(all, important) {
  const { left, right, top, bottom } = stage.getBoundingClientRect();
  const bar = stage.clientHeight > ROOMY ? BUTTONS : 0;
  const frame = { left, right, top: top + bar, bottom: bottom - bar, width: right - left, height: bottom - top - 2 * bar };
  if (!all.length || holds(frame, drawing.getBoundingClientRect())) return;
  const margin = Math.min(48, frame.width / 8, frame.height / 8);
  const shift = (low, high) => {
    const ends = (elements) => {
      const boxes = elements.map((one) => one.getBoundingClientRect());
      return [Math.min(...boxes.map((box) => box[low])), Math.max(...boxes.map((box) => box[high]))];
    };
    let [from, to] = ends(all);
    if (to - from > frame[high] - frame[low] - 2 * margin) [from, to] = ends(important);
    if (from >= frame[low] + margin && to <= frame[high] - margin) return 0;
    return (from + to - frame[low] - frame[high]) / 2;
  };
  const [dx, dy] = [shift("left", "right"), shift("top", "bottom")];
  if (dx || dy) glide(view.x + dx / view.scale, view.y + dy / view.scale);
}

function glide(x, y) {
  cancelAnimationFrame(gliding);
  fitted = false;
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
  if (event.target.closest("button, input, .leaf")) return;
  pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
});
stage.addEventListener("pointermove", (event) => {
  const before = pointers.get(event.pointerId);
  if (!before) return;
  if (!stage.hasPointerCapture(event.pointerId)) {
    if (Math.hypot(event.clientX - before.x, event.clientY - before.y) < TREMBLE) return; // a click may tremble
    stage.setPointerCapture(event.pointerId);
  }
  const distance = pointers.size === 2 ? spread() : 0;
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

stage.addEventListener("focusin", (event) => {
  if (event.target.matches(":is(.neuron, .leaf, .told):focus-visible")) bring([event.target], [event.target]);
});

// The wheel scrolls the page that the player is in, unless the drawing has been clicked on.
stage.addEventListener("wheel", (event) => {
  if (!event.ctrlKey && !event.metaKey && document.activeElement !== stage) return;
  event.preventDefault();
  const frame = stage.getBoundingClientRect();
  zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), event.clientX - frame.left, event.clientY - frame.top);
}, { passive: false });

// ---- Neurons and layers: boxes of a large network, each with a drawing of its inside

const whole = drawing;
const opened = []; // the boxes that are open, from the outermost on: their ids and titles
let inside = ""; // the last of them

const titleOf = (id) => element(id).querySelector("text").dataset.english;

function open(id) {
  opened.push({ id, title: titleOf(id) });
  showInside();
  element("close").focus();
}

function close() {
  if (chosen) go(position);
  else if (inside) leave();
}

function leave() {
  const { id } = opened.pop();
  showInside();
  element(id).focus();
}

function showInside() {
  inside = opened.at(-1)?.id ?? "";
  const layer = opened.length === 1 && element(`layer-${inside}`);
  put(inside ? (layer || element(`inside-${inside}`)).content.querySelector("svg").cloneNode(true) : whole);
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
  findPlaces();
  prepareLeaves();
  prepareResults();
  if (lesson.gradients) weighEdges();
  showWeights();
  for (const edge of drawing.querySelectorAll(".passed")) edge.classList.remove("passed");
  passed = new Set();
}
