# cython: language_level=3, boundscheck=False, wraparound=False
"""The compiled replay of a plan: binds the kernels, feeds them leaves and rows, keeps their memory between calls."""

cimport cython
from cpython.buffer cimport (
    PyBUF_C_CONTIGUOUS, PyBUF_FORMAT, PyBUF_SIMPLE, PyBUF_WRITABLE, PyBuffer_Release, PyObject_GetBuffer,
)
from cpython.bytes cimport PyBytes_AS_STRING
from cpython.object cimport PyObject
from libc.math cimport NAN
from libc.stdint cimport int16_t, int32_t, uintptr_t
from libc.stdlib cimport free, malloc
from libc.string cimport memcmp, memcpy, memset

import os

import numpy as np

from autograd.engines cimport _native
from autograd.engines._native cimport Value, number_of, place_of

from autograd.replay.operations import Numbered, Operations
from autograd.replay.structure import rows_of


cdef extern from "Python.h":
    ctypedef struct PyThreadState:
        pass
    PyThreadState *PyEval_SaveThread()
    void PyEval_RestoreThread(PyThreadState *)


include "_kernels.pxi"
include "_arrays.pxi"
include "_numbering.pxi"

cdef enum:
    # Lanes at a time: ENOUGH_LANES, as more hardly help; more if they fit the first-level cache, as a small update
    # rule's do; less if they don't fit the second-level cache, but not so few that they are less than the weights.
    ENOUGH_LANES = 160
    FIRST_CACHE = 32 * 1024
    SECOND_CACHE = 768 * 1024
    WORTH_THE_LOCK = 32 * 1024  # so many numbers take some ten microseconds; for less, other threads may wait
    # Pieces of rows for threads: nanoseconds that one must take at least, and the most.
    WORTH_A_PIECE = 10_000
    MOST_PIECES = 64

cdef places NOWHERE = places(NULL, 0, 0)
cdef object ARRAY = np.ndarray
cdef int PROCESSORS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


