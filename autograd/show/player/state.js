// The state of the page in its address: #a=2.5&step=6 has the leaves that were changed, the learning rate and the step, so that
// whoever opens the address sees just this. `?embed` in the address leaves out what slides have no room for.

const WAIT = 300; // milliseconds before the address follows: browsers refuse to change it too often

const addressName = (i) => nodes[i].name[0];

function stateText() {
  const state = new URLSearchParams();
  nodes.forEach((_, i) => { if (isLeaf(i) && !Object.is(data[i], given[i])) state.set(addressName(i), data[i]); });
  if (level !== usualLevel) state.set("by", level);
  if (position) state.set("step", position);
  if (element("rate").value !== element("rate").defaultValue) state.set("rate", rate());
  return state.toString();
}

let writing = 0;

function writeState() {
  if (!lives) return;
  clearTimeout(writing);
  writing = setTimeout(() => {
    const text = stateText();
    if (text !== location.hash.slice(1)) history.replaceState(null, "", `${location.pathname}${location.search}${text && `#${text}`}`);
  }, WAIT);
}

// A frame of a notebook has no address of its own.
const lives = location.protocol !== "about:";

function readState() {
  const state = new URLSearchParams(location.hash.slice(1));
  const number = (name) => (state.get(name)?.trim() ? Number(state.get(name)) : NaN);
  if (number("rate") > 0) element("rate").value = Math.round(10 * Math.log10(number("rate")));
  data.splice(0, data.length, ...given);
  let isChanged = false;
  nodes.forEach((_, i) => {
    const read = isLeaf(i) ? number(addressName(i)) : NaN;
    if (!Number.isNaN(read)) [data[i], isChanged] = [read, true];
  });
  setLevel(state.get("by") ?? usualLevel);
  if (isChanged) forwardPass();
  if (lesson.gradients) backwardPass();
  forgetUpdates();
  showChange();
  go(number("step") || 0);
}

if (new URLSearchParams(location.search).has("embed")) document.body.classList.add("embed");
window.addEventListener("hashchange", () => { pause(); readState(); });
