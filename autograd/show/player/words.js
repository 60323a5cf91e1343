// What the player of a graph says, in either language: fixed words, and the explanation of a moment.

Object.assign(WORDS.en, {
  stage: "Computation graph. Drag to move it, plus and minus to zoom, zero to see all. The leaves' numbers can be changed.",
  drawing: "Drawing of the computation graph",
  zoom: "Zoom", zoomIn: "Zoom in (+)", zoomOut: "Zoom out (−)", fit: "Show all (0)",
  list: "Steps",
  phases: { start: "Start", forward: "Forward pass", seed: "Backward pass", backward: "Backward pass" },
  start: "The leaves have their numbers: drag one to the side, or type another. The forward pass computes the rest, from the operands to the result.",
  seed: "Now backwards: how does {root} change with each number? By itself, it changes at the rate 1.",
  backward: "{node} passes its gradient {upstream} on to {operand}, times {derivative} = {local}.",
  soFar: "{operand.atom}.grad so far", upstream: "gradient of {node}", local: "{derivative}", now: "{operand.atom}.grad now",
  operation: "{formula}", result: "{node}", rootGradient: "{root.atom}.grad",
  open: "Open", close: "Close", neuron: "neuron",
  leaf: "Drag to the side, or press the arrow keys; Enter to type", reset: "Reset: back to the first numbers", resetShort: "Reset", typed: "New number for {name}",
  learn: "Learning", updateButton: "Update", rate: "learning rate", updatePhase: "Update {count}", newNumber: "new {name}",
  update: "Update {count}: each parameter takes the step −learning rate × gradient, and the forward pass begins again.",
  smaller: "{root} went down from {before} to {after}.",
  larger: "{root} went up from {before} to {after}: the steps are too large. Try a lower learning rate.",
  same: "{root} stays at {after}.",
  diverged: "{root} went from {before} to {after}, beyond all numbers: the learning rate is too high. Reset, and try a lower one.",
  rule: "step = −{rate} × gradient", parameter: "parameter", number: "number", gradient: "gradient", stepColumn: "step",
  others: "and {count} more", curve: "{root} after {count} updates: {to}", table: "Parameters and their next steps",
  startItem: "start", seedItem: "{root.atom}.grad = 1", via: "through {node}",
});
Object.assign(WORDS.ko, {
  stage: "계산 그래프. 끌어서 옮기고, +와 −로 확대·축소하고, 0으로 전체를 봅니다. 잎 노드의 값은 바꿀 수 있습니다.",
  drawing: "계산 그래프 그림",
  zoom: "확대·축소", zoomIn: "확대 (+)", zoomOut: "축소 (−)", fit: "전체 보기 (0)",
  list: "단계",
  phases: { start: "시작", forward: "순전파", seed: "역전파", backward: "역전파" },
  start: "잎 노드의 값은 주어져 있습니다. 옆으로 끌거나 입력해서 바꿔 보세요. 순전파는 피연산자에서 결과 쪽으로 나머지 값을 차례로 계산합니다.",
  seed: "이제 거꾸로 갑니다. 각 수가 변하면 {root}의 값은 얼마나 변할까요? 자기 자신에 대한 변화율은 1입니다.",
  backward: "{node}의 기울기 {upstream}에 국소 미분({derivative} = {local})을 곱해 {operand}에 전달합니다.",
  soFar: "지금까지의 {operand.atom}.grad", upstream: "{node}의 기울기", local: "{derivative}", now: "새 {operand.atom}.grad",
  operation: "{formula}", result: "{node}", rootGradient: "{root.atom}.grad",
  open: "열기", close: "닫기", neuron: "뉴런",
  leaf: "옆으로 끌거나 화살표 키로 바꾸고, Enter로 입력합니다", reset: "되돌리기: 처음 값으로", resetShort: "되돌리기", typed: "{name}의 새 값",
  learn: "학습", updateButton: "갱신", rate: "학습률", updatePhase: "갱신 {count}", newNumber: "새 {name}",
  update: "갱신 {count}: 모든 매개변수가 기울기의 반대 방향으로 학습률 × 기울기만큼 움직이고, 순전파가 다시 시작됩니다.",
  smaller: "{root}: {before} → {after}, 작아졌습니다.",
  larger: "{root}: {before} → {after}, 커졌습니다. 걸음이 너무 큽니다. 학습률을 낮춰 보세요.",
  same: "{root}의 값은 {after} 그대로입니다.",
  diverged: "{root}: {before} → {after}, 수의 범위를 벗어났습니다. 학습률이 너무 높습니다. 되돌린 뒤 낮춰 보세요.",
  rule: "걸음 = −{rate} × 기울기", parameter: "매개변수", number: "값", gradient: "기울기", stepColumn: "걸음",
  others: "외 {count}개", curve: "갱신 {count}번 뒤 {root}: {to}", table: "매개변수와 다음 걸음",
  startItem: "시작", seedItem: "{root.atom}.grad = 1", via: "{node}에서",
});

