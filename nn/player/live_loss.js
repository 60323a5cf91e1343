// The losses since the training began, of all runs in one picture, logarithmic if they have fallen as far as that takes in the film.

const HIGHEST = 100; // times the lowest loss that a run began with: one that diverges leaves the picture
const MOST_PLACES = 400; // along a line
const SUPERSCRIPTS = { "-": "\u207b", ..."\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079" };
const written = (number, digits) => {
  if (number < 1e-4 && number > 0 || number >= 1e6) {
    const [mantissa, power] = number.toExponential(digits - 1).split("e");
    return `${mantissa} \u00d7 10${Array.from(String(Number(power)), (sign) => SUPERSCRIPTS[sign]).join("")}`;
  }
  return String(Number(number.toPrecision(digits))).replace("-", "\u2212");
};

function liveLossFigure(figure, count) {
  const film = figure.querySelector(".frame");
  const { scaled, marks } = chart(figure, "full", [[0, 0, ""], [1, 0, ""], [0, 0.0001, "0"], [0, 1, ""]]);
  const [start, end, bottom, top] = marks.querySelectorAll("text");
  film.classList.add("filmed");
  figure.querySelectorAll(".frame")[1].classList.add("lived");
  const lines = Array.from({ length: count }, (_, r) => lossLine(scaled, marks, "loss", r, count > 1));

  // Of each run its losses, epoch by epoch after epoch `base`.
  return (base, runs) => {
    const scale = scaleOf(runs);
    const epochs = Math.max(...runs.map((losses) => losses.length));
    runs.forEach((losses, r) => {
      const stride = Math.ceil(losses.length / MOST_PLACES);
      const points = losses.map((loss, i) => [i / Math.max(1, epochs - 1), scale.height(loss)]);
      lines[r](points.filter((_, i) => i % stride === 0 || i === points.length - 1));
    });
    start.textContent = epochs ? base + 1 : base;
    end.textContent = epochs > 1 ? base + epochs : "";
    bottom.textContent = scale.logarithmic ? written(scale.least, 2) : "0";
    top.textContent = epochs ? written(scale.highest, 2) : "";
    figure.classList.toggle("logarithmic", scale.logarithmic);
  };
}

function scaleOf(runs) {
  const first = Math.min(...runs.flatMap((losses) => losses.slice(0, 1)));
  let [least, highest] = [Infinity, 1e-300];
  for (const losses of runs) for (const loss of losses) [least, highest] = [Math.min(least, loss), Math.max(highest, loss)];
  if (first > 0) highest = Math.min(highest, HIGHEST * first);
  const logarithmic = least > 0 && highest > lesson.scale.factor * least;
  if (logarithmic) least *= 0.8; // so that the dot at the end stands free
  const height = (loss) => Math.min(1, logarithmic ? Math.log(loss / least) / Math.log(highest / least) : loss / highest);
  return { least, highest, logarithmic, height };
}
