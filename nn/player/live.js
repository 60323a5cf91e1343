// Training in the page: from whatever epoch of the film is shown, all runs go on together. In every turn each trains as many
// epochs, in a worker of its own, and when all are done their pictures are painted: they have one count of epochs.

const EPOCHS_A_SECOND = 30; // at normal speed
const RISEN = 10; // times the loss that it began with: its learning rate is too high
const LONGEST_TURN = 50; // milliseconds, where more than one epoch is trained in it
const lab = { training: false, playing: false, from: 0, base: 0, epoch: 0, seed: 0, beginning: 0, due: 0, most: 1 };
const learners = [];

function startLive(pictures) {
  runs.forEach((run, r) => learners.push(new Learner(live.runs[r], run, pictures[r], told)));
  const targets = live.runs[0].targets.map((target) => target.at(-1));
  lab.edges = choice("edges", ["weights", "gradients"], "weights");
  lab.adds = choice("adds", targets, targets[0]);
  learners.forEach(({ selects }, r) => {
    const settings = htmlElement("div", "settings", ...Object.values(selects).map(({ label }) => label));
    (runs.length > 1 ? document.querySelectorAll(".run .top")[r] : element("live")).append(settings);
    selects.rate.select.addEventListener("change", nameRuns);
  });
  element("live").append(lab.edges.label, lab.adds.label);
  lab.edges.select.addEventListener("change", paint);
  element("live").hidden = false;
  document.body.classList.add("live");
  lab.showLoss = liveLossFigure(element("loss"), runs.length);
  Object.assign(actions, { train: () => (lab.playing ? rest() : train()), epoch: oneEpoch, again });
  const planes = document.querySelectorAll(".scene .inner");
  lab.marks = Array.from(planes, (inner) => pointing(inner, addPoint));
}

// ---- What is shown

function showFilm(framesOfRuns) {
  if (lab.training && position === lab.from) return paint();
  if (lab.training) leave();
  learners.forEach((learner, r) => learner.show(framesOfRuns[r]));
  paint();
}

function paint() {
  lab.stale = false;
  for (const learner of learners) learner.paint(lab.edges.select.value === "gradients");
  if (lab.training) tellLive();
}

function tellLive() {
  element("phase").textContent = words.liveEpoch.replace("{epoch}", lab.epoch);
  element("sentence").setAttribute("aria-live", lab.playing ? "off" : "polite");
  element("sentence").replaceChildren(...learners.map(liveSentence));
  lab.showLoss(lab.base, learners.map(({ losses }) => losses));
}

function liveSentence(learner, r) {
  const said = [];
  if (learner.losses.length) said.push(`${words.loss} `, htmlElement("strong", "", written(learner.losses.at(-1), 3)), ", ");
  said.push(`${words.accuracy} `, htmlElement("strong", "", `${(100 * learner.accuracy()).toFixed(1)} %`));
  const { losses } = learner;
  if (!learner.diverged && losses.at(-1) > RISEN * losses[0]) said.push(". ", htmlElement("em", "", words.risen));
  if (learner.diverged) said.push(". ", htmlElement("em", "", words.divergedLive.replace("{epoch}", lab.base + learner.losses.length + 1)));
  return runs.length > 1 ? paragraph(r, ...said) : htmlElement("p", "", ...said);
}

function addPoint(at) {
  const k = Number(lab.adds.select.value);
  const place = live.sides.map(([low, high], axis) => low + at[axis] * (high - low));
  learners.forEach((learner, r) => {
    learner.add(place, k);
    lab.marks[r](at, k, learner.scene.inks[k]);
  });
  if (lab.training) paint();
}

// ---- Training

// From the learners' weights on, after so many epochs.
function begin(epoch) {
  pause();
  Object.assign(lab, { training: true, from: position, base: epoch, epoch, beginning: lab.beginning + 1, reports: null, due: 0, most: 1 });
  document.body.classList.add("in-lab");
  for (const learner of learners) learner.begin(lab.beginning, lab.seed);
  nameRuns();
}

