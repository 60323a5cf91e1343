// Predict first: the player waits for the learner's number before it shows it, and hides what comes later until then.

const TOLERANCE = 0.01; // a prediction by head may be rounded

let predicting = lesson.predict;
let revealed = 0; // up to this moment the numbers have been shown
let comment = ""; // on the last answer

const asks = ({ kind, group }) => !group && (kind === "forward" || kind === "backward");
const isHidden = (moment) => predicting && moment > revealed && asks(moments[moment]);
const asked = () => isHidden(position);

// No further than to the first number that is to be predicted.
function holdBack() {
  if (!predicting) return;
  while (revealed < position && !isHidden(revealed + 1)) revealed += 1;
  if (position > revealed + 1) position = revealed + 1;
  if (asked() && timer) pause();
}

function setPredicting(on) {
  if (on) setLevel("scalar");
  predicting = on;
  revealed = position;
  comment = "";
  translate();
  go(position);
}

const answerOf = ({ kind, node, edge }) => (kind === "forward" ? data[node] : edge.after);
const isNear = (a, b) => a === b || Math.abs(a - b) <= TOLERANCE * Math.abs(b) || rounded(a, 3) === rounded(b, 3);

function answer() {
  const text = element("answer").value.trim().replace("\u2212", "-");
  const number = Number(text);
  if (text === "" || Number.isNaN(number)) return;
  const right = answerOf(moments[position]);
  if (isNear(number, right)) reveal(words.right);
  else {
    comment = words[mistake(number, right)];
    showWords();
    element("answer").value = text;
    focusAnswer();
  }
}

// What is wrong with a number, as far as that can be seen.
function mistake(number, right) {
  const { kind, edge } = moments[position];
  if (isNear(-number, right)) return "wrongSign";
  if (kind === "backward" && edge.before && isNear(number, edge.contribution)) return "onlyShare";
  if (kind === "backward" && isNear(number, edge.before + edge.upstream)) return "onlyUpstream";
  if (kind === "backward" && isNear(number, edge.before + edge.local)) return "onlyLocal";
  return kind === "forward" ? "wrongForward" : "wrong";
}

function reveal(said) {
  revealed = position;
  fill(position);
  go(position);
  comment = said;
  showWords();
  element("forward").focus();
}

function focusAnswer() {
  if (matchMedia("(pointer: fine)").matches) element("answer").focus({ preventScroll: true });
}

// ---- What it says while it waits

function question(moment, values) {
  const { askBackward, askAlone, askAdds } = words;
  if (moment.kind === "backward") return filled(`${askBackward} ${values.isFirst ? askAlone : askAdds}`, values);
  return filled(words.askForward, { equation: equated([values.node, values.formula], values.numbers) });
}

function answerTile(caption, value) {
  const box = tile("to", "", caption, value);
  const field = document.createElement("input");
  Object.assign(field, { id: "answer", type: "text", inputMode: "decimal", autocomplete: "off" });
  field.setAttribute("aria-label", words.answer);
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key !== "Enter") return;
    event.preventDefault();
    answer();
  });
  box.querySelector("strong").replaceChildren(field);
  return box;
}

function answerButtons() {
  return [["check", answer], ["showAnswer", () => reveal("")]].map(([name, act]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "choice";
    button.textContent = words[name];
    button.addEventListener("click", act);
    return button;
  });
}

function showPredicting() {
  element("predict").setAttribute("aria-pressed", predicting);
  element("predict").textContent = words.predict;
  element("comment").textContent = comment;
  document.body.classList.toggle("predicting", predicting && revealed < last);
  element("update").setAttribute("aria-disabled", predicting && revealed < last);
}

furthest = () => (asked() ? position : last);
actions.predict = () => { pause(); setPredicting(!predicting); };
