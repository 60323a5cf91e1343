// What the player of a graph says, in either language: fixed words, and the explanation of a moment.

Object.assign(WORDS.en, {
  stage: "Computation graph. Drag to move it, plus and minus to zoom, zero to see all. The leaves' numbers can be changed.",
  drawing: "Drawing of the computation graph",
  zoom: "Zoom", zoomIn: "Zoom in (+)", zoomOut: "Zoom out (−)", fit: "Show all (0)",
  list: "Steps",
  phases: { start: "Start", forward: "Forward pass", seed: "Backward pass", backward: "Backward pass" },
  start: "The leaves have their numbers: drag one to the side, or type another. The forward pass computes the rest, from the operands to the result.",
  seed: "Now backwards: how does {root} change with each number? One more of {root} is one more of {root}: its own gradient is 1.",
  backward: "{node} changes {local} times as fast as {operand}, and {root} changes {upstream} times as fast as {node}: multiplied, {contribution}.",
  fromRoot: "{root} changes {local} times as fast as {operand}: times its own gradient {upstream}, that is {contribution}.",
  alone: "So this is the gradient of {operand} so far.", adds: "It is added to {before}, which came another way: the effects add up.",
  beginsHere: "Here a number is no longer finite.", since: "{derivative} = {local}, since {condition}",
  letsThrough: ["so {symbol} lets nothing through", "so {symbol} lets it through"],
  soFar: "{operand.atom}.grad so far", upstream: "gradient of {node}", local: "{derivative}", now: "{operand.atom}.grad now",
  operation: "{formula}", result: "{node}", rootGradient: "{root.atom}.grad",
  predict: "Predict first", answer: "Your prediction", check: "Check", showAnswer: "Show", right: "Right!",
  askForward: "What is {equation}?",
  askBackward: "{node} changes {local} times as fast as {operand}, and {root} {upstream} times as fast as {node}. What is {operand.atom}.grad now, if it was {before}?",
  wrongSign: "The sign is wrong.", onlyShare: "That is what this edge hands on; it is added to what was there.",
  onlyUpstream: "That gradient is multiplied by the local derivative first.", onlyLocal: "The local derivative is multiplied by the gradient that arrives.",
  wrong: "Not this. Multiply first, then add.", wrongForward: "Not this.",
  save: "Save the picture", saveSvg: "Save the picture as SVG", savePng: "Save the picture as PNG",
  open: "Open", close: "Back (Esc)", whole: "The whole", level: "What is played at a time",
  levels: { layer: "by layer", neuron: "by neuron", scalar: "by number" },
  forwardNeuron: "{place} weighs its {inputs} inputs, adds them up with its bias, and passes {result} on.",
  forwardLayer: "{place}: each of its {neurons} neurons weighs the same {inputs} inputs, and adds them up with its bias.",
  backwardNeuron: "{place} passes its gradient {upstream} back: to each of its {parameters} parameters its share,",
  backwardLayer: "{place}: its {neurons} neurons pass their gradients back: to each of their {parameters} parameters its share,",
  passedOn: "and on to its {outputs} inputs.", notPassedOn: "and no further: its inputs are data.",
  shares: "A weight gets the sum's gradient times its input; an input gets the sum's gradient times its weight.",
  forwardItem: "{place} = {result}", backwardItem: "{place} passes {upstream} back", itemLayer: "{place}: {neurons} neurons", nouns: {}, place: (layer, neuron) => `layer ${layer}` + (neuron ? `, neuron ${neuron}` : ""),
  leaf: "Drag to the side, or press the arrow keys; Enter to type", reset: "Reset: back to the first numbers", resetShort: "Reset", typed: "New number for {name}",
  learn: "Learning", updateButton: "Update", rate: "learning rate", updatePhase: "Update {count}", newNumber: "new {name}",
  update: "Update {count}: each parameter takes the step −learning rate × gradient, and all numbers and gradients are computed anew.",
  smaller: "{root} went down from {before} to {after}.",
  larger: "{root} went up from {before} to {after}: the steps are too large. Try a lower learning rate.",
  same: "{root} stays at {after}.",
  diverged: "{root} went from {before} to {after}, beyond all numbers: the learning rate is too high. Reset, and try a lower one.",
  rule: "step = −{rate} × gradient", parameter: "parameter", number: "number", gradient: "gradient", stepColumn: "step",
  others: "and {count} more", curve: "{root} after {count} updates: {to}", table: "Parameters and their next steps",
  history: "The history of {node}", told: "Press Enter to be told its history",
  isVariable: "{node} is a variable, and its number is {number}. ", isInput: "{node} is an input: {number}.",
  isRoot: "Gradients say how fast it changes: its own is 1.", byNoWay: "No way leads from here to {root}.",
  byOneWay: "{root} changes {gradient} times as fast as {node}. One way leads there, and the rates along it multiply:",
  byWays: "{root} changes {gradient} times as fast as {node}. {count} ways lead there: the rates along each multiply, and the ways add up.",
  otherWays: "other ways, which count less: {count}",
  lastWord: "That is all: each gradient says how fast {root} changes with its number. Update takes a step against all of them.",
  legend: { variable: "variable", input: "input", result: "result", source: "gradient comes from", work: "at work", target: "gets a number" },
  startItem: "start", seedItem: "{root.atom}.grad = 1", via: "through {node}",
});
Object.assign(WORDS.ko, {
  stage: "계산 그래프. 끌어서 옮기고, +와 −로 확대·축소하고, 0으로 전체를 봅니다. 잎 노드의 값은 바꿀 수 있습니다.",
  drawing: "계산 그래프 그림",
  zoom: "확대·축소", zoomIn: "확대 (+)", zoomOut: "축소 (−)", fit: "전체 보기 (0)",
  list: "단계",
  phases: { start: "시작", forward: "순전파", seed: "역전파", backward: "역전파" },
  start: "잎 노드의 값은 주어져 있습니다. 옆으로 끌거나 입력해서 바꿔 보세요. 순전파는 피연산자에서 결과 쪽으로 나머지 값을 차례로 계산합니다.",
  seed: "이제 거꾸로 갑니다. 각 수가 변하면 {root}의 값은 얼마나 변할까요? {root} 자신은 그대로 1만큼 변하므로 기울기가 1입니다.",
  backward: "{node}의 변화는 {operand} 변화의 {local}배이고, {root}의 변화는 {node} 변화의 {upstream}배입니다. 기울기를 곱하면 {contribution}입니다.",
  fromRoot: "{root}의 변화는 {operand} 변화의 {local}배입니다. {root} 자신의 기울기 {upstream}을 곱하면 {contribution}입니다.",
  alone: "이것이 지금까지 {operand}의 기울기입니다.", adds: "다른 길로 온 {before}에 더합니다. 영향은 합쳐집니다.",
  beginsHere: "여기서 수가 유한하지 않게 됩니다.", since: "{derivative} = {local} ({condition}이므로)",
  letsThrough: ["{symbol}에서 막힙니다", "{symbol}을(를) 그대로 지나갑니다"],
  soFar: "지금까지의 {operand.atom}.grad", upstream: "{node}의 기울기", local: "{derivative}", now: "새 {operand.atom}.grad",
  operation: "{formula}", result: "{node}", rootGradient: "{root.atom}.grad",
  predict: "먼저 예측하기", answer: "예측한 값", check: "확인", showAnswer: "보기", right: "맞습니다!",
  askForward: "{equation}의 값은 얼마일까요?",
  askBackward: "{node}의 변화는 {operand} 변화의 {local}배이고, {root}의 변화는 {node} 변화의 {upstream}배입니다. {before}였던 {operand.atom}.grad는 이제 얼마일까요?",
  wrongSign: "부호가 다릅니다.", onlyShare: "그것은 이 간선이 전달하는 값입니다. 이미 있던 값에 더해야 합니다.",
  onlyUpstream: "그 기울기에 먼저 국소 미분을 곱해야 합니다.", onlyLocal: "국소 미분에 도착한 기울기를 곱해야 합니다.",
  wrong: "아닙니다. 먼저 곱하고, 그다음 더해 보세요.", wrongForward: "아닙니다.",
  save: "그림 저장", saveSvg: "SVG: 그림 저장", savePng: "PNG: 그림 저장",
  open: "열기:", close: "뒤로 (Esc)", whole: "전체", level: "한 번에 재생할 단위",
  levels: { layer: "층마다", neuron: "뉴런마다", scalar: "수마다" },
  forwardNeuron: "{place}: 입력 {inputs}개에 가중치를 곱하고 편향과 함께 더해 {result}을(를) 내보냅니다.",
  forwardLayer: "{place}: 뉴런 {neurons}개가 저마다 같은 입력 {inputs}개에 가중치를 곱하고 편향과 함께 더합니다.",
  backwardNeuron: "{place}: 기울기 {upstream}을(를) 뒤로 전달합니다. 매개변수 {parameters}개가 저마다 제 몫을 받고,",
  backwardLayer: "{place}: 뉴런 {neurons}개가 기울기를 뒤로 전달합니다. 매개변수 {parameters}개가 저마다 제 몫을 받고,",
  passedOn: "입력 {outputs}개도 제 몫을 받습니다.", notPassedOn: "그 앞의 입력은 데이터이므로 받지 않습니다.",
  shares: "가중치의 몫은 합의 기울기 × 그 입력이고, 입력의 몫은 합의 기울기 × 그 가중치입니다.",
  forwardItem: "{place} = {result}", backwardItem: "{place}: {upstream} 전달", itemLayer: "{place}: 뉴런 {neurons}개", place: (layer, neuron) => `${layer}층` + (neuron ? ` 뉴런 ${neuron}` : ""),
  nouns: { sum: "합", difference: "차", product: "곱", quotient: "몫", power: "거듭제곱", negative: "음수", variable: "변수", output: "출력" },
  leaf: "옆으로 끌거나 화살표 키로 바꾸고, Enter로 입력합니다", reset: "되돌리기: 처음 값으로", resetShort: "되돌리기", typed: "{name}의 새 값",
  learn: "학습", updateButton: "갱신", rate: "학습률", updatePhase: "갱신 {count}", newNumber: "새 {name}",
  update: "갱신 {count}: 모든 매개변수가 기울기의 반대 방향으로 학습률 × 기울기만큼 움직이고, 모든 값과 기울기를 다시 계산합니다.",
  smaller: "{root}: {before} → {after}, 작아졌습니다.",
  larger: "{root}: {before} → {after}, 커졌습니다. 걸음이 너무 큽니다. 학습률을 낮춰 보세요.",
  same: "{root}의 값은 {after} 그대로입니다.",
  diverged: "{root}: {before} → {after}, 수의 범위를 벗어났습니다. 학습률이 너무 높습니다. 되돌린 뒤 낮춰 보세요.",
  rule: "걸음 = −{rate} × 기울기", parameter: "매개변수", number: "값", gradient: "기울기", stepColumn: "걸음",
  others: "외 {count}개", curve: "갱신 {count}번 뒤 {root}: {to}", table: "매개변수와 다음 걸음",
  history: "{node}의 내력", told: "Enter를 누르면 내력을 알려 줍니다",
  isVariable: "{node}: 변수이고, 값은 {number}입니다. ", isInput: "{node}: 입력이고, 값은 {number}입니다.",
  isRoot: "기울기는 이 값이 얼마나 빨리 변하는지를 말합니다. 자신의 기울기는 1입니다.", byNoWay: "여기서 {root}까지 가는 길이 없습니다.",
  byOneWay: "{root}의 변화는 {node} 변화의 {gradient}배입니다. 길은 하나이고, 길을 따라 변화율을 곱합니다:",
  byWays: "{root}의 변화는 {node} 변화의 {gradient}배입니다. 길은 {count}개이고, 길마다 변화율을 곱한 뒤 모두 더합니다.",
  otherWays: "그 밖에 영향이 더 작은 길 {count}개",
  lastWord: "끝입니다. 기울기는 그 수가 변할 때 {root}의 값이 얼마나 빨리 변하는지 말합니다. 갱신을 누르면 모두 기울기의 반대로 한 걸음 움직입니다.",
  legend: { variable: "변수", input: "입력", result: "결과", source: "기울기가 온 곳", work: "지금 하는 일", target: "수를 받는 곳" },
  startItem: "시작", seedItem: "{root.atom}.grad = 1", via: "{node}에서",
});

