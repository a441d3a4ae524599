// Kernels for arm64 with the dot product (Armv8.2 and later: Graviton 2, Ampere Altra, Apple). SDOT adds, for each of 4
// outputs, the products of four weights in -8...7 and four activations in -127...127.
#if defined(__aarch64__)
#include <arm_neon.h>

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)

#define LANES 4
#define QUERIES 8
#include "steps.h"

#include "quantised.h"

#define OUTPUTS EMBEDDING_PANEL
#define TOKENS 4

static void quantise(const float *x, size_t blocks, struct rows rows) {
    for (size_t block = 0; block < blocks; block++, x += EMBEDDING_BLOCK) {
        float32x4_t largest_lanes = vdupq_n_f32(0);
        for (int i = 0; i < EMBEDDING_BLOCK; i += 4)
            largest_lanes = vmaxq_f32(largest_lanes, vabsq_f32(vld1q_f32(x + i)));
        const float largest = vmaxvq_f32(largest_lanes), factor = largest > 0 ? 127.0f / largest : 0;
        for (int i = 0; i < EMBEDDING_BLOCK; i += 8) {
            const int32x4_t first = vcvtnq_s32_f32(vmulq_n_f32(vld1q_f32(x + i), factor));
            const int32x4_t second = vcvtnq_s32_f32(vmulq_n_f32(vld1q_f32(x + i + 4), factor));
            const int16x8_t both = vcombine_s16(vqmovn_s32(first), vqmovn_s32(second));
            vst1_s8(rows.values + block * EMBEDDING_BLOCK + i, vqmovn_s16(both));
        }
        rows.scales[block] = largest / 127.0f;
    }
}

/// Weights of 16 outputs and some blocks as [block][group of 4 inputs][output][4], and their scales as [block][output].
static void expand(
    const struct embedding_matrix *matrix, size_t panel, size_t block, size_t blocks, uint8_t *to, float *scales
) {
    const size_t from = panel * (matrix->inputs / EMBEDDING_BLOCK) + block;
    const uint8_t *weights = matrix->weights + from * 256;
    const uint16_t *halves = matrix->scales + from * EMBEDDING_PANEL;
    const uint8x16_t nibble = vdupq_n_u8(15), eight = vdupq_n_u8(8);
    for (size_t number = 0; number < blocks; number++, weights += 256, to += 512) {
        for (size_t i = 0; i < 256; i += 16) {
            const uint8x16_t bytes = vld1q_u8(weights + i);
            vst1q_u8(to + i, vsubq_u8(vandq_u8(bytes, nibble), eight));
            vst1q_u8(to + 256 + i, vsubq_u8(vshrq_n_u8(bytes, 4), eight));
        }
    }
    for (size_t i = 0; i < blocks * EMBEDDING_PANEL; i += 4)
        vst1q_f32(scales + i, vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(halves + i))));
}

/// A tile of results: 16 outputs of some tokens, of which `blocks` blocks of inputs are added to `start`.
INLINE void add_products(
    const int tokens, struct rows x, size_t inputs, const uint8_t *weights, const float *scales, size_t blocks,
    const float *start, size_t start_stride, float *out, size_t out_stride
) {
    const size_t x_blocks = inputs / EMBEDDING_BLOCK;
    lanes totals[TOKENS][4];
#pragma clang loop unroll(full)
    for (int token = 0; token < tokens; token++)
        for (int part = 0; part < 4; part++) totals[token][part] = load(start + token * start_stride + part * 4);
    for (size_t block = 0; block < blocks; block++, weights += 512, scales += OUTPUTS) {
        int32x4_t sums[TOKENS][4] = {};
#pragma clang loop unroll(full)
        for (int group = 0; group < 8; group++) {
#pragma clang loop unroll(full)
            for (int token = 0; token < tokens; token++) {
                int32_t four;
                memcpy(&four, x.values + token * inputs + block * EMBEDDING_BLOCK + group * 4, 4);
                const int8x16_t activations = vreinterpretq_s8_s32(vdupq_n_s32(four));
                for (int part = 0; part < 4; part++) {
                    const int8x16_t some = vreinterpretq_s8_u8(vld1q_u8(weights + group * 64 + part * 16));
                    sums[token][part] = vdotq_s32(sums[token][part], some, activations);
                }
            }
        }
#pragma clang loop unroll(full)
        for (int token = 0; token < tokens; token++)
            for (int part = 0; part < 4; part++)
                totals[token][part] += vcvtq_f32_s32(sums[token][part])
                    * (load(scales + part * 4) * x.scales[token * x_blocks + block]);
    }
#pragma clang loop unroll(full)
    for (int token = 0; token < tokens; token++)
        for (int part = 0; part < 4; part++) store(out + token * out_stride + part * 4, totals[token][part]);
}

#include "product.h"

const struct embedding_kernels embedding_sdot = {"sdot", multiply, attend, gelu, add_and_normalise};

#pragma clang attribute pop
#endif
