# cython: language_level=3, auto_pickle=False, binding=False, c_api_binop_methods=True
"""`Value`, compiled: the class of `value.py`, which says what it means, at the speed of C.

A node is one cache line, with its operands in fixed fields. It has no header for the garbage collector: operands never
change, so there are no cycles. Nothing recurses: walks have a stack of their own, and nodes that die together wait for
each other in a list. The derivatives are C that is generated from the table when the package is built.

All of it holds the interpreter lock. Foreign code runs only where this code calls it: when an operand is converted to
a number, before its node is made, and in signal handlers, between two steps of a walk (see `undisturbed`).

What needs no speed is the plain engine's: its words, its errors, derivatives as nodes, what holds within a context.
"""

cimport cython
from cpython.contextvars cimport get_value
from cpython.exc cimport PyErr_CheckSignals
from cpython.object cimport PyObject, PyTypeObject, Py_EQ, Py_GT, Py_LE, Py_LT, Py_NE
from libc.stdlib cimport calloc, free
from libc.string cimport memcpy, memset

from contextlib import contextmanager

from autograd import contract, ops, value

include "_c.pxi"

if TABLE_TEXT.decode() != repr(list(ops.TABLE.values())):
    raise ImportError(
        "the table of derivatives has changed since the compiled engine was built: install stepgrad again, or set "
        "STEPGRAD_ENGINE=python"
    )


cdef PyTypeObject *TYPE = <PyTypeObject *>Value


cdef struct Operand:
    PyObject *node                        # borrowed; null for a plain number
    double number


