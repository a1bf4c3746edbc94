// Calls that Swift does not see on Linux: the C library declares them only under _GNU_SOURCE.
#ifndef CSYSTEMCALLS_FILE_SYSTEM_H
#define CSYSTEMCALLS_FILE_SYSTEM_H

#include <errno.h>
#include <stdio.h>

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

#endif
