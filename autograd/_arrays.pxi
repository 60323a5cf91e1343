"""What a replay takes in and gives out: arrays of doubles, and the numbers of Values. Part of `_replay.pyx`."""


@cython.freelist(8)
cdef class Tables:
    """Arrays of doubles, row by row, and how wide they are: copied only where they are something else."""

    cdef Py_buffer views[16]
    cdef int count
    cdef table tables[16]
    cdef tuple widths
    cdef ptrdiff_t rows, width

    def __cinit__(self, arrays):
        cdef Py_buffer *view
        cdef int axis
        if len(arrays) > 16:
            arrays = (np.hstack([np.reshape(x, (len(x), -1)) for x in arrays]),)
        cdef list widths = []
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
            widths.append(self.tables[self.count - 1].length)
        self.widths = tuple(widths)

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


cdef double *writable(array) except? NULL:
    """The numbers of an array of doubles that lives on after this call; NULL for None."""
    cdef Py_buffer view
    if array is None:
        return NULL
    PyObject_GetBuffer(array, &view, PyBUF_C_CONTIGUOUS | PyBUF_WRITABLE)
    PyBuffer_Release(&view)
    return <double *> view.buf


cdef class Leaves:
    """The numbers of Values, read and written all at once. Raises TypeError for Values of another engine."""

    cdef readonly tuple values
    cdef double **data
    cdef ptrdiff_t count
    cdef unsigned long long numbers_set     # when they were last the first row of a step's state

    def __cinit__(self, values):
        self.values = tuple(values)
        self.count = len(self.values)
        self.numbers_set = _native.numbers_set - 1
        self.data = <double **> calloc(self.count + 1, sizeof(double *))
        if self.data == NULL:
            raise MemoryError()
        cdef ptrdiff_t i
        for i in range(self.count):
            if type(self.values[i]) is not Value:
                raise TypeError("expected Values of the compiled engine")
            self.data[i] = &(<Value> self.values[i])._data

    def __dealloc__(self):
        free(self.data)

    cdef void copy_to(self, double *numbers) noexcept:
        cdef ptrdiff_t i
        cdef double **data = self.data
        for i in range(self.count):
            numbers[i] = data[i][0]

    cdef void copy_from(self, const double *numbers) noexcept:
        cdef ptrdiff_t i
        cdef double **data = self.data
        for i in range(self.count):
            data[i][0] = numbers[i]
        _native.numbers_set += 1

    def read(self, double[::1] numbers not None):
        """Put the Values' numbers into an array."""
        self.copy_to(&numbers[0])

    def write(self, const double[::1] numbers not None):
        """Set the Values' numbers from an array."""
        self.copy_from(&numbers[0])

    def add_to_gradients(self, const double[:] derivatives not None):
        """Add the numbers of an array to the Values' gradients."""
        cdef ptrdiff_t i
        for i in range(self.count):
            (<Value> self.values[i])._grad += derivatives[i]


def all_finite(const double[::1] numbers not None):
    """Whether no number of an array is infinite or not a number."""
    return chosen.is_finite(&numbers[0], numbers.shape[0]) if numbers.shape[0] else True