@cython.no_gc
cdef class Value:
    def __init__(self, data, *, label="", requires_grad=True):
        if self.a:
            raise TypeError("a node that an operation made cannot be initialised again")
        set_number(self, plain_number(data))
        self._grad = 0.0
        self.mark.requires_grad = requires_grad
        self.label = label

    # The numbers

    @property
    def data(self):
        refuse_if_sealed("the number of a Value was read")
        return number_of(<PyObject *>self)

    @data.setter
    def data(self, number):
        set_data(self, number)

    @property
    def grad(self):
        refuse_if_sealed("the gradient of a Value was read")
        return self._grad

    @grad.setter
    def grad(self, number):
        set_grad(self, number)

    def detach(self):
        refuse_if_sealed("a Value was detached from its graph")
        cdef Value constant = handed_over(new_node(number_of(<PyObject *>self)))
        constant.label = self.label
        return constant

    def __setattr__(self, name, number):
        if name is GRAD and type(self) is Value:             # the usual case, without the search for a descriptor
            set_grad(self, number)
        elif name is DATA and type(self) is Value:
            set_data(self, number)
        else:
            PyObject_GenericSetAttr(self, name, number)

    # The graph

    @property
    def op(self):
        if not self.a:
            return None
        return ROWS[self.mark.row] if self.mark.row != FOREIGN else (<Foreign>self._label).op

    @property
    def inputs(self):
        if not self.a:
            return ()
        return (<object>self.a, <object>self.b) if self.b else (<object>self.a,)

    @property
    def is_leaf(self):
        """Whether no operation made it."""
        return self.a is NULL

    @property
    def requires_grad(self):
        return self.mark.requires_grad

    @requires_grad.setter
    def requires_grad(self, bint requires_grad):
        global flips
        flips += 1
        self.mark.requires_grad = requires_grad

    @property
    def label(self):
        if self.mark.row == FOREIGN:
            return (<Foreign>self._label).label
        return <object>self._label if self._label else ""

    @label.setter
    def label(self, text):
        cdef PyObject *former = self._label
        if self.mark.row == FOREIGN:
            (<Foreign>self._label).label = text
        else:
            Py_INCREF(<PyObject *>text)
            self._label = <PyObject *>text
            Py_XDECREF(former)

    def __add__(x, y):
        return operate(ROW_add, x, y)

    def __sub__(x, y):
        return operate(ROW_sub, x, y)

    def __mul__(x, y):
        return operate(ROW_mul, x, y)

    def __truediv__(x, y):
        return operate(ROW_div, x, y)

    def __pow__(x, y, modulus):
        if modulus is not None:
            raise TypeError("pow() of Values takes no modulus")
        return operate(ROW_pow, x, y)

    def __neg__(self):
        return apply_one(ROW_neg, self)

    def __pos__(self):
        return self

    def __abs__(self):
        return apply_one(ROW_abs, self)

    def __floor__(self):
        return apply_one(ROW_floor, self)

    # The chain rule

    def backward(self):
        refuse_if_sealed("backward() was called")
        if not self.mark.requires_grad:
            value.Value.backward(self)          # raises ValueError
        cdef Walk *walk = new_walk()
        try:
            differentiate(<PyObject *>self, walk)
            write_gradients(walk)
        finally:
            finish(walk)

    # NumPy's functions ask what to do

    def __array_ufunc__(self, ufunc, method, *inputs, **named):
        return contract.array_ufunc(ufunc, method, *inputs, **named)

    def __array_function__(self, function, types, arguments, named):
        return contract.array_function(function, types, arguments, named)

    # A number among numbers

    def __float__(self):
        refuse_if_sealed("float() was called on a Value")
        return number_of(<PyObject *>self)

    def __richcmp__(self, other, int relation):
        cdef Operand b
        if relation == Py_EQ or relation == Py_NE:
            refuse_if_sealed("a Value was compared with ==")
            return NotImplemented                   # identity
        refuse_if_sealed("Values were compared")
        if not read_operand(other, &b):
            if contract.is_array(other):               # NumPy will compare with each element
                return NotImplemented
            b.number = contract.as_float(other)
        cdef double number = number_of(<PyObject *>self)
        if relation == Py_LT:
            return number < b.number
        if relation == Py_LE:
            return number <= b.number
        if relation == Py_GT:
            return number > b.number
        return number >= b.number

    def __bool__(self):
        refuse_if_sealed("the truth of a Value was asked for")
        return True

    def __hash__(self):
        return PyBaseObject_Type.tp_hash(self)

    def __format__(self, spec):
        return value.Value.__format__(self, spec)

    def __repr__(self):
        label = f", label={self.label!r}" if self.label else ""
        return f"Value(data={number_of(<PyObject *>self)!r}, grad={self._grad!r}{label})"

    def __reduce__(self):
        return value.Value.__reduce__(self)


cdef str DATA = "data", GRAD = "grad"         # interned, as are the names that programs set


cdef inline void set_number(Value node, double number) noexcept:
    place_of(<PyObject *>node)[0] = number


cdef inline int set_data(Value node, object number) except -1:
    refuse_if_sealed("the number of a Value was set")
    global changes
    set_number(node, plain_number(number))
    changes += 1
    return 0


cdef inline int set_grad(Value node, object number) except -1:
    refuse_if_sealed("the gradient of a Value was set")
    node._grad = plain_number(number)
    return 0


@cython.final
cdef class Foreign:
    """What a node made by an operation that isn't of the table has in the place of its label."""
    cdef object op, label


include "_nodes.pxi"


# A row of the table as a function of Values and plain numbers, and as a method of its first operand.
@cython.final
cdef class Function:
    cdef object (*call)(Function, PyObject **, size_t, PyObject *)
    cdef int row, arity
    cdef str name

    @property
    def __name__(self):
        return self.name

    @property
    def __doc__(self):
        return value.functions[self.name].__doc__

    def __get__(self, instance, owner):
        return self if instance is None else PyMethod_New(self, instance)

    def __repr__(self):
        return f"<function {self.name}>"


cdef object call_function(Function self, PyObject **operands, size_t flags, PyObject *keywords):
    cdef Py_ssize_t count = PyVectorcall_NARGS(flags)
    if keywords or count != self.arity:
        named = dict.fromkeys(<object>keywords if keywords else ())
        value.functions[self.name](*[None] * count, **named)         # raises TypeError
    if self.arity == 1:
        return apply_one(self.row, <object>operands[0])
    return apply_two(self.row, <object>operands[0], <object>operands[1])


