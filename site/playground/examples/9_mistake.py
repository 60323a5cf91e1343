# A mistake to mend | 고칠 곳이 있는 프로그램
from autograd import Value

a = Value(2.0)
b = Value("3")
loss = a * b
