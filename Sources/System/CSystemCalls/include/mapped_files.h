// Which memory is that of mapped files, and what happens where such a file has lost its end: an access to what is no longer
// there is a signal, SIGBUS, whose handler needs to know the file.
#ifndef MAPPED_FILES_H
#define MAPPED_FILES_H

#include <stddef.h>

// Takes note of a mapping. Returns its number, or -1 where there are too many.
int mnist_note_mapping(const void *start, size_t byte_count, const char *path);

// Forgets a mapping, before its memory goes.
void mnist_forget_mapping(int number);

// From here on, a thread that meets memory whose file has lost it stops for good, and `report` is called on a thread of its
// own with the file's path. It must end the process. Returns 0, or -1 where the system declines.
int mnist_report_lost_mappings(void (*report)(const char *path));

// Reads from every page of some memory.
void mnist_touch(const void *bytes, size_t byte_count);

#endif