cdef inline double plain_number(object number) except? -1.0:
    return PyFloat_AS_DOUBLE(number) if PyFloat_Check(number) else contract.as_float(number)


@cython.binding(True)
def apply(op, *operands):
    cdef Operand a, b
    cdef int arity = len(op.operands)
    if len(operands) != arity:
        return op.compute(*operands)                # raises TypeError
    convert_operand(operands[0], &a)
    if arity == 2:
        convert_operand(operands[1], &b)
    row = ROW_NUMBERS.get(op)
    if row is None:
        return foreign_node(op, &a, &b if arity == 2 else NULL)
    return node_of(row, &a, &b if arity == 2 else NULL)


@cython.binding(True)
def dot(a, b, start=0.0):
    cdef list left = a if type(a) is list else list(a)
    cdef list right = b if type(b) is list else list(b)
    cdef Value total
    cdef Py_ssize_t i
    if len(left) != len(right):
        value.dot(left, right)              # raises ValueError
    total = start if isinstance(start, Value) else Value(start, requires_grad=False)
    for i in range(len(left)):
        total = apply_two(ROW_add, total, apply_two(ROW_mul, left[i], right[i]))
    return total


include "_walks.pxi"


# What holds within a context

cdef object RECORDING = value._recording
cdef object REFUSALS = contract.refusals
cdef int contexts = 0            # how many no_grad() and sealed() are entered, in all threads: seldom any


cdef inline bint is_recorded(bint requires_grad) except -1:
    if not contexts:
        return requires_grad
    return get_value(RECORDING) and (requires_grad or get_value(REFUSALS) is not None)


cdef inline int refuse_if_sealed(str deed) except -1:
    if contexts:
        contract.refuse_if_sealed(deed)
    return 0


@contextmanager
def no_grad():
    global contexts
    contexts += 1
    try:
        with value.no_grad():
            yield
    finally:
        contexts -= 1


@contextmanager
def sealed():
    global contexts
    contexts += 1
    try:
        with contract.sealed() as refusals:
            yield refusals
    finally:
        contexts -= 1


# What the compiler does not do: the life of nodes, the rows of the table as methods, and the documentation

cdef dict names = <dict>TYPE.tp_dict
cdef list texts = []             # that C strings point to
functions = {}

set_allocator(TYPE, allocate)
set_constructor(TYPE, construct)
TYPE.tp_dealloc = free_node
if TYPE.tp_basicsize > <Py_ssize_t>NODE_SIZE:
    raise ImportError(f"the compiled engine was made for nodes of {NODE_SIZE} bytes, not {TYPE.tp_basicsize}")


cdef const char *documentation(str text):
    texts.append(text.encode())
    return <bytes>texts[-1]


cdef PyMethodDef *method = <PyMethodDef *>TYPE.tp_methods
while method.ml_name:
    words = getattr(value.Value, method.ml_name.decode()).__doc__
    if words:
        method.ml_doc = documentation(words)
    method += 1
cdef Function function
for row, op in enumerate(ROWS):
    function = functions[op.name] = Function()
    function.call, function.row, function.arity, function.name = call_function, row, len(op.derivatives), op.name
    names[op.name] = function
    if op.ufunc:
        names[op.ufunc] = function
shares_on_nodes = contract.shares_on_nodes(functions)
set_call(<PyTypeObject *>Function, <char *>&function.call - <char *><PyObject *>function)
PyType_Modified(TYPE)
TYPE.tp_doc = documentation("Value(data, *, label='', requires_grad=True)\n--\n\n" + value.Value.__doc__)
sealed.__doc__ = contract.sealed.__doc__
for name in ("apply", "dot", "topological_order", "grad", "no_grad"):
    globals()[name].__doc__ = getattr(value, name).__doc__