// A text as it is read: with minus signs, and places in a network in the language of the page.
function read(text) {
  const places = text.replace(/\blayer (\d+)(?:, neuron (\d+))?/g, (_, layer, neuron) => words.place(layer, neuron));
  return withMinus(places.replace(/\b([a-z]+)(?=_\d)|\boutput\b/g, (noun) => words.nouns[noun] ?? noun));
}

// What the templates may name. With `.atom`, a name that is not one word stands in parentheses.
function valuesOf(moment) {
  const values = explained(moment);
  const named = namedFrom(moment.node ?? root);
  for (const [part, i] of Object.entries({ root, node: moment.node, operand: moment.operand })) {
    if (i !== undefined) Object.assign(values, { [part]: named(i).text, [`${part}.atom`]: within(named(i), POWER) });
  }
  for (const [key, value] of Object.entries(values)) if (typeof value === "string") values[key] = read(value);
  return values;
}

// `value` is the node that the number belongs to.
function tile(part, number, caption, value) {
  const box = document.createElement("span");
  box.className = `tile ${part}`;
  if (value !== undefined) box.dataset.value = value;
  const figure = document.createElement("strong");
  figure.textContent = withMinus(number);
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
  if (moment.group) return groupEquation(moment);
  const caption = (key) => filled(words[key], values);
  const resultTile = (number, ...others) => (asked() ? answerTile(...others) : tile("to", number, ...others));
  switch (moment.kind) {
    case "forward":
      return [tile("edge-at-work", values.numbers, caption("operation")), sign(equals(values), resultTile(values.result, caption("result"), moment.node))];
    case "seed":
      return [tile("to", "1", caption("rootGradient"), root)];
    case "backward":
      return [
        tile("", values.before, caption("soFar"), moment.operand),
        sign("+", tile("from", values.upstream, caption("upstream"), moment.node)),
        sign("×", tile("edge-at-work", values.local, caption("local"))),
        sign(equals(values), resultTile(values.after, caption("now"), moment.operand)),
      ];
    default:
      return [];
  }
}

