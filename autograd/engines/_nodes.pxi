"""How compiled nodes are made, of which operands, and how they die."""

cdef enum: FOREIGN = 127                  # the row of operations that aren't of the table
cdef tuple ROWS = tuple(ops.TABLE.values())
if len(ROWS) > FOREIGN:
    raise ImportError(f"the mark of a node has room for a table of {FOREIGN} rows, not {len(ROWS)}")
cdef dict ROW_NUMBERS = {op: number for number, op in enumerate(ROWS)}


cdef inline PyObject *new_node(double data) except NULL:
    """A constant; the reference is the caller's."""
    cdef PyObject *node = <PyObject *>allocate_node()
    if not node:
        raise MemoryError("a node needs more memory than there is")
    node.ob_refcnt = 1
    node.ob_type = TYPE
    (<Value>node).number.here = data
    (<Value>node)._grad = 0.0
    (<Value>node).a = (<Value>node).b = (<Value>node)._label = NULL
    memset(&(<Value>node).mark, 0, sizeof(Mark))
    return node


cdef inline Value node_of(int row, Operand *x, Operand *y):
    """The node that a row of the table makes of its operands; `y` is null for a function of one."""
    cdef Value node = handed_over(new_node(row_value(row, x.number, y.number if y else 0.0)))
    if is_recorded(requires_grad(x) or requires_grad(y)):
        node.mark.row = row
        link(node, x, y)
    return node


cdef inline int link(Value node, Operand *x, Operand *y) except -1:
    node.mark.requires_grad = True
    node.a = owned(x)
    node.b = owned(y) if y else NULL
    return 0


cdef Value foreign_node(object op, Operand *x, Operand *y):
    cdef Foreign foreign = Foreign()
    cdef Value node = handed_over(new_node(op.compute(x.number, y.number) if y else op.compute(x.number)))
    if is_recorded(requires_grad(x) or requires_grad(y)):
        foreign.op, foreign.label = op, ""
        node.label = foreign
        node.mark.row = FOREIGN
        link(node, x, y)
    return node


cdef inline bint requires_grad(Operand *x) noexcept:
    return x and x.node and (<Value>x.node).mark.requires_grad


cdef inline PyObject *owned(Operand *x) except NULL:
    if not x.node:
        return new_node(x.number)
    Py_INCREF(x.node)
    return x.node


cdef inline bint read_operand(object x, Operand *operand) noexcept:
    """Whether `x` is a Value or one of the usual numbers; reads it then."""
    cdef int overflow = 0
    operand.node = NULL
    if type(x) is Value or isinstance(x, Value):         # the first is the usual case, and faster
        operand.node = <PyObject *>x
        operand.number = number_of(<PyObject *>x)
    elif PyFloat_Check(x):
        operand.number = PyFloat_AS_DOUBLE(x)
    elif PyLong_Check(x):
        operand.number = <double>PyLong_AsLongLongAndOverflow(x, &overflow)
    else:
        return False
    return not overflow


cdef inline int convert_operand(object x, Operand *operand) except -1:
    """Reads whatever stands for a number; raises TypeError for what doesn't."""
    if not read_operand(x, operand):
        operand.number = contract.as_float(x)
    return 0


cdef inline object operate(int row, object x, object y):
    cdef Operand a, b
    if not (read_operand(x, &a) and read_operand(y, &b)):
        if contract.is_array(x) or contract.is_array(y):          # NumPy will apply the operator to each element
            return NotImplemented
        convert_operand(x, &a)
        convert_operand(y, &b)
    return node_of(row, &a, &b)


cdef inline Value apply_one(int row, object x):
    cdef Operand a
    convert_operand(x, &a)
    return node_of(row, &a, NULL)


cdef inline Value apply_two(int row, object x, object y):
    cdef Operand a, b
    convert_operand(x, &a)
    convert_operand(y, &b)
    return node_of(row, &a, &b)


# Life and death of nodes

cdef Value allocate(PyTypeObject *kind, Py_ssize_t _):
    """The type's allocator; subclasses in Python have their own."""
    return handed_over(new_node(0.0))


cdef object construct(object kind, PyObject **arguments, size_t flags, PyObject *keywords):
    """`Value(number)` without the detour of a tuple of arguments."""
    cdef Py_ssize_t i, count = PyVectorcall_NARGS(flags)
    cdef Value leaf
    if count == 1 and not keywords and PyFloat_Check(<object>arguments[0]):
        leaf = handed_over(new_node(PyFloat_AS_DOUBLE(<object>arguments[0])))
        leaf.mark.requires_grad = True
        return leaf
    positional = tuple([<object>arguments[i] for i in range(count)])
    named = {name: <object>arguments[count + i] for i, name in enumerate(<object>keywords if keywords else ())}
    return PyType_Type.tp_call(kind, positional, named)


cdef void free_node(PyObject *node) noexcept:
    """The type's deallocator. If both operands die with the node, one waits in a list, linked by the first field."""
    cdef PyObject *waiting = NULL
    cdef PyObject *a
    cdef PyObject *b
    cdef PyObject *label
    while True:
        a, b, label = (<Value>node).a, (<Value>node).b, (<Value>node)._label
        if node.ob_type is TYPE:
            free_node_memory(node)
        else:                           # a subclass in Python
            node.ob_type.tp_free(node)
        a, b = released(a), released(b)
        Py_XDECREF(label)
        node = a if a else b
        if a and b:
            memcpy(&(<Value>b).number, &waiting, sizeof(waiting))
            waiting = b
        elif not node:
            if not waiting:
                return
            node = waiting
            memcpy(&waiting, &(<Value>node).number, sizeof(waiting))


cdef inline PyObject *released(PyObject *node) noexcept:
    """The node if it dies now, or else null."""
    if node and node.ob_refcnt == 1 and node.ob_type is TYPE:
        return node
    Py_XDECREF(node)
    return NULL
