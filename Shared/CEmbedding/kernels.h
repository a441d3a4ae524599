// What the files of kernels share.
#ifndef KERNELS_H
#define KERNELS_H

#include "CEmbedding.h"

/// Inputs whose weights are expanded at once, so that those of a tile of outputs stay in the first-level cache.
#define INPUTS_AT_ONCE 384

extern const struct embedding_kernels embedding_portable;
#if defined(__x86_64__)
extern const struct embedding_kernels embedding_avx2, embedding_avx512vnni;
#elif defined(__aarch64__)
extern const struct embedding_kernels embedding_sdot;
#endif

/// A float16 as a float.
static inline float embedding_half(uint16_t half) {
    const uint32_t sign = (uint32_t)(half & 0x8000) << 16, rest = half & 0x7FFF;
    union {
        uint32_t bits;
        float value;
    } number = {rest << 13};
    // The exponent's bias is 112 larger; the product with 2^112 also makes subnormal numbers right. There are no
    // infinities among weights.
    number.value *= 0x1p112f;
    number.bits |= sign;
    return number.value;
}

#endif
