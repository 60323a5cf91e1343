"""A training step: the gradient of a program's mean, through the program of an update rule. Part of `_replay.pyx`."""

cdef enum:
    AT_ONCE = 16 * 1024     # parameters, for each thread: they stay in the second-level cache while they are looked at


cdef class Step:
    """A program, the program of an update rule, and where the parameters that the rule changes stand in the first.

    The first row of `state` holds the parameters' numbers, and each further row something that the rule remembers of
    them. When the rule is replayed, every parameter is a row of its batch, whose columns are the parameter, its
    gradient, and what is remembered.
    """

    cdef Program loss, rule
    cdef Leaves parameters, others          # the program's other leaves
    cdef bint leaves_constants              # none of them is a parameter, so that they stay as they are
    cdef const int32_t[:, ::1] runs         # first parameter, first uniform slot, and how many
    cdef const int32_t[::1] other_slots
    cdef double[:, ::1] state
    cdef bytes loss_runs, rule_runs         # of inputs
    cdef list shapes                        # of the last arrays' rows
    cdef void *room                         # for `taken`, kept between calls; null while one uses it

    def __init__(self, Program loss not None, Program rule not None, double[:, ::1] state, Leaves parameters not None):
        self.loss, self.rule, self.state, self.parameters = loss, rule, state, parameters
        slots = {leaf: slot for slot, leaf in enumerate(loss.leaves.values)}
        runs, run = [], [-1, -1, 0]
        for i, parameter in enumerate(parameters.values):
            slot = slots.pop(parameter, None)
            if slot is not None and [i, slot] != [run[0] + run[2], run[1] + run[2]]:
                run = [i, slot, 0]
                runs.append(run)
            run[2] += slot is not None
        self.runs = np.array(runs, np.int32).reshape((len(runs), 3))
        self.others, self.other_slots = Leaves(slots), np.array([*slots.values()], np.int32)
        self.rule_runs = rule.runs((1,) * (1 + len(state)))
        self.leaves_constants = {*loss.constants.values, *rule.constants.values}.isdisjoint(parameters.values)
        self.shapes = []

    cpdef bint serves(self, Leaves parameters) except -1:
        """Whether it changes these parameters, and the programs' constants are those that they were made for."""
        return parameters is self.parameters and self.loss.is_current() and self.rule.is_current()

    def __dealloc__(self):
        free(self.room)

    def again(self, tuple arrays, int threads=1):
        """`take` for arrays whose rows have the shapes of the last ones, which need no other look; else None."""
        if len(arrays) > MOST_TABLES:
            return None
        for array in arrays:
            if type(array) is not ARRAY:
                return None
        cdef Tables tables = Tables(arrays)
        if not (tables.rows and tables.are_like(self.shapes) and self.serves(self.parameters)):
            return None
        return self.taken(tables, threads)

    def take(self, arrays, int threads=1):
        """Change the parameters against the gradient of the mean over the rows of `arrays`: the mean before.

        If a number is not finite nothing changes, and the mean is nan.
        """
        cdef Tables tables = Tables(arrays)
        self.shapes = [np.shape(array)[1:] for array in arrays]
        self.loss_runs = self.loss.runs(tables.widths())
        return self.taken(tables, threads)

    cdef double taken(self, Tables tables, int threads) except? -1:
        cdef ptrdiff_t count = self.parameters.count, memories = self.state.shape[0] - 1, i
        cdef double *now = &self.state[0, 0]
        self.loss.check_parameters()
        cdef void *room = self.room
        self.room = NULL
        if room == NULL:
            room = malloc((2 + memories) * count * sizeof(double) + (2 + memories) * sizeof(table))
        if room == NULL:
            raise MemoryError()
        cdef double *following = <double *> room
        cdef double *gradient = following + (1 + memories) * count
        cdef table *columns = <table *> (gradient + count)
        cdef double mean
        cdef Workspace space = self.loss.workspace(tables.rows)
        try:
            if not self.parameters.are_home():
                self.parameters.take_home(self.state[0])
            mean = self.mean(space, tables, now, threads)
            gradient = self.gradient(space, gradient)
            if not memories:
                following = gradient    # a parameter's derivative is read before its place is written
            columns[0], columns[1] = table(now, 1, 0), table(gradient, 1, 1)
            for i in range(1, 1 + memories):
                columns[1 + i] = table(now + i * count, 1, 1 + i)
            if mean - mean != 0 or not self.update(columns, following, threads):
                return NAN
            memcpy(now, following, (1 + memories) * count * sizeof(double))
            self.tell_of_change()
            return mean
        finally:
            self.loss.put_back(space)
            room, self.room = self.room, room
            free(room)

    cdef void tell_of_change(self) noexcept:
        """Other programs are to look at their constants; these two need not, if they had looked, and have none of
        these.
        """
        if self.leaves_constants:
            self.loss.changes += self.loss.changes == _native.changes
            self.rule.changes += self.rule.changes == _native.changes
        _native.changes += 1

    cdef double mean(self, Workspace space, Tables tables, const double *numbers, int threads) except? -1:
        """The mean output where the parameters have these numbers; it leaves its derivatives in the workspace."""
        cdef ptrdiff_t i
        cdef const int32_t *run
        for i in range(self.runs.shape[0]):
            run = &self.runs[i, 0]
            memcpy(space.m.uniforms + run[1], numbers + run[0], run[2] * sizeof(double))
        for i in range(self.others.count):
            space.m.uniforms[self.other_slots[i]] = number_of(<PyObject *> self.others.values[i])
        return self.loss.replay(
            space, tables.tables, self.loss_runs, tables.rows, NOWHERE, 1.0 / tables.rows, NULL, NOWHERE, threads
        ) / tables.rows

    cdef double *gradient(self, Workspace space, double *room) noexcept:
        """The derivatives in the order of the parameters: where they are, or else in `room`."""
        cdef ptrdiff_t i
        cdef const int32_t *run
        if self.runs.shape[0] == 1 and self.runs[0, 2] == self.parameters.count:
            return space.m.totals + self.runs[0, 1]
        memset(room, 0, self.parameters.count * sizeof(double))
        for i in range(self.runs.shape[0]):
            run = &self.runs[i, 0]
            memcpy(room + run[0], space.m.totals + run[1], run[2] * sizeof(double))
        return room

    cdef bint update(self, table *columns, double *following, int threads) except -1:
        """Put the columns of its batch through the rule, which gives the next state: the outputs of a row, in columns.
        False if a derivative or a number of that is not finite.
        """
        cdef ptrdiff_t count = self.parameters.count, width = self.state.shape[0], first = 0, rows, i
        cdef bint finite = True
        cdef Workspace space = self.rule.workspace(count)
        self.rule.leaves.copy_to(space.m.uniforms)
        while finite and first < count:
            rows = min(AT_ONCE * threads, count - first)
            finite = chosen.is_finite(columns[1].rows, rows)
            self.rule.replay(
                space, columns, self.rule_runs, rows, places(following + first, 1, count), 0.0, NULL, NOWHERE, threads
            )
            for i in range(width):
                finite = finite and chosen.is_finite(following + i * count + first, rows)
            for i in range(1 + width):
                columns[i].rows += rows
            first += rows
        self.rule.put_back(space)
        return finite
