"""XAD's programs: adjoint mode on a tape in C++, called from Python."""

from typing import Any

from xad.adj_1st import Real, Tape

from benchmarks import tasks
from benchmarks.scalars import Step


def expression() -> Step:
    tape = Tape()
    tape.activate()

    def step() -> float:
        a, b, c = inputs = [Real(2.0), Real(-3.0), Real(10.0)]
        tape.registerInputs(inputs)
        tape.newRecording()
        out = _relu(a * b + c) * a + b * c
        tape.registerOutput(out)
        out.derivative = 1.0
        tape.computeAdjoints()
        return float(out.value + a.derivative + b.derivative + c.derivative)

    return step


def moons() -> Step:
    task = tasks.moons()
    rows, targets, numbers = task.X.tolist(), task.y.tolist(), task.numbers
    shapes = [weights.shape for weights, _ in task.layers]
    tape = Tape()
    tape.activate()

    def step() -> float:
        parameters = [Real(number) for number in numbers]
        tape.registerInputs(parameters)
        tape.newRecording()
        scores = [_mlp(parameters, shapes, row) for row in rows]
        losses = [_relu(1 + -target * score) for target, score in zip(targets, scores, strict=True)]
        loss = sum(losses) * (1.0 / len(losses))
        tape.registerOutput(loss)
        loss.derivative = 1.0
        tape.computeAdjoints()
        numbers[:] = [number - task.rate * p.derivative for number, p in zip(numbers, parameters, strict=True)]
        return float(loss.value)

    return step


def _mlp(parameters: list[Any], shapes: list[tuple[int, int]], row: list[Any]) -> Any:
    following = iter(parameters)
    for depth, (n_out, n_in) in enumerate(shapes, start=1):
        sums = []
        for _ in range(n_out):
            weights = [next(following) for _ in range(n_in)]
            sums.append(sum((w * x for w, x in zip(weights, row, strict=True)), next(following)))
        row = [_relu(x) for x in sums] if depth < len(shapes) else sums
    return row[0]


def _relu(x: Any) -> Any:
    return x if x > 0 else 0.0
