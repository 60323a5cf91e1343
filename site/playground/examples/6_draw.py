# A picture | 그림
from autograd import Value, draw

power = Value(1.1, label="number")
for _ in range(3):
    power = power * power

power.backward()
draw(power)
