// Picks kernels; and what is fast enough without special instructions.
#include "kernels.h"

#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>

/// Whether the processor has it, and the system saves its registers. Intel SDM volume 1, 13.2 and 14.3.
static void find_features(int *avx2, int *avx512vnni) {
    *avx2 = *avx512vnni = 0;
    unsigned a, b, c, d, extended_b, extended_c, low, high;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return;
    const unsigned fma = 1u << 12, xsave = 1u << 27, half = 1u << 29;
    if ((c & (fma | xsave | half)) != (fma | xsave | half)) return;
    if (!__get_cpuid_count(7, 0, &a, &extended_b, &extended_c, &d)) return;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    *avx2 = (low & 0x06) == 0x06 && (extended_b & (1u << 5));
    // F, DQ, BW and VL; VNNI.
    const unsigned needed = 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31;
    *avx512vnni = *avx2 && (low & 0xE6) == 0xE6 && (extended_b & needed) == needed && (extended_c & (1u << 11));
}
#elif defined(__aarch64__)
#include <sys/auxv.h>
#endif

const struct embedding_kernels *embedding_kernels_named(const char *name) {
    const struct embedding_kernels *usable[3];
    int count = 0;
#if defined(__x86_64__)
    int avx2, avx512vnni;
    find_features(&avx2, &avx512vnni);
    if (avx512vnni) usable[count++] = &embedding_avx512vnni;
    if (avx2) usable[count++] = &embedding_avx2;
#elif defined(__aarch64__)
    // HWCAP_ASIMDDP
    if (getauxval(AT_HWCAP) & (1ul << 20)) usable[count++] = &embedding_sdot;
#endif
    usable[count++] = &embedding_portable;
    if (!name) return usable[0];
    for (int i = 0; i < count; i++)
        if (strcmp(usable[i]->name, name) == 0) return usable[i];
    return NULL;
}

size_t embedding_product_scratch(size_t inputs, size_t tokens) {
    // Expanded weights; then a byte for each activation, and a scale and a sum for each block of them.
    return 2 * EMBEDDING_PANEL * INPUTS_AT_ONCE * sizeof(float)
        + tokens * (inputs + inputs / EMBEDDING_BLOCK * 2 * sizeof(float)) + 256;
}

size_t embedding_attention_scratch(size_t tokens) {
    // Keys, values, and scores of up to 16 queries.
    return ((tokens + 31) / 32 * 32 + 16) * (2 * EMBEDDING_HEAD + 16) * sizeof(float);
}

void embedding_expand_row(const uint8_t *row, const float *position, size_t width, float *out) {
    for (size_t first = 0; first < width; first += EMBEDDING_BLOCK, row += 18) {
        const float scale = embedding_half((uint16_t)(row[0] | row[1] << 8));
        for (size_t i = 0; i < EMBEDDING_BLOCK / 2; i++) {
            const size_t low = first + i, high = low + EMBEDDING_BLOCK / 2;
            out[low] = (float)((row[2 + i] & 15) - 8) * scale + position[low];
            out[high] = (float)((row[2 + i] >> 4) - 8) * scale + position[high];
        }
    }
}

void embedding_pool(const float *x, size_t tokens, size_t width, float *out) {
    memset(out, 0, width * sizeof *out);
    for (size_t token = 0; token < tokens; token++)
        for (size_t i = 0; i < width; i++) out[i] += x[token * width + i];
    // The length does not depend on whether this is the sum or the mean.
    double squares = 0;
    for (size_t i = 0; i < width; i++) squares += (double)out[i] * out[i];
    const float scale = squares > 0 ? (float)(1 / __builtin_sqrt(squares)) : 0;
    for (size_t i = 0; i < width; i++) out[i] *= scale;
}
