// Leaves can be changed: dragged to the side, with the arrow keys, or typed over. All that depends on them follows at once.

const PIXELS = 4; // of a drag, for each step

// A variable or an input. A plain number of the program is part of its formulas, and stays.
const isLeaf = (i) => nodes[i].row === undefined && nodes[i].name !== undefined;

// By how much a leaf changes at a time: the second digit of the number that it came with.
const stepOf = (i) => (given[i] && Number.isFinite(given[i]) ? 10 ** (Math.floor(Math.log10(Math.abs(given[i]))) - 1) : 0.1);

function change(i, number) {
  pause();
  chosen = undefined;
  data[i] = number;
  recompute();
}

function moveBy(i, from, steps) {
  const step = stepOf(i);
  change(i, Number((Math.round(from / step + steps) * step).toPrecision(12)) + 0);
}

function recompute() {
  forwardPass();
  if (lesson.gradients) backwardPass();
  forgetUpdates();
  highlight();
  showChange();
}

function reset() {
  const wasFocused = document.activeElement === element("reset");
  data.splice(0, data.length, ...given);
  if (lesson.gradients) backwardPass();
  forgetUpdates();
  highlight();
  showChange();
  if (wasFocused) stage.focus();
}

// ---- In the drawing

const leafAt = (target) => {
  const found = target.closest?.(".leaf");
  return found ? Number(found.id.slice(1)) : undefined;
};

function prepareLeaves() {
  nodes.forEach((_, i) => {
    const box = isLeaf(i) && element(`v${i}`);
    if (!box) return;
    box.classList.add("leaf");
    box.setAttribute("role", "spinbutton");
    box.setAttribute("tabindex", "0");
  });
}

function showLeaves() {
  for (const box of drawing.querySelectorAll(".leaf")) {
    const number = data[leafAt(box)];
    box.setAttribute("aria-label", read(nodeNames[leafAt(box)].text));
    box.setAttribute("aria-description", words.leaf);
    box.setAttribute("aria-valuetext", withMinus(rounded(number)));
    box.setAttribute("aria-valuenow", Number.isFinite(number) ? number : 0);
  }
  element("reset").hidden = data.every((number, i) => !isLeaf(i) || Object.is(number, given[i]));
}

// ---- Dragged

let held; // the leaf, where it was taken, and the number that it had
let tapped; // the leaf that was let go where it was taken

stage.addEventListener("pointerdown", (event) => {
  const leaf = leafAt(event.target);
  if (leaf === undefined || held || event.button) return;
  held = { leaf, box: element(`v${leaf}`), pointer: event.pointerId, x: event.clientX, number: data[leaf], moved: false };
  held.box.setPointerCapture(event.pointerId);
});
stage.addEventListener("pointermove", (event) => {
  if (!held || event.pointerId !== held.pointer) return;
  const dx = event.clientX - held.x;
  if (!held.moved && Math.abs(dx) < TREMBLE) return;
  held.moved = true;
  held.box.classList.add("held");
  moveBy(held.leaf, held.number, Math.round(dx / PIXELS));
});
stage.addEventListener("pointerup", (event) => {
  if (!held || event.pointerId !== held.pointer) return;
  const { leaf, moved } = letGo();
  tapped = moved ? undefined : leaf;
});
stage.addEventListener("click", (event) => { // which is the last event of a tap, and takes the focus from none
  const leaf = leafAt(event.target);
  if (leaf === undefined || leaf !== tapped) return;
  choose(leaf);
  ask(leaf, rounded(data[leaf], 12));
});
stage.addEventListener("pointercancel", (event) => {
  if (held && event.pointerId === held.pointer) letGo();
});

function letGo() {
  const was = held;
  was.box.classList.remove("held");
  held = undefined;
  return was;
}

// ---- By keys

const LEAF_KEYS = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 };

stage.addEventListener("keydown", (event) => {
  const leaf = leafAt(event.target);
  if (leaf === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  if (LEAF_KEYS[event.key] && !event.shiftKey) moveBy(leaf, data[leaf], LEAF_KEYS[event.key]);
  else if (event.key === "Enter") ask(leaf, rounded(data[leaf], 12));
  else if (/^[-\d.]$/.test(event.key)) ask(leaf, event.key, false);
  else return;
  event.preventDefault();
});

// ---- Typed: in a field below the leaf, or above one that is low

const FIELD = 44; // pixels that the field takes
const APART = 4;

function ask(leaf, text, selected = true) {
  const box = element(`v${leaf}`).getBoundingClientRect();
  const frame = stage.getBoundingClientRect();
  const field = document.createElement("input");
  Object.assign(field, { id: "typed", type: "text", inputMode: "decimal", autocomplete: "off", value: text });
  field.setAttribute("aria-label", words.typed.replace("{name}", read(nodeNames[leaf].text)));
  field.style.left = `${Math.max(60, Math.min(frame.width - 60, (box.left + box.right) / 2 - frame.left))}px`;
  const isLow = frame.bottom - box.bottom < FIELD; // of the name and gradient in the box it hides nothing
  field.style.top = `${isLow ? box.top - frame.top - FIELD : box.bottom - frame.top + APART}px`;
  let open = true;
  const shut = (refocus) => {
    open = false;
    field.remove();
    if (refocus) element(`v${leaf}`).focus();
  };
  const take = (refocus) => {
    const number = Number(field.value.trim().replace("\u2212", "-"));
    const isNumber = field.value.trim() !== "" && Number.isFinite(number);
    field.setAttribute("aria-invalid", !isNumber);
    if (!isNumber) return;
    shut(refocus);
    change(leaf, number);
  };
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") take(true);
    else if (event.key === "Escape") shut(true);
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", () => {
    if (open) take(false);
    if (open) shut(false);
  });
  stage.append(field);
  field.focus();
  if (selected) field.select();
}
