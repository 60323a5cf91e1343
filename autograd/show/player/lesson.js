// The lesson: a list of moments, each of which has a state (the numbers in the drawing) and an explanation. The state of a
// moment is computed from the first one on, so that jumping and playing are the same thing.

const MILLISECONDS = 1600; // from one step to the next at normal speed

const root = lesson.nodes.length - 1;

const moments = [{ kind: "start" }, ...lesson.forward.map((step) => ({ kind: "forward", ...step }))];
if (lesson.gradients) {
  moments.push({ kind: "seed" }, ...lesson.backward.map((step) => ({ kind: "backward", ...step })));
}
const last = moments.length - 1;
const numberOf = (moment) => moment;
