// A run on images: those that the network gets wrong after each epoch, and one to be drawn with the mouse.

const MOST_WRONG = 24; // that are shown

function imagesFigure(figure, scene) {
  const { side, places, classes, widths, unseen } = scene;
  const [scale, shift] = [scene.scale, scene.shift].map((numbers) => unpacked(numbers, Float32Array));
  const pixels = unpacked(scene.pixels, Uint8Array);
  const codes = unpacked(scene.parameters, Uint16Array);
  const count = widths.slice(1).reduce((sum, width, k) => sum + width * (widths[k] + 1), 0);
  const [low, high] = scene.limits;
  let parameters = [];

  // What the network says of an image, whose pixels are from 0 to 1: the share of each class.
  const said = (image) => {
    let [numbers, at] = [image.map((pixel, i) => pixel * scale[i] + shift[i]), 0];
    widths.slice(1).forEach((width, layer) => {
      const isLast = layer === widths.length - 2;
      numbers = Array.from({ length: width }, () => {
        let sum = parameters[at + numbers.length];
        for (const number of numbers) sum += number * parameters[at++];
        at += 1;
        return isLast || !ROWS.length ? sum : ROWS[0].value(sum);
      });
    });
    const largest = Math.max(...numbers);
    const shares = numbers.map((number) => Math.exp(number - largest));
    const sum = shares.reduce((total, share) => total + share, 0);
    return shares.map((share) => share / sum);
  };
  const best = (shares) => shares.indexOf(Math.max(...shares));

  const pad = padFor(side, () => tellDrawn());
  const verdict = htmlElement("p", "verdict", "");
  verdict.setAttribute("role", "status");
  const clear = htmlElement("button", "clear", "");
  clear.type = "button";
  clear.addEventListener("click", () => pad.clear());
  const wrong = htmlElement("div", "wrong");
  wrong.setAttribute("role", "img");
  figure.append(htmlElement("div", "images", htmlElement("div", "drawn", pad.canvas, verdict, clear), wrong));

  function tellDrawn() {
    const seen = Array.from(places, (place) => pad.cells[place]);
    if (!seen.some(Boolean)) return verdict.replaceChildren(words.drawHere);
    const shares = said(seen);
    const order = shares.map((share, k) => [share, k]).sort(([a], [b]) => b - a).slice(0, 3);
    verdict.replaceChildren(`${words.thisIs} `, htmlElement("strong", "", className(order[0][1])), ` (${order.map(([share, k]) => `${lesson.names.classes[k] ?? k}: ${Math.round(100 * share)} %`).join(", ")})`);
  }

  function showWrong() {
    const found = [];
    for (let i = 0; i < classes.length; i++) {
      const image = Array.from(pixels.subarray(i * places.length, (i + 1) * places.length), (pixel) => pixel / 255);
      const answer = best(said(image));
      if (answer !== classes[i]) found.push([image, classes[i], answer]);
    }
    const of = { wrong: found.length, all: classes.length, rows: unseen ? words.unseenRows : words.trainedRows };
    const label = words.wrongOnes.replace(/\{(\w+)\}/g, (_, key) => of[key]);
    wrong.setAttribute("aria-label", label);
    const named = (k) => lesson.names.classes[k] ?? k;
    wrong.replaceChildren(htmlElement("p", "", label), ...found.slice(0, MOST_WRONG).map(([image, truth, answer]) => {
      const cells = new Float32Array(side * side);
      places.forEach((place, i) => { cells[place] = image[i]; });
      const canvas = htmlElement("canvas", "");
      canvas.width = canvas.height = side;
      paintCells(canvas, cells);
      return htmlElement("span", "mistake", canvas, `${named(truth)} → ${named(answer)}`);
    }));
  }

  const show = (frame) => {
    parameters = Float64Array.from(codes.subarray(frame * count, (frame + 1) * count), (code) => low + (code / 65535) * (high - low));
    clear.textContent = words.clear;
    pad.canvas.setAttribute("aria-label", words.pad);
    tellDrawn();
    showWrong();
  };
  return show;
}

function paintCells(canvas, cells) {
  const brush = canvas.getContext("2d");
  const image = brush.createImageData(canvas.width, canvas.height);
  cells.forEach((cell, i) => image.data.set([0, 0, 0, 255 * cell], 4 * i));
  brush.putImageData(image, 0, 0);
}

// A pad to draw on, with the mouse, a finger, or by keys: the arrows move, Enter or the space bar draws.
function padFor(side, changed) {
  const cells = new Float32Array(side * side);
  const canvas = htmlElement("canvas", "pad");
  Object.assign(canvas, { width: side, height: side, tabIndex: 0 });
  canvas.setAttribute("role", "application");
  let at = [Math.floor(side / 2), Math.floor(side / 2)];
  const darken = (x, y, amount) => {
    if (x < 0 || y < 0 || x >= side || y >= side) return;
    cells[y * side + x] = Math.min(1, cells[y * side + x] + amount);
  };
  const repaint = () => {
    paintCells(canvas, cells);
    changed();
  };
  const draw = (x, y) => {
    darken(x, y, 0.8);
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) darken(x + dx, y + dy, 0.15);
    repaint();
  };
  let last = "";
  const follow = (event) => {
    if (!(event.buttons & 1)) return;
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const place = [Math.floor(((event.clientX - left) / width) * side), Math.floor(((event.clientY - top) / height) * side)];
    if (String(place) === last) return;
    last = String(place);
    draw(...place);
  };
  canvas.addEventListener("pointerdown", (event) => {
    last = "";
    canvas.setPointerCapture(event.pointerId);
    follow(event);
  });
  canvas.addEventListener("pointermove", follow);
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  canvas.addEventListener("keydown", (event) => {
    const way = ways[event.key];
    if (way) at = at.map((place, axis) => Math.max(0, Math.min(side - 1, place + way[axis])));
    else if (event.key === "Enter" || event.key === " ") draw(...at);
    else return;
    event.preventDefault();
  });
  const clear = () => {
    cells.fill(0);
    repaint();
  };
  return { canvas, cells, clear };
}
