// The training run: its moments are epochs, some of them if they are many.

const MILLISECONDS = 200; // from one epoch to the next at normal speed
const FIGURES = { plane: planeFigure, line: lineFigure, images: imagesFigure };

const { frames, runs, live } = lesson;
const last = frames.length - 1;
const numberOf = (moment) => frames[moment];

// What shows frame after frame as they were computed in Python; a live run's are computed here.
function framed({ kind, frames: packed, edges, size }, showNow) {
  if (!packed) return showNow;
  if (kind === "line") return (frame) => showNow(packed[frame]);
  const all = unpacked(packed, kind ? Uint8Array : Int8Array);
  const length = kind ? size * size : edges.length;
  return (frame) => showNow(all.subarray(frame * length, (frame + 1) * length));
}

const pictures = []; // what shows the frame of a run
const showLoss = lossFigure(element("loss"), runs, lesson.scale.ticks, Math.max(1, frames[last]));

runs.forEach((run, r) => {
  const panel = htmlElement("section", "run");
  panel.dataset.run = r;
  const heading = htmlElement("h2", "", htmlElement("bdi", ""));
  if (runs.length > 1) heading.dataset.number = r + 1;
  heading.classList.toggle("unnamed", Boolean(live && runs.length > 1 && run.rate && !run.name));
  panel.append(htmlElement("div", "top", heading));
  const figures = htmlElement("div", "figures");
  const shows = [];
  if (run.scene) {
    const figure = htmlElement("figure", "panel scene");
    shows.push(framed(run.scene, FIGURES[run.scene.kind](figure, run.scene)));
    figures.append(figure);
  }
  if (run.network) {
    const figure = htmlElement("figure", "panel network");
    shows.push(framed(run.network, networkFigure(figure, run.network, run.axes, live && run.scene.size)));
    figures.append(figure);
  }
  panel.append(figures);
  pictures.push(shows);
  element("runs").append(panel);
});

function show() {
  const epoch = frames[position];
  showLoss(epoch);
  const shown = runs.map((run) => run.frames.findLastIndex((frame) => frame <= epoch));
  if (live) showFilm(shown);
  else pictures.forEach((shows, r) => shows.forEach((showFrame) => showFrame(shown[r])));
  if (live && lab.training) return;
  element("phase").textContent = epoch ? words.epoch.replace("{epoch}", epoch) : words.start;
  element("sentence").replaceChildren(...runs.map((run, r) => sentence(run, r, epoch)));
}

// The numbers of a run after an epoch, or after its last.
function sentence(run, r, epoch) {
  const end = run.frames.at(-1);
  const at = Math.min(epoch, end);
  const said = [];
  for (const kind of ["loss", "validation"]) {
    if (at && run[kind].numbers.length) said.push(`${words[kind]} `, htmlElement("strong", kind, run[kind].numbers[at - 1]), ", ");
  }
  const isOver = run.ended && epoch >= Math.max(end, Math.min(1, frames[last])); // one may diverge in its first epoch
  if (!at && !isOver) said.push(words.untrained, ", ");
  if (isOver) said.push(words.ended[run.ended].replace("{epoch}", run.ended === "diverged" ? end + 1 : end), ", ");
  if (epoch >= end && run.kept < end) said.push(words.kept.replace("{epoch}", run.kept), ", ");
  return paragraph(r, ...said.slice(0, -1));
}

// ---- Words around the figures

function className(k) {
  const name = lesson.names.classes[k] ?? String(k);
  return /^\d+$/.test(name) ? words.className.replace("{k}", name) : name;
}

// The name that a run was given, or its learning rate, which may change while it trains here.
function nameOf(r) {
  const { name, rate } = runs[r];
  const now = live && lab.training ? learners[r].rate : rate;
  return name || (rate ? words.rateName.replace("{rate}", now) : words.runName.replace("{number}", r + 1));
}

// Its number, where there are several, and its name.
const numbered = (r) => [...(runs.length > 1 ? [htmlElement("b", "number", String(r + 1)), " "] : []), htmlElement("bdi", "its-name", nameOf(r))];

function paragraph(r, ...said) {
  const made = htmlElement("p", "", ...numbered(r), ": ", ...said);
  made.dataset.run = r;
  return made;
}

function nameRuns() {
  runs.forEach((_, r) => {
    for (const name of document.querySelectorAll(`[data-run="${r}"] :is(h2 bdi, .its-name)`)) name.textContent = nameOf(r);
  });
}

function swatch(line, className, ...text) {
  const key = svgElement("svg", { "aria-hidden": true });
  key.append(svgElement("line", { class: className, x1: 0, y1: "50%", x2: "100%", y2: "50%", "stroke-width": 3 }));
  const span = htmlElement("span", "", key, ...text);
  line.append(span);
  return span;
}

function captioned(figure, name, fill) {
  figure.querySelector("[role=img]").setAttribute("aria-label", name);
  figure.querySelector("figcaption")?.remove();
  const caption = htmlElement("figcaption", "");
  fill(caption);
  figure.append(caption);
}

function translate() {
  if (live) translateLive();
  captioned(element("loss"), words.lossPicture, (caption) => {
    caption.append(htmlElement("span", "", words.lossPicture));
    if (lesson.scale.logarithmic) caption.append(htmlElement("span", "filmed", words.logarithmic));
    if (live) caption.append(htmlElement("span", "lived scale", words.logarithmic));
    runs.forEach((run, r) => {
      const name = runs.length > 1 ? numbered(r) : [words.loss];
      swatch(caption, "curve loss", ...name).dataset.run = r;
      if (!run.validation.numbers.length) return;
      const validation = swatch(caption, "curve validation", words.validation);
      validation.dataset.run = r;
      validation.classList.add("filmed");
    });
  });
  nameRuns();
  for (const [r, run] of runs.entries()) {
    const panel = element("runs").children[r];
    if (run.scene && run.scene.kind !== "images") { // which says what it is
      const name = run.scene.kind === "plane" ? words.plane : words.line_;
      captioned(panel.querySelector(".scene"), name, (caption) => {
        const [across, up] = run.axes;
        caption.append(htmlElement("span", "", htmlElement("bdi", "", across), " →"), htmlElement("span", "", htmlElement("bdi", "", up), " ↑"));
        for (const [k, ink] of (run.scene.inks ?? []).entries()) {
          const key = svgElement("svg", { viewBox: "-8 -6 16 12", "aria-hidden": true });
          key.append(svgElement("path", { d: SHAPES[k], fill: ink }));
          caption.append(htmlElement("span", "", key, htmlElement("bdi", "", className(k))));
        }
      });
    }
    if (run.network) {
      const { edges, of } = run.network;
      captioned(panel.querySelector(".network"), words.network, (caption) => {
        swatch(caption, "positive", words.positive);
        swatch(caption, "negative", words.negative);
        caption.append(htmlElement("span", "legend", live ? words.pictures : words.thickness));
        const some = words.strongest.replace("{shown}", edges.length).replace("{all}", of);
        if (edges.length < of) caption.append(htmlElement("span", "", some));
      });
    }
  }
}

const names = () => (live ? liveNames() : {});

if (live) startLive(pictures);
start();
