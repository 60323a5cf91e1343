// The figures: each is built once, and then shows any frame of its run. Where things stand has been computed in Python.

const SHAPES = [ // of the examples, by class, around their middle
  "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0", "M-3.7-3.7h7.4v7.4h-7.4z", "M0-4.8 4.5 3.6h-9z", "M0-5 5 0 0 5-5 0z",
  "M0 4.8 4.5-3.6h-9z", "M-1.5-5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5v-3h3.5z", "M-4.8 0-2.4-4.2h4.8L4.8 0 2.4 4.2h-4.8z",
];

const svgElement = (name, attributes, ...children) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};
const htmlElement = (name, className, ...children) => {
  const made = document.createElement(name);
  made.className = className;
  made.append(...children);
  return made;
};
const percent = (share) => `${(100 * share).toFixed(2)}%`;
const unpacked = (packed, Type) => new Type(Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0)).buffer);

// A figure's inside, with numbers along its left and lower side, and a picture in coordinates from (0, 0), top left, to (1, 1).
function chart(figure, shape, ticks) {
  const scaled = svgElement("svg", { viewBox: "0 0 1 1", preserveAspectRatio: "none", class: "clipped", "aria-hidden": true });
  const marks = svgElement("svg", { role: "img" });
  const inner = htmlElement("div", "inner", scaled, marks);
  figure.append(htmlElement("div", "frame", htmlElement("div", `${shape} chart`, inner)));
  marks.append(svgElement("path", { class: "axis" }));
  marks.append(svgElement("line", { class: "axis", x1: 0, y1: "100%", x2: "100%", y2: "100%" }));
  marks.append(svgElement("line", { class: "axis", x1: 0, y1: 0, x2: 0, y2: "100%" }));
  const longest = Math.max(...ticks.map(([, y, text]) => (y ? text.length : 0)));
  inner.parentElement.style.setProperty("--longest", longest);
  for (const [x, y, text] of ticks) {
    const along = y === 0;
    marks.append(svgElement("text", {
      class: along ? "" : "vertical", x: percent(x), y: percent(1 - y), dx: along ? 0 : -6, dy: along ? 15 : 4,
      "text-anchor": !along ? "end" : x === 0 ? "start" : x === 1 ? "end" : "middle",
    }, text.replaceAll("-", "\u2212")));
  }
  return { inner, scaled, marks };
}

const MOST_LETTERS = 28; // of numbers side by side, with what keeps them apart

