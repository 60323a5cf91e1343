// An expression that was typed, such as (a*b + c)**2, as the nodes of a graph. The same language as that of Python's
// `python -m autograd play`: numbers, names, + - * / ** and functions of the table; `loss = ...` names the result.

const LONGEST_TITLE = 16; // characters of a result that is known by its expression
const MOST_NODES = 200;
const TOKEN = /\s*(?:(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)|([A-Za-z_]\w*)|(\*\*|[-+*/(),=])|(\S))/iy;
const INNER = ["add", "sub", "mul", "div", "neg", "mask"]; // rows that are written with operators, or for masks only

// What is wrong: the key of its words, the place in the text, and what the words name.
export class Fault extends Error {
  constructor(key, at, named = "") {
    super(key);
    Object.assign(this, { key, at, named });
  }
}

function tokens(text) {
  const found = [];
  TOKEN.lastIndex = 0;
  for (let match; TOKEN.lastIndex < text.trimEnd().length && (match = TOKEN.exec(text)); ) {
    const [whole, number, name, sign, other] = match;
    const at = TOKEN.lastIndex - whole.trimStart().length;
    if (other) throw new Fault(other === "^" ? "power" : "sign", at, other);
    found.push({ kind: number ? "number" : name ? "name" : sign, text: whole.trim(), at });
  }
  return [...found, { kind: "end", text: "", at: text.length }];
}

// `table` has the rows by name, each {index, symbol, arity}; `numbers` those of the variables, 1 where there is none.
// Returns {nodes, title}; a node is {label, data, constant, inputs, row}, and operands stand before results.
export function parse(text, table, rows, numbers) {
  const list = tokens(text);
  const nodes = [];
  const variables = new Map();
  let next = 0;

  const peek = () => list[next].kind;
  const take = (kind) => {
    if (peek() !== kind) throw unexpected();
    return list[next++];
  };
  function unexpected() {
    const { kind, text: found, at } = list[next];
    if (kind === "end") return new Fault("unfinished", at);
    const before = list[next - 1]?.kind;
    if ((before === "number" || before === ")") && (kind === "name" || kind === "number" || kind === "(")) return new Fault("times", at);
    return new Fault("unexpected", at, found);
  }

  function add(node) {
    if (nodes.length >= MOST_NODES) throw new Fault("large", 0, MOST_NODES);
    return nodes.push(node) - 1;
  }
  // An operand is a plain number, or the place of a node.
  const place = (x) => (x.number === undefined ? x.node : add({ label: "", data: x.number, constant: true, inputs: [] }));
  function apply(name, ...operands) {
    const row = table[name].index;
    const { value } = rows[row];
    if (operands.every((x) => x.number !== undefined)) return { number: value(...operands.map((x) => x.number)) };
    const inputs = operands.map(place);
    return { node: add({ label: "", data: value(...inputs.map((i) => nodes[i].data)), constant: false, inputs, row }) };
  }

  function sum() {
    let left = product();
    while (peek() === "+" || peek() === "-") left = apply(list[next++].text === "+" ? "add" : "sub", left, product());
    return left;
  }
  function product() {
    let left = signed();
    while (peek() === "*" || peek() === "/") left = apply(list[next++].text === "*" ? "mul" : "div", left, signed());
    return left;
  }
  function signed() {
    if (peek() !== "-" && peek() !== "+") return power();
    return list[next++].text === "-" ? apply("neg", signed()) : signed();
  }
  function power() {
    const base = atom();
    return peek() === "**" && next++ ? apply("pow", base, signed()) : base;
  }
  function atom() {
    if (peek() === "number") return { number: Number(take("number").text) };
    if (peek() === "name") return list[next + 1].kind === "(" ? call() : variable();
    take("(");
    const inner = sum();
    take(")");
    return inner;
  }
  function variable() {
    const { text: label, at } = take("name");
    if (Object.hasOwn(table, label) && !INNER.includes(label)) throw new Fault("needs", at, label);
    if (!variables.has(label)) variables.set(label, add({ label, data: Object.hasOwn(numbers, label) ? numbers[label] : 1, constant: false, inputs: [] }));
    return { node: variables.get(label) };
  }
  function call() {
    const { text: name, at } = take("name");
    if (!Object.hasOwn(table, name) || INNER.includes(name)) throw new Fault("unknown", at, name);
    take("(");
    const operands = [sum()];
    while (peek() === ",") operands.push((next++, sum()));
    if (operands.length !== table[name].arity) throw new Fault(`takes${table[name].arity}`, at, name);
    take(")");
    return apply(name, ...operands);
  }

  const named = list[0].kind === "name" && list[1].kind === "=" ? list[(next += 2) - 2].text : "";
  const result = sum();
  if (peek() !== "end") throw unexpected();
  const root = nodes[place(result)];
  if (root.constant) throw new Fault("constant", 0);
  if (root.inputs.length && (named || lengthOf(list) > LONGEST_TITLE)) root.label = named || "result";
  return { nodes: sorted(nodes, root), title: root.label || text.trim() };
}

// As it is written with spaces around its operators.
function lengthOf(list) {
  const isOperand = ({ kind } = {}) => kind === "number" || kind === "name" || kind === ")";
  const spaces = ({ kind }, i) => (kind === "," ? 1 : /^[-+*/]/.test(kind) && isOperand(list[i - 1]) ? 2 : 0);
  return list.reduce((length, token, i) => length + token.text.length + spaces(token, i), 0);
}

// Only what the result is made of, operands first.
function sorted(nodes, root) {
  const order = [];
  const visit = (i) => {
    if (order.includes(i)) return;
    nodes[i].inputs.forEach(visit);
    order.push(i);
  };
  visit(nodes.indexOf(root));
  return order.map((i) => ({ ...nodes[i], inputs: nodes[i].inputs.map((x) => order.indexOf(x)) }));
}
