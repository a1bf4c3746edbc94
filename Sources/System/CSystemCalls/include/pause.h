#ifndef CSYSTEMCALLS_PAUSE_H
#define CSYSTEMCALLS_PAUSE_H

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
