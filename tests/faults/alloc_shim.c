/* Preloaded into tepaid by alloc.py: fails one allocation. TEPAI_TEST_ALLOC names a file of two 64-bit numbers that
 * both sides map: how many allocations are still let through (below zero: all), and how many there were. */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct control {
    atomic_int_fast64_t left, seen;
};

static struct control *control; /* NULL until the constructor has run: nothing fails */

/* glibc's own, under names that nobody interposes. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

static void __attribute__((constructor)) begin(void)
{
    const char *path = getenv("TEPAI_TEST_ALLOC");
    int file = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
    if (file < 0) return;
    void *shared = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (shared != MAP_FAILED) control = shared;
}

/* True for the one that fails. Counting down beyond it leaves the number below zero, so that the next ones pass. */
static int fails(void)
{
    if (control == NULL) return 0;
    atomic_fetch_add(&control->seen, 1);
    if (atomic_load(&control->left) < 0 || atomic_fetch_sub(&control->left, 1) != 0) return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return fails() ? NULL : __libc_realloc(memory, size);
}
