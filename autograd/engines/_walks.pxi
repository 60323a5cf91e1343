"""Walks over the graph of compiled nodes, and the chain rule."""

cdef struct Pending:
    PyObject *node               # whose first operand is being dealt with
    PyObject *second             # the other operand, while it waits

cdef struct Walk:
    PyObject **order             # the nodes that the root depends on, each after its operands; borrowed
    Pending *pending             # from the root down to where the walk is
    double *gradients            # in the memory of `pending`, after the walk: by the number of a node's visit
    size_t count                 # how many are in `order`
    size_t room                  # for so many nodes, in `pending` and at least as many in `order`
    size_t order_room            # in `order`
    unsigned long long first     # the number of the first visit

cdef enum: PATIENCE = 0xFFFF      # so many steps pass between two looks for signals
cdef enum: AHEAD = 12             # so many nodes ahead, memory is fetched
cdef enum: FIRST_ROOM = 1 << 15   # for so many nodes, at first
cdef Walk *spare = NULL          # whose memory the next walk uses


cdef Walk *new_walk() except NULL:
    global spare
    cdef Walk *walk = spare
    spare = NULL
    if not walk:
        walk = <Walk *>calloc(1, sizeof(Walk))
        if not walk:
            raise MemoryError("a walk over the graph needs more memory than there is")
    return walk


cdef void finish(Walk *walk) noexcept:
    global spare
    if not spare and walk.room <= SPARE_ROOM:
        spare = walk
    else:
        free_slabs(walk.order, walk.order_room * sizeof(PyObject *))
        free_slabs(walk.pending, walk.room * sizeof(Pending))
        free(walk)


cdef int list_nodes(PyObject *root, Walk *walk, bint constants) except -1:
    """Puts every node that `root` depends on, with or without the constants, in `walk.order`."""
    global last_visit
    cdef PyObject *node = root
    cdef Pending *last
    cdef size_t steps = 0, count = 0, depth = 0          # how many are in `order`, and in `pending`
    walk.first = last_visit + 1
    while True:
        steps += 1
        if not steps & PATIENCE and not undisturbed(walk, count + depth):
            walk.first, count, depth, node = last_visit + 1, 0, 0, root
        if node and is_new(node, walk, constants):
            if count + depth == walk.room:
                make_room(walk, count, depth)
            last_visit += 1
            (<Value>node).mark.visit = last_visit
            if (<Value>node).a:
                walk.pending[depth] = Pending(node, (<Value>node).b)
                depth += 1
                node = (<Value>node).a
                continue
            walk.order[count] = node
            count += 1
        if not depth:
            walk.count = count
            return 0
        last = &walk.pending[depth - 1]
        node, last.second = last.second, NULL
        if not node:
            walk.order[count] = last.node
            count, depth = count + 1, depth - 1


cdef inline bint is_new(PyObject *node, Walk *walk, bint constants) noexcept:
    return (<Value>node).mark.visit < walk.first and ((<Value>node).mark.requires_grad or constants)


cdef int make_room(Walk *walk, size_t count, size_t depth) except -1:
    """At once for all the nodes that there are: memory that nobody touches costs nothing. If there isn't so much,
    less."""
    cdef size_t least = max(4 * walk.room, FIRST_ROOM)
    if not has_room(walk, count, depth, max(least, most_nodes())) and not has_room(walk, count, depth, least):
        raise MemoryError("a walk over the graph needs more memory than there is")
    return 0


cdef bint has_room(Walk *walk, size_t count, size_t depth, size_t room) noexcept:
    """Whether both blocks could be moved to where there is room for so many nodes."""
    if walk.order_room < room:
        if not move_to_slabs(
            <void **>&walk.order,
            count * sizeof(PyObject *), walk.order_room * sizeof(PyObject *), room * sizeof(PyObject *),
        ):
            return False
        walk.order_room = room
    if not move_to_slabs(
        <void **>&walk.pending, depth * sizeof(Pending), walk.room * sizeof(Pending), room * sizeof(Pending)
    ):
        return False
    walk.room = room
    return True


