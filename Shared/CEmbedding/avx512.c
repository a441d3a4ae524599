// Kernels for AVX-512 with VNNI (Ice Lake, Zen 4 and later). VPDPBUSD adds, for each of 16 outputs, the products of
// four weights in 0...15 and four activations in -127...127. That the weights mean -8...7 is in the start of the sum:
// -8 times the sum of the activations.
#if defined(__x86_64__)
#include <immintrin.h>

#define INSTRUCTIONS "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,fma,f16c"
#pragma clang attribute push(__attribute__((target(INSTRUCTIONS))), apply_to = function)

#define LANES 16
#define QUERIES 8
#include "steps.h"

#include "quantised.h"

#define PANELS 2
#define OUTPUTS (PANELS * EMBEDDING_PANEL)
#define TOKENS 6

/// The sums of four vectors' lanes: each step adds halves of two vectors.
INLINE __m128i sums_of_four(const __m512i v[4]) {
    const __m512i first = _mm512_add_epi32(_mm512_unpacklo_epi32(v[0], v[1]), _mm512_unpackhi_epi32(v[0], v[1]));
    const __m512i last = _mm512_add_epi32(_mm512_unpacklo_epi32(v[2], v[3]), _mm512_unpackhi_epi32(v[2], v[3]));
    const __m512i all = _mm512_add_epi32(_mm512_unpacklo_epi64(first, last), _mm512_unpackhi_epi64(first, last));
    const __m256i half = _mm256_add_epi32(_mm512_castsi512_si256(all), _mm512_extracti64x4_epi64(all, 1));
    return _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

/// The same for the largest lanes.
INLINE __m128 largest_of_four(const __m512 v[4]) {
    const __m512 first = _mm512_max_ps(_mm512_unpacklo_ps(v[0], v[1]), _mm512_unpackhi_ps(v[0], v[1]));
    const __m512 last = _mm512_max_ps(_mm512_unpacklo_ps(v[2], v[3]), _mm512_unpackhi_ps(v[2], v[3]));
    const __m512 all = _mm512_max_ps(
        _mm512_shuffle_ps(first, last, 0x44), _mm512_shuffle_ps(first, last, 0xEE));
    const __m256 half = _mm256_max_ps(_mm512_castps512_ps256(all), _mm512_extractf32x8_ps(all, 1));
    return _mm_max_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
}

/// Four blocks, or what is left.
INLINE void quantise_some(const int blocks, const float *x, int8_t *values, float *scales, int32_t *sums) {
    __m512 parts[4][2] = {}, magnitudes[4];
    for (int block = 0; block < blocks; block++)
        for (int i = 0; i < 2; i++) parts[block][i] = _mm512_loadu_ps(x + block * EMBEDDING_BLOCK + i * 16);
    for (int block = 0; block < 4; block++)
        magnitudes[block] = _mm512_max_ps(_mm512_abs_ps(parts[block][0]), _mm512_abs_ps(parts[block][1]));
    const __m128 largest = largest_of_four(magnitudes);
    // A block of zeros stays zeros with any factor.
    float factors[4];
    _mm_storeu_ps(factors, 127.0f / _mm_max_ps(largest, _mm_set1_ps(1e-30f)));
    __m512i totals[4];
    for (int block = 0; block < 4; block++) {
        const __m512i first = _mm512_cvtps_epi32(parts[block][0] * factors[block]);
        const __m512i second = _mm512_cvtps_epi32(parts[block][1] * factors[block]);
        totals[block] = _mm512_add_epi32(first, second);
        if (block >= blocks) continue;
        int8_t *to = values + block * EMBEDDING_BLOCK;
        _mm_storeu_si128((__m128i *)to, _mm512_cvtsepi32_epi8(first));
        _mm_storeu_si128((__m128i *)(to + 16), _mm512_cvtsepi32_epi8(second));
    }
    const __mmask8 used = (__mmask8)((1 << blocks) - 1);
    _mm_mask_storeu_ps(scales, used, largest / 127.0f);
    _mm_mask_storeu_epi32(sums, used, _mm_mullo_epi32(sums_of_four(totals), _mm_set1_epi32(-8)));
}

static void quantise(const float *x, size_t blocks, struct rows rows) {
    size_t block = 0;
    for (; block + 4 <= blocks; block += 4)
        quantise_some(
            4, x + block * EMBEDDING_BLOCK, rows.values + block * EMBEDDING_BLOCK, rows.scales + block,
            rows.sums + block);
    for (; block < blocks; block++)
        quantise_some(
            1, x + block * EMBEDDING_BLOCK, rows.values + block * EMBEDDING_BLOCK, rows.scales + block,
            rows.sums + block);
}

/// Weights of 32 outputs and some blocks as [block][group of 4 inputs][output][4], and their scales as [block][output].
static void expand(
    const struct embedding_matrix *matrix, size_t panel, size_t block, size_t blocks, uint8_t *to, float *scales
) {
    const size_t all_blocks = matrix->inputs / EMBEDDING_BLOCK;
    const __m512i nibble = _mm512_set1_epi8(15);
    for (size_t i = 0; i < PANELS; i++) {
        const size_t from = (panel + i) * all_blocks + block;
        const uint8_t *weights = matrix->weights + from * 256;
        const uint16_t *halves = matrix->scales + from * EMBEDDING_PANEL;
        for (size_t number = 0; number < blocks; number++) {
            for (size_t group = 0; group < 4; group++) {
                const __m512i bytes = _mm512_loadu_si512(weights + number * 256 + group * 64);
                uint8_t *target = to + (number * 8 + group) * PANELS * 64 + i * 64;
                _mm512_storeu_si512(target, _mm512_and_si512(bytes, nibble));
                _mm512_storeu_si512(
                    target + 4 * PANELS * 64, _mm512_and_si512(_mm512_srli_epi16(bytes, 4), nibble));
            }
            _mm512_storeu_ps(
                scales + number * OUTPUTS + i * 16,
                _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(halves + number * EMBEDDING_PANEL))));
        }
    }
}

