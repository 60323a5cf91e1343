/* Memory for nodes.

   A graph of millions of nodes costs more in page faults than in arithmetic. So nodes live in slabs of the size of a
   large page, and slabs ask for large pages where the operating system has them (Linux: madvise). A slab is aligned to
   its size, so that a node finds it by masking its own address; a slab without nodes is given back, but for a few. */

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

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

/* Ask for large pages in the part of a block of memory that they can fill. */
static inline void use_large_pages(void *memory, size_t size) {
#ifdef MADV_HUGEPAGE
    uintptr_t first = ((uintptr_t)memory + SLAB_SIZE - 1) & ~(uintptr_t)(SLAB_SIZE - 1);
    uintptr_t last = ((uintptr_t)memory + size) & ~(uintptr_t)(SLAB_SIZE - 1);
    if (first < last) madvise((void *)first, last - first, MADV_HUGEPAGE);
#else
    (void)memory, (void)size;
#endif
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
#ifdef _WIN32
    Slab *slab = _aligned_malloc(SLAB_SIZE, SLAB_SIZE);
#else
    Slab *slab = aligned_alloc(SLAB_SIZE, SLAB_SIZE);
#endif
    if (!slab) return NULL;
    use_large_pages(slab, SLAB_SIZE);
    slab->dead = NULL;
    slab->used = NODE_SIZE;
    slab->living = 0;
    link_slab(slab);
    empty_slabs++;
    return slab;
}

static void free_slab(Slab *slab) {
    unlink_slab(slab);
#ifdef _WIN32
    _aligned_free(slab);
#else
    free(slab);
#endif
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
        free_slab(slab);
    }
}

#endif