cdef bint undisturbed(Walk *walk, size_t visited) except -1:
    """Lets signal handlers run; Ctrl-C raises here.

    False if they, or other threads meanwhile, walked too: they may have visited the same nodes, and the walk must begin
    again.
    """
    PyErr_CheckSignals()
    return last_visit == walk.first + visited - 1


# The chain rule

cdef int differentiate(PyObject *root, Walk *walk) except -1:
    """Finds the derivative of `root` with respect to every node that it depends on. Writes nothing in a node."""
    list_nodes(root, walk, constants=False)
    while walk.count and not hand_down(walk):
        list_nodes(root, walk, constants=False)
    return 0


cdef bint hand_down(Walk *walk) except -1:
    """Backwards, each node hands its share to its operands. False if the walk must begin again."""
    cdef PyObject *node
    cdef PyObject *a
    cdef PyObject *b
    cdef size_t i = walk.count
    walk.gradients = <double *>walk.pending
    memset(walk.gradients, 0, walk.count * sizeof(double))
    walk.gradients[0] = 1.0
    while i:
        if not i & PATIENCE and not undisturbed(walk, walk.count):
            return False
        i -= 1
        node = walk.order[i]
        if i > AHEAD:
            prefetch(walk.order[i - AHEAD])
        a, b = (<Value>node).a, (<Value>node).b
        if (<Value>node).mark.row == FOREIGN:
            if not hand_down_foreign(<Value>node, walk):
                return False
        elif a:
            row_chain(
                (<Value>node).mark.row, number_of(a), number_of(b) if b else 0.0, number_of(node),
                gradient_of(node, walk)[0], gradient_of(a, walk), gradient_of(b, walk),
            )
    return True


cdef bint hand_down_foreign(Value node, Walk *walk) except -1:
    cdef double *to_a
    cdef double *to_b
    cdef double upstream
    numbers = [number_of(<PyObject *>x) for x in node.inputs]
    cdef double[2] partials = [0.0, 0.0]
    for i, partial in enumerate(node.op.partials):
        partials[i] = partial(*numbers, number_of(<PyObject *>node))
    cdef bint masks = node.op.masks
    if not undisturbed(walk, walk.count):
        return False
    upstream = gradient_of(<PyObject *>node, walk)[0]
    to_a, to_b = gradient_of(node.a, walk), gradient_of(node.b, walk)
    if to_a and not (masks and partials[0] == 0):
        to_a[0] += upstream * partials[0]
    if to_b and not (masks and partials[1] == 0):
        to_b[0] += upstream * partials[1]
    return True


cdef inline double *gradient_of(PyObject *node, Walk *walk) noexcept:
    """Where the derivative with respect to the node is, or null if it has none."""
    if not node or (<Value>node).mark.visit < walk.first:
        return NULL
    return &walk.gradients[(<Value>node).mark.visit - walk.first]


cdef void write_gradients(Walk *walk) noexcept:
    cdef PyObject *node
    cdef double gradient
    cdef size_t i
    for i in range(walk.count):
        node = walk.order[i]
        if i + AHEAD < walk.count:
            prefetch(walk.order[i + AHEAD])
        gradient = gradient_of(node, walk)[0]
        (<Value>node)._grad = gradient if (<Value>node).a else (<Value>node)._grad + gradient


@cython.binding(True)
def topological_order(Value root not None):
    cdef Walk *walk = new_walk()
    try:
        list_nodes(<PyObject *>root, walk, constants=True)
        return [<object>walk.order[i] for i in range(walk.count)]
    finally:
        finish(walk)


@cython.binding(True)
def grad(output, inputs=None, create_graph=False):
    cdef double *gradient
    if not create_graph:
        refuse_if_sealed("grad() was called without create_graph=True")
    contract.check_variables(output, inputs, Value)
    if create_graph:
        return value.derivatives(output, inputs, handed_over(new_node(1.0)), shares_on_nodes)
    cdef list variables = list(inputs)
    cdef list derivatives = [0.0] * len(variables)
    cdef Py_ssize_t i
    cdef Walk *walk = new_walk()
    try:
        differentiate(<PyObject *>output, walk)
        for i in range(len(variables)):
            gradient = gradient_of(<PyObject *>(<Value?>variables[i]), walk)
            if gradient:
                derivatives[i] = gradient[0]
        return derivatives
    finally:
        finish(walk)
