// Training in the page: it goes on from whatever epoch of the film is shown, in a worker; what the network says is
// computed here from its parameters, of the film as of the training.

const EPOCHS_A_SECOND = 30; // at normal speed
const RATES = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
const BATCHES = [1, 2, 5, 10, 20, 32, 50, 100];
const lab = { training: false, playing: false, from: 0, epoch: 0, losses: [], weights: null, gradient: null, points: [], seed: 0 };

function startLive(showScene, showNetwork) {
  const { scene, network } = runs[0];
  const { inputs, outputs } = live.loss;
  const flat = unpacked(live.rows, Float64Array);
  const columns = inputs + 1; // inputs and targets, as the loss takes them, and the class
  for (let i = 0; i < flat.length; i += columns) lab.points.push(Array.from(flat.subarray(i, i + columns)));
  lab.snapshots = unpacked(live.snapshots, Float32Array);
  lab.count = live.loss.parameters.length;
  lab.plane = new Replay(live.loss, scene.size ** 2, outputs.slice(1));
  const sides = ["x", "y"].map((side) => live.sides[side]);
  for (let i = 0; i < scene.size ** 2; i++) {
    [i % scene.size, Math.floor(i / scene.size)].forEach((place, axis) => {
      const [low, high] = sides[axis];
      lab.plane.numbers[axis][i] = low + ((place + 0.5) / scene.size) * (high - low);
    });
  }
  Object.assign(lab, { showScene, showNetwork, sides, scene, network });
  const code = ["machine", "worker"].map((id) => element(id).textContent).join("");
  lab.worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  lab.worker.onmessage = ({ data }) => told(data);
  fill("rate", [...new Set([...RATES, live.rate])].sort((a, b) => a - b), live.rate);
  fill("batch", [...new Set([...BATCHES, live.batch])].sort((a, b) => a - b), live.batch);
  fill("optimizer", Object.keys(live.optimizers), live.optimizer);
  fill("edges", ["weights", "gradients"], "weights");
  fill("adds", live.targets.map((target) => target.at(-1)), live.targets[0].at(-1));
  for (const id of ["rate", "batch", "optimizer"]) element(id).addEventListener("change", set);
  element("edges").addEventListener("change", paint);
  element("speed").addEventListener("change", sendPace);
  element("live").hidden = false;
  document.body.classList.add("live");
  lab.showLoss = liveLossFigure(element("loss"));
  Object.assign(actions, {
    train: () => (lab.training && lab.playing ? rest() : train()),
    epoch: oneEpoch,
    again,
  });
  pointing(document.querySelector(".scene .inner"));
}

function fill(id, options, chosen) {
  element(id).replaceChildren(...options.map((option) => {
    const made = htmlElement("option", "", String(option));
    made.value = option;
    made.selected = option === chosen;
    return made;
  }));
}

// ---- What the network says

function filmed(frame) {
  if (lab.training && position === lab.from) return paint();
  if (lab.training) leave();
  lab.weights = lab.snapshots.subarray(frame * lab.count, (frame + 1) * lab.count);
  lab.gradient = null;
  paint();
}

function loaded(replay) {
  live.loss.parameters.forEach((slot, i) => {
    if (replay.numbers[slot]) replay.numbers[slot][0] = lab.weights[i];
  });
  return replay;
}

function paint() {
  const { plane, scene, network } = lab;
  const count = scene.size ** 2;
  loaded(plane).forward(count);
  const neurons = live.loss.outputs.slice(1).map((slot) => plane.numbers[slot]);
  lab.showScene(...said(neurons.slice(-network.widths.at(-1)), scene));
  const inputs = [0, 1].map((axis) => {
    const middle = (lab.sides[axis][0] + lab.sides[axis][1]) / 2;
    return plane.numbers[axis].map((number) => number - middle);
  });
  const byGradient = element("edges").value === "gradients";
  lab.showNetwork(byGradient ? thicknessOf(lab.gradient) : network.places.map((i) => thickness(lab.weights[i])), [...inputs, ...neurons]);
  if (lab.training) tellLive();
}

const thickness = (weight) => 127 * Math.sign(weight) * (1 - Math.exp(-Math.abs(weight) / lab.network.saturation));

function thicknessOf(gradient) {
  const shown = lab.network.places.map((i) => gradient?.[i] ?? 0);
  const largest = Math.max(1e-300, ...shown.map(Math.abs));
  return shown.map((number) => (127 * number) / largest);
}

