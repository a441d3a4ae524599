// Scans of one-bit codes, as in RaBitQ (Gao and Long, SIGMOD 2024): the query has four bits a dimension, so that its
// product with a code is a few ANDs and counts of bits.
#include "CVector.h"

enum { group_tail = vector_group * 4 };

// The loop is the same for every way to count; the compiler puts each into it.
#define SUM(count)                                                                                                     \
    for (int place = 0; place < vector_group; place++) {                                                               \
        int64_t ones = 0, twos = 0, fours = 0, eights = 0, bits = 0;                                                   \
        for (size_t word = 0; word < words; word++) {                                                                  \
            const uint64_t value = group[word * vector_group + place];                                                 \
            bits += count(value);                                                                                      \
            ones += count(value & planes[word]);                                                                       \
            twos += count(value & planes[words + word]);                                                               \
            fours += count(value & planes[2 * words + word]);                                                          \
            eights += count(value & planes[3 * words + word]);                                                         \
        }                                                                                                              \
        sums[place] = (int32_t)(2 * ones + 4 * twos + 8 * fours + 16 * eights - 15 * bits);                            \
    }

static void sum_portable(const uint64_t *group, size_t words, const uint64_t *planes, int32_t *sums) {
    SUM(__builtin_popcountll)
}

#ifdef __x86_64__
#include <immintrin.h>

__attribute__((target("popcnt"))) static void sum_popcnt(
    const uint64_t *group, size_t words, const uint64_t *planes, int32_t *sums) {
    SUM(_mm_popcnt_u64)
}

__attribute__((target("avx512f,avx512vpopcntdq"))) static void sum_avx512(
    const uint64_t *group, size_t words, const uint64_t *planes, int32_t *sums) {
    __m512i ones = _mm512_setzero_si512(), twos = ones, fours = ones, eights = ones, bits = ones;
    for (size_t word = 0; word < words; word++) {
        const __m512i value = _mm512_loadu_si512(group + word * vector_group);
        const __m512i plane0 = _mm512_and_si512(value, _mm512_set1_epi64((int64_t)planes[word]));
        const __m512i plane1 = _mm512_and_si512(value, _mm512_set1_epi64((int64_t)planes[words + word]));
        const __m512i plane2 = _mm512_and_si512(value, _mm512_set1_epi64((int64_t)planes[2 * words + word]));
        const __m512i plane3 = _mm512_and_si512(value, _mm512_set1_epi64((int64_t)planes[3 * words + word]));
        bits = _mm512_add_epi64(bits, _mm512_popcnt_epi64(value));
        ones = _mm512_add_epi64(ones, _mm512_popcnt_epi64(plane0));
        twos = _mm512_add_epi64(twos, _mm512_popcnt_epi64(plane1));
        fours = _mm512_add_epi64(fours, _mm512_popcnt_epi64(plane2));
        eights = _mm512_add_epi64(eights, _mm512_popcnt_epi64(plane3));
    }
    // 2 * ones + 4 * twos + 8 * fours + 16 * eights - 15 * bits
    __m512i sum = _mm512_slli_epi64(_mm512_sub_epi64(eights, bits), 4);
    sum = _mm512_add_epi64(_mm512_add_epi64(sum, bits), _mm512_slli_epi64(ones, 1));
    sum = _mm512_add_epi64(sum, _mm512_add_epi64(_mm512_slli_epi64(twos, 2), _mm512_slli_epi64(fours, 3)));
    _mm256_storeu_si256((__m256i *)sums, _mm512_cvtepi64_epi32(sum));
}
#endif

static void (*fastest_sum(void))(const uint64_t *, size_t, const uint64_t *, int32_t *) {
#ifdef __x86_64__
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512vpopcntdq")) return sum_avx512;
    if (__builtin_cpu_supports("popcnt")) return sum_popcnt;
#endif
    return sum_portable;
}

void vector_estimate(
    const uint64_t *groups, size_t count, size_t words, const uint64_t *planes, struct vector_weights weights,
    float *estimates) {
    void (*const sum)(const uint64_t *, size_t, const uint64_t *, int32_t *) = fastest_sum();
    for (size_t index = 0; index < count; index++) {
        const uint64_t *group = groups + index * (words * vector_group + group_tail / 8);
        const uint16_t *factors = (const uint16_t *)(group + words * vector_group);
        const int16_t *offsets = (const int16_t *)(factors + vector_group);
        int32_t sums[vector_group];
        sum(group, words, planes, sums);
        for (int place = 0; place < vector_group; place++)
            estimates[index * vector_group + place] =
                (float)factors[place] * (weights.slope * (float)sums[place] + weights.base) +
                (float)offsets[place] * weights.share;
    }
}

float vector_product(const uint8_t *vector, const float *query, size_t dimensions) {
    enum { lanes = 16 };
    float sums[lanes] = {0};
    const int8_t *bytes = (const int8_t *)vector;
    size_t index = 0;
    for (; index + lanes <= dimensions; index += lanes)
        for (int lane = 0; lane < lanes; lane++) sums[lane] += (float)bytes[index + lane] * query[index + lane];
    for (; index < dimensions; index++) sums[0] += (float)bytes[index] * query[index];
    float sum = 0;
    for (int lane = 0; lane < lanes; lane++) sum += sums[lane];
    return sum;
}
