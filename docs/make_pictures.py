"""Makes the pictures of the README: `python docs/make_pictures.py`."""

from pathlib import Path

from autograd import Value, draw

HERE = Path(__file__).parent


def neuron() -> Value:
    """The neuron of the README, after its backward pass."""
    w0, w1 = Value(0.7, label="w0"), Value(-0.3, label="w1")
    x0, x1 = (Value(x, label=f"x{i}", requires_grad=False) for i, x in enumerate((0.5, -1.2)))
    b = Value(0.1, label="b")
    y = (w0 * x0 + w1 * x1 + b).tanh()
    y.label = "y"
    y.backward()
    return y


if __name__ == "__main__":
    draw(neuron()).save(HERE / "neuron.svg")