// Round numbers along the two sides: of each its place, across and up, and what is written there.
function sides({ x, y }) {
  const along = ([low, high]) => {
    const power = 10 ** Math.floor(Math.log10((high - low) / 2));
    const step = [5, 2, 1].find((factor) => (high - low) / (factor * power) >= 2) * power;
    const found = [];
    for (let k = Math.ceil(low / step); k * step <= high; k++) found.push([(k * step - low) / (high - low), String(Number((k * step).toPrecision(12)))]);
    return found;
  };
  const below = along(x);
  const room = below.reduce((sum, [, text]) => sum + text.length + 2, 0);
  const each = Math.ceil(room / MOST_LETTERS); // of them stay, if they are long
  return [...below.filter((_, i) => i % each === 0).map(([share, text]) => [share, 0, text]), ...along(y).map(([share, text]) => [0, share || 0.0001, text])];
}
const path = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${x} ${1 - y}`).join("");

// ---- What the model says

function planeFigure(figure, scene) {
  const { inner, scaled, marks } = chart(figure, "square", sides(scene));
  const { size, levels, inks } = scene;
  const canvas = htmlElement("canvas", "");
  canvas.width = canvas.height = size;
  inner.prepend(canvas);
  const border = svgElement("path", { class: "border" });
  scaled.append(border);
  for (const [x, y, k] of scene.points) {
    const example = svgElement("path", { class: "example", d: SHAPES[k], fill: inks[k] });
    marks.append(svgElement("svg", { x: percent(x), y: percent(1 - y) }, example));
  }
  const colors = inks.map((ink) => [1, 3, 5].map((i) => Number.parseInt(ink.slice(i, i + 2), 16)));
  const brush = canvas.getContext("2d");

  return (now, ahead) => {
    const pixels = brush.createImageData(size, size);
    now.forEach((code, i) => {
      const k = Math.floor(code / levels);
      const row = size - 1 - Math.floor(i / size); // the first is the lowest
      pixels.data.set([...colors[k], (150 * (code % levels)) / (levels - 1)], 4 * (row * size + (i % size)));
    });
    brush.putImageData(pixels, 0, 0);
    border.setAttribute("d", inks.slice(1).map((_, k) => borderOf(ahead?.[k] ?? leads(k, now, levels), size)).join(""));
  };
}

// The certainty of class k at every place, or less than 0 that of another class.
const leads = (k, codes, levels) => Array.from(codes, (code) => (Math.floor(code / levels) === k ? 1 : -1) * ((code % levels) + 0.5));

// Where numbers at the places of a plane pass through 0: marching squares.
function borderOf(numbers, size) {
  const lead = (i, j) => numbers[i * size + j];
  const place = (i) => (i === 0 ? 0 : i === size - 1 ? 1 : (i + 0.5) / size); // up to the edges
  const pieces = [];
  for (let i = 0; i + 1 < size; i++) {
    for (let j = 0; j + 1 < size; j++) {
      const corners = [[i, j], [i, j + 1], [i + 1, j + 1], [i + 1, j]];
      const crossings = [];
      corners.forEach(([a, b], side) => {
        const [c, d] = corners[(side + 1) % 4];
        const [from, to] = [lead(a, b), lead(c, d)];
        if (from < 0 === to < 0) return;
        const t = from / (from - to);
        crossings.push([place(b + t * (d - b)), place(a + t * (c - a))]);
      });
      for (let k = 0; k < crossings.length; k += 2) pieces.push(path(crossings.slice(k, k + 2)));
    }
  }
  return pieces.join("");
}

function lineFigure(figure, scene) {
  const { scaled, marks } = chart(figure, "full", sides(scene));
  figure.classList.add("line");
  const curve = svgElement("path", { class: "curve" });
  scaled.append(curve);
  for (const [x, y] of scene.points) marks.append(svgElement("circle", { class: "example", cx: percent(x), cy: percent(1 - y), r: 3.5 }));
  return (outputs) => {
    curve.setAttribute("d", path(outputs.map((y, i) => [i / (outputs.length - 1), y])));
  };
}

// ---- The loss

function lossFigure(figure, runs, ticks, epochs) {
  const below = [[0, 0, "0"], [1, 0, `${epochs}`]];
  const { scaled, marks } = chart(figure, "full", [...below, ...ticks.map(([y, text]) => [0, y || 0.0001, text])]);
  const shows = runs.flatMap((run, r) => ["loss", "validation"].map((kind) => {
    const points = run[kind].heights.map((y, i) => [(i + 1) / epochs, y]);
    const show = lossLine(scaled, marks, kind, r, runs.length > 1);
    return (epoch) => show(points.slice(0, epoch));
  }));
  return (epoch) => shows.forEach((show) => show(epoch));
}

// A run's line, with a dot at its end, which says the run's number where there are several.
function lossLine(scaled, marks, kind, r, several) {
  const curve = svgElement("path", { class: `curve ${kind}`, "data-run": r });
  const numbered = several && kind === "loss";
  const dot = svgElement("svg", { class: `dot ${kind}`, "data-run": r }, svgElement("circle", { r: numbered ? 8 : 5 }));
  if (numbered) dot.append(svgElement("text", { "text-anchor": "middle", dy: 4 }, r + 1));
  scaled.append(curve);
  marks.append(dot);
  return (points) => {
    curve.setAttribute("d", path(points));
    dot.style.visibility = points.length ? "visible" : "hidden";
    if (!points.length) return;
    const [x, y] = points.at(-1);
    dot.setAttribute("x", percent(x));
    dot.setAttribute("y", percent(1 - y));
  };
}
