// Kernels for AVX2. VPMADDUBSW multiplies weights in 0...15 with activations in -127...127 and adds neighbours. Sums of
// a block fit in 16 bits: 8 × 2 × 15 × 127 = 30,480. That the weights mean -8...7 is in the start of the next sum: -8
// times the sum of the activations.
#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

#define LANES 8
#define QUERIES 6
#include "steps.h"

#include "quantised.h"

#define OUTPUTS EMBEDDING_PANEL
#define TOKENS 4

static void quantise(const float *x, size_t blocks, struct rows rows) {
    const __m256 magnitude = _mm256_castsi256_ps(_mm256_set1_epi32(0x7FFFFFFF));
    // Packing works on halves of registers: 0 4 1 5 2 6 3 7 restores the order.
    const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    const __m256i ones = _mm256_set1_epi16(1);
    for (size_t block = 0; block < blocks; block++, x += EMBEDDING_BLOCK) {
        lanes parts[4], largest_lanes = {};
        for (int i = 0; i < 4; i++) {
            parts[i] = load(x + i * 8);
            largest_lanes = _mm256_max_ps(largest_lanes, _mm256_and_ps(parts[i], magnitude));
        }
        const float largest = largest_of(largest_lanes), factor = largest > 0 ? 127.0f / largest : 0;
        __m256i whole[4];
        for (int i = 0; i < 4; i++) whole[i] = _mm256_cvtps_epi32(parts[i] * factor);
        const __m256i low = _mm256_packs_epi32(whole[0], whole[1]), high = _mm256_packs_epi32(whole[2], whole[3]);
        _mm256_storeu_si256(
            (__m256i *)(rows.values + block * EMBEDDING_BLOCK),
            _mm256_permutevar8x32_epi32(_mm256_packs_epi16(low, high), order));
        rows.scales[block] = largest / 127.0f;
        const __m256i pairs = _mm256_madd_epi16(_mm256_add_epi16(low, high), ones);
        const __m128i four = _mm_add_epi32(_mm256_castsi256_si128(pairs), _mm256_extracti128_si256(pairs, 1));
        const __m128i two = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4E));
        const __m128i sum = _mm_add_epi32(two, _mm_shuffle_epi32(two, 0xB1));
        rows.sums[block] = _mm_cvtsi128_si32(_mm_mullo_epi32(sum, _mm_set1_epi32(-8)));
    }
}

/// Weights of 16 outputs and some blocks as [block][group of 4 inputs][output][4], and their scales as [block][output].
static void expand(
    const struct embedding_matrix *matrix, size_t panel, size_t block, size_t blocks, uint8_t *to, float *scales
) {
    const size_t from = panel * (matrix->inputs / EMBEDDING_BLOCK) + block;
    const uint8_t *weights = matrix->weights + from * 256;
    const uint16_t *halves = matrix->scales + from * EMBEDDING_PANEL;
    const __m256i nibble = _mm256_set1_epi8(15);
    for (size_t number = 0; number < blocks; number++, weights += 256, to += 512) {
        for (size_t i = 0; i < 256; i += 32) {
            const __m256i bytes = _mm256_loadu_si256((const __m256i *)(weights + i));
            _mm256_storeu_si256((__m256i *)(to + i), _mm256_and_si256(bytes, nibble));
            _mm256_storeu_si256((__m256i *)(to + 256 + i), _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble));
        }
    }
    for (size_t i = 0; i < blocks * EMBEDDING_PANEL; i += 8)
        _mm256_storeu_ps(scales + i, _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(halves + i))));
}

/// A tile of results: 16 outputs of some tokens, of which `blocks` blocks of inputs are added to `start`.
INLINE void add_products(
    const int tokens, struct rows x, size_t inputs, const uint8_t *weights, const float *scales, size_t blocks,
    const float *start, size_t start_stride, float *out, size_t out_stride
) {
    const size_t x_blocks = inputs / EMBEDDING_BLOCK;
    const __m256i ones = _mm256_set1_epi16(1);
    __m256 totals[TOKENS][2];
#pragma clang loop unroll(full)
    for (int token = 0; token < tokens; token++)
        for (int half = 0; half < 2; half++) totals[token][half] = load(start + token * start_stride + half * 8);
    for (size_t block = 0; block < blocks; block++, weights += 512, scales += OUTPUTS) {
        __m256i sums[TOKENS][2] = {};
        // Unrolled, the compiler would sum in another order, for which there are too few registers.
#pragma clang loop unroll(disable)
        for (int group = 0; group < 8; group++) {
            const __m256i first = _mm256_loadu_si256((const __m256i *)(weights + group * 64));
            const __m256i second = _mm256_loadu_si256((const __m256i *)(weights + group * 64 + 32));
#pragma clang loop unroll(full)
            for (int token = 0; token < tokens; token++) {
                int32_t four;
                memcpy(&four, x.values + token * inputs + block * EMBEDDING_BLOCK + group * 4, 4);
                const __m256i activations = _mm256_set1_epi32(four);
                sums[token][0] = _mm256_add_epi16(sums[token][0], _mm256_maddubs_epi16(first, activations));
                sums[token][1] = _mm256_add_epi16(sums[token][1], _mm256_maddubs_epi16(second, activations));
            }
        }
        const __m256 first = load(scales), second = load(scales + 8);
#pragma clang loop unroll(full)
        for (int token = 0; token < tokens; token++) {
            const __m256i sum = _mm256_set1_epi32(x.sums[token * x_blocks + block]);
            const __m256 scale = _mm256_set1_ps(x.scales[token * x_blocks + block]);
            const __m256i low = _mm256_add_epi32(sum, _mm256_madd_epi16(sums[token][0], ones));
            const __m256i high = _mm256_add_epi32(sum, _mm256_madd_epi16(sums[token][1], ones));
            totals[token][0] += _mm256_cvtepi32_ps(low) * scale * first;
            totals[token][1] += _mm256_cvtepi32_ps(high) * scale * second;
        }
    }
#pragma clang loop unroll(full)
    for (int token = 0; token < tokens; token++)
        for (int half = 0; half < 2; half++) store(out + token * out_stride + half * 8, totals[token][half]);
}

#include "product.h"

const struct embedding_kernels embedding_avx2 = {"avx2", multiply, attend, gelu, add_and_normalise};

#pragma clang attribute pop
#endif
