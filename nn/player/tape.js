// A recorded tape, replayed over lanes of typed arrays: forward, and backward by the chain rule. Which operations there are,
// their formulas and derivatives (`LOOPS`) are made from the table in Python. It runs in the page, in a worker, and in Node.

class Replay {
  // `lanes` rows side by side; `shared` are the numbers of inputs that have one number for all lanes. Of the operations
  // only those are kept that lead to `ends`.
  constructor({ inputs, leaves, rows, operations }, lanes, ends, shared = []) {
    const first = inputs + leaves.length;
    const count = first + operations.length;
    const needed = new Uint8Array(count);
    for (const end of ends) needed[end] = 1;
    for (let i = count - 1; i >= first; i--) if (needed[i]) for (const x of operations[i - first].slice(1)) needed[x] = 1;
    this.stride = new Uint8Array(count);
    for (let i = 0; i < inputs; i++) this.stride[i] = shared.includes(i) ? 0 : 1;
    this.numbers = Array.from({ length: count }, () => null);
    this.steps = [];
    for (let i = 0; i < count; i++) {
      const [row, a, b = a] = i < first ? [] : operations[i - first];
      if (i >= first) this.stride[i] = this.stride[a] | this.stride[b];
      if (i >= first && !needed[i]) continue;
      this.numbers[i] = new Float64Array(this.stride[i] ? lanes : 1);
      if (i >= first) this.steps.push({ loops: LOOPS[rows[row]], a, b, out: i });
    }
    leaves.forEach((number, i) => { this.numbers[inputs + i][0] = number; });
  }

  forward(lanes) {
    const { numbers, stride } = this;
    for (const { loops, a, b, out } of this.steps) {
      loops.value(stride[out] ? lanes : 1, numbers[a], stride[a], numbers[b], stride[b], numbers[out]);
    }
  }

  // What is differentiated by: these, and all between them and the end.
  differentiate(variables) {
    this.gradients = this.numbers.map(() => null);
    for (const i of variables) this.gradients[i] = new Float64Array(this.numbers[i].length);
    for (const { a, b, out } of this.steps) {
      if (this.gradients[a] || this.gradients[b]) this.gradients[out] = new Float64Array(this.numbers[out].length);
    }
  }

  // Adds up over the lanes, each with this weight, the gradients of node `end` by what is shared between lanes.
  backward(lanes, end, weight) {
    const { numbers, gradients, stride } = this;
    for (const gradient of gradients) gradient?.fill(0);
    gradients[end].fill(weight);
    for (let s = this.steps.length - 1; s >= 0; s--) {
      const { loops, a, b, out } = this.steps[s];
      const upstream = gradients[out];
      if (!upstream) continue;
      loops.partials.forEach((partial, k) => {
        const operand = k ? b : a;
        const to = gradients[operand];
        if (!to) return;
        partial(
          stride[out] ? lanes : 1,
          numbers[a], stride[a], numbers[b], stride[b], numbers[out], stride[out], upstream, to, stride[operand],
        );
      });
    }
  }
}