// The class at every place and how certain it is, as in the film's frames, and how far each class's logit is ahead of all
// others: one output is the logit of class 1.
function said(outputs, { size, levels }) {
  const logits = outputs.length === 1 ? [new Float64Array(size ** 2), outputs[0]] : outputs;
  const made = new Uint8Array(size ** 2);
  for (let i = 0; i < made.length; i++) {
    let best = 0;
    for (let k = 1; k < logits.length; k++) if (logits[k][i] > logits[best][i]) best = k;
    let sum = 0;
    for (const logit of logits) sum += Math.exp(logit[i] - logits[best][i]);
    const certainty = (1 / sum - 1 / logits.length) / (1 - 1 / logits.length);
    made[i] = best * levels + Math.round((certainty || 0) * (levels - 1));
  }
  const ahead = logits.map((logit, k) => {
    const others = logits.filter((_, other) => other !== k);
    const lead = (number, i) => number - Math.max(...others.map((other) => other[i]));
    return logit.map((number, i) => Math.max(-1e9, Math.min(1e9, lead(number, i))) || 0); // of a run that diverged too
  });
  return [made, ahead];
}

// The share of the points whose class is found.
function accuracy() {
  const { outputs } = live.loss;
  if (lab.checked !== lab.points.length) {
    lab.checked = lab.points.length;
    lab.check = new Replay(live.loss, lab.checked, outputs.slice(1));
    lab.points.forEach((point, i) => { for (const axis of [0, 1]) lab.check.numbers[axis][i] = point[axis]; });
  }
  const { numbers } = loaded(lab.check);
  lab.check.forward(lab.checked);
  const last = outputs.slice(-lab.network.widths.at(-1)).map((slot) => numbers[slot]);
  const right = lab.points.filter((point, i) => {
    const best = last.length === 1 ? Number(last[0][i] > 0) : last.reduce((found, output, k) => (output[i] > last[found][i] ? k : found), 0);
    return best === point.at(-1);
  });
  return right.length / lab.checked;
}

// ---- Training

const chosen = () => ({
  rate: Number(element("rate").value), batch: Number(element("batch").value), optimizer: element("optimizer").value, points: lab.points,
});
const send = (order, options) => lab.worker.postMessage([order, options]);
const sendPace = () => send("pace", EPOCHS_A_SECOND * element("speed").value);
const set = () => send("set", chosen());

// From these parameters on, after so many epochs.
function begin(weights, epoch) {
  pause();
  Object.assign(lab, { training: true, from: position, base: epoch, epoch, losses: [], weights, diverged: false });
  document.body.classList.add("in-lab");
  send("begin", { ...chosen(), live: lab.sent ? null : live, weights, seed: lab.seed });
  lab.sent = true;
  sendPace();
}

function train() {
  if (!lab.training || lab.diverged) begin(lab.weights, frames[position]);
  lab.playing = true;
  send("play");
  repaint();
}

function rest() {
  lab.playing = false;
  send("pause");
  repaint();
}

function oneEpoch() {
  if (!lab.training) begin(lab.weights, frames[position]);
  if (lab.playing) rest();
  send("epoch");
}

// Anew from other first parameters, drawn as the network's own were.
function again() {
  const limits = unpacked(live.limits, Float64Array);
  const draw = random((lab.seed += 1));
  const playing = lab.playing;
  if (playing) send("pause");
  begin(Float64Array.from(limits, (limit) => limit * (2 * draw() - 1)), 0);
  lab.gradient = null;
  if (playing) send("play");
  repaint();
}

function leave() {
  send("pause");
  Object.assign(lab, { training: false, playing: false });
  document.body.classList.remove("in-lab", "at-work");
  nameControls();
}

function repaint() {
  document.body.classList.toggle("at-work", Boolean(lab.playing));
  nameControls();
  paint();
}

function told({ epoch, losses, weights, gradient, diverged }) {
  if (!lab.training) return;
  Object.assign(lab, { epoch: lab.base + epoch, diverged });
  if (diverged) {
    lab.playing = false;
    repaint();
    return;
  }
  Object.assign(lab, { weights, gradient });
  lab.losses.push(...losses);
  lab.due ??= requestAnimationFrame(() => {
    lab.due = undefined;
    if (lab.training) paint();
  });
}

