// The lesson: a list of moments, each of which has a state (the numbers in the drawing) and an explanation. Both are computed
// from the graph's numbers as they are, so that jumping, playing and changing a number are the same thing.

const MILLISECONDS = 1600; // from one step to the next at normal speed

// A network is played layer by layer, neuron by neuron, or number by number.
const LEVELS = ["layer", "neuron", "scalar"];
const areLayers = lesson.boxes.some(([, neuron, box]) => neuron !== box);
const usualLevel = !Object.keys(lesson.neurons).length ? "scalar" : areLayers ? "layer" : "neuron";
let level = usualLevel;
let moments = momentsBy(level);
let last = moments.length - 1;
const numberOf = (moment) => moment;

function momentsBy(played) {
  const forward = grouped(operations, (node) => groupOf(node, played)).map(({ group, parts }) => (
    { kind: "forward", group, node: parts.at(-1), nodes: parts }
  ));
  if (!lesson.gradients) return [{ kind: "start" }, ...forward];
  const backward = grouped(edges, ({ node }) => groupOf(node, played)).map(({ group, parts }) => (
    { kind: "backward", group, node: parts[0].node, operand: parts[0].operand, edge: parts[0], edges: parts }
  ));
  return [{ kind: "start" }, ...forward, { kind: "seed" }, ...backward];
}

// The neuron or layer that a node is played with.
function groupOf(node, played) {
  const place = played === "scalar" ? undefined : lesson.neurons[lesson.boxes[node][1]];
  return played === "layer" ? place?.split(",")[0] : place;
}

// In a row, those of one group together.
function grouped(all, of) {
  const found = [];
  for (const part of all) {
    const group = of(part);
    if (group && found.at(-1)?.group === group) found.at(-1).parts.push(part);
    else found.push({ group, parts: [part] });
  }
  return found;
}

// The formulas of a moment and its numbers, as they are written.
function explained({ kind, node, operand, edge }) {
  const named = namedFrom(node);
  if (kind === "forward") {
    return {
      formula: operationIn(named, node), numbers: operationIn(inNumber, node), result: rounded(data[node]),
      isRounded: isRounded(rowOf(node).value, nodes[node].inputs.map((x) => data[x]), data[node]),
    };
  }
  if (kind !== "backward") return {};
  const { before, upstream, local, after } = edge;
  const numbers = ["upstream", "local", "contribution", "before", "after"].map((name) => [name, rounded(edge[name])]);
  return {
    derivative: writeQuotient(named(node), named(operand)),
    formula: derivativeIn(named, edge),
    numbers: derivativeIn(inNumber, edge),
    isRounded: isRounded((a, b, c) => a + b * c, [before, upstream, local], after),
    ...Object.fromEntries(numbers),
  };
}

if (lesson.gradients) backwardPass();