const able = () => learners.filter((learner) => !learner.diverged);

// Training goes on; runs that have all diverged begin anew with the settings of now.
function ready() {
  if (lab.training && able().length) return;
  for (const learner of learners) if (lab.training) learner.weights = learner.first;
  begin(lab.training ? lab.base : frames[position]);
}

function train() {
  ready();
  lab.playing = true;
  wake();
  repaint();
}

function rest() {
  Object.assign(lab, { playing: false, due: 0 });
  repaint();
}

function oneEpoch() {
  const pressed = lab.playing ? 0 : lab.due; // more than once
  ready();
  rest();
  lab.due = pressed + 1;
  wake();
}

function again() {
  lab.seed += 1;
  const playing = lab.playing && able().length > 0;
  for (const learner of learners) learner.restart(lab.seed);
  begin(0);
  lab.playing = playing;
  repaint();
}

// Back to the film.
function leave() {
  Object.assign(lab, { training: false, playing: false, due: 0, beginning: lab.beginning + 1, reports: null });
  document.body.classList.remove("in-lab");
  nameRuns();
  showPlaying();
}

function repaint() {
  showPlaying();
  paint();
}

function showPlaying() {
  document.body.classList.toggle("at-work", lab.playing);
  element("train").querySelector("span").textContent = lab.playing ? words.restShort : words.trainShort;
  nameControls();
}

// ---- Turns: one follows another at the pace of the screen's pictures, and none in a page that isn't seen

function wake() {
  lab.time = performance.now();
  lab.turn ??= requestAnimationFrame(turn);
}

function turn(time) {
  lab.turn = undefined;
  if (!lab.training) return;
  const seconds = Math.max(0, time - lab.time) / 1000;
  lab.time = time;
  if (lab.playing) lab.due = Math.min(lab.due + seconds * EPOCHS_A_SECOND * element("speed").value, lab.most); // what a slow machine can't do is left out
  const epochs = Math.floor(Math.min(lab.due, lab.most));
  if (epochs && !lab.reports) ask(epochs);
  if (lab.stale) paint();
  if (lab.playing || lab.due >= 1 || lab.reports) lab.turn ??= requestAnimationFrame(turn);
}

function ask(epochs) {
  lab.due -= epochs;
  lab.reports = new Map();
  for (const learner of able()) learner.send("train", epochs);
}

function told(learner, report) {
  if (report.beginning !== lab.beginning) return; // of a run that has been begun anew since
  lab.reports.set(learner, report);
  if (lab.reports.size < able().length) return;
  const longest = Math.max(...Array.from(lab.reports.values(), ({ milliseconds }) => milliseconds));
  const asked = Math.max(...Array.from(lab.reports.values(), ({ losses }) => losses.length));
  lab.most = Math.max(1, Math.floor((asked * LONGEST_TURN) / Math.max(longest, 0.5)));
  for (const [one, itsReport] of lab.reports) one.take(itsReport);
  lab.reports = null;
  lab.epoch += asked;
  lab.stale = true;
  if (able().length) return;
  rest();
}

// ---- Words

const liveNames = () => ({ live: words.live, train: lab.playing ? words.rest : words.train, epoch: words.oneEpoch, again: words.again });

function translateLive() {
  for (const text of document.querySelectorAll("label > [data-word]")) text.textContent = words[text.dataset.word];
  showPlaying();
  element("epoch").textContent = words.oneEpochShort;
  element("again").textContent = words.againShort;
  for (const option of lab.edges.select.options) option.textContent = words[option.value];
  for (const option of lab.adds.select.options) option.textContent = className(option.value);
  document.querySelector("#loss .lived [role=img]").setAttribute("aria-label", words.lossPicture);
  for (const inner of document.querySelectorAll(".scene .inner")) inner.setAttribute("aria-label", words.pointing);
}
