// The drawing: its numbers, what is lit up in it, and the insides of neurons.

const UNKNOWN = "·"; // in place of a number that has not been computed yet
const TREMBLE = 4; // pixels
const LONGEST_PINNED = 12; // letters, of the result's name where its number stands above

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
    if (kind === "seed") numbers.grad[root] = 1;
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
  const { [root]: number } = numbers.data;
  const name = document.createElement("bdi"); // which is shortened where there is no room; the number never
  name.textContent = read(nodeNames[root].text);
  element("pin").classList.toggle("long", name.textContent.length > LONGEST_PINNED);
  element("pin").replaceChildren(name, ` = ${number === null ? UNKNOWN : short(number)}`);
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
