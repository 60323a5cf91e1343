// The camera: zoom and pan, and what is at work kept in view. A graph that fits never moves.

const SMALLEST = 0.9; // below it, a graph is not shown whole at first: its texts would be smaller than 11 pixels
const LARGEST = 6;
const LARGEST_FITTED = 3;
const ROOMY = 320; // pixels: a stage so high keeps room for its buttons
const BUTTONS = 52;

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