cdef class Workspace:
    """The memory of one replay at a time."""

    cdef memory m
    cdef double[::1] block
    cdef Workspace next         # among those that are not in use

    def __cinit__(
        self, ptrdiff_t lane_slots, ptrdiff_t lane_places, ptrdiff_t uniform_slots, ptrdiff_t scratch, ptrdiff_t lanes
    ):
        cdef ptrdiff_t of_row = (lane_slots + 7) // 8 * 8, uniforms = (uniform_slots + 7) // 8 * 8
        cdef ptrdiff_t numbers = max(2 * of_row, lane_places * lanes)
        self.block = np.zeros(numbers + 2 * uniforms + scratch + of_row + 8)  # in huge pages, if it is large
        self.m.values = <double *> ((<uintptr_t> &self.block[0] + 63) // 64 * 64)
        self.m.gradients = self.m.values + of_row
        self.m.uniforms = self.m.values + numbers
        self.m.totals = self.m.uniforms + uniforms
        self.m.scratch = self.m.totals + uniforms
        self.m.at, self.m.slots, self.m.lanes = <double **> (self.m.scratch + scratch), lane_slots, lanes


cdef class Program:
    """A plan in the form that the kernels read."""

    cdef tape t
    cdef tuple kept
    cdef Workspace free_workspaces
    cdef dict runs_of_inputs
    cdef readonly ptrdiff_t lanes
    cdef ptrdiff_t lane_slots, lane_places, uniform_slots, scratch
    cdef const int32_t[::1] parameter_slots
    cdef Leaves leaves, constants
    cdef const double[::1] numbers_of_constants
    cdef list inputs
    cdef unsigned long long flips, changes  # when the parameters, and the constants, were last looked at
    cdef double nanoseconds                 # of a row without gradients, roughly
    cdef readonly object plan

    def __init__(self, plan):
        code, uniform_code, lists = plan.code, plan.uniform_code, plan.lists
        outputs, cleared = np.array(plan.outputs, np.int32), np.array(plan.cleared, np.int32)
        self.kept = (code, uniform_code, lists, outputs, cleared)
        self.t.code.code, self.t.code.length = <const instruction *> integers(code), len(code)
        self.t.uniform_code.code = <const instruction *> integers(uniform_code)
        self.t.uniform_code.length = len(uniform_code)
        self.t.code.lists = self.t.uniform_code.lists = integers(lists)
        self.t.outputs, self.t.output_count = integers(outputs), len(outputs)
        self.t.cleared, self.t.cleared_count = integers(cleared), len(cleared)
        self.leaves = Leaves([plan.tape.leaves[i] for i in plan.leaf_order.tolist()])
        self.constants = Leaves([plan.tape.leaves[i - plan.tape.first_leaf] for i in plan.constants])
        self.numbers_of_constants = np.array([*plan.constants.values()], np.float64)
        self.parameter_slots = plan.parameter_slots
        self.lane_slots, self.uniform_slots = plan.lane_slots, plan.uniform_slots
        self.t.uniforms = self.uniform_slots
        self.nanoseconds = plan.flops / 40 + self.lane_slots / 4
        self.lanes, self.scratch = 1, max(plan.tile_lanes_room, plan.one_row_room) + plan.tile_weights_room + 8
        self.inputs, self.t.input_slots = plan.inputs, plan.input_slots
        self.runs_of_inputs = {}
        self.plan = plan
        self.flips, self.changes = _native.flips - 1, _native.changes - 1

    @property
    def bytes(self):
        """The memory of one replay of many rows at a time."""
        cdef Workspace space = self.workspace(2)
        self.put_back(space)
        return space.block.nbytes

    def make_room_for_lanes(self):
        """Be ready for more than one row: so many lanes at a time."""
        if self.lanes > 1:
            return
        plan = self.plan
        values, gradients, of_tiles, alone, self.lane_places = places = plan.places
        self.kept += places
        self.t.code.value_at, self.t.code.gradient_at = integers(values), integers(gradients)
        self.t.code.tile_places, self.t.code.alone = integers(of_tiles), integers(alone)
        bytes_of_lane = 8 * max(1, self.lane_places)
        lanes = min(max(ENOUGH_LANES, FIRST_CACHE // bytes_of_lane), SECOND_CACHE // bytes_of_lane)
        lanes = max(lanes, min(ENOUGH_LANES, self.uniform_slots // max(1, self.lane_slots)))
        self.lanes = max(8, lanes // 8 * 8)
        self.scratch = max(self.lanes * plan.tile_lanes_room, plan.one_row_room) + plan.tile_weights_room + 8
        self.free_workspaces = None

    cdef int check_parameters(self) except -1:
        """Raises RecordError if a parameter has become a constant, or a constant one; looks only if any Value has."""
        if self.flips != _native.flips:
            self.plan.tape.check_parameters()
            self.flips = _native.flips
        return 0

    cpdef bint is_current(self) except -1:
        """Whether the constants are those that the plan was made for."""
        cdef ptrdiff_t i
        cdef double *place
        if self.changes != _native.changes:
            for i in range(self.constants.count):
                place = place_of(<PyObject *> self.constants.values[i])
                if memcmp(place, &self.numbers_of_constants[i], sizeof(double)):
                    return False
            self.changes = _native.changes
        return True

    cdef Workspace workspace(self, ptrdiff_t rows):
        """Memory for so many rows, in blocks."""
        if rows > 1 and self.lanes == 1:
            self.make_room_for_lanes()
        cdef Workspace space = self.free_workspaces
        if space is None:
            space = Workspace(self.lane_slots, self.lane_places, self.uniform_slots, self.scratch, self.lanes)
        else:
            self.free_workspaces, space.next = space.next, None
        return space

    cdef void put_back(self, Workspace space) noexcept:
        if space.m.lanes == self.lanes:  # there may be room for more by now
            space.next, self.free_workspaces = self.free_workspaces, space

    cdef bytes runs(self, tuple widths):
        """The runs of inputs in consecutive slots, for tables of these widths: slot, table, column and how many."""
        found = self.runs_of_inputs.get(widths)
        if found is None:
            runs, start = [], 0
            for number, width in enumerate(widths):
                for slot, column, count in self.inputs:
                    first, last = max(column, start), min(column + count, start + width)
                    if first < last:
                        runs += [slot + first - column, number, first - start, last - first]
                start += width
            found = self.runs_of_inputs[widths] = np.array(runs, np.int32).tobytes()
        return found

    def run(self, arrays, double seed, outputs=None, input_gradients=None, weights=None, int threads=1):
        """Replay the rows of the tables `arrays`: the sum of the outputs, each times its row's weight, and the
        derivatives of `seed` times that sum with respect to the parameters.

        A table is an array whose first axis is rows; `weights` is an array of doubles, one for each row. Outputs are
        stored in `outputs` (rows x outputs), if given, and then not summed up; the derivatives of inputs in
        `input_gradients` (rows x inputs). As many `threads` as pay share the rows.
        """
        if seed != 0 and input_gradients is None:
            self.check_parameters()
        cdef Tables tables = Tables(arrays)
        cdef Workspace space = self.workspace(tables.rows)
        self.leaves.copy_to(space.m.uniforms)
        cdef places of_outputs = places(numbers_of(outputs, PyBUF_WRITABLE), self.t.output_count, 1)
        cdef places of_inputs = places(numbers_of(input_gradients, PyBUF_WRITABLE), tables.width, 1)
        derivatives = np.empty(self.parameter_slots.shape[0])
        cdef double total = self.replay(
            space, tables.tables, self.runs(tables.widths()), tables.rows, of_outputs, seed,
            numbers_of(weights, PyBUF_SIMPLE), of_inputs, threads,
        )
        cdef double *to = numbers_of(derivatives, PyBUF_WRITABLE)
        cdef const double *totals = space.m.totals
        cdef const int32_t *slots = &self.parameter_slots[0]
        cdef ptrdiff_t i
        for i in range(self.parameter_slots.shape[0]):
            to[i] = totals[slots[i]]
        self.put_back(space)
        return total, derivatives

    cdef double replay(
        self, Workspace space, const table *tables, bytes runs, ptrdiff_t rows, places outputs, double seed,
        const double *weights, places input_gradients, int threads,
    ) except? -1:
        cdef tape t = self.t
        t.inputs, t.input_runs = <const int32_t *> PyBytes_AS_STRING(runs), len(runs) // 16
        cdef task what = task(&t, chosen, tables, rows, outputs, seed, weights, input_gradients)
        if threads > 1:
            threads = self.pieces(rows, threads, seed != 0)
        if threads > 1:
            return self.shared(&what, space, threads)
        cdef PyThreadState *thread = NULL
        if rows * self.lane_slots > WORTH_THE_LOCK:
            thread = PyEval_SaveThread()
        cdef double total = replay_all(&what, &space.m, 1, NULL)
        if thread:
            PyEval_RestoreThread(thread)
        return total

    cpdef int pieces(self, ptrdiff_t rows, int threads, bint with_gradients):
        """Into how many pieces rows are divided for so many threads: a piece must be worth waking one, and adding up
        its gradients.
        """
        cdef double all = rows * self.nanoseconds * (3 if with_gradients else 1)
        return max(1, min(threads, MOST_PIECES, rows // 8, <ptrdiff_t> (all / (WORTH_A_PIECE + self.uniform_slots))))

    cdef double shared(self, const task *what, Workspace space, int pieces) except? -1:
        """Replay in so many pieces, by this thread and workers."""
        cdef memory memories[MOST_PIECES]
        cdef Workspace others = None, another
        cdef int i
        memories[0] = space.m
        for i in range(1, pieces):
            another = self.workspace(what.rows)
            another.next, others = others, another
            memories[i] = another.m
            memories[i].uniforms = space.m.uniforms
        cdef worker *crew = hired(pieces - 1, PROCESSORS)
        cdef PyThreadState *thread = PyEval_SaveThread()
        cdef double total = replay_all(what, memories, pieces, crew)
        PyEval_RestoreThread(thread)
        dismissed(crew)
        while others is not None:
            another, others = others, others.next
            self.put_back(another)
        return total


cdef const int32_t *integers(array) except? NULL:
    return <const int32_t *> <uintptr_t> array.ctypes.data


include "_step.pxi"