const equals = ({ isRounded }) => (isRounded ? "≈" : "=");

// The sides joined by equals signs, without repetitions; a result that whoever computes with rounded numbers misses is only about so.
function equated(sides, result, isAbout) {
  const different = [...sides, ...(isAbout ? [] : [result])].filter((side, i, all) => side !== all[i - 1]).join(" = ");
  return isAbout ? `${different} ≈ ${result}` : different;
}

// What happens: for the forward pass an equation, which any language reads alike.
function sentence(moment, values) {
  if (asked()) return question(moment, values);
  if (moment.group) return groupSentence(moment);
  const said = moment.kind === "forward"
    ? [equated([values.node, values.formula, values.numbers], values.result, values.isRounded)]
    : filled(words[moment.node === root ? "fromRoot" : moment.kind], values);
  if (moment.kind === "backward") said.push(" ", ...filled(moment.edge.before ? words.adds : words.alone, values));
  if (beginsToBeInfinite(moment)) said.push(moment.kind === "forward" ? ". " : " ", words.beginsHere);
  return said;
}

// Whether what comes of finite numbers here isn't.
function beginsToBeInfinite({ kind, node, edge }) {
  if (kind === "forward") return !Number.isFinite(data[node]) && nodes[node].inputs.every((x) => Number.isFinite(data[x]));
  return kind === "backward" && !Number.isFinite(edge.after) && Number.isFinite(edge.upstream) && Number.isFinite(edge.before);
}

