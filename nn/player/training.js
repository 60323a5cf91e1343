// Training by a recorded loss and a recorded update rule. It runs in a worker, and in Node.

// Random numbers from 0 to 1 by a seed: mulberry32, by Tommy Ettinger, in the public domain.
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

class Training {
  // `loss` is a tape with the numbers of its `parameters` and its `outputs`, the loss first; `optimizers` are tapes of a
  // parameter, its gradient, what is remembered of it, the learning rate and the number of the step; each of `points` has
  // inputs and targets.
  constructor({ loss, optimizers }, { weights, points, optimizer, rate, batch, seed }) {
    Object.assign(this, { loss, optimizers, points, rate, optimizer, seed });
    this.random = random(seed);
    this.weights = Float64Array.from(weights);
    this.epoch = 0;
    this.setBatch(batch);
    this.setOptimizer(optimizer);
  }

  setBatch(batch) {
    this.batch = batch;
    const [end] = this.loss.outputs;
    this.replay = new Replay(this.loss, batch, this.loss.outputs);
    this.replay.differentiate(this.loss.parameters);
    this.end = end;
  }

  setOptimizer(name) {
    this.optimizer = name;
    const { rule, memories } = this.optimizers[name];
    const settings = [2 + memories, 3 + memories];
    this.rule = new Replay(rule, this.weights.length, rule.outputs, settings);
    this.rule.outputs = rule.outputs;
    this.memories = memories;
    this.steps = 0;
  }

  // One step on a batch of points: their mean loss before it.
  step(points) {
    const { replay, rule, loss, weights } = this;
    const { numbers, gradients } = replay;
    const lanes = points.length;
    for (let i = 0; i < loss.inputs; i++) for (let k = 0; k < lanes; k++) numbers[i][k] = points[k][i];
    loss.parameters.forEach((slot, p) => { numbers[slot][0] = weights[p]; });
    replay.forward(lanes);
    replay.backward(lanes, this.end, 1 / lanes);
    this.steps += 1;
    rule.numbers[0].set(weights);
    loss.parameters.forEach((slot, p) => { rule.numbers[1][p] = gradients[slot][0]; });
    rule.numbers[2 + this.memories][0] = this.rate;
    rule.numbers[3 + this.memories][0] = this.steps;
    rule.forward(weights.length);
    weights.set(rule.numbers[rule.outputs[0]]);
    for (let m = 0; m < this.memories; m++) rule.numbers[2 + m].set(rule.numbers[rule.outputs[1 + m]]);
    let total = 0;
    for (let k = 0; k < lanes; k++) total += numbers[this.end][k];
    return total / lanes;
  }

  // All points once, in a random order: their mean loss, each just before its step.
  runEpoch() {
    const order = this.points.map((_, i) => i);
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(this.random() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    let total = 0;
    for (let i = 0; i < order.length; i += this.batch) {
      const points = order.slice(i, i + this.batch).map((k) => this.points[k]);
      total += points.length * this.step(points);
    }
    this.epoch += 1;
    return total / order.length;
  }

  // The last step's gradient.
  get gradient() {
    return Float64Array.from(this.loss.parameters, (slot) => this.replay.gradients[slot][0]);
  }
}
