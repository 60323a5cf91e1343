"""What the compiled engine uses of C: the table, memory for nodes, and CPython's interface."""

cdef extern from "table.h":
    enum: ROW_add, ROW_sub, ROW_mul, ROW_div, ROW_pow, ROW_neg, ROW_abs, ROW_floor
    const char *TABLE_TEXT
    double row_value(int row, double a, double b)
    void row_chain(int row, double a, double b, double out, double upstream, double *to_a, double *to_b)

cdef extern from "_memory.h":
    size_t NODE_SIZE
    void *allocate_node()
    void free_node_memory(void *)
    void prefetch(const void *)
    size_t most_nodes()
    size_t SPARE_ROOM
    bint move_to_slabs(void **block, size_t used, size_t size, size_t larger_size)
    void free_slabs(void *, size_t size)

cdef extern from *:
    """
    #define set_allocator(type, allocator) ((type)->tp_alloc = (allocfunc)(allocator))
    #define set_constructor(type, constructor) ((type)->tp_vectorcall = (vectorcallfunc)(constructor))
    #define set_call(type, offset) \\
        ((type)->tp_vectorcall_offset = (offset), (type)->tp_call = PyVectorcall_Call, \\
         (type)->tp_flags |= Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR)
    #define handed_over(reference) (reference)      /* from C to Cython, which counts references from here on */
    """
    ctypedef struct PyMethodDef:
        const char *ml_name
        const char *ml_doc
    void set_allocator(PyTypeObject *, Value (*)(PyTypeObject *, Py_ssize_t))
    void set_call(PyTypeObject *, Py_ssize_t)
    void set_constructor(PyTypeObject *, object (*)(object, PyObject **, size_t, PyObject *))
    Py_ssize_t PyVectorcall_NARGS(size_t)
    PyTypeObject PyBaseObject_Type
    PyTypeObject PyType_Type
    object PyMethod_New(object, object)
    int PyObject_GenericSetAttr(object, object, object) except -1
    Value handed_over(PyObject *)
    void PyType_Modified(PyTypeObject *)
    void Py_INCREF(PyObject *)
    void Py_XDECREF(PyObject *)
    bint PyFloat_Check(object)
    double PyFloat_AS_DOUBLE(object)
    bint PyLong_Check(object)
    long long PyLong_AsLongLongAndOverflow(object, int *)
