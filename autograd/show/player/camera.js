// The camera: zoom and pan, and what is at work kept in view. A graph that fits never moves.

const SMALLEST = 0.85; // below it, a graph is not shown whole at first: its texts would be smaller than 10.4 pixels
const LARGEST = 6;
const LARGEST_FITTED = 3;

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
  showPin();
}

// Where the result is out of sight, its number stands above.
function showPin() {
  const box = element(valueId(root))?.getBoundingClientRect();
  element("pin").hidden = Boolean(box && holds(frame(), box));
}

// What of the stage its bars leave free.
function frame() {
  const { left, right, top: edge, bottom, width } = stage.getBoundingClientRect();
  const top = edge + stage.clientTop;
  const [above, below] = [".top", ".bottom"].map((bar) => stage.querySelector(`.bar${bar}`));
  const [covered, free] = [above.offsetHeight, below.offsetTop]; // on a phone that lies, both bars are above
  const end = free > covered ? top + free : bottom;
  return { left, right, top: top + covered, bottom: end, width, height: end - top - covered };
}

// Graphs lie in the middle of what is free.
const offCentre = () => {
  const { top, bottom } = stage.getBoundingClientRect();
  const free = frame();
  return (free.top + free.bottom - top - bottom) / 2;
};

function scaleToFit() {
  const { width, height } = frame();
  return Math.min((0.97 * width) / graphWidth, (0.97 * height) / graphHeight);
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
  const scale = Math.min(scaleToFit(), LARGEST_FITTED);
  Object.assign(view, { x: graphWidth / 2, y: graphHeight / 2 - offCentre() / scale, scale });
  applyView();
}

// Keep what is at work in view.
function follow() {
  bring([...drawing.querySelectorAll(".lit")], [...drawing.querySelectorAll(".to")]);
}

const holds = (outer, inner) =>
  outer.left <= inner.left && inner.right <= outer.right && outer.top <= inner.top && inner.bottom <= outer.bottom;

// Bring all of these elements into view, unless they are, or the whole is in that direction; if that is too much, then the most important.
function bring(all, important) {
  const free = frame();
  const whole = drawing.getBoundingClientRect();
  if (!all.length) return;
  const margin = Math.min(48, free.width / 8, free.height / 8);
  const shift = (low, high) => {
    const ends = (elements) => {
      const boxes = elements.map((one) => one.getBoundingClientRect());
      return [Math.min(...boxes.map((box) => box[low])), Math.max(...boxes.map((box) => box[high]))];
    };
    if (whole[low] >= free[low] && whole[high] <= free[high]) return 0;
    let [from, to] = ends(all);
    if (to - from > free[high] - free[low] - 2 * margin) [from, to] = ends(important);
    if (from >= free[low] + margin && to <= free[high] - margin) return 0;
    return (from + to - free[low] - free[high]) / 2;
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
  const draw = (now) => {
    const t = duration ? Math.min(1, Math.max(0, (now - start) / duration)) : 1;
    const eased = t * t * (3 - 2 * t);
    view.x = from.x + (x - from.x) * eased;
    view.y = from.y + (y - from.y) * eased;
    applyView();
    if (t < 1) gliding = requestAnimationFrame(draw);
  };
  draw(start);
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
    const { left, top } = stage.getBoundingClientRect();
    const [a, b] = pointers.values();
    zoom(spread() / distance, (a.x + b.x) / 2 - left, (a.y + b.y) / 2 - top);
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
  const { left, top } = stage.getBoundingClientRect();
  zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), event.clientX - left, event.clientY - top);
}, { passive: false });
