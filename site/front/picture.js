// The page that plays a graph: its drawing, laid out by Graphviz in WebAssembly, and its nodes, in the page of a player that
// the build has left as a template. `specimen` has the lines of DOT that Python writes for each kind of node.

const ROOM = 10; // characters that a number has in the drawing: it may change

function kindOf(node, isRoot) {
  if (isRoot) return "root";
  if (node.inputs.length) return "result";
  return node.constant ? "constant" : "variable";
}

// What nodes are called, as Python calls them: by their labels, their numbers, their expressions if short, or what they are.
const LONGEST_NAME = 16; // characters
const NOUNS = { add: "sum", sub: "difference", mul: "product", div: "quotient", pow: "power", neg: "negative" };

function named(nodes, { rows, table, notation }) {
  const { ATOM, writeOperation, written, writtenNumber } = notation;
  const kinds = Object.keys(table);
  const found = [];
  const texts = new Set();
  const unused = (name, always) => {
    const stem = always || name.binding === ATOM ? name.text : `(${name.text})`;
    let text = name.text;
    for (let k = always ? 1 : 2; always || texts.has(text); k++) [text, always] = [`${stem}_${k}`, texts.has(`${stem}_${k}`)];
    texts.add(text);
    return text === name.text ? name : written(text);
  };
  for (const { label, data, constant, inputs, row } of nodes) {
    if (label || constant) found.push(label ? unused(written(label)) : writtenNumber(data));
    else {
      const expression = writeOperation(rows[row], inputs.map((i) => found[i]));
      const isShort = [...expression.text].length <= LONGEST_NAME;
      found.push(isShort ? unused(expression) : unused(written(NOUNS[kinds[row]] ?? kinds[row]), true));
    }
  }
  return found;
}

const text = (lines) => `"${lines.join("\\n").replaceAll('"', '\\"')}"`;

function dot(nodes, names, table, { head, styles }) {
  const symbols = Object.values(table);
  const lines = nodes.flatMap(({ data, constant, inputs, row }, i) => {
    const kind = kindOf(nodes[i], i === nodes.length - 1);
    const room = "0".repeat(ROOM);
    const shown = constant ? [String(data)] : [names[i].text, `data ${room}`, `grad ${room}`];
    const box = `v${i} [id=v${i} label=${text(shown)} ${styles[kind]}]`;
    if (row === undefined) return [box];
    return [
      box,
      `o${i} [id=o${i} label=${text([symbols[row].symbol.replace("-", "\u2212")])} ${styles.operation}]`,
      ...inputs.map((x, k) => `v${x} -> o${i} [class=operand id="e${i}-${k}" tailport=e]`),
      `o${i} -> v${i} [class=output headport=w id=e${i}]`,
    ];
  });
  return `${head}\n${lines.join("\n")}\n}`;
}

const once = (load) => {
  let loaded;
  return () => (loaded ??= load());
};
const ask = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer;
};

// What is needed once a formula is shown: nearly a megabyte, of which Graphviz is most.
export const tools = once(async () => {
  const [{ ROWS }, notation, specimen, template, { default: load }, wasm] = await Promise.all([
    import("./rows.js"),
    import("./notation.js"),
    ask("specimen.json").then((answer) => answer.json()),
    ask("template.html").then((answer) => answer.text()),
    import("./layout.js"),
    ask("graphviz.wasm").then((answer) => answer.arrayBuffer()),
  ]);
  return { rows: ROWS, notation, table: specimen.table, specimen, template, layOut: load(new Uint8Array(wasm)) };
});

export function pageOf({ nodes, title }, language, found) {
  const { table, specimen, template, layOut } = found;
  const names = named(nodes, found);
  const svg = layOut(dot(nodes, names, table, specimen));
  const element = svg
    .slice(svg.indexOf("<svg"))
    .replace(/<!--.*?-->\s*|<title>.*?<\/title>\s*| (?:font-family|font-size|text-anchor)="[^"]*"/g, "");
  const lesson = {
    boxes: nodes.map((_, i) => [i, i, i]),
    neurons: {},
    nodes: nodes.map(({ data, constant, inputs, row }, i) => ({
      ...(names[i].number === null && { name: [names[i].text, names[i].binding, names[i].place] }),
      ...{ data: Number.isFinite(data) ? data : String(data), constant, inputs, row },
    })),
    gradients: true,
    predict: false,
  };
  const written = { title: title.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`), language, drawing: element };
  const filled = { ...written, lesson: JSON.stringify(lesson).replaceAll("<", "\\u003c") };
  return template.replace(/@@(\w+)@@/g, (_, name) => filled[name]);
}
