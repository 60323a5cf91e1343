# A program for micrograd | micrograd 프로그램
from micrograd.engine import Value

x = Value(1.5)
y = Value(-0.5)
total = Value(0.0)
for k in range(3):
    total += (x * k - y).relu()
total = total / 3 + 1 / x
total.backward()

print(f"{total.data:.4f}", f"{x.grad:.4f}", f"{y.grad:.4f}")