/// A tile of results: 32 outputs of some tokens, of which `blocks` blocks of inputs are added to `start`.
INLINE void add_products(
    const int tokens, struct rows x, size_t inputs, const uint8_t *weights, const float *scales, size_t blocks,
    const float *start, size_t start_stride, float *out, size_t out_stride
) {
    const size_t x_blocks = inputs / EMBEDDING_BLOCK;
    __m512 totals[TOKENS][PANELS];
#pragma clang loop unroll(full)
    for (int token = 0; token < tokens; token++)
        for (int panel = 0; panel < PANELS; panel++)
            totals[token][panel] = _mm512_loadu_ps(start + token * start_stride + panel * 16);
    for (size_t block = 0; block < blocks; block++, weights += 8 * PANELS * 64, scales += OUTPUTS) {
        __m512i sums[TOKENS][PANELS];
#pragma clang loop unroll(full)
        for (int token = 0; token < tokens; token++)
            for (int panel = 0; panel < PANELS; panel++)
                sums[token][panel] = _mm512_set1_epi32(x.sums[token * x_blocks + block]);
#pragma clang loop unroll(full)
        for (int group = 0; group < 8; group++) {
            const __m512i first = _mm512_loadu_si512(weights + group * PANELS * 64);
            const __m512i second = _mm512_loadu_si512(weights + group * PANELS * 64 + 64);
#pragma clang loop unroll(full)
            for (int token = 0; token < tokens; token++) {
                int32_t four;
                memcpy(&four, x.values + token * inputs + block * EMBEDDING_BLOCK + group * 4, 4);
                const __m512i activations = _mm512_set1_epi32(four);
                sums[token][0] = _mm512_dpbusd_epi32(sums[token][0], first, activations);
                sums[token][1] = _mm512_dpbusd_epi32(sums[token][1], second, activations);
            }
        }
        const __m512 first = _mm512_loadu_ps(scales), second = _mm512_loadu_ps(scales + 16);
#pragma clang loop unroll(full)
        for (int token = 0; token < tokens; token++) {
            const __m512 scale = _mm512_set1_ps(x.scales[token * x_blocks + block]);
            totals[token][0] += _mm512_cvtepi32_ps(sums[token][0]) * scale * first;
            totals[token][1] += _mm512_cvtepi32_ps(sums[token][1]) * scale * second;
        }
    }
#pragma clang loop unroll(full)
    for (int token = 0; token < tokens; token++)
        for (int panel = 0; panel < PANELS; panel++)
            _mm512_storeu_ps(out + token * out_stride + panel * 16, totals[token][panel]);
}

#include "product.h"

const struct embedding_kernels embedding_avx512vnni = {"avx512vnni", multiply, attend, gelu, add_and_normalise};

#pragma clang attribute pop
#endif
