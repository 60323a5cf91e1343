// What is said of a moment: its sentence, its equation in tiles, and the reason of its local derivative.

const MOST_SHARES = 3; // of a number that is used in many places, that are listed

// A text as it is read: with minus signs, and places in a network in the language of the page.
function read(text) {
  const places = text.replace(/\blayer (\d+)(?:, neuron (\d+))?/g, (_, layer, neuron) => words.place(layer, neuron));
  return withMinus(places.replace(/\b([a-z]+)(?=_\d)|\boutput\b/g, (noun) => words.nouns[noun] ?? noun));
}

const short = (number) => withMinus(rounded(number));
const factor = (number) => withMinus(within(writtenNumber(number), PRODUCT));
const inWords = (template, values) => template.replace(/\{([\w.]+)\}/g, (_, name) => values[name]);

// What a number does that changes `rate` times as much as one that rises.
function movesBy(rate) {
  const way = rate < 0 ? "down" : rate === 0 ? "not" : "up";
  return words.moves(way, words.times(rounded(Math.abs(rate))));
}

// What the templates may name. With `.atom`, a name that is not one word stands in parentheses.
function valuesOf(moment) {
  const values = explained(moment);
  const named = namedFrom(moment.node ?? root);
  for (const [part, i] of Object.entries({ root, node: moment.node, operand: moment.operand })) {
    if (i !== undefined) Object.assign(values, { [part]: named(i).text, [`${part}.atom`]: within(named(i), POWER) });
  }
  if (moment.kind === "backward") Object.assign(values, chained(moment.edge), summed(moment.edge, named));
  for (const [key, value] of Object.entries(values)) if (typeof value === "string") values[key] = read(value);
  return values;
}

// Two changes, of which one brings about the other: their factors multiply.
function chained({ upstream, local, contribution }) {
  const about = isRounded((a, b) => a * b, [upstream, local], contribution) ? "≈" : "=";
  const isStopped = !Number.isFinite(upstream) && contribution === 0; // the row masks
  const product = isStopped ? "0" : `${rounded(upstream)} × ${factor(local)} ${about} ${rounded(contribution)}`;
  return { localMoves: movesBy(local), upstreamMoves: movesBy(upstream), product };
}

// The edges by which an operand gets its gradient, in order.
const arrivals = Map.groupBy(edges, ({ operand }) => operand);

// Effects at the same time: they add up.
function summed(edge, named) {
  const all = arrivals.get(edge.operand);
  const here = all.slice(0, all.indexOf(edge) + 1);
  const listed = here.slice(1 - MOST_SHARES);
  const count = here.length - listed.length;
  const others = here.slice(0, count).reduce((sum, { contribution }) => sum + contribution, 0);
  const said = listed.map(({ node, contribution }) => [words.share, contribution, throughIn(named, node)]);
  if (count) said.unshift([words.otherShares, others]);
  const shares = said.map(([template, contribution, through]) => (
    inWords(template, { moves: movesBy(contribution), contribution: rounded(contribution), count, through })
  ));
  const terms = said.map(([, contribution]) => contribution);
  const about = isRounded((...numbers) => numbers.reduce((a, b) => a + b), terms, edge.after) ? "≈" : "=";
  return {
    uses: all.length, through: throughIn(named, edge.node), isFirst: here.length === 1, isLast: here.length === all.length, shares: shares.join(words.and),
    sum: `${[rounded(terms[0]), ...terms.slice(1).map(factor)].join(" + ")} ${about} ${rounded(edge.after)}`,
  };
}

const throughIn = (named, node) => (node === root ? words.directly : inWords(words.through, { node: named(node).text }));

// `value` is the node that the number belongs to.
function tile(part, number, caption, value) {
  const box = document.createElement("span");
  box.className = `tile ${part}`;
  if (value !== undefined) box.dataset.value = value;
  const figure = document.createElement("strong");
  figure.textContent = withMinus(number);
  const label = document.createElement("small");
  label.append(...caption);
  box.append(figure, label);
  return box;
}

// A sign, and the tile that it stands before: they stay on one line.
function sign(text, tiled) {
  const pair = document.createElement("span");
  pair.className = "pair";
  const box = document.createElement("span");
  box.className = "sign";
  box.textContent = text;
  pair.append(box, tiled);
  return pair;
}

function equation(moment, values) {
  if (moment.group) return groupEquation(moment);
  const caption = (key) => filled(words[key], values);
  const resultTile = (number, ...others) => (asked() ? answerTile(...others) : tile("to", number, ...others));
  switch (moment.kind) {
    case "forward":
      return [tile("edge-at-work", values.numbers, caption("operation")), sign(equals(values), resultTile(values.result, caption("result"), moment.node))];
    case "seed":
      return [tile("to", "1", caption("rootGradient"), root)];
    case "backward": {
      const before = values.uses > 1 ? [tile("", values.before, caption("soFar"), moment.operand)] : [];
      const upstream = tile("from", values.upstream, caption("upstream"), moment.node);
      return [
        ...before, before.length ? sign("+", upstream) : upstream,
        sign("×", tile("edge-at-work", values.local, caption("local"))),
        sign(equals(values), resultTile(values.after, caption(values.isLast ? "gradientOf" : "soFar"), moment.operand)),
      ];
    }
    default:
      return [];
  }
}

const equals = ({ isRounded }) => (isRounded ? "≈" : "=");

// The sides joined by equals signs, without repetitions; a result that whoever computes with rounded numbers misses is only about so.
function equated(sides, result, isAbout) {
  const different = [...sides, ...(isAbout ? [] : [result])].filter((side, i, all) => side !== all[i - 1]).join(" = ");
  return isAbout ? `${different} ≈ ${result}` : different;
}

