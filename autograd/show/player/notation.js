// How nodes, operations and derivatives are written for people to read: what autograd/show/notation.py writes, for numbers
// that change in the page. The formulas to be read come with the rows of the table; a test compares both, word for word.

const LONGEST_SYMBOL = 2; // characters of a name that stands after a d without parentheses
const LONGEST_CONDITION = 60; // characters of a formula that is shown with its conditions

// How strongly the parts of a formula bind. A leading minus binds as weakly as a sum.
const [SUM, PRODUCT, POWER, ATOM] = [1, 2, 3, 4];
const BINDINGS = { "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "**": POWER };
const COMPARISONS = new Set(["<", "<=", ">", ">=", "==", "!="]);
const isWord = (text) => /^[\p{XIDS}_][\p{XIDC}]*$/u.test(text);

// A text, how strongly it binds as part of a larger formula, its number if it is one, and its place in a network.
const written = (text, binding = ATOM, number = null, place = "") => ({ text, binding, number, place });

function within({ text, binding, place }, other) {
  return binding > other && !(place && text.startsWith(place)) ? text : `(${text})`;
}

// As a neuron at this place calls its own.
function seenFrom(name, place) {
  if (!place || name.place !== place) return name;
  return { ...name, text: name.text === place ? OUTPUT : name.text.replace(`${place}, `, "") };
}
const OUTPUT = "output";

// The derivative of y by x: dy/dx, and where that is hard to read d(d)/d(a).
function writeQuotient(y, x) {
  const isSymbol = ({ text }) => isWord(text) && [...text].length <= LONGEST_SYMBOL && !text.startsWith("d");
  return isSymbol(y) && isSymbol(x) ? `d${y.text}/d${x.text}` : `d(${y.text})/d(${x.text})`;
}

// With four significant digits, as Python's format .4g has them, a short exponent, and no minus at zero.
function rounded(number, digits = 4) {
  if (!Number.isFinite(number)) return Number.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
  if (!number) return "0";
  const minus = number < 0 ? "-" : "";
  const [figures, exponent] = figuresOf(Math.abs(number), digits);
  const trimmed = (text) => text.replace(/\.?0*$/, "");
  if (exponent < -4 || exponent >= digits) {
    const shown = trimmed(`${figures[0]}.${figures.slice(1)}`);
    return `${minus}${shown}e${exponent}`;
  }
  if (exponent < 0) return minus + trimmed(`0.${"0".repeat(-exponent - 1)}${figures}`);
  return minus + trimmed(`${figures.slice(0, exponent + 1)}.${figures.slice(exponent + 1)}`);
}

// The digits and the exponent of ten. Of two that are equally near, JavaScript takes the larger, and Python the even one.
function figuresOf(number, digits) {
  const [text, exponent] = number.toExponential(digits - 1).split("e");
  const figures = text.replace(".", "");
  const end = Number(figures.at(-1));
  if (end % 2) {
    const [exact] = number.toExponential(digits + 24).split("e");
    if (/^50*$/.test(exact.replace(".", "").slice(digits))) return [figures.slice(0, -1) + (end - 1), Number(exponent)];
  }
  return [figures, Number(exponent)];
}

// With real minus signs; hyphens within words stay.
const withMinus = (text) => text.replace(/(?<![^\s(,=])-(?=[\p{L}\p{N}_.(| ])|(?<=\de)-(?=\d)/gu, "\u2212");

function writtenNumber(number) {
  const text = rounded(number);
  return written(text, text.startsWith("-") ? SUM : ATOM, number);
}

// A row applied to its operands, as a person writes it: a * b, |a|, tanh(a).
function writeOperation({ symbol }, operands) {
  if (isWord(symbol)) return written(`${symbol}(${operands.map((x) => x.text).join(", ")})`);
  if (operands.length === 2) return infix(symbol, ...operands);
  if (symbol.includes("a")) return written(symbol.replaceAll("a", operands[0].text));
  return written(symbol + within(operands[0], SUM), SUM);
}

// The derivative of a row by its operand k, with `texts` put in for `a`, `b` and `out`. Of a formula with conditions that is
// the branch which holds for `numbers`; if it is a number, the conditions are shown too, as its reason.
function writeDerivative(row, k, texts, numbers) {
  const whole = row.formulas[k];
  const branch = rightBranch(row, k, numbers);
  if (branch !== whole && typeof branch === "number") {
    const reasoned = writeOut(whole, texts).text;
    if ([...reasoned].length <= LONGEST_CONDITION) return reasoned;
  }
  return writeOut(branch, texts).text;
}

// An earlier branch may stand for the one that holds, if it gives the same: later ones are for other magnitudes.
function rightBranch(row, k, numbers) {
  const local = row.partials[k](...numbers);
  let formula = row.formulas[k];
  for (const [holds, value] of row.branches[k].slice(0, -1)) {
    const [, , body, otherwise] = formula;
    if (holds(...numbers) || (typeof body !== "number" && isClose(value(...numbers), local))) return body;
    formula = otherwise;
  }
  return formula;
}

// Why a derivative with conditions is the number that it is, and nothing for one that is a formula: `3.25 > 0`.
const OPPOSITES = { "<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "==" };

function writeCondition(row, k, texts, numbers) {
  let formula = row.formulas[k];
  if (typeof formula === "string" || typeof rightBranch(row, k, numbers) !== "number") return "";
  const refused = [];
  for (const [holds] of row.branches[k].slice(0, -1)) {
    const [, test, , otherwise] = formula;
    if (holds(...numbers)) return writeOut(test, texts).text;
    if (!(test[0] in OPPOSITES)) return "";
    refused.push(writeOut([OPPOSITES[test[0]], ...test.slice(1)], texts).text);
    formula = otherwise;
  }
  return numbers.some(Number.isNaN) ? "" : refused.join(", ");
}

function isClose(a, b) {
  if (a === b) return true;
  const distance = Math.abs(a - b);
  return distance < Infinity && distance <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b));
}

function writeOut(formula, texts) {
  if (typeof formula === "number") return writtenNumber(formula);
  if (typeof formula === "string") return texts[formula];
  const [what, ...parts] = formula;
  const [a, b, c] = parts.map((part) => writeOut(part, texts));
  if (what === "neg") return a.number === null ? written(`-${within(a, SUM)}`, SUM) : writtenNumber(-a.number);
  if (what === "*" && JSON.stringify(parts[0]) === JSON.stringify(parts[1])) return shortened("**", a, writtenNumber(2));
  if (what === "pow") return shortened("**", a, b);
  if (what in BINDINGS) return shortened(what, a, b);
  if (COMPARISONS.has(what) || what === "and" || what === "or") return written(`${a.text} ${what} ${b.text}`);
  if (what === "if") return written(`${b.text} if ${a.text} else ${c.text}`);
  return written(`${what}(${[a, b, c].filter(Boolean).map((x) => x.text).join(", ")})`);
}

// Without what a person would not write: 2 - 1, x**1, 1 * x.
function shortened(symbol, a, b) {
  if (a.number !== null && b.number !== null && "+-*".includes(symbol) && symbol !== "**") {
    return writtenNumber({ "+": a.number + b.number, "-": a.number - b.number, "*": a.number * b.number }[symbol]);
  }
  if (symbol === "**" && (b.number === 0 || b.number === 1)) return b.number ? a : writtenNumber(1);
  if (symbol === "*" && (a.number === 0 || a.number === 1)) return a.number ? b : a;
  return infix(symbol, a, b);
}

function infix(symbol, a, b) {
  const binding = BINDINGS[symbol];
  if (symbol === "**") return written(`${within(a, POWER)}**${within(b, PRODUCT)}`, binding); // from the right
  return written(`${within(a, binding - 1)} ${symbol} ${within(b, binding)}`, binding);
}
