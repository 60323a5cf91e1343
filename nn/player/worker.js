// Trains beside the page, so many epochs a second, and tells the page how things stand, once a picture.

const PICTURE = 16; // milliseconds
let live, training, pace, due, timer, told;

const orders = {
  begin(options) {
    live ??= options.live;
    training = new Training(live, options);
    told = [];
  },
  set({ rate, batch, optimizer, points }) {
    if (!training) return;
    training.rate = rate;
    training.points = points;
    if (batch !== training.batch) training.setBatch(batch);
    if (optimizer !== training.optimizer) training.setOptimizer(optimizer);
  },
  pace(epochs) { pace = epochs; },
  play() {
    due = training.epoch;
    timer ??= setTimeout(work, 0);
  },
  pause() {
    clearTimeout(timer);
    timer = undefined;
  },
  epoch() {
    told.push(training.runEpoch());
    tell();
  },
};

function work() {
  const begun = performance.now();
  due = Math.min(due + (pace * PICTURE) / 1000, training.epoch + pace); // what a slow machine can't do is left out
  while (training.epoch + 1 <= due && performance.now() < begun + PICTURE) {
    told.push(training.runEpoch());
    if (!Number.isFinite(told.at(-1))) break;
  }
  if (told.length) tell();
  timer = setTimeout(work, Math.max(0, begun + PICTURE - performance.now()));
}

function tell() {
  const { epoch, weights, gradient, steps } = training;
  const diverged = !(weights.every(Number.isFinite) && Number.isFinite(told.at(-1)));
  if (diverged) orders.pause();
  postMessage({ epoch, steps, losses: told, weights, gradient, diverged });
  told = [];
}

onmessage = ({ data: [order, options] }) => orders[order](options);
