// The network: its weights as edges and, where it is live, each neuron's own picture of the plane.

const THICKEST = 7; // pixels, of an edge; less in a network of wide layers
const LONGEST_BELOW = 6; // letters, of an input's name in the middle below it; longer ones begin where the drawing does
const LONGEST = 20; // letters, of any name in the drawing; the whole is told where the mouse rests

function short(name) {
  const letters = [...name];
  return letters.length > LONGEST ? [`${letters.slice(0, LONGEST - 1).join("")}…`, svgElement("title", {}, name)] : [name];
}

function networkFigure(figure, { widths, edges, named }, axes, size) {
  const drawing = svgElement("svg", { role: "img" });
  const inner = htmlElement("div", "inner", drawing);
  figure.append(htmlElement("div", "frame", htmlElement("div", "full", inner)));
  const across = (layer) => percent(0.07 + (0.86 * layer) / (widths.length - 1));
  const down = (layer, unit) => percent((unit + 0.5) / widths[layer]);
  const lines = edges.map(([layer, from, to]) => svgElement("line", {
    class: "weight", x1: across(layer), y1: down(layer, from), x2: across(layer + 1), y2: down(layer + 1, to),
  }));
  drawing.append(...lines);
  inner.style.setProperty("--most", Math.max(...widths));
  const thickest = Math.max(2.5, Math.min(THICKEST, 40 / Math.max(...widths)));
  const radius = Math.max(2, Math.min(8, 90 / Math.max(...widths)));
  const painters = [];
  widths.forEach((width, layer) => {
    for (let unit = 0; unit < width; unit++) {
      if (!size) {
        drawing.append(svgElement("circle", { class: "unit", cx: across(layer), cy: down(layer, unit), r: radius }));
        const name = layer === 0 ? named[0][unit] : layer === widths.length - 1 ? named[1][unit] : undefined;
        const end = layer ? { x: "100%", "text-anchor": "end" } : { x: 0 };
        if (name) drawing.append(svgElement("text", { class: "unit-name", y: down(layer, unit), dy: name.length > 2 ? "1.9em" : "0.35em", ...end }, ...short(name))); // below, or beside
        continue;
      }
      const canvas = htmlElement("canvas", "neuron");
      canvas.width = canvas.height = size;
      canvas.style.left = across(layer);
      canvas.style.top = down(layer, unit);
      inner.append(canvas);
      painters.push(painter(canvas, size));
      if (layer) continue;
      const below = axes[unit].length > LONGEST_BELOW ? { x: 0 } : { x: across(0), "text-anchor": "middle" };
      drawing.append(svgElement("text", { class: "input unit-name", y: down(0, unit), ...below }, ...short(axes[unit])));
    }
  });

  // Thickness and sign of every edge, from -127 to 127; and what each unit says at every place.
  return (thickness, units = []) => {
    lines.forEach((line, i) => {
      const strength = Math.abs(thickness[i]) / 127;
      const sign = `weight ${thickness[i] < 0 ? "negative" : "positive"}`;
      if (line.getAttribute("class") !== sign) line.setAttribute("class", sign); // it costs more to style anew than to look
      line.setAttribute("stroke-width", thickest * strength);
      line.setAttribute("stroke-opacity", 0.15 + 0.8 * strength);
    });
    units.forEach((numbers, i) => painters[i](numbers));
  };
}

const SIGNS = [[118, 42, 131], [0, 121, 85]]; // below 0 purple, above green: as the edges

// Paints a plane of numbers, white where they are 0, and the stronger the larger.
function painter(canvas, size) {
  const brush = canvas.getContext("2d");
  const pixels = brush.createImageData(size, size);
  return (numbers) => {
    let largest = 1e-9;
    for (const number of numbers) largest = Math.max(largest, Math.abs(number));
    for (let i = 0; i < numbers.length; i++) {
      const share = Math.abs(numbers[i]) / largest;
      const ink = SIGNS[numbers[i] < 0 ? 0 : 1];
      const at = 4 * ((size - 1 - Math.floor(i / size)) * size + (i % size)); // the first row is the lowest
      for (let c = 0; c < 3; c++) pixels.data[at + c] = 255 + share * (ink[c] - 255);
      pixels.data[at + 3] = 255;
    }
    brush.putImageData(pixels, 0, 0);
  };
}
