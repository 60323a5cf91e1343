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

// Write on edges what the node where they end changes by the one where they begin.
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
  }
}
