// The drawing as it is seen now, as a file: SVG, or PNG at twice the size.

const LOOKS = ["fill", "stroke", "stroke-width", "stroke-dasharray", "font-family", "font-size", "font-weight", "text-anchor"];

// What of the drawing is in view, in its own units.
function seen() {
  const [width, height] = [stage.clientWidth / view.scale, stage.clientHeight / view.scale];
  const [left, top] = [Math.max(0, view.x - width / 2), Math.max(0, view.y - height / 2)];
  const [right, bottom] = [Math.min(graphWidth, view.x + width / 2), Math.min(graphHeight, view.y + height / 2)];
  return { left, top, width: right - left, height: bottom - top };
}

function drawingAsFile() {
  const copy = drawing.cloneNode(true);
  const originals = drawing.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((one, i) => {
    const looks = getComputedStyle(originals[i]);
    for (const look of LOOKS) one.style.setProperty(look, looks.getPropertyValue(look));
    for (const name of ["role", "tabindex", "aria-label", "aria-description", "aria-valuenow", "aria-valuetext"]) one.removeAttribute(name);
  });
  const { left, top, width, height } = seen();
  copy.removeAttribute("style");
  copy.setAttribute("viewBox", [left, top, width, height].join(" "));
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of Object.entries({ x: left, y: top, width, height })) ground.setAttribute(name, value);
  ground.style.fill = getComputedStyle(stage).backgroundColor;
  copy.prepend(ground);
  return new XMLSerializer().serializeToString(copy);
}

function offer(blob, ending) {
  const link = document.createElement("a");
  link.download = `${document.querySelector("h1").textContent.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60) || "graph"}.${ending}`;
  link.href = URL.createObjectURL(blob);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

const svgBlob = () => new Blob([drawingAsFile()], { type: "image/svg+xml" });

async function savePng() {
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawingAsFile())}`;
  await picture.decode();
  const canvas = document.createElement("canvas");
  const scale = Math.max(2, (2 * stage.clientWidth) / picture.width);
  [canvas.width, canvas.height] = [picture.width * scale, picture.height * scale];
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => offer(blob, "png"));
}

Object.assign(actions, { "save-svg": () => offer(svgBlob(), "svg"), "save-png": savePng });
