// What stands on the edges: the local derivative of those that are lit, and as their width how much gradient they carry.

// Each edge's share of the largest gradient that any of them carries. An edge of a folded network carries several.
function weighEdges() {
  const carried = new Map();
  const add = (id, gradient) => carried.set(id, (carried.get(id) ?? 0) + Math.abs(gradient));
  for (const { node, operand, position: k, contribution } of edges) add(edgeId(node, operand, k), contribution);
  for (const node of operations) add(`e${node}`, gradients[node]);
  const largest = Math.max(...[...carried.values()].filter(Number.isFinite), Number.MIN_VALUE);
  for (const [id, gradient] of carried) element(id)?.style.setProperty("--share", Math.min(1, gradient / largest).toFixed(3));
}

// The weights of a network stand on the edges between its boxes as strength and sign.
function showWeights() {
  const weights = new Map();
  for (const node of operations) {
    const { inputs } = nodes[node];
    const k = inputs.findIndex((x) => places[x] !== places[node]);
    if (inputs.length !== 2 || k < 0 || nodes[inputs[1 - k]].row !== undefined) continue;
    const id = edgeId(node, inputs[k], k);
    if (!id.startsWith("b")) continue;
    weights.set(id, [...(weights.get(id) ?? []), rowOf(node).partials[k](...around(node))]);
  }
  const largest = Math.max(...[...weights.values()].flat().map(Math.abs).filter(Number.isFinite), Number.MIN_VALUE);
  for (const [id, [weight, ...others]] of weights) {
    const edge = others.length ? undefined : element(id);
    edge?.classList.add("weight");
    edge?.classList.toggle("minus", weight < 0);
    edge?.style.setProperty("--weight", Math.min(1, Math.abs(weight) / largest).toFixed(3));
  }
}

// Write on edges what the node where they end changes by the one where they begin, at places that are free.
function labelEdges(lit) {
  for (const old of drawing.querySelectorAll(".on-edge")) old.remove();
  for (const { node, operand, position: k, local } of lit) {
    const edge = element(edgeId(node, operand, k));
    const path = edge?.querySelector("path");
    if (!path || edge.querySelector(".on-edge")) continue;
    const { x, y } = path.getPointAtLength(path.getTotalLength() / 2);
    const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
    text.setAttribute("class", "on-edge");
    text.setAttribute("x", x);
    text.setAttribute("y", y - 7);
    text.textContent = `×${withMinus(rounded(local, 3))}`;
    edge.append(text);
    const [dx, dy] = wayToFree(text.getBBox(), pointsAlong(path));
    text.setAttribute("x", x + dx);
    text.setAttribute("y", y - 7 + dy);
  }
}

// ---- Places that no box takes, nor the edge itself

const HALO = 2; // around a text
const shifts = Array.from({ length: 17 }, (_, i) => 6 * (i - 8));
const WAYS = shifts.flatMap((dx) => shifts.map((dy) => [dx, dy])).sort((a, b) => Math.hypot(...a) - Math.hypot(...b));

const POINTS = 12;

const pointsAlong = (path) => Array.from({ length: POINTS + 1 }, (_, i) => {
  const { x, y } = path.getPointAtLength((i / POINTS) * path.getTotalLength());
  return { x, y, width: 0, height: 0 };
});

// The shortest way on which a text of that extent goes to where it touches none of these nor a box; nowhere, if all is taken.
function wayToFree({ x, y, width, height }, others) {
  const boxes = [...Array.from(drawing.querySelectorAll(".node"), (node) => node.getBBox()), ...others];
  const isFree = ([dx, dy]) => boxes.every((box) => (
    x + dx + width + HALO < box.x || x + dx - HALO > box.x + box.width || y + dy + height < box.y || y + dy > box.y + box.height
  ));
  return WAYS.find(isFree) ?? WAYS[0];
}
