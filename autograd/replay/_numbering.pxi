"""A graph by numbers: `numbering.py`, compiled. Part of `_replay.pyx`."""


def numbered(inputs, list order not None, outputs):
    """A node's number is how many others this walk visited before it; another thread's walk may have come between."""
    cdef unsigned long long first = _native.last_visit + 1
    cdef list leaves = []
    cdef bytearray are_variables = bytearray()
    cdef Value node
    cdef Py_ssize_t made = 0, i = 0, k
    for node in inputs:
        visit(node)
    for node in order:
        if node.a != NULL:
            made += 1
        elif node.mark.visit < first:
            visit(node)
            leaves.append(node)
            are_variables.append(node.mark.requires_grad)
    rows, codes = {}, np.empty(made, np.int16)
    operands = np.empty((2, made), np.int32)
    cdef int16_t[::1] code = codes
    cdef int32_t[:, ::1] operand = operands
    cdef dict labels = {k: node.label for k, node in enumerate(inputs) if node.label}
    for node in order:
        if node.a != NULL:
            visit(node)
            operand[0, i] = number_in(first, node.a)
            operand[1, i] = number_in(first, node.b if node.b != NULL else node.a)
            code[i] = rows.setdefault(node.op, len(rows))
            i += 1
            if node._label != NULL and node.label:
                labels[number_in(first, <PyObject *> node)] = node.label
    roots = [number_in(first, <PyObject *> (<Value?> root)) for root in outputs]
    if _native.last_visit != first + len(inputs) + len(leaves) + made - 1:
        return numbered(inputs, order, outputs)
    return Numbered(leaves, are_variables, Operations(tuple(rows), codes, operands.T), roots, labels)


cdef inline void visit(Value node) noexcept:
    _native.last_visit += 1
    node.mark.visit = _native.last_visit


cdef inline int32_t number_in(unsigned long long first, PyObject *node) noexcept:
    return <int32_t> ((<Value> node).mark.visit - first)


def descendants(ancestors, Py_ssize_t leaves, operands):
    cdef const int32_t[:] a = operands[:, 0], b = operands[:, 1]
    found = np.zeros(leaves + len(operands), bool)
    found[np.asarray(ancestors, np.intp)] = True
    cdef unsigned char[::1] whether = found.view(np.uint8)
    cdef Py_ssize_t i
    for i in range(a.shape[0]):
        whether[leaves + i] = whether[a[i]] | whether[b[i]]
    return bytearray(found)
