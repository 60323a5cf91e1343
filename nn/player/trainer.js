// Takes the page's orders and reports what came of them. It runs in a worker of its own; where a page may have none, in the page.

class Trainer {
  constructor(tell) { this.tell = tell; }

  take([order, options]) { this[order](options); }

  // The tapes of a loss and of optimisers.
  load(tapes) { this.tapes = tapes; }

  // From these weights on, as the first, second ... `beginning`.
  begin(options) {
    this.beginning = options.beginning;
    this.training = new Training(this.tapes, options);
  }

  set({ rate, batch, optimizer, points }) {
    const { training } = this;
    if (!training) return;
    Object.assign(training, { rate, points });
    if (batch !== training.batch) training.setBatch(batch);
    if (optimizer !== training.optimizer) training.setOptimizer(optimizer);
  }

  // So many epochs, or as many as there are before a number becomes infinite: what is told is of the last finite ones.
  train(epochs) {
    const { training, beginning } = this;
    const begun = performance.now();
    const losses = [];
    let [weights, gradient, diverged] = [training.weights, null, false];
    while (losses.length < epochs && !diverged) {
      weights = training.weights.slice();
      const loss = training.runEpoch();
      diverged = !(Number.isFinite(loss) && training.weights.every(Number.isFinite));
      if (diverged) break;
      losses.push(loss);
      [weights, gradient] = [training.weights.slice(), training.gradient];
    }
    this.tell({ beginning, losses, weights, gradient, diverged, milliseconds: performance.now() - begun });
  }
}
