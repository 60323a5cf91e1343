"""The layout of a compiled node, for compiled modules that read and write many: `from autograd._native cimport Value`."""

from cpython.object cimport PyObject

cdef extern from *:
    """
    #include <stdint.h>
    typedef struct {
        uint64_t row : 7;              /* of the table: the operation that made the node, if it has operands */
        uint64_t requires_grad : 1;
        uint64_t visit : 56;           /* when a walk over the graph was last here */
    } Mark;
    """
    ctypedef struct Mark:
        int row
        bint requires_grad
        unsigned long long visit


cdef class Value:
    cdef double _data, _grad
    cdef PyObject *a          # the operands, owned; null where there is none
    cdef PyObject *b
    cdef PyObject *_label     # owned; null for ""
    cdef Mark mark
