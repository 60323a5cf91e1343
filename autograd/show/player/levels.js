// A network by layer, by neuron or by number: what is said of many steps taken at once, and changing between the levels.

function setLevel(to) {
  if (to === level || !LEVELS.includes(to)) return;
  pause();
  const at = moments[position];
  level = to;
  moments = momentsBy(level);
  last = moments.length - 1;
  position = Math.max(0, moments.findIndex(({ kind, nodes: made, edges: passing }) => (
    kind === at.kind && (!at.node || (made?.includes(at.nodes[0]) ?? passing.includes(at.edges[0])))
  )));
  revealed = position;
  element("slider").max = last;
  element("level").value = level;
  translate();
  go(position);
}

// What the words about a group name: its place, what it has, and what it makes.
function valuesOfGroup({ kind, group, node, nodes: made = [], edges: passing = [] }) {
  const members = new Set(kind === "forward" ? made : passing.map((edge) => edge.node));
  const operands = [...new Set([...members].flatMap((i) => nodes[i].inputs))].filter((i) => !members.has(i));
  const own = operands.filter((i) => lesson.neurons[box(i)] && groupOf(i, level) === group);
  const inputs = operands.filter((i) => !own.includes(i) && nodes[i].name);
  const neurons = new Set([...members].map(box)).size;
  return {
    place: read(group), inputs: inputs.length, parameters: own.length, neurons,
    outputs: inputs.filter((i) => !nodes[i].constant).length,
    result: withMinus(rounded(data[node])), upstream: withMinus(rounded(gradients[node])),
  };
}

function groupSentence(moment) {
  const values = valuesOfGroup(moment);
  const many = level === "layer" && values.neurons > 1 ? "Layer" : "Neuron";
  const said = filled(words[moment.kind + many], values);
  if (moment.kind === "backward") said.push(" ", ...filled(values.outputs ? words.passedOn : words.notPassedOn, values));
  return said;
}

// Of one neuron: its last operation, or what passes it first.
function groupEquation(moment) {
  if (level === "layer" && valuesOfGroup(moment).neurons > 1) return [];
  return equation({ ...moment, group: undefined }, valuesOf({ ...moment, group: undefined }));
}

function groupItem(moment) {
  const values = valuesOfGroup(moment);
  const many = level === "layer" && values.neurons > 1;
  return filled(many ? words.itemLayer : words[`${moment.kind}Item`], values);
}

// ---- The box at work offers to open; what is open has a way back

const boxAtWork = () => {
  const { node } = moments[position];
  const id = node === undefined ? "" : valueId(node);
  return element(id)?.matches(".neuron") ? id : "";
};

// Where the work has left the box that is open: the boxes around it, from the outermost on, as many as are open.
function boxesElsewhere() {
  const { node } = moments[position];
  const title = lesson.neurons[box(node)];
  if (!inside || !title || lesson.boxes[node].some((i) => `v${i}` === inside)) return [];
  const [, neuron, layer] = lesson.boxes[node];
  const around = [{ id: `v${neuron}`, title }];
  if (layer !== neuron) around.unshift({ id: `v${layer}`, title: title.split(",")[0] });
  return around.slice(0, opened.length);
}

function showPlaces() {
  const id = boxAtWork();
  const title = boxesElsewhere().at(-1)?.title ?? (id && titleOf(id));
  element("open-work").hidden = !title;
  if (title) element("open-work").textContent = `${words.open} ${read(title)}`;
  const outer = opened.at(-2)?.title;
  element("close").textContent = `← ${outer ? read(outer) : words.whole}`;
  element("close").title = words.close;
  element("here").textContent = inside ? read(opened.at(-1).title) : lastWord();
}

// At the end, what has been reached and what comes next.
function lastWord() {
  if (position < last || !parameters.length || asked() || updated) return "";
  return words.lastWord;
}

function openWork() {
  const elsewhere = boxesElsewhere();
  if (elsewhere.length) {
    opened.splice(0, opened.length, ...elsewhere);
    showInside();
    return;
  }
  const id = boxAtWork();
  open(id);
  if (!areLayers || opened.length > 1) setLevel("scalar");
  else setLevel("neuron");
}

actions["open-work"] = openWork;
element("level").addEventListener("change", (event) => setLevel(event.target.value));
element("level").hidden = usualLevel === "scalar";
element("level").value = level;
