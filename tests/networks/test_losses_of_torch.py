"""The losses that PyTorch has too are what it computes, and have its gradients; recorded they are the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, grad, record
from nn import losses

torch = pytest.importorskip("torch", reason="torch is not installed: the losses are held to their definitions only")
F = torch.nn.functional

scores = st.floats(-30, 30)


def focal_of_torch(z, t, alpha, gamma):
    """`torchvision.ops.sigmoid_focal_loss`, by its definition."""
    p = torch.sigmoid(z)
    p_t = p * t + (1 - p) * (1 - t)
    loss = F.binary_cross_entropy_with_logits(z, t, reduction="none") * (1 - p_t) ** gamma
    return loss if alpha < 0 else loss * (alpha * t + (1 - alpha) * (1 - t))


def assert_same(ours, theirs, predictions: list[float]) -> None:
    values = [Value(x) for x in predictions]
    loss = ours(values if len(values) > 1 else values[0])
    tensor = torch.tensor(predictions, dtype=torch.float64, requires_grad=True)
    expected = theirs(tensor if len(values) > 1 else tensor[0])
    expected.backward()
    assert loss.data == pytest.approx(expected.item(), rel=1e-11, abs=1e-12)
    assert grad(loss, values) == pytest.approx(tensor.grad.tolist(), rel=1e-10, abs=1e-12)
    recorded = record(lambda *p: ours(list(p) if len(p) > 1 else p[0]), *predictions)
    assert recorded(*np.array([predictions]).T).tolist() == pytest.approx([loss.data], rel=1e-12, abs=1e-14)


@given(st.lists(st.tuples(scores, scores), min_size=2, max_size=4), st.sampled_from([0.5, 1.0, 3.0]))
def test_of_numbers(pairs, delta: float) -> None:
    predictions, targets = [list(column) for column in zip(*pairs, strict=True)]
    there = torch.tensor(targets, dtype=torch.float64)
    assert_same(lambda p: losses.mean_absolute_error(p, targets), lambda p: F.l1_loss(p, there), predictions)
    assert_same(lambda p: losses.huber(p, targets, delta), lambda p: F.huber_loss(p, there, delta=delta), predictions)


@given(scores, st.integers(0, 20))
def test_of_counts(log_rate: float, count: int) -> None:
    there = torch.tensor(float(count), dtype=torch.float64)
    assert_same(lambda p: losses.poisson_nll(p, count), lambda p: F.poisson_nll_loss(p, there), [log_rate])


@given(scores, st.sampled_from([0, 1]), st.sampled_from([-1.0, 0.25, 0.7]), st.sampled_from([0.0, 1.0, 2.0]))
def test_focal(z: float, target: int, alpha: float, gamma: float) -> None:
    there = torch.tensor(float(target), dtype=torch.float64)
    assert_same(lambda p: losses.focal(p, target, alpha, gamma), lambda p: focal_of_torch(p, there, alpha, gamma), [z])


@given(st.lists(scores, min_size=2, max_size=5, unique=True), st.data())
def test_of_classes(logits: list[float], data: st.DataObject) -> None:
    k, n = data.draw(st.integers(0, len(logits) - 1)), len(logits)
    for target in (k, [float(i == k) for i in range(n)]):
        assert_same(
            lambda p, target=target: losses.multi_margin(p, target),
            lambda p: F.multi_margin_loss(p[None], torch.tensor([k])),
            logits,
        )
    parts = np.array(data.draw(st.lists(st.integers(0, 5), min_size=n, max_size=n).filter(any)), dtype=float)
    shares = parts / parts.sum()
    assert_same(
        lambda p: losses.kl_divergence(p, shares.tolist()),
        lambda p: F.kl_div(F.log_softmax(p, dim=0), torch.tensor(shares), reduction="sum"),
        logits,
    )
