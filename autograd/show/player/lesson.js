// The lesson: a list of moments, each of which has a state (the numbers in the drawing) and an explanation. Both are computed
// from the graph's numbers as they are, so that jumping, playing and changing a number are the same thing.

const MILLISECONDS = 1600; // from one step to the next at normal speed

const moments = [{ kind: "start" }, ...operations.map((node) => ({ kind: "forward", node }))];
if (lesson.gradients) {
  moments.push({ kind: "seed" }, ...edges.map((edge) => ({ kind: "backward", node: edge.node, operand: edge.operand, edge })));
}
const last = moments.length - 1;
const numberOf = (moment) => moment;

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
