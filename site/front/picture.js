// The page that plays a graph: its drawing, laid out by Graphviz in WebAssembly, and its nodes, in the page of a player that
// the build has left as a template. `specimen` has the lines of DOT that Python writes for each kind of node.

const ROOM = 10; // characters that a number has in the drawing: it may change

function kindOf(node, isRoot) {
  if (isRoot) return "root";
  if (node.inputs.length) return "result";
  return node.constant ? "constant" : "variable";
}

const text = (lines) => `"${lines.join("\\n").replaceAll('"', '\\"')}"`;

function dot(nodes, table, { head, styles }) {
  const names = Object.values(table);
  const lines = nodes.flatMap(({ label, data, constant, inputs, row }, i) => {
    const kind = kindOf(nodes[i], i === nodes.length - 1);
    const room = "0".repeat(ROOM);
    const shown = constant ? [String(data)] : [label, `data ${room}`, `grad ${room}`].filter(Boolean);
    const box = `v${i} [id=v${i} label=${text(shown)} ${styles[kind]}]`;
    if (row === undefined) return [box];
    return [
      box,
      `o${i} [id=o${i} label=${text([names[row].symbol])} ${styles.operation}]`,
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
  const [{ ROWS }, specimen, template, { default: load }, wasm] = await Promise.all([
    import("./rows.js"),
    ask("specimen.json").then((answer) => answer.json()),
    ask("template.html").then((answer) => answer.text()),
    import("./layout.js"),
    ask("graphviz.wasm").then((answer) => answer.arrayBuffer()),
  ]);
  return { rows: ROWS, table: specimen.table, specimen, template, layOut: load(new Uint8Array(wasm)) };
});

export function pageOf({ nodes, title }, language, { table, specimen, template, layOut }) {
  const svg = layOut(dot(nodes, table, specimen));
  const element = svg
    .slice(svg.indexOf("<svg"))
    .replace(/<!--.*?-->\s*|<title>.*?<\/title>\s*| (?:font-family|font-size|text-anchor)="[^"]*"/g, "");
  const lesson = {
    boxes: nodes.map((_, i) => [i, i, i]),
    neurons: {},
    nodes: nodes.map(({ data, ...node }) => ({ ...node, data: Number.isFinite(data) ? data : String(data) })),
    gradients: true,
    predict: false,
  };
  const written = { title: title.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`), language, drawing: element };
  const filled = { ...written, lesson: JSON.stringify(lesson).replaceAll("<", "\\u003c") };
  return template.replace(/@@(\w+)@@/g, (_, name) => filled[name]);
}
