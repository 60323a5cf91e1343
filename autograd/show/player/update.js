// Once round: after the backward pass each parameter takes a step against its gradient, w <- w - learning rate * gradient,
// and the forward pass begins again. The loss is drawn as it goes down, or up where the learning rate is too high.

const MOST_ROWS = 30; // of the table
const MOST_TOLD = 3; // parameters, whose steps are told with their reasons
const parameters = lesson.gradients ? [...nodes.keys()].filter((i) => nodes[i].row === undefined && !nodes[i].constant) : [];

let losses = [data[root]]; // since the numbers were last changed by hand
let knownInTable; // whether the table shows gradients: once the backward pass is done
let updated; // what the last update did, until something else is shown

// The slider's marks are tenths of a decade.
const rateAt = (mark) => Number((10 ** (mark / 10)).toPrecision(2));
const rate = () => rateAt(element("rate").value);

function update() {
  pause();
  if (position < last) go(last);
  if (position < last || asked()) return;
  const steepest = [...parameters].sort((i, j) => Math.abs(gradients[j]) - Math.abs(gradients[i])).slice(0, MOST_TOLD);
  const steps = parameters.filter((i) => steepest.includes(i)).map((i) => ({ parameter: i, number: data[i], gradient: gradients[i] }));
  const foretold = -rate() * parameters.reduce((sum, i) => sum + gradients[i] ** 2, 0);
  const was = { loss: data[root], steps, foretold };
  for (const i of parameters) data[i] -= rate() * gradients[i];
  forwardPass();
  backwardPass();
  losses.push(data[root]);
  updated = { ...was, rate: rate(), count: losses.length - 1 };
  showChange();
  showPlaces();
  highlightParameters();
}

function forgetUpdates() {
  losses = [data[root]];
  updated = undefined;
}

// ---- What it says

const outcome = ({ loss }) => {
  if (!Number.isFinite(data[root])) return "diverged";
  if (short(data[root]) === short(loss)) return "same";
  return data[root] < loss ? "smaller" : "larger";
};

function updateSentence() {
  const values = { count: updated.count, before: short(updated.loss), after: short(data[root]), root: read(nodeNames[root].text) };
  return filled(`${words.update} ${words[outcome(updated)]}`, values);
}

// For each of the steepest parameters how its step is computed, and why it goes that way.
function updateTable() {
  const { parameter, computed, why } = words.stepTable;
  const table = document.createElement("table");
  table.className = "told-steps";
  const head = document.createElement("tr");
  head.append(...[parameter, computed, why].map((text) => cell("th", text)));
  table.append(head, ...updated.steps.map(updateRow));
  return table;
}

function updateRow({ parameter, number, gradient }) {
  const name = read(nodeNames[parameter].text);
  const step = -updated.rate * gradient;
  const part = (kind, value) => Object.assign(cell("span", value), { className: kind });
  const sum = document.createElement("td");
  sum.append(
    `${short(number)} \u2212 ${short(updated.rate)} \u00d7 `, part("from", factor(gradient)),
    ` = ${short(number)} ${step < 0 ? "\u2212" : "+"} ${short(Math.abs(step))} = `, part("to", short(data[parameter])),
  );
  const why = words.why[gradient < 0 ? "down" : gradient > 0 ? "up" : "not"];
  const row = document.createElement("tr");
  row.dataset.value = parameter;
  row.append(cell("th", name), sum, cell("td", inWords(why, { name, root: read(nodeNames[root].text) })));
  return row;
}

// How far the gradients, which hold for tiny steps, told the change of the loss.
function againstForetold() {
  const change = data[root] - updated.loss;
  if (!Number.isFinite(change)) return "";
  const values = { root: read(nodeNames[root].text), foretold: withMinus(rounded(updated.foretold)), change: withMinus(rounded(change)) };
  return inWords(words.foretold, values);
}

function othersMoved() {
  const count = parameters.length - updated.steps.length;
  return count ? words.more.replace("{count}", count) : "";
}

// ---- The panel

