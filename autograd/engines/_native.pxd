"""The layout of a compiled node, for compiled modules that read and write many:
`from autograd.engines._native cimport Value`.
"""

from cpython.object cimport PyObject

cdef extern from *:
    """
    #include <stdint.h>
    typedef struct {
        uint64_t row : 7;              /* of the table: the operation that made the node, if it has operands */
        uint64_t requires_grad : 1;
        uint64_t is_away : 1;          /* its number is kept elsewhere: in an array of parameters */
        uint64_t visit : 55;           /* when a walk over the graph was last here */
    } Mark;
    typedef union {
        double here;
        double *elsewhere;
    } Number;
    """
    ctypedef struct Mark:
        int row
        bint requires_grad, is_away
        unsigned long long visit
    ctypedef union Number:
        double here
        double *elsewhere

cdef unsigned long long last_visit    # how often a walk over a graph was at a node
cdef unsigned long long moves    # how often Values' numbers moved into an optimiser's array, or back
cdef unsigned long long flips    # how often a Value's `requires_grad` was set
cdef unsigned long long changes  # how often numbers of Values were set


cdef class Value:
    cdef Number number
    cdef double _grad
    cdef PyObject *a          # the operands, owned; null where there is none
    cdef PyObject *b
    cdef PyObject *_label     # owned; null for ""
    cdef Mark mark


cdef inline double *place_of(PyObject *node) noexcept:
    """Where the number of a Value is."""
    return (<Value>node).number.elsewhere if (<Value>node).mark.is_away else &(<Value>node).number.here


cdef inline double number_of(PyObject *node) noexcept:
    return place_of(node)[0]
