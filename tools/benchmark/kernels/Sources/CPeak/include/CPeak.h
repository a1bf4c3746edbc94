// The most float32 arithmetic that one core can do: fused multiply-adds in registers, nothing else.
#ifndef CPEAK_H
#define CPEAK_H

#include <stddef.h>

typedef struct peak_loop {
    const char *instruction_set;
    // Multiplications and additions in a round, each counted as one.
    size_t operations_per_round;
    // Returns a number made of every accumulator, so that no arithmetic can be left out.
    float (*run)(size_t rounds, float factor, float summand);
} peak_loop;

// The loop for the widest vectors that this processor has.
peak_loop peak_loop_widest(void);

#endif
