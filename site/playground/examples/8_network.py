# A network learns | 학습하는 신경망
import random

from micrograd.nn import MLP

random.seed(1)
rows = [[0, 0], [0, 1], [1, 0], [1, 1]]
targets = [-1, 1, 1, -1]  # exclusive or
model = MLP(2, [6, 1])


def mean_loss():
    return sum((model(x) - y) ** 2 for x, y in zip(rows, targets, strict=True)) / 4


for epoch in range(101):
    loss = mean_loss()
    model.zero_grad()
    loss.backward()
    for p in model.parameters():
        p.data -= 0.1 * p.grad
    if epoch % 20 == 0:
        print(f"epoch {epoch:3}  loss {loss.data:.4f}")

print([round(model(x).data, 2) for x in rows])
output = model([0, 1])
