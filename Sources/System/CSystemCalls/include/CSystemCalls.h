// System calls that Swift code needs but cannot call directly.
#ifndef CSYSTEMCALLS_H
#define CSYSTEMCALLS_H

#include <errno.h>
#include <stddef.h>
#include <stdio.h>

// Functions that are invisible to Swift on Linux, because the C library declares them only under _GNU_SOURCE.

#if defined(__linux__)
#include <malloc.h>
extern int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned int flags);
extern int syncfs(int descriptor);
#endif

// Exchanges two paths in one atomic step. Returns 0, or -1 with errno set. The error is ENOSYS if the system cannot do
// this.
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

// Limits the C library to one memory arena. By default it reserves address space for each thread that allocates memory.
static inline void mnist_use_one_arena(void)
{
#if defined(M_ARENA_MAX)
    mallopt(M_ARENA_MAX, 1);
#endif
}

// Writes all data of a descriptor's file system to the disk. Returns 0, or -1 with errno set. The error is ENOSYS if
// the system has no such call.
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

// Mapped files. If a mapped file is cut short, reading the lost memory raises the signal SIGBUS. The signal handler
// must find the path of the file, so each mapping is recorded.

// Records a mapping. Returns its number, or -1 if too many mappings are recorded.
int mnist_note_mapping(const void *start, size_t byte_count, const char *path);

// Removes the record of a mapping. Must be called before the memory is unmapped.
void mnist_forget_mapping(int number);

// Installs the signal handler for mapped files that are cut short. Returns 0, or -1 if the system refuses. A thread
// that reads lost memory stops forever. `report` is then called with the file's path on a separate thread, and must end
// the process.
int mnist_report_lost_mappings(void (*report)(const char *path));

// Reads one byte from every page of a block of memory.
void mnist_touch(const void *bytes, size_t byte_count);

// Pauses for a moment inside a loop that polls memory.
static inline void mnist_pause(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

#endif
