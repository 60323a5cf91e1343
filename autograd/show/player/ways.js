// What is told of one node, when it is clicked: how it came about, and by which ways its gradient, each the product of the
// derivatives along it. The longest ways are found as autograd/show/explanation.py finds them.

const MOST_WAYS = 4; // that are written out

let chosen; // the node that is told of, until something else is shown

// The ways from node i to the root with the largest products, and how many there are.
function waysFrom(i) {
  const counts = new Map([[i, 1]]);
  const ways = new Map([[i, [{ product: 1, edges: [] }]]]);
  const byNode = Map.groupBy(edges, ({ node }) => node);
  for (const node of operations) {
    const arriving = node === i ? [] : (byNode.get(node) ?? []).filter(({ operand }) => counts.has(operand));
    if (!arriving.length) continue;
    counts.set(node, arriving.reduce((sum, { operand }) => sum + counts.get(operand), 0));
    const longer = arriving.flatMap((edge) => ways.get(edge.operand).map((way) => extended(way, edge)));
    ways.set(node, longer.sort((a, b) => magnitude(b) - magnitude(a)).slice(0, MOST_WAYS));
  }
  return { count: counts.get(root) ?? 0, ways: ways.get(root) ?? [] };
}

// Where a row masks, a derivative of 0 lets nothing pass, whatever arrives from above.
function extended({ product, edges: before, isMasked }, edge) {
  const { node, local } = edge;
  return {
    product: isMasked ? product : product * local, edges: [...before, edge],
    isMasked: isMasked || (rowOf(node).masks && local === 0),
  };
}

const magnitude = ({ product }) => (Number.isNaN(product) ? Infinity : Math.abs(product));

function choose(i) {
  if (predicting && revealed < last) return; // it would give answers away
  pause();
  go(position);
  chosen = { node: i, ...(lesson.gradients && !nodes[i].constant ? waysFrom(i) : { count: 0, ways: [] }) };
  showWords();
  lightWays(chosen.ways);
}

function lightWays(ways) {
  const lit = ways.flatMap(({ edges: along }) => along);
  for (const old of drawing.querySelectorAll(".lit")) old.classList.remove("lit", "from", "edge-at-work", "to");
  for (const { node, operand, position: k } of lit) {
    for (const id of [edgeId(node, operand, k), `o${node}`, `e${node}`]) element(id)?.classList.add("lit", "edge-at-work");
  }
  element(valueId(chosen.node))?.classList.add("lit", "to");
  element(valueId(root))?.classList.add("lit", "from");
  document.body.dataset.kind = "backward";
  labelEdges(lit);
}

// ---- What it says

function historySentence() {
  const { node: i, count } = chosen;
  const { row, constant } = nodes[i];
  const values = valuesOf({ kind: row === undefined ? "start" : "forward", node: i });
  const { ways } = chosen;
  const products = ways.map(({ product }, k) => (k ? factor(product) : short(product)));
  const sum = count === ways.length ? `: ${products.join(" + ")} = ${short(gradients[i])}` : "";
  Object.assign(values, { number: short(data[i]), moves: movesBy(gradients[i]), count, sum });
  const made = row === undefined
    ? filled(constant ? words.isInput : words.isVariable, values)
    : [equated([values.node, values.formula, values.numbers], values.result, values.isRounded), ". "];
  if (!lesson.gradients || constant) return made;
  return [...made, ...filled(i === root ? words.isRoot : count === 1 ? words.byOneWay : count ? words.byWays : words.byNoWay, values)];
}

// The ways as a list; whoever points at one sees it alone.
function wayList() {
  return chosen.ways.map((way) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "way";
    const product = document.createElement("strong");
    product.textContent = withMinus(rounded(way.product));
    const factors = way.edges.map(({ local }) => within(writtenNumber(local), PRODUCT)).join(" × ");
    const stops = [chosen.node, ...way.edges.map(({ node }) => node)].map((i) => read(nodeNames[i].text)).join(" → ");
    const path = document.createElement("small");
    path.textContent = stops;
    button.append(product, ` = ${withMinus(factors)}`, path);
    for (const kind of ["pointerenter", "focus", "click"]) button.addEventListener(kind, () => lightWays([way]));
    for (const kind of ["pointerleave", "blur"]) button.addEventListener(kind, () => { if (chosen) lightWays(chosen.ways); });
    return button;
  });
}

function showHistory() {
  element("phase").textContent = words.history.replace("{node}", read(nodeNames[chosen.node].text));
  element("sentence").replaceChildren(...historySentence());
  element("equation").replaceChildren(...(chosen.node === root ? [] : wayList()));
  element("equation").setAttribute("aria-hidden", false);
  const others = chosen.count - chosen.ways.length;
  element("reason").textContent = others ? words.otherWays.replace("{count}", others.toPrecision(4).replace(/\.0+$/, "")) : "";
}

// ---- Results are pressed, as leaves are

const MOST_STOPS = 30; // for the tab key, among results

function prepareResults() {
  const results = [...drawing.querySelectorAll(".value:not(.neuron, .leaf)")].filter(({ id }) => nodes[id.slice(1)].name);
  for (const result of results) {
    result.classList.add("told");
    result.setAttribute("role", "button");
    if (results.length <= MOST_STOPS) result.setAttribute("tabindex", "0");
  }
}

function nameResults() {
  for (const result of drawing.querySelectorAll(".told")) result.setAttribute("aria-description", words.told);
}

stage.addEventListener("click", (event) => {
  const result = event.target.closest(".told");
  if (result) choose(Number(result.id.slice(1)));
});
