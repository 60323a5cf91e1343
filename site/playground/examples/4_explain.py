# Who is responsible? | 누구의 책임일까?
from autograd import Value, explain, steps

a = Value(2.0)
b = Value(-3.0)
loss = a * b + a**2

for step in steps(loss):
    print(step)

print()
print(explain(a, loss))
