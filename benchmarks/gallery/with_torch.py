"""PyTorch's programs: eager, in float64; the LSTM and the convolution are its own."""

from typing import Any

import torch
from torch import Tensor, func, nn
from torch.nn import functional

from benchmarks.gallery import tasks
from benchmarks.gallery.tasks import Total
from benchmarks.scalars import Step
from examples import arm as arms
from examples import orbit as orbits
from examples import pendulum as pendulums
from examples import sampling as samples

torch.set_num_threads(1)


def _gradient(loss: Tensor, parameters: list[Tensor]) -> Total:
    return Total(loss.detach(), *torch.autograd.grad(loss, parameters))


def _parameter(array: Any) -> Tensor:
    return torch.tensor(array, dtype=torch.float64, requires_grad=True)


def option() -> Step:
    known = spot, volatility, rate, years = [_parameter(number) for number in tasks.MARKET]
    chance = torch.tensor(tasks.CHANCES)

    def step() -> Total:
        growth = (rate - volatility**2 / 2) * years + volatility * years.sqrt() * chance
        value = ((-rate * years).exp() * (spot * growth.exp() - tasks.STRIKE).relu()).mean()
        return _gradient(value, known)

    return step


def pendulum() -> Step:
    h, seen, guess = tasks.STEP, torch.tensor(tasks.SEEN), torch.tensor(tasks.GUESS)

    def distances(p: Tensor) -> tuple[Tensor, Tensor]:
        length, drag = p[0], p[1]

        def rate(state: Tensor) -> Tensor:
            return torch.stack([state[1], -pendulums.GRAVITY / length * state[0].sin() - drag * state[1]])

        state, angles = p[2:], []
        for _ in range(len(seen)):
            k1 = rate(state)
            k2 = rate(state + h / 2 * k1)
            k3 = rate(state + h / 2 * k2)
            k4 = rate(state + h * k3)
            state = state + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
            angles.append(state[0])
        found = torch.stack(angles) - seen
        return found, found

    jacobian = func.jacfwd(distances, has_aux=True)
    return lambda: Total(*jacobian(guess))


def orbit() -> Step:
    h, start = tasks.ORBIT_DAYS * orbits.DAY, _parameter(tasks.ORBIT)

    def rate(state: Tensor) -> Tensor:
        place, speed = state[:2], state[2:]
        return torch.cat([speed, -orbits.SUN / (place @ place) ** 1.5 * place])

    def step() -> Total:
        state: Tensor = start
        for _ in range(tasks.ORBIT_STEPS):
            k1 = rate(state)
            k2 = rate(state + h / 2 * k1)
            k3 = rate(state + h / 2 * k2)
            k4 = rate(state + h * k3)
            state = state + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        slopes = [torch.autograd.grad(x, start, retain_graph=True)[0] for x in state[:2]]
        return Total(state[:2].detach(), *slopes)

    return step


def curve() -> Step:
    food, speeds, at = torch.tensor(tasks.FOOD), torch.tensor(tasks.SPEEDS), torch.tensor(tasks.CURVE)

    def surprise(p: Tensor) -> Tensor:
        return (((p[0] * food / (p[1] + food) - speeds) / 0.05) ** 2).sum() / 2

    gradient, hessian = func.grad_and_value(surprise), func.hessian(surprise)
    return lambda: Total(*gradient(at), hessian(at))


def arm() -> Step:
    lengths, angles = torch.tensor(arms.LENGTHS, dtype=torch.float64), torch.tensor(tasks.ANGLES)

    def hand(angles: Tensor) -> tuple[Tensor, Tensor]:
        turned = angles.cumsum(0)
        found = torch.stack([lengths @ turned.cos(), lengths @ turned.sin()])
        return found, found

    jacobian = func.jacrev(hand, has_aux=True)
    return lambda: Total(*jacobian(angles))


def _mlp(layers: list[tuple[Any, Any]]) -> nn.Sequential:
    parts: list[nn.Module] = []
    for weights, biases in layers:
        part = nn.Linear(weights.shape[1], weights.shape[0], dtype=torch.float64)
        part.weight.data.copy_(torch.tensor(weights))
        part.bias.data.copy_(torch.tensor(biases))
        parts += [part, nn.Tanh()]
    return nn.Sequential(*parts[:-1])


