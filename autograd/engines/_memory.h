/* Memory for nodes, and for walks over them.

   A graph of millions of nodes costs more in page faults than in arithmetic. So memory comes in slabs of the size of a
   large page, which ask for large pages where the operating system has them (Linux: madvise). Slabs that are no longer
   needed are lent to the operating system, which may take them when memory is short; until then the next graph has them
   without a page fault.

   A slab is aligned to its size, so that a node finds it by masking its own address. New nodes go where the addresses
   are lowest: a graph lies in memory in the order in which it was built, which is nearly the order in which it is
   walked, however its predecessors were freed. */

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef _MSC_VER
#include <intrin.h>
#endif
#ifndef _WIN32
#include <sys/mman.h>
#endif

#ifdef Py_GIL_DISABLED
#error "a node of one cache line has no room for the header of objects in a free-threaded Python"
#endif

enum { NODE_SIZE = 64, SLAB_SIZE = 2 << 20, NODES = SLAB_SIZE / NODE_SIZE };
enum { SPARE_SLABS = 8, SPARE_ROOM = 1 << 18 }; /* so many empty slabs, and nodes of a walk, are kept */

/* Asks for memory that will soon be read and written; any address may be asked for. */
#if defined(__GNUC__)
#define prefetch(address) __builtin_prefetch(address, 1)
#else
#define prefetch(address) ((void)(address))
#endif

static inline size_t whole_slabs(size_t size) { return (size + SLAB_SIZE - 1) / SLAB_SIZE * SLAB_SIZE; }

#ifndef _WIN32
static char *map_pages(size_t size) {
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}
#endif

/* `size` bytes in whole slabs, in large pages; or null. */
static void *allocate_slabs(size_t size) {
    size = whole_slabs(size);
#ifdef _WIN32
    return _aligned_malloc(size, SLAB_SIZE);
#else
    char *memory = map_pages(size);
    if (memory && (uintptr_t)memory % SLAB_SIZE) { /* ask for one slab more, and cut out what is aligned */
        munmap(memory, size);
        memory = map_pages(size + SLAB_SIZE);
        if (memory) {
            const size_t before = SLAB_SIZE - (uintptr_t)memory % SLAB_SIZE;
            munmap(memory, before);
            memory += before;
            if (before < SLAB_SIZE) munmap(memory + size, SLAB_SIZE - before);
        }
    }
#ifdef MADV_HUGEPAGE
    if (memory) madvise(memory, size, MADV_HUGEPAGE);
#endif
    return memory;
#endif
}

/* Gives back what was allocated as `size` bytes. */
static void free_slabs(void *memory, size_t size) {
    if (!memory) return;
#ifdef _WIN32
    (void)size;
    _aligned_free(memory);
#else
    munmap(memory, whole_slabs(size));
#endif
}

/* Moves what is used of a block to a larger one. False if there is no memory for it; then nothing has happened. */
static int move_to_slabs(void **block, size_t used, size_t size, size_t larger_size) {
    void *larger = allocate_slabs(larger_size);
    if (!larger) return 0;
    if (used) memcpy(larger, *block, used);
    free_slabs(*block, size);
    *block = larger;
    return 1;
}

#if defined(__SANITIZE_ADDRESS__) /* which watches single blocks of memory */

static inline void *allocate_node(void) { return malloc(NODE_SIZE); }
static inline void free_node_memory(void *node) { free(node); }
static inline size_t most_nodes(void) { return NODES; }

#else

typedef struct Slab {
    struct Slab *previous, *next; /* among those with room */
    char *memory;                 /* its first node is not used: the address of this struct is there */
    size_t living;
    size_t lowest;                /* the words of `room` before this one are 0 */
    uint64_t room[NODES / 64];    /* a bit for each node: whether it is free */
} Slab;

static Slab *slabs_with_room;
static size_t slabs, empty_slabs; /* how many */

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
    Slab *slab = malloc(sizeof(Slab));
    if (!slab) return NULL;
    slab->memory = allocate_slabs(SLAB_SIZE);
    if (!slab->memory) {
        free(slab);
        return NULL;
    }
    slab->living = slab->lowest = 0;
    memset(slab->room, 0xff, sizeof(slab->room));
    slab->room[0] -= 1;
    *(Slab **)slab->memory = slab;
    link_slab(slab);
    slabs++, empty_slabs++;
    return slab;
}

static void free_slab(Slab *slab) {
    unlink_slab(slab);
    free_slabs(slab->memory, SLAB_SIZE);
    free(slab);
    slabs--, empty_slabs--;
}

/* NODE_SIZE bytes, or null if there is no memory. */
static inline void *allocate_node(void) {
    Slab *slab = slabs_with_room;
    if (!slab && !(slab = new_slab())) return NULL;
    while (!slab->room[slab->lowest]) slab->lowest++;
    uint64_t *word = &slab->room[slab->lowest];
    char *node = slab->memory + NODE_SIZE * (64 * slab->lowest + lowest_bit(*word));
    *word &= *word - 1;
    if (!slab->living++) empty_slabs--;
    if (slab->living == NODES - 1) unlink_slab(slab);
    return node;
}

static inline void free_node_memory(void *node) {
    size_t i = (uintptr_t)node % SLAB_SIZE / NODE_SIZE;
    Slab *slab = *(Slab **)((char *)node - NODE_SIZE * i);
    slab->room[i / 64] |= (uint64_t)1 << i % 64;
    if (i / 64 < slab->lowest) slab->lowest = i / 64;
    if (slab->living == NODES - 1) link_slab(slab);
    if (!--slab->living && ++empty_slabs > SPARE_SLABS) free_slab(slab);
}

/* There cannot be more nodes than this now, but for those of subclasses, which Python allocates. */
static inline size_t most_nodes(void) { return (slabs + 1) * NODES; }

#endif
