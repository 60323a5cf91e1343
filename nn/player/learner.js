// A run that is live: its trainer beside the page, its parameters, its settings, and what they make of the pictures. What
// the network says is computed here, of the film as of the training.

const RATES = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
const BATCHES = [1, 2, 5, 10, 20, 32, 50, 100];
const IN_WORKER = "const trainer = new Trainer((report) => postMessage(report)); onmessage = ({ data }) => trainer.take(data);";

class Learner {
  // A run as it was recorded, its scene and network, and what shows them; `tell` is called with the learner and each report.
  constructor(recorded, { scene, network }, [showScene, showNetwork], tell) {
    Object.assign(this, { recorded, scene, network, showScene, showNetwork });
    const { loss, rows, snapshots, rate, batch, optimizer } = recorded;
    this.outputs = loss.outputs.slice(1);
    this.points = rowsOf(unpacked(rows, Float64Array), loss.inputs + 1); // inputs and targets, as the loss takes them, and the class
    this.snapshots = unpacked(snapshots, Float32Array);
    this.plane = this.planeOf(scene.size);
    this.selects = {
      rate: choice("rate", numbersWith(RATES, rate), rate),
      batch: choice("batch", numbersWith(BATCHES, batch), batch),
      optimizer: choice("optimizer", Object.keys(live.optimizers), optimizer),
    };
    for (const { select } of Object.values(this.selects)) select.addEventListener("change", () => this.set());
    this.send = trainerBeside((report) => tell(this, report));
    this.send("load", { loss, optimizers: live.optimizers });
  }

  get rate() { return Number(this.selects.rate.select.value); }

  get settings() {
    const { batch, optimizer } = this.selects;
    return { rate: this.rate, batch: Number(batch.select.value), optimizer: optimizer.select.value, points: this.points };
  }

  set() { this.send("set", this.settings); }

  // ---- Its parameters

  show(frame) {
    const count = this.recorded.loss.parameters.length;
    Object.assign(this, { weights: this.snapshots.slice(frame * count, (frame + 1) * count), gradient: null });
  }

  restart(seed) {
    const draw = random(seed);
    const limits = unpacked(this.recorded.limits, Float64Array);
    Object.assign(this, { weights: limits.map((limit) => limit * (2 * draw() - 1)), gradient: null });
  }

  begin(beginning, seed) {
    Object.assign(this, { losses: [], diverged: false, first: this.weights });
    this.send("begin", { ...this.settings, weights: this.weights, beginning, seed });
  }

  take({ losses, weights, gradient, diverged }) {
    Object.assign(this, { weights, gradient, diverged });
    this.losses.push(...losses);
  }

  add(place, k) {
    this.points.push([...place, ...this.recorded.targets.find((target) => target.at(-1) === k)]);
    this.set();
  }

  // ---- What the network says

  planeOf(size) {
    const plane = new Replay(this.recorded.loss, size ** 2, this.outputs);
    for (let i = 0; i < size ** 2; i++) {
      [i % size, Math.floor(i / size)].forEach((place, axis) => {
        const [low, high] = live.sides[axis];
        plane.numbers[axis][i] = low + ((place + 0.5) / size) * (high - low);
      });
    }
    return plane;
  }

  // What every neuron says of so many rows.
  say(replay, rows) {
    this.recorded.loss.parameters.forEach((slot, i) => {
      if (replay.numbers[slot]) replay.numbers[slot][0] = this.weights[i];
    });
    replay.forward(rows);
    return this.outputs.map((slot) => replay.numbers[slot]);
  }

  paint(byGradient) {
    const { plane, scene, network } = this;
    const neurons = this.say(plane, scene.size ** 2);
    this.showScene(...decided(neurons.slice(-network.widths.at(-1)), scene));
    const inputs = live.sides.map(([low, high], axis) => plane.numbers[axis].map((number) => number - (low + high) / 2));
    this.showNetwork(byGradient ? this.byGradient() : this.byWeight(), [...inputs, ...neurons]);
  }

  byWeight() {
    const { places, saturation } = this.network;
    return places.map((i) => 127 * Math.sign(this.weights[i]) * (1 - Math.exp(-Math.abs(this.weights[i]) / saturation)));
  }

  byGradient() {
    const shown = this.network.places.map((i) => this.gradient?.[i] ?? 0);
    const largest = Math.max(1e-300, ...shown.map(Math.abs));
    return shown.map((number) => (127 * number) / largest);
  }

  // The share of the points whose class is found.
  accuracy() {
    const { points } = this;
    if (this.checked !== points.length) {
      this.checked = points.length;
      this.check = new Replay(this.recorded.loss, this.checked, this.outputs);
      points.forEach((point, i) => { for (const axis of [0, 1]) this.check.numbers[axis][i] = point[axis]; });
    }
    const said = this.say(this.check, this.checked).slice(-this.network.widths.at(-1));
    const right = points.filter((point, i) => {
      const best = said.length === 1 ? Number(said[0][i] > 0) : said.reduce((found, output, k) => (output[i] > said[found][i] ? k : found), 0);
      return best === point.at(-1);
    });
    return right.length / this.checked;
  }
}

const rowsOf = (flat, columns) => Array.from({ length: flat.length / columns }, (_, i) => Array.from(flat.subarray(i * columns, (i + 1) * columns)));
const numbersWith = (numbers, one) => [...new Set([...numbers, one])].sort((a, b) => a - b);

// A list to choose from, with its label.
function choice(word, options, chosen) {
  const select = htmlElement("select", word, ...options.map((option) => {
    const made = htmlElement("option", "", String(option));
    made.value = option;
    made.selected = option === chosen;
    return made;
  }));
  const text = htmlElement("span", "");
  text.dataset.word = word;
  return { select, label: htmlElement("label", "", text, select) };
}

// What sends orders to a trainer in a worker. Where a page may have none it trains in the page.
function trainerBeside(tell) {
  let unanswered = [];
  const told = (report) => {
    unanswered = null;
    tell(report);
  };
  let post;
  const inPage = () => {
    const trainer = new Trainer(told);
    post = (order) => setTimeout(() => trainer.take(order));
    for (const order of unanswered ?? []) post(order);
  };
  try {
    const code = element("machine").textContent + IN_WORKER;
    const worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
    worker.onmessage = ({ data }) => told(data);
    worker.onerror = (event) => {
      event.preventDefault();
      inPage();
    };
    post = (order) => worker.postMessage(order);
  } catch {
    inPage();
  }
  return (...order) => {
    unanswered?.push(order);
    post(order);
  };
}

// The class at every place and how certain it is, as in the film's frames, and how far each class's logit is ahead of all
// others: one output is the logit of class 1.
function decided(outputs, { size, levels }) {
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
