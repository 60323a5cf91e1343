# A neuron | 뉴런
from autograd import Value, tanh

x0 = Value(0.5, label="x0", requires_grad=False)  # inputs are no knobs
x1 = Value(-1.2, label="x1", requires_grad=False)
w0, w1, bias = Value(0.7), Value(-0.3), Value(0.1)

y = tanh(w0 * x0 + w1 * x1 + bias)
