// The parts of the operating system that Swift code needs and cannot call itself.
#ifndef CSYSTEMCALLS_H
#define CSYSTEMCALLS_H

#include <errno.h>
#include <stddef.h>
#include <stdio.h>

// Calls that Swift does not see on Linux: the C library declares them only under _GNU_SOURCE.

#if defined(__linux__)
#include <malloc.h>
extern int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned int flags);
extern int syncfs(int descriptor);
#endif

// Lets two paths change places, at once. Returns 0, or -1 with errno set, ENOSYS where the system cannot.
static inline int mnist_exchange_paths(const char *first, const char *second)
{
#if defined(__linux__)
    enum { at_current_folder = -100, exchange = 1 << 1 };
    return renameat2(at_current_folder, first, at_current_folder, second, exchange);
#elif defined(__APPLE__)
    return renamex_np(first, second, RENAME_SWAP);
#else
    errno = ENOSYS;
    return -1;
#endif
}

// Keeps the C library from reserving address space for each thread that allocates.
static inline void mnist_use_one_arena(void)
{
#if defined(M_ARENA_MAX)
    mallopt(M_ARENA_MAX, 1);
#endif
}

// Brings to the disk what was written to the file system that a descriptor is of. Returns 0, or -1 with errno set,
// ENOSYS where the system has no such call.
static inline int mnist_sync_file_system(int descriptor)
{
#if defined(__linux__)
    return syncfs(descriptor);
#else
    (void)descriptor;
    errno = ENOSYS;
    return -1;
#endif
}

// Mapped files. Where one has lost its end, using the memory that is gone is a signal, SIGBUS, whose handler needs to know
// the file.

// Takes note of a mapping. Returns its number, or -1 where there are too many.
int mnist_note_mapping(const void *start, size_t byte_count, const char *path);

// Forgets a mapping, before its memory goes.
void mnist_forget_mapping(int number);

// From here on, a thread that meets memory whose file has lost it stops for good, and `report` is called on a thread of its
// own with the file's path. It must end the process. Returns 0, or -1 where the system declines.
int mnist_report_lost_mappings(void (*report)(const char *path));

// Reads from every page of some memory.
void mnist_touch(const void *bytes, size_t byte_count);

// Waits a moment, in a loop that watches memory.
static inline void mnist_pause(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

#endif
