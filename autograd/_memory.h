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

enum { NODE_SIZE = 64, SLAB_SIZE = 2 << 20, SPARE_SLABS = 8, SPARE_ROOM = 1 << 20 };

enum { NODES = SLAB_SIZE / NODE_SIZE }; /* in a slab, of which its header takes the first */

/* New nodes go where the addresses are lowest: a graph lies in memory in the order in which it was built, which is the
   order in which it is walked, however its predecessors were freed. */
typedef struct Slab {
    struct Slab *previous, *next; /* among the slabs with room */
    size_t living;
    size_t lowest;                /* the words of `room` before this one are 0 */
    uint64_t room[NODES / 64];    /* a bit for each node: whether it is free */
} Slab;

enum { HEADER = (sizeof(Slab) + NODE_SIZE - 1) / NODE_SIZE };

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

/* Moves what is used of a block to a larger one of at least so many bytes. False if there is no memory for it; then
   nothing has happened. */
static int move_to_slabs(void **block, size_t used, size_t size) {
    void *larger = allocate_slabs((size + SLAB_SIZE - 1) / SLAB_SIZE * SLAB_SIZE);
    if (!larger) return 0;
    if (used) memcpy(larger, *block, used);
    free_slabs(*block);
    *block = larger;
    return 1;
}

#if defined(__SANITIZE_ADDRESS__) /* which watches single blocks of memory */

static inline void *allocate_node(void) { return malloc(NODE_SIZE); }
static inline void free_node_memory(void *node) { free(node); }

#else

static inline int lowest_bit(uint64_t word) {
#ifdef _MSC_VER
    unsigned long bit;
    _BitScanForward64(&bit, word);
    return bit;
#else
    return __builtin_ctzll(word);
#endif
}

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
    memset(slab->room, 0xff, sizeof(slab->room));
    for (size_t i = 0; i < HEADER; i++) slab->room[i / 64] &= slab->room[i / 64] - 1;
    slab->living = slab->lowest = 0;
    link_slab(slab);
    empty_slabs++;
    return slab;
}

/* NODE_SIZE bytes, or null if there is no memory. */
static inline void *allocate_node(void) {
    Slab *slab = slabs_with_room;
    if (!slab && !(slab = new_slab())) return NULL;
    while (!slab->room[slab->lowest]) slab->lowest++;
    uint64_t *word = &slab->room[slab->lowest];
    size_t i = 64 * slab->lowest + lowest_bit(*word);
    *word &= *word - 1;
    if (!slab->living++) empty_slabs--;
    if (slab->living == NODES - HEADER) unlink_slab(slab);
    return (char *)slab + NODE_SIZE * i;
}

static inline void free_node_memory(void *node) {
    Slab *slab = (Slab *)((uintptr_t)node & ~(uintptr_t)(SLAB_SIZE - 1));
    size_t i = ((char *)node - (char *)slab) / NODE_SIZE;
    if (i / 64 < slab->lowest) slab->lowest = i / 64;
    slab->room[i / 64] |= (uint64_t)1 << i % 64;
    if (slab->living == NODES - HEADER) link_slab(slab);
    if (--slab->living) return;
    if (++empty_slabs > SPARE_SLABS) {
        empty_slabs--;
        unlink_slab(slab);
        free_slabs(slab);
    }
}

#endif
