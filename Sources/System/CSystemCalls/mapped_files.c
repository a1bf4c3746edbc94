#include "CSystemCalls.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

enum { slot_count = 256, path_size = 1024 };

typedef struct {
    atomic_bool is_taken;
    // The start address of the mapping. It is 0 while the other fields are not valid.
    _Atomic uintptr_t start;
    uintptr_t end;
    char path[path_size];
} slot;

static slot slots[slot_count];
static int report_pipe[2] = {-1, -1};
static void (*report_lost)(const char *path);

int mnist_note_mapping(const void *start, size_t byte_count, const char *path)
{
    for (int number = 0; number < slot_count; number++) {
        slot *free_slot = &slots[number];
        if (atomic_exchange(&free_slot->is_taken, 1)) continue;
        free_slot->end = (uintptr_t)start + byte_count;
        // If the path is too long, keep only its end, which contains the name of the file.
        size_t length = strlen(path);
        size_t skipped = length < path_size ? 0 : length - (path_size - 1);
        memcpy(free_slot->path, path + skipped, length - skipped + 1);
        atomic_store(&free_slot->start, (uintptr_t)start);
        return number;
    }
    return -1;
}

void mnist_forget_mapping(int number)
{
    atomic_store(&slots[number].start, 0);
    atomic_store(&slots[number].is_taken, 0);
}

void mnist_touch(const void *bytes, size_t byte_count)
{
    const volatile unsigned char *place = bytes;
    // The step is 4096 bytes, because no system has smaller pages.
    for (size_t offset = 0; offset < byte_count; offset += 4096) (void)place[offset];
    if (byte_count > 0) (void)place[byte_count - 1];
}

// Runs on the thread that read a missing byte of a mapped file. Calls only functions that are safe in a signal handler.
static void on_bus_error(int signal_number, siginfo_t *info, void *context)
{
    (void)context;
    uintptr_t address = (uintptr_t)info->si_addr;
    for (int number = 0; number < slot_count; number++) {
        uintptr_t start = atomic_load(&slots[number].start);
        if (start == 0 || address < start || address >= slots[number].end) continue;
        unsigned char message = (unsigned char)number;
        while (write(report_pipe[1], &message, 1) < 0) {}
        // The reporting thread ends the process. Returning from the handler would read the missing byte again.
        for (;;) pause();
    }
    // A fault at any other address ends the process, as it would without this handler.
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static void *wait_and_report(void *unused)
{
    (void)unused;
    unsigned char number;
    while (read(report_pipe[0], &number, 1) != 1) {}
    report_lost(slots[number].path);
    return NULL;
}

int mnist_report_lost_mappings(void (*report)(const char *path))
{
    if (report_lost != NULL) return 0;
    pthread_t thread;
    if (pipe(report_pipe) != 0) return -1;
    report_lost = report;
    if (pthread_create(&thread, NULL, wait_and_report, NULL) != 0) return -1;
    pthread_detach(thread);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_bus_error;
    action.sa_flags = SA_SIGINFO;
    sigemptyset(&action.sa_mask);
    return sigaction(SIGBUS, &action, NULL);
}
