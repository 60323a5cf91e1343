# The chain rule | 연쇄 법칙
from autograd import Value

a = Value(2.0)
b = Value(-3.0)
c = Value(10.0)
loss = (a * b + c) ** 2

loss.backward()
print("a.grad =", a.grad)
print("b.grad =", b.grad)
