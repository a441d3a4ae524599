// Activations as the kernels with integers take them.
#include "kernels.h"

/// Rows of activations in 8 bits, with a scale for each block.
struct rows {
    int8_t *values;
    float *scales;
    /// -8 times the sum of the block.
    int32_t *sums;
};