// What happens: for the forward pass an equation, which any language reads alike.
function sentence(moment, values) {
  if (asked()) return question(moment, values);
  if (moment.group) return groupSentence(moment);
  const said = {
    start: () => startSentence(values),
    forward: () => [equated([values.node, values.formula, values.numbers], values.result, values.isRounded)],
    seed: () => filled(words.seed, values),
    backward: () => backwardSentence(moment, values),
  }[moment.kind]();
  if (beginsToBeInfinite(moment)) said.push(moment.kind === "forward" ? ". " : " ", words.beginsHere);
  return said;
}

// Of the boxes that are in the drawing, what their colours mean.
function startSentence(values) {
  const kinds = ["variable", "input", "neuron"].filter((kind) => drawing.querySelector(`.${kind}`));
  return filled([...kinds, "all"].map((kind) => words.starts[kind]).join(" "), values);
}

function backwardSentence({ node }, values) {
  const said = [node === root ? words.fromRoot : words.backward];
  if (values.uses === 1) said.push(words.alone);
  else if (values.isFirst) said.push(words.begins);
  else said.push(words.adds, ...(values.isLast ? [words.complete] : []));
  return filled(said.join(" "), values);
}

// Whether what comes of finite numbers here isn't.
function beginsToBeInfinite({ kind, node, edge }) {
  if (kind === "forward") return !Number.isFinite(data[node]) && nodes[node].inputs.every((x) => Number.isFinite(data[x]));
  return kind === "backward" && !Number.isFinite(edge.after) && Number.isFinite(edge.upstream) && Number.isFinite(edge.before);
}

// Lines below the equation.
function reasons(moment, values) {
  if (moment.group) return moment.kind === "backward" && level === "neuron" ? [words.shares] : [];
  if (moment.kind === "start") return lesson.gradients ? [words.boxes] : [];
  if (moment.kind === "seed") return [words.notation];
  if (moment.kind === "forward") return values.formula.includes("**") ? [words.power] : [];
  return moment.kind === "backward" ? [`${words.rule} ${reason(moment, values)}`, ...tried(moment.edge, values)] : [];
}

// How the local derivative comes about.
function reason({ edge }, { derivative, formula, numbers, local }) {
  const condition = read(conditionIn(inNumber, edge));
  if (condition) {
    const { symbol, masks } = rowOf(edge.node);
    const verdict = masks && words.letsThrough[edge.local]; // of those that choose: 0 or 1, or a share of a tie
    const said = inWords(words.since, { derivative, local, condition });
    return verdict ? `${said}, ${verdict.replace("{symbol}", symbol)}` : said;
  }
  const { node, position, local: number } = edge;
  return equated([derivative, formula, numbers], local, isRounded(rowOf(node).partials[position], around(node), number));
}

// ---- A tiny change, tried: it needs no derivative

const TINY = 100; // parts of a number's first digit
const NEAR = 0.05; // of the change that the derivative foretells; at a kink it may be another

// Of a number with several uses, once all are known, what it does to the root; else what the operand does to the node.
function tried({ node, operand, position: k, local, after }, values) {
  const isWhole = values.uses > 1 && values.isLast && isLeaf(operand);
  const numbers = nodes[node].inputs.map((x) => data[x]);
  const step = tiny(data[operand]);
  const nudged = data[operand] + step;
  const [name, value, rate] = isWhole ? [values.root, data[root], after] : [values.node, data[node], local];
  const moved = isWhole ? rootWith(operand, nudged) : rowOf(node).value(...numbers.with(k, nudged));
  const [change, foretold] = [moved - value, rate * step];
  if (!(Math.abs(change - foretold) <= NEAR * Math.max(Math.abs(foretold), step))) return [];
  const exact = (number) => withMinus(rounded(number, 6));
  const texts = { operand: values.operand, node: name, change: withMinus(rounded(change)) };
  for (const [key, number] of Object.entries({ x: data[operand], nudged, value, moved })) texts[key] = exact(number);
  const isExact = rounded(change, 3) === rounded(foretold, 3);
  return [`${inWords(words.tried, texts)} ${isExact ? "=" : "≈"} ${short(rate)} × ${short(step)}`];
}

const tiny = (x) => (x && Number.isFinite(x) ? 10 ** Math.floor(Math.log10(Math.abs(x))) : 1) / TINY;

// The root's number, if that leaf had another.
function rootWith(leaf, number) {
  const before = [...data];
  data[leaf] = number;
  forwardPass();
  const found = data[root];
  data.splice(0, data.length, ...before);
  return found;
}

function showWords() {
  showPredicting();
  if (updated) {
    element("phase").textContent = inWords(words.updatePhase, updated);
    element("sentence").replaceChildren(...updateSentence());
    element("equation").replaceChildren(updateTable());
    element("reason").textContent = [othersMoved(), againstForetold()].filter(Boolean).join("\n");
    return;
  }
  if (chosen) {
    showHistory();
    return;
  }
  const moment = moments[position];
  const neuron = moment.group ?? lesson.neurons[box(moment.node)];
  element("phase").textContent = words.phases[moment.kind] + (neuron ? ` · ${read(neuron)}` : "");
  const values = valuesOf(moment);
  element("sentence").replaceChildren(...sentence(moment, values));
  element("equation").replaceChildren(...equation(moment, values), ...(asked() ? answerButtons() : []));
  element("equation").setAttribute("aria-hidden", !asked());
  element("reason").textContent = reasons(moment, values).join("\n");
}
