"""The layout of a compiled node, for compiled modules that read and write many: `from autograd._native cimport Value`."""

from cpython.object cimport PyObject

cdef extern from *:
    """
    #include <stdint.h>
    typedef struct {
        uint64_t row : 7;              /* of the table: the operation that made the node, if it has operands */
        uint64_t requires_grad : 1;
        uint64_t is_copied : 1;        /* somebody keeps a copy of its number, and goes by `numbers_set` */
        uint64_t visit : 55;           /* when a walk over the graph was last here */
    } Mark;
    """
    ctypedef struct Mark:
        int row
        bint requires_grad, is_copied
        unsigned long long visit

cdef unsigned long long numbers_set    # how often the number of a Value was set that somebody keeps a copy of


cdef class Value:
    cdef double _data, _grad
    cdef PyObject *a          # the operands, owned; null where there is none
    cdef PyObject *b
    cdef PyObject *_label     # owned; null for ""
    cdef Mark mark
