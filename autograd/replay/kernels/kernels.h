/* The replay of a tape, for one instruction set: a file that includes this says which, with WIDTH doubles to a
   vector. */

#pragma once
#include "elementwise.h"
#include "sums.h"
#include "tile.h"

#define SUM ROWS_WITH_KERNELS
#define TILE (ROWS_WITH_KERNELS + 1)

static void forward(const program *p, const memory *m) {
    for (const instruction *it = p->code, *end = it + p->length; it < end; it++) {
        if (it->opcode == TILE) tile_forward(it, p, m);
        else if (it->opcode == SUM) sum_forward(it, p, m);
        else elementwise_forward(it, m);
    }
}

static void backward(const program *p, const memory *m) {
    for (const instruction *it = p->code + p->length; it-- > p->code;) {
        if (it->opcode == TILE) tile_backward(it, p, m);
        else if (it->opcode == SUM) sum_backward(it, p, m);
        else elementwise_backward(it, p, m);
    }
}