function tellLive() {
  element("phase").textContent = words.liveEpoch.replace("{epoch}", lab.epoch);
  const said = lab.losses.length ? [`${words.loss} `, htmlElement("strong", "", written(lab.losses.at(-1), 3)), ", "] : [];
  said.push(`${words.accuracy} `, htmlElement("strong", "", `${(100 * accuracy()).toFixed(1)} %`));
  if (lab.diverged) said.push(`. ${words.divergedLive}`);
  element("sentence").setAttribute("aria-live", lab.playing ? "off" : "polite");
  element("sentence").replaceChildren(htmlElement("p", "", ...said));
  lab.showLoss(lab.base, lab.losses);
}

// ---- Points

function pointing(inner) {
  const { scene } = lab;
  const cross = svgElement("path", { class: "cross", d: "M-9 0H9M0-9V9" });
  const holder = svgElement("svg", { class: "crosshair" }, cross);
  const marks = inner.querySelector("svg:not(.clipped)");
  marks.append(holder);
  inner.tabIndex = 0;
  inner.setAttribute("role", "application");
  let at = [0.5, 0.5];
  const move = (x, y) => {
    at = [x, y].map((share) => Math.max(0, Math.min(1, share)));
    holder.setAttribute("x", percent(at[0]));
    holder.setAttribute("y", percent(1 - at[1]));
  };
  const add = () => {
    const k = Number(element("adds").value);
    lab.points.push([...lab.sides.map(([low, high], axis) => low + at[axis] * (high - low)), ...live.targets.find((target) => target.at(-1) === k)]);
    const example = svgElement("path", { class: "example added", d: SHAPES[k], fill: scene.inks[k] });
    marks.insertBefore(svgElement("svg", { x: percent(at[0]), y: percent(1 - at[1]) }, example), holder);
    set();
    if (lab.training) paint();
  };
  move(...at);
  inner.addEventListener("click", ({ clientX, clientY }) => {
    const { left, top, width, height } = inner.getBoundingClientRect();
    move((clientX - left) / width, 1 - (clientY - top) / height);
    add();
  });
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  inner.addEventListener("keydown", (event) => {
    const way = ways[event.key];
    if (way) move(at[0] + 0.05 * way[0], at[1] + 0.05 * way[1]);
    else if (event.key === "Enter") add();
    else return;
    event.preventDefault();
  });
}

// ---- The loss since the training began, logarithmic if it has fallen far

const LOGARITHMIC = 50;
const written = (number, digits) => (
  number > 0 && number < 1e-4 ? number.toExponential(digits - 1) : String(Number(number.toPrecision(digits)))
).replace("-", "\u2212");

function liveLossFigure(figure) {
  const film = figure.querySelector(".frame");
  const { scaled, marks } = chart(figure, "full", [[0, 0, ""], [1, 0, ""], [0, 0.0001, "0"], [0, 1, ""]]);
  const [start, end, bottom, top] = marks.querySelectorAll("text");
  film.classList.add("filmed");
  figure.querySelectorAll(".frame")[1].classList.add("lived");
  const curve = svgElement("path", { class: "curve loss", "data-run": 0 });
  scaled.append(curve);
  return (base, losses) => {
    const stride = Math.ceil(losses.length / 400);
    const [least, highest] = losses.reduce(([low, high], loss) => [Math.min(low, loss), Math.max(high, loss)], [Infinity, 1e-300]);
    const logarithmic = least > 0 && highest > LOGARITHMIC * least;
    const height = (loss) => (logarithmic ? Math.log(loss / least) / Math.log(highest / least) : loss / highest);
    const points = losses.map((loss, i) => [i / Math.max(1, losses.length - 1), height(loss)]);
    curve.setAttribute("d", path(points.filter((_, i) => i % stride === 0 || i === points.length - 1)));
    start.textContent = base;
    end.textContent = losses.length ? base + losses.length : "";
    bottom.textContent = logarithmic ? written(least, 2) : "0";
    top.textContent = losses.length ? written(highest, 2) : "";
  };
}

// ---- Words

const liveNames = () => ({ live: words.live, train: lab.playing ? words.rest : words.train, epoch: words.oneEpoch, again: words.again });

function translateLive() {
  for (const label of document.querySelectorAll("#live label > span")) label.textContent = words[label.dataset.word];
  element("train").querySelector("span").textContent = words.trainShort;
  element("epoch").textContent = words.oneEpochShort;
  element("again").textContent = words.againShort;
  for (const option of element("edges").options) option.textContent = words[option.value];
  for (const option of element("adds").options) option.textContent = className(option.value);
  document.querySelector("#loss .lived [role=img]").setAttribute("aria-label", words.lossPicture);
  document.querySelector(".scene .inner").setAttribute("aria-label", words.pointing);
}