const cell = (kind, text) => {
  const made = document.createElement(kind);
  made.textContent = text;
  return made;
};

function showLearning() {
  element("learn").hidden = !parameters.length;
  if (!parameters.length) return;
  const shownRate = rounded(rate());
  element("rate").setAttribute("aria-valuetext", shownRate);
  element("rate-now").textContent = shownRate;
  for (const [end, mark] of [["low", "min"], ["high", "max"]]) element(`rate-${end}`).textContent = rounded(rateAt(element("rate")[mark]));
  element("rule").textContent = inWords(`${words.against} ${words.step}`, { rate: shownRate, root: read(nodeNames[root].text) });
  knownInTable = position === last && !asked();
  for (const [i, cells] of rows) fillRow(i, cells);
  const others = parameters.length - rows.length;
  element("others").textContent = others ? words.more.replace("{count}", others) : "";
  showLosses();
}

// The first parameters, the cells of each for its number, gradient and step, and that for its name.
const rows = parameters.slice(0, MOST_ROWS).map((i) => {
  const row = document.createElement("tr");
  const name = cell("th", "");
  name.scope = "row";
  row.dataset.value = i;
  const cells = [cell("td", ""), cell("td", ""), cell("td", "")];
  row.append(name, ...cells);
  element("parameters").append(row);
  return [i, cells, name];
});

function nameRows() {
  for (const [i, , name] of rows) name.textContent = read(nodeNames[i].text);
}

function fillRow(i, cells) {
  const numbers = [data[i], ...(knownInTable ? [gradients[i], -rate() * gradients[i]] : [null, null])];
  numbers.forEach((number, k) => {
    const text = number === null ? UNKNOWN : withMinus(fitting(number, 9));
    if (cells[k].textContent !== text) cells[k].textContent = text;
  });
}

// ---- The loss so far

const CURVE = { width: 280, height: 84, left: 58, right: 12, top: 12, bottom: 12 };

// Round numbers around these two.
function roundEnds(low, high) {
  if (!(high > low)) return [low, high];
  const step = 10 ** Math.floor(Math.log10(high - low));
  const round = (number, way) => Number((way(Number((number / step).toPrecision(12))) * step).toPrecision(12));
  return [round(low, Math.floor), round(high, Math.ceil)];
}

function showLosses() {
  const finite = losses.filter(Number.isFinite);
  const [low, high] = finite.length ? roundEnds(Math.min(...finite), Math.max(...finite)) : [0, 1];
  const { width, height, left, right, top, bottom } = CURVE;
  const x = (i) => left + (i / Math.max(losses.length - 1, 1)) * (width - left - right);
  const y = (loss) => (high > low ? top + ((high - loss) / (high - low)) * (height - top - bottom) : height / 2);
  const points = losses.flatMap((loss, i) => (Number.isFinite(loss) ? [[x(i), y(loss)]] : []));
  element("loss-line").setAttribute("points", points.map((point) => point.map((z) => z.toFixed(1)).join()).join(" "));
  const [endX, endY] = points.at(-1) ?? [left, height / 2];
  element("loss-now").setAttribute("cx", endX);
  element("loss-now").setAttribute("cy", endY);
  element("curve").classList.toggle("empty", !finite.length); // a number that isn't finite has no place on it
  element("loss-high").textContent = short(high);
  element("loss-low").textContent = high > low ? short(low) : "";
  element("loss-high").setAttribute("y", high > low ? top + 4 : height / 2 + 4);
  const caption = inWords(words.curve(losses.length - 1), { root: read(nodeNames[root].text), to: short(data[root]) });
  element("curve").setAttribute("aria-label", caption);
  element("curve-caption").textContent = caption;
}

function highlightParameters() {
  for (const lit of drawing.querySelectorAll(".lit")) lit.classList.remove("lit", "from", "edge-at-work", "to");
  labelEdges([]);
  for (const i of parameters) element(valueId(i))?.classList.add("lit", "to");
  document.body.dataset.kind = "update";
}

element("rate").addEventListener("input", () => { showLearning(); writeState(); });
actions.update = update;
