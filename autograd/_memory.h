/* Memory for nodes, and for walks over them.

   A graph of millions of nodes costs more in page faults than in arithmetic. So nodes live in slabs of the size of a
   large page, which ask for large pages where the operating system has them (Linux: madvise). A slab is aligned to its
   size, so that a node finds it by masking its own address; a slab without nodes is given back, but for a few. */

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef __linux__
#include <sys/mman.h>
#endif

enum { NODE_SIZE = 64, SLAB_SIZE = 2 << 20, SPARE_SLABS = 8 };

typedef struct Slab {
    struct Slab *previous, *next; /* among the slabs with room */
    void *dead;                   /* freed nodes, each with the address of the next */
    size_t used;                  /* bytes that ever held nodes, with this header */
    size_t living;
} Slab;

static Slab *slabs_with_room;
static int empty_slabs;

/* A block whose size is a multiple of SLAB_SIZE, in large pages; or null. */
static void *allocate_slabs(size_t size) {
#ifdef _WIN32
    return _aligned_malloc(size, SLAB_SIZE);
#else
    void *memory = aligned_alloc(SLAB_SIZE, size);
#ifdef MADV_HUGEPAGE
    if (memory) madvise(memory, size, MADV_HUGEPAGE);
#endif
    return memory;
#endif
}

static void free_slabs(void *memory) {
#ifdef _WIN32
    _aligned_free(memory);
#else
    free(memory);
#endif
}

/* Makes a block larger, with the same content: at least fourfold, for memory that nobody touches costs nothing.
   False if there is no memory; then nothing has happened. */
static int grow_block(void **block, size_t *size, size_t needed) {
    size_t larger_size = (4 * *size > needed ? 4 * *size : needed) + SLAB_SIZE - 1;
    larger_size -= larger_size % SLAB_SIZE;
    void *larger = allocate_slabs(larger_size);
    if (!larger) return 0;
    if (*block) memcpy(larger, *block, *size);
    free_slabs(*block);
    *block = larger;
    *size = larger_size;
    return 1;
}

#if defined(__SANITIZE_ADDRESS__) /* which watches single blocks of memory */

static inline void *allocate_node(void) { return malloc(NODE_SIZE); }
static inline void free_node_memory(void *node) { free(node); }

#else

static inline void link_slab(Slab *slab) {
    slab->previous = NULL;
    slab->next = slabs_with_room;
    if (slab->next) slab->next->previous = slab;
    slabs_with_room = slab;
}

static inline void unlink_slab(Slab *slab) {
    if (slab->next) slab->next->previous = slab->previous;
    if (slab->previous) slab->previous->next = slab->next;
    else slabs_with_room = slab->next;
}

static Slab *new_slab(void) {
    Slab *slab = allocate_slabs(SLAB_SIZE);
    if (!slab) return NULL;
    slab->dead = NULL;
    slab->used = NODE_SIZE;
    slab->living = 0;
    link_slab(slab);
    empty_slabs++;
    return slab;
}

/* NODE_SIZE bytes, or null if there is no memory. */
static inline void *allocate_node(void) {
    Slab *slab = slabs_with_room;
    void *node;
    if (!slab && !(slab = new_slab())) return NULL;
    if (slab->dead) {
        node = slab->dead;
        slab->dead = *(void **)node;
    } else {
        node = (char *)slab + slab->used;
        slab->used += NODE_SIZE;
    }
    if (!slab->living++) empty_slabs--;
    if (!slab->dead && slab->used == SLAB_SIZE) unlink_slab(slab);
    return node;
}

static inline void free_node_memory(void *node) {
    Slab *slab = (Slab *)((uintptr_t)node & ~(uintptr_t)(SLAB_SIZE - 1));
    if (!slab->dead && slab->used == SLAB_SIZE) link_slab(slab);
    *(void **)node = slab->dead;
    slab->dead = node;
    if (--slab->living) return;
    slab->dead = NULL;
    slab->used = NODE_SIZE;
    if (++empty_slabs > SPARE_SLABS) {
        empty_slabs--;
        unlink_slab(slab);
        free_slabs(slab);
    }
}

#endif
