"""The kernels as replay.h declares them, and which are in use. Part of `_replay.pyx`."""

cdef extern from "replay.h":
    ctypedef struct instruction:
        pass
    ctypedef struct program:
        const instruction *code
        ptrdiff_t length
        const int32_t *lists
        const int32_t *value_at
        const int32_t *gradient_at
        const int32_t *tile_places
        const int32_t *alone
    ctypedef struct memory:
        double *values
        double *gradients
        double *uniforms
        double *totals
        double *scratch
        ptrdiff_t lanes
        double **at
        ptrdiff_t slots
    ctypedef struct kernels:
        const char *name
        bint (*is_finite)(const double *numbers, ptrdiff_t count) noexcept nogil
    ctypedef struct tape:
        program uniform_code
        program code
        const int32_t *inputs
        const int32_t *outputs
        const int32_t *cleared
        ptrdiff_t input_runs, output_count, cleared_count, uniforms, input_slots
    ctypedef struct table:
        const double *rows
        ptrdiff_t length, first
    const kernels *kernels_for(const char *name) nogil
    ctypedef struct places:
        double *to
        ptrdiff_t row_step, step
    ctypedef struct task:
        const tape *t
        const kernels *k
        const table *inputs
        ptrdiff_t rows
        places outputs
        double seed
        const double *weights
        places input_gradients
    ctypedef struct worker:
        pass
    worker *hired(int wanted, int processors)
    void dismissed(worker *crew)
    void forget_workers()
    double replay_all(const task *what, memory *memories, int pieces, worker *crew) noexcept nogil

cdef const kernels *chosen = kernels_for(b"")


def _in_child():
    forget_workers()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)


def use_kernels(name=None):
    """Replay with the kernels of this name, "avx512", "avx2" or "baseline", and by default the best; the name in use.

    Raises ValueError for kernels that this processor or build does not have.
    """
    global chosen
    cdef bytes encoded = (name or "").encode()
    cdef const kernels *found = kernels_for(encoded)
    if found == NULL:
        raise ValueError(f"this processor has no {name!r}: choose one of {', '.join(available_kernels())}")
    chosen = found
    return found.name.decode()


def available_kernels():
    """The names of the kernels that this processor can run, best first."""
    return [name for name in ("avx512", "avx2", "baseline") if kernels_for(<bytes> name.encode()) != NULL]