// What the templates may name. With `.atom`, a name that is not one word stands in parentheses.
function valuesOf(moment) {
  const values = explained(moment);
  for (const [part, i] of Object.entries({ root, node: moment.node, operand: moment.operand })) {
    if (i !== undefined) Object.assign(values, { [part]: nodeNames[i].text, [`${part}.atom`]: within(nodeNames[i], POWER) });
  }
  return values;
}

function tile(part, number, caption) {
  const box = document.createElement("span");
  box.className = `tile ${part}`;
  const figure = document.createElement("strong");
  figure.textContent = number;
  const label = document.createElement("small");
  label.append(...caption);
  box.append(figure, label);
  return box;
}

// A sign, and the tile that it stands before: they stay on one line.
function sign(text, tiled) {
  const pair = document.createElement("span");
  pair.className = "pair";
  const box = document.createElement("span");
  box.className = "sign";
  box.textContent = text;
  pair.append(box, tiled);
  return pair;
}

function equation(moment, values) {
  const caption = (key) => filled(words[key], values);
  switch (moment.kind) {
    case "forward":
      return [tile("edge-at-work", values.numbers, caption("operation")), sign("=", tile("to", values.result, caption("result")))];
    case "seed":
      return [tile("to", "1", caption("rootGradient"))];
    case "backward":
      return [
        tile("", values.before, caption("soFar")),
        sign("+", tile("from", values.upstream, caption("upstream"))),
        sign("×", tile("edge-at-work", values.local, caption("local"))),
        sign("=", tile("to", values.after, caption("now"))),
      ];
    default:
      return [];
  }
}

// The sides joined by equals signs, without repetitions.
function equated(...sides) {
  return sides.filter((side, i) => side !== sides[i - 1]).join(" = ");
}

// What happens: for the forward pass an equation, which any language reads alike.
function sentence(moment, values) {
  if (moment.kind !== "forward") return filled(words[moment.kind], values);
  return [equated(values.node, values.formula, values.numbers, values.result)];
}

// How the local derivative comes about.
function reason(moment, { derivative, formula, numbers, local }) {
  if (moment.kind !== "backward" || formula === local) return "";
  return equated(derivative, formula, numbers, local);
}

function showWords() {
  if (updated) {
    element("phase").textContent = words.updatePhase.replace("{count}", updated.count);
    element("sentence").replaceChildren(...updateSentence());
    element("equation").replaceChildren(...updateEquation());
    element("reason").textContent = "";
    return;
  }
  const moment = moments[position];
  const neuron = lesson.neurons[box(moment.node)];
  element("phase").textContent = words.phases[moment.kind] + (neuron ? ` · ${words.neuron} ${neuron}` : "");
  const values = valuesOf(moment);
  element("sentence").replaceChildren(...sentence(moment, values));
  element("equation").replaceChildren(...equation(moment, values));
  element("reason").textContent = reason(moment, values);
}