def equation() -> Step:
    model, x = _mlp(tasks.equation_layers()), _parameter(tasks.POINTS[:, None])
    parameters = list(model.parameters())

    def step() -> Total:
        y = 1 + x * model(x)
        (slope,) = torch.autograd.grad(y.sum(), x, create_graph=True)
        return _gradient(((slope + 2 * x * y) ** 2).mean(), parameters)

    return step


def curvature() -> Step:
    model, x = _mlp(tasks.layers(tasks.bent_network())), _parameter(tasks.BENT[:, None])
    parameters = list(model.parameters())

    def step() -> Total:
        y = model(x)
        (slope,) = torch.autograd.grad(y.sum(), x, create_graph=True)
        (bend,) = torch.autograd.grad(slope.sum(), x, create_graph=True)
        return _gradient(((bend + y) ** 2).mean(), parameters)

    return step


def heston() -> Step:
    known, shocks, h = _parameter(tasks.HESTON), torch.tensor(tasks.SHOCKS.transpose(1, 2, 0)), tasks.HESTON_STEP

    def step() -> Total:
        spot, first, back, mean, wild, together, rate = known
        logarithm, variance = torch.zeros_like(shocks[0, 0]), first
        for shock, other in shocks:
            positive = variance.clamp(min=0)
            deviation = (positive + 1e-12).sqrt() * h**0.5
            logarithm = logarithm + (rate - 0.5 * positive) * h + deviation * shock
            shock = together * shock + (1 - together**2).sqrt() * other
            variance = variance + back * (mean - positive) * h + wild * deviation * shock
        paid = torch.exp(-rate * h * len(shocks)) * (spot * logarithm.exp() - tasks.STRIKE).relu()
        return _gradient(paid.mean(), [known])

    return step


def sampling() -> Step:
    h, steps = tasks.SLIDE_STEP, tasks.SLIDE_STEPS
    start, kick = torch.tensor(tasks.PLACES), torch.tensor(tasks.KICKS)

    def slope(place: Tensor) -> Tensor:
        place = place.requires_grad_()
        x, y = place.T
        energy = 0.5 * (x * x + ((y - samples.BEND * (x * x - 1)) / 0.5) ** 2)
        return torch.autograd.grad(energy.sum(), place)[0]

    def step() -> Total:
        place = start.clone()
        speed = kick - 0.5 * h * slope(place)
        for i in range(steps):
            place = place.detach() + h * speed
            speed = speed - (h if i < steps - 1 else 0.5 * h) * slope(place)
        return Total(place.detach(), speed)

    return step


def memory() -> Step:
    gates = tasks.gates()
    lstm = nn.LSTM(1, gates.shown.shape[1], batch_first=True, dtype=torch.float64)
    named = {"weight_ih_l0": gates.read, "weight_hh_l0": gates.shown, "bias_ih_l0": gates.biases}
    for name, array in named.items():
        getattr(lstm, name).data.copy_(torch.tensor(array))
    lstm.bias_hh_l0.data.zero_()  # it has two biases
    lstm.bias_hh_l0.requires_grad_(False)
    readout, bias = _parameter(gates.readout), _parameter(gates.bias)
    parameters = [*(getattr(lstm, name) for name in named), readout, bias]
    X, y = torch.tensor(tasks.SIGNALS)[:, :, None], torch.tensor(tasks.FIRST)

    def step() -> Total:
        _, (shown, _) = lstm(X)
        return _gradient(functional.binary_cross_entropy_with_logits(shown[0] @ readout + bias, y), parameters)

    return step


def convolution() -> Step:
    parameters = kernels, biases, readout = [_parameter(array) for array in tasks.kernels()]
    images, shown = torch.tensor(tasks.PIXELS).reshape(-1, 1, 8, 8), torch.tensor(tasks.SHOWN)

    def step() -> Total:
        found = functional.conv2d(images, kernels[:, None], biases, stride=2).relu()
        logits = found.permute(0, 2, 3, 1).flatten(1) @ readout.T
        return _gradient(functional.cross_entropy(logits, shown), parameters)

    return step


def balance() -> Step:
    model = _mlp(tasks.layers(tasks.policy().model))
    met, sides, gains = map(torch.tensor, tasks.pushes())
    parameters = list(model.parameters())
    return lambda: _gradient(gains @ functional.softplus(-sides * model(met)[:, 0]), parameters)
