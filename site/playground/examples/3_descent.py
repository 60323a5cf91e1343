# Down the valley | 골짜기 아래로
from autograd import Value

w = Value(0.0)
learning_rate = 0.05

for epoch in range(20):
    loss = (w * 3 - 6) ** 2
    w.grad = 0.0
    loss.backward()
    w.data -= learning_rate * w.grad
    print(f"{epoch:2}  w {w.data:.4f}  loss {loss.data:.6f}")
