"""What a replay takes in and gives out: arrays of doubles, and the numbers of Values. Part of `_replay.pyx`."""


cdef enum:
    MOST_TABLES = 8     # more arrays than these are put side by side


@cython.freelist(8)
cdef class Tables:
    """Arrays of doubles, row by row, and how wide they are: copied only where they are something else."""

    cdef Py_buffer views[MOST_TABLES]
    cdef int count
    cdef table tables[MOST_TABLES]
    cdef ptrdiff_t rows, width

    def __cinit__(self, arrays):
        cdef Py_buffer *view
        cdef int axis
        if len(arrays) > MOST_TABLES:
            arrays = (rows_of(arrays),)
        self.rows = -1
        for array in arrays:
            view = &self.views[self.count]
            get_doubles(array, view)
            self.count += 1
            if self.rows not in (-1, view.shape[0]):
                raise ValueError(f"expected arrays with the same number of rows, got {self.rows} and {view.shape[0]}")
            self.rows = view.shape[0]
            self.tables[self.count - 1] = table(<double *> view.buf, 1, self.width)
            for axis in range(1, view.ndim):
                self.tables[self.count - 1].length *= view.shape[axis]
            self.width += self.tables[self.count - 1].length

    cdef tuple widths(self):
        return tuple([self.tables[i].length for i in range(self.count)])

    cdef bint are_like(self, list shapes) except -1:
        """Whether their rows have these shapes."""
        cdef int i, axis
        cdef tuple shape
        if self.count != len(shapes):
            return False
        for i in range(self.count):
            shape = shapes[i]
            if self.views[i].ndim != 1 + len(shape):
                return False
            for axis in range(1, self.views[i].ndim):
                if self.views[i].shape[axis] != <Py_ssize_t> shape[axis - 1]:
                    return False
        return True

    def __dealloc__(self):
        cdef int i
        for i in range(self.count):
            PyBuffer_Release(&self.views[i])


cdef int get_doubles(array, Py_buffer *view) except -1:
    """The buffer of an array, or of a copy of it if its elements are no doubles or not side by side."""
    try:
        PyObject_GetBuffer(array, view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT)
        if view.format[0] == c"d" and view.format[1] == 0 and view.ndim:
            return 0
        PyBuffer_Release(view)
    except (BufferError, TypeError, ValueError):  # NumPy raises ValueError
        pass
    if np.ndim(array) == 0:
        raise TypeError(f"expected an array whose first axis is rows, got {array!r}")
    return PyObject_GetBuffer(np.ascontiguousarray(array, dtype=np.float64), view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT)


cdef double *numbers_of(array, int access) except? NULL:
    """The numbers of an array of doubles that lives on after this call, to be read or written; NULL for None."""
    cdef Py_buffer view
    if array is None:
        return NULL
    PyObject_GetBuffer(array, &view, PyBUF_C_CONTIGUOUS | access)
    PyBuffer_Release(&view)
    return <double *> view.buf


@cython.no_gc_clear
cdef class Leaves:
    """The numbers of Values, read and written all at once. Raises TypeError for Values of another engine."""

    cdef readonly tuple values
    cdef ptrdiff_t count
    cdef double[::1] home
    cdef unsigned long long moves           # when they were last taken home

    def __cinit__(self, values):
        self.values = tuple(values)
        self.count = len(self.values)
        for value in self.values:
            if not isinstance(value, Value):
                raise TypeError("expected Values of the compiled engine")

    cdef void take_home(self, double[::1] home) noexcept:
        """From now on, and while this lives, the Values keep their numbers in this array, or in one of Leaves that take
        them home later.
        """
        cdef ptrdiff_t i
        cdef Value value
        self.home = home
        for i in range(self.count):
            value = <Value> self.values[i]
            home[i] = number_of(<PyObject *> value)
            value.number.elsewhere, value.mark.is_away = &home[i], True
        _native.moves += 1
        self.moves = _native.moves

    cdef bint are_home(self) noexcept:
        return self.moves != 0 and self.moves == _native.moves

    def __dealloc__(self):
        cdef ptrdiff_t i
        cdef Value value
        for i in range(self.count if self.moves else 0):
            value = <Value> self.values[i]
            if value.mark.is_away and value.number.elsewhere == &self.home[i]:
                value.number.here, value.mark.is_away = self.home[i], False

    cdef void copy_to(self, double *numbers) noexcept:
        cdef ptrdiff_t i
        for i in range(self.count):
            numbers[i] = number_of(<PyObject *> self.values[i])

    cdef int check(self, Py_ssize_t length) except -1:
        if length != self.count:
            raise ValueError(f"expected {self.count} numbers, got {length}")
        return 0

    def read(self, double[::1] numbers not None):
        """Put the Values' numbers into an array. Raises ValueError for one of another length."""
        self.check(numbers.shape[0])
        self.copy_to(&numbers[0])

    def write(self, const double[::1] numbers not None):
        """Set the Values' numbers from an array. Raises ValueError for one of another length."""
        self.check(numbers.shape[0])
        cdef ptrdiff_t i
        for i in range(self.count):
            place_of(<PyObject *> self.values[i])[0] = numbers[i]
        _native.changes += 1

    def add_to_gradients(self, const double[:] derivatives not None):
        """Add the numbers of an array to the Values' gradients. Raises ValueError for one of another length."""
        self.check(derivatives.shape[0])
        cdef ptrdiff_t i
        for i in range(self.count):
            (<Value> self.values[i])._grad += derivatives[i]


def all_finite(const double[::1] numbers not None):
    """Whether no number of an array is infinite or not a number."""
    return chosen.is_finite(&numbers[0], numbers.shape[0]) if numbers.shape[0] else True
