// Linked looking: what belongs to one Value lights up together, in the drawing, the tiles, the list and the table.

const LINKED = "[data-value], #stage .value, #stage .operation";

function valueOf(part) {
  const id = part.dataset.value ?? part.id.slice(1);
  return id === "" ? undefined : Number(id);
}

function link(value) {
  for (const lit of document.querySelectorAll(".linked")) lit.classList.remove("linked");
  if (value === undefined) return;
  for (const part of document.querySelectorAll(`[data-value="${value}"]`)) part.classList.add("linked");
  element(valueId(value))?.classList.add("linked");
}

for (const kind of ["pointerover", "focusin"]) {
  document.addEventListener(kind, (event) => {
    const part = event.target.closest?.(LINKED);
    link(part ? valueOf(part) : undefined);
  });
}
document.addEventListener("pointerleave", () => link(undefined));
