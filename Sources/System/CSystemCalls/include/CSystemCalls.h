// System calls that Swift code needs but cannot call directly.
#ifndef CSYSTEMCALLS_H
#define CSYSTEMCALLS_H

#include <errno.h>
#include <stddef.h>
#include <stdio.h>

// The functions below are invisible to Swift on Linux. The C library declares them only under _GNU_SOURCE.

#if defined(__linux__)
#include <malloc.h>
extern int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned int flags);
extern int syncfs(int descriptor);
#endif

// Exchanges the items at two paths in one atomic step. Returns 0, or -1 with errno set. If the system has no such call,
// errno is ENOSYS.
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

// Limits the C library to one memory arena. By default the C library reserves address space for each thread that
// allocates memory.
static inline void mnist_use_one_arena(void)
{
#if defined(M_ARENA_MAX)
    mallopt(M_ARENA_MAX, 1);
#endif
}

// Writes all data of a file system to the disk. `descriptor` is an open file in this file system. Returns 0, or -1 with
// errno set. If the system has no such call, errno is ENOSYS.
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

// Functions for mapped files. If a mapped file is cut short, reading a byte after its new end raises the signal SIGBUS.
// The signal handler needs the path of the file, so each mapping is recorded.

// Records a mapping of a file. Returns the number of the record, or -1 if all records are in use.
int mnist_note_mapping(const void *start, size_t byte_count, const char *path);

// Removes the record of a mapping. Call this function before the memory is unmapped.
void mnist_forget_mapping(int number);

// Installs the signal handler for mapped files that are cut short. Returns 0, or -1 if the system refuses. A thread
// that reads a missing byte of such a file stops forever. A separate thread then calls `report` with the path of the
// file. `report` must end the process.
int mnist_report_lost_mappings(void (*report)(const char *path));

// Reads one byte from every page of a block of memory.
void mnist_touch(const void *bytes, size_t byte_count);

// Pauses the processor for a moment. Call this function in a loop that polls memory.
static inline void mnist_pause(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

#endif
