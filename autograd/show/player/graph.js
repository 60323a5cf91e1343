// The graph and its numbers: the forward pass, and the backward pass one edge at a time, with the rows of the table (`ROWS`).

const { nodes } = lesson;
const root = nodes.length - 1;
const operations = inOrder([...nodes.keys()].filter((i) => nodes[i].row !== undefined));
const rowOf = (i) => ROWS[nodes[i].row];

// Each node's number, as it came from Python until one of the leaves is changed.
const given = nodes.map(({ data }) => Number(data));
const data = [...given];
const gradients = nodes.map(() => 0); // at the end of the backward pass

// As they come in Python's walk; but those of a network layer by layer, and its neurons one after the other.
function inOrder(found) {
  if (!Object.keys(lesson.neurons).length) return found;
  const boxOf = (i) => lesson.boxes[i][1];
  const levels = [];
  nodes.forEach(({ inputs }, i) => {
    levels[i] = Math.max(0, ...inputs.map((x) => (boxOf(x) === boxOf(i) ? levels[x] : levels[boxOf(x)] + 1)));
  });
  const numbers = (i) => (lesson.neurons[boxOf(i)] ?? "").match(/\d+/g)?.map(Number) ?? [0, 0];
  const keys = new Map(found.map((i) => [i, [levels[boxOf(i)], ...numbers(i), i]]));
  return found.sort((i, j) => keys.get(i).map((key, k) => key - keys.get(j)[k]).find(Boolean) ?? 0);
}

// The edges of the backward pass in order, with their numbers.
const edges = [...operations].reverse().flatMap((node) =>
  nodes[node].inputs.flatMap((operand, position) => (nodes[operand].constant ? [] : [{ node, operand, position }])),
);

const around = (i) => [...nodes[i].inputs, i].map((x) => data[x]);

function forwardPass() {
  for (const i of operations) data[i] = rowOf(i).value(...nodes[i].inputs.map((x) => data[x]));
}

// By the chain rule: an edge hands on the gradient that arrives, times the local derivative. Where a row masks, a derivative
// of 0 says that the operand was not chosen, and it gets nothing, not even of an infinite gradient.
function backwardPass() {
  gradients.fill(0);
  gradients[root] = 1;
  for (const edge of edges) {
    const { node, operand, position } = edge;
    const { masks, partials } = rowOf(node);
    const [upstream, local, before] = [gradients[node], partials[position](...around(node)), gradients[operand]];
    const contribution = masks && local === 0 ? 0 : upstream * local;
    const after = before + contribution;
    Object.assign(edge, { upstream, local, contribution, before, after });
    gradients[operand] = after;
  }
}

// ---- Names and formulas

// As Python has found them; constants go by their numbers.
const nodeNames = nodes.map(({ name }, i) => (name ? written(name[0], name[1], null, name[2]) : writtenNumber(given[i])));

// What the neuron that node i is part of calls another.
const namedFrom = (i) => (other) => seenFrom(nodeNames[other], nodeNames[i].place);

// The number of a node: one to be calculated with while writing if it is a constant, else one to be seen.
const inNumber = (i) => ({ ...writtenNumber(data[i]), ...(nodes[i].constant ? {} : { number: null }) });

function operationIn(texts, i) {
  return writeOperation(rowOf(i), nodes[i].inputs.map(texts)).text;
}

function textsAround(texts, node) {
  const { inputs } = nodes[node];
  const named = inputs.length > 1 ? { a: texts(inputs[0]), b: texts(inputs[1]) } : { a: texts(inputs[0]) };
  return { ...named, out: texts(node) };
}

const derivativeIn = (texts, { node, position }) =>
  writeDerivative(rowOf(node), position, textsAround(texts, node), around(node));

// Whether whoever computes with the numbers as they are written finds another one.
function isRounded(compute, numbers, result) {
  if (![...numbers, result].every(Number.isFinite)) return false;
  return rounded(compute(...numbers.map((x) => Number(rounded(x))))) !== rounded(result);
}

const conditionIn = (texts, { node, position }) =>
  writeCondition(rowOf(node), position, textsAround(texts, node), around(node));
