// Measures the float32 peak of one core, with loops of fused multiply-adds that use registers only.
#ifndef CPEAK_H
#define CPEAK_H

#include <stddef.h>

typedef struct peak_loop {
    const char *instruction_set;
    // The number of multiplications plus the number of additions in one round.
    size_t operations_per_round;
    // Runs the loop and returns the sum of all accumulators. The compiler therefore cannot remove any operation.
    float (*run)(size_t rounds, float factor, float summand);
} peak_loop;

// Returns the loop for the widest vectors of this processor.
peak_loop peak_loop_widest(void);

#endif