// How the local derivative comes about.
function reason(moment, { derivative, formula, numbers, local }) {
  if (moment.group) return moment.kind === "backward" && level === "neuron" ? words.shares : "";
  if (moment.kind !== "backward" || formula === local) return "";
  const condition = read(conditionIn(inNumber, moment.edge));
  if (condition) {
    const values = { derivative, local, condition };
    const { symbol, masks } = rowOf(moment.node);
    const verdict = masks && words.letsThrough[moment.edge.local]; // of those that choose: 0 or 1, or a share of a tie
    const said = words.since.replace(/\{(\w+)\}/g, (_, name) => values[name]);
    return verdict ? `${said}, ${verdict.replace("{symbol}", symbol)}` : said;
  }
  const { node, position, local: number } = moment.edge;
  return equated([derivative, formula, numbers], local, isRounded(rowOf(node).partials[position], around(node), number));
}

function showWords() {
  showPredicting();
  if (updated) {
    element("phase").textContent = words.updatePhase.replace("{count}", updated.count);
    element("sentence").replaceChildren(...updateSentence());
    element("equation").replaceChildren(...updateEquation());
    element("reason").textContent = "";
    return;
  }
  if (chosen) {
    showHistory();
    return;
  }
  const moment = moments[position];
  const neuron = moment.group ?? lesson.neurons[box(moment.node)];
  element("phase").textContent = words.phases[moment.kind] + (neuron ? ` · ${read(neuron)}` : "");
  const values = valuesOf(moment);
  element("sentence").replaceChildren(...sentence(moment, values));
  element("equation").replaceChildren(...equation(moment, values), ...(asked() ? answerButtons() : []));
  element("equation").setAttribute("aria-hidden", !asked());
  element("reason").textContent = reason(moment, values);
}
