# The slope of the slope | 기울기의 기울기
from autograd import Value, grad, gradcheck, sin

x = Value(0.5)
y = x**2 * sin(x)

(slope,) = grad(y, [x], create_graph=True)
(bend,) = grad(slope, [x])
print("y   =", y.data)
print("y'  =", slope.data)
print("y'' =", bend)

gradcheck(lambda x: x**2 * sin(x), 0.5)  # raises GradientError where the derivatives are wrong
print("measured, it is the same")
