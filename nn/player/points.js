// Points that are clicked into a plane, or put there by the arrow keys and Enter; every run gets them.

// `add` is called with the place, from 0 to 1 along each side, and the plane says where it shows a point.
function pointing(inner, add) {
  const cross = svgElement("path", { class: "cross", d: "M-9 0H9M0-9V9" });
  const holder = svgElement("svg", { class: "crosshair" }, cross);
  const marks = inner.querySelector("svg:not(.clipped)");
  marks.append(holder);
  inner.tabIndex = 0;
  inner.setAttribute("role", "application");
  let at = [0.5, 0.5];
  const move = (x, y) => {
    at = [x, y].map((share) => Math.max(0, Math.min(1, share)));
    holder.setAttribute("x", percent(at[0]));
    holder.setAttribute("y", percent(1 - at[1]));
  };
  move(...at);
  inner.addEventListener("click", ({ clientX, clientY }) => {
    const { left, top, width, height } = inner.getBoundingClientRect();
    move((clientX - left) / width, 1 - (clientY - top) / height);
    add(at);
  });
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  inner.addEventListener("keydown", (event) => {
    const way = ways[event.key];
    if (way) move(at[0] + 0.05 * way[0], at[1] + 0.05 * way[1]);
    else if (event.key === "Enter") add(at);
    else return;
    event.preventDefault();
  });
  return ([x, y], k, ink) => {
    const example = svgElement("path", { class: "example added", d: SHAPES[k], fill: ink });
    marks.insertBefore(svgElement("svg", { x: percent(x), y: percent(1 - y) }, example), holder);
  };
}
