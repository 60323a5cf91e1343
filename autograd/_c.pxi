"""What the compiled engine uses of C: the table, memory for nodes, and CPython's interface."""

cdef extern from "table.h":
    enum: ROW_add, ROW_sub, ROW_mul, ROW_div, ROW_pow, ROW_neg, ROW_abs
    const char *TABLE_TEXT
    double row_value(int row, double a, double b)
    void row_chain(int row, double a, double b, double out, double upstream, double *to_a, double *to_b)

cdef extern from "_memory.h":
    size_t NODE_SIZE
    void *allocate_node()
    void free_node_memory(void *)
    size_t SLAB_SIZE, SPARE_SLABS
    bint grow_block(void **block, size_t *size, size_t needed)
    void free_slabs(void *)

cdef extern from *:
    """
    /* Every row of the table as a method and as a function. */
    static PyObject *(*apply_row)(int, PyObject *, PyObject **, Py_ssize_t);

    #define CALLABLES(name) \\
        static PyObject *method_##name(PyObject *self, PyObject **others, Py_ssize_t count) { \\
            return apply_row(ROW_##name, self, others, count); \\
        } \\
        static PyObject *function_##name(PyObject *module, PyObject **operands, Py_ssize_t count) { \\
            return apply_row(ROW_##name, count ? operands[0] : Py_None, operands + 1, count - 1); \\
        }
    FOR_EACH_ROW(CALLABLES)

    #define METHOD(name) {#name, (PyCFunction)(void (*)(void))method_##name, METH_FASTCALL, NULL},
    #define FUNCTION(name) {#name, (PyCFunction)(void (*)(void))function_##name, METH_FASTCALL, NULL},
    static PyMethodDef row_methods[] = {FOR_EACH_ROW(METHOD)};
    static PyMethodDef row_functions[] = {FOR_EACH_ROW(FUNCTION)};

    #define set_allocator(type, allocator) ((type)->tp_alloc = (allocfunc)(allocator))
    #define set_constructor(type, constructor) ((type)->tp_vectorcall = (vectorcallfunc)(constructor))
    """
    ctypedef struct PyMethodDef:
        const char *ml_name
        const char *ml_doc
    object (*apply_row)(int, object, PyObject **, Py_ssize_t)
    PyMethodDef row_methods[]
    PyMethodDef row_functions[]
    void set_allocator(PyTypeObject *, Value (*)(PyTypeObject *, Py_ssize_t))
    void set_constructor(PyTypeObject *, object (*)(object, PyObject **, size_t, PyObject *))
    Py_ssize_t PyVectorcall_NARGS(size_t)
    PyTypeObject PyBaseObject_Type
    PyTypeObject PyType_Type
    object PyCFunction_NewEx(PyMethodDef *, object, object)
    object PyDescr_NewMethod(PyTypeObject *, PyMethodDef *)
    Value PyObject_Init(void *, PyTypeObject *)
    void PyType_Modified(PyTypeObject *)
    void Py_INCREF(PyObject *)
    void Py_DECREF(PyObject *)
    void Py_XDECREF(PyObject *)
    bint PyFloat_Check(object)
    double PyFloat_AS_DOUBLE(object)
    bint PyLong_Check(object)
    long long PyLong_AsLongLongAndOverflow(object, int *)
