"""The update rules: gradient descent, plain and with momentum, and Adam in two forms."""

from collections.abc import Iterable, Sequence

from autograd import Value, sqrt
from nn.optim.optimizer import Numbers, Optimizer, check_settings


class SGD(Optimizer):
    """Stochastic gradient descent, with momentum (Sutskever et al. 2013, as in PyTorch), Nesterov's if asked.

    >>> w = Value(3.0)
    >>> optimizer = SGD([w], lr=0.25)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> w.data
    1.5
    """

    def __init__(
        self,
        params: Iterable[Value],
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        super().__init__(params, lr)
        check_settings(momentum=momentum >= 0, weight_decay=weight_decay >= 0)
        if nesterov and (momentum == 0 or dampening != 0):
            raise ValueError("nesterov needs a momentum above 0 and no dampening")
        self.momentum, self.dampening, self.weight_decay, self.nesterov = momentum, dampening, weight_decay, nesterov
        self.memory = ("velocity",) if momentum else ()

    def settings(self) -> tuple[float, ...]:
        if not self.momentum:
            return (self.lr,)
        undampened = self.dampening == 0 or self.steps <= 1  # the first gradient starts the velocity
        return (self.lr, 1.0 if undampened else 1 - self.dampening)

    def rule(self, p: Value, gradient: Value, remembered: Numbers, settings: Numbers) -> Sequence[Value]:
        if self.weight_decay:
            gradient = gradient + self.weight_decay * p
        if not self.momentum:
            (lr,) = settings
            return [p - lr * gradient]
        (velocity,), (lr, share) = remembered, settings
        velocity = self.momentum * velocity + share * gradient
        direction = gradient + self.momentum * velocity if self.nesterov else velocity
        return [p - lr * direction, velocity]


class Adam(Optimizer):
    """Steps scaled by running moments of the gradient (Kingma and Ba 2015, algorithm 1); weight decay is an L2 penalty.

    >>> w = Value(3.0)
    >>> optimizer = Adam([w], lr=0.1)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> round(w.data, 6)
    2.9
    """

    memory = ("mean", "square")

    def __init__(
        self,
        params: Iterable[Value],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, lr)
        check_settings(betas=all(0 <= beta < 1 for beta in betas), eps=eps > 0, weight_decay=weight_decay >= 0)
        self.betas, self.eps, self.weight_decay = betas, eps, weight_decay

    def settings(self) -> tuple[float, ...]:
        return (self.lr, *[1 - beta**self.steps for beta in self.betas])  # the moments' biases

    def rule(self, p: Value, gradient: Value, remembered: Numbers, settings: Numbers) -> Sequence[Value]:
        if self.weight_decay:
            gradient = gradient + self.weight_decay * p
        return self._moments_step(p, gradient, remembered, settings)

    def _moments_step(self, p: Value, gradient: Value, remembered: Numbers, settings: Numbers) -> Sequence[Value]:
        (mean, square), (lr, mean_bias, square_bias), (beta1, beta2) = remembered, settings, self.betas
        mean = beta1 * mean + (1 - beta1) * gradient
        square = beta2 * square + (1 - beta2) * gradient * gradient
        scale = sqrt(square_bias)  # in the order that the paper finds more efficient, at the end of its section 2
        return [p - (lr * scale / mean_bias) * mean / (sqrt(square) + self.eps * scale), mean, square]


class AdamW(Adam):
    """Adam with the weight decay beside the gradient, not in it (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(
        self,
        params: Iterable[Value],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay)

    def rule(self, p: Value, gradient: Value, remembered: Numbers, settings: Numbers) -> Sequence[Value]:
        lr = settings[0]
        return self._moments_step(p - lr * self.weight_decay * p, gradient, remembered, settings)
