// Kernels in plain C with vectors of 4 floats, which every 64-bit machine has. Activations stay floats: the most exact.
#define LANES 4
#define QUERIES 4
#include "steps.h"

#include "kernels.h"

/// Weights of 16 outputs and up to INPUTS_AT_ONCE inputs from `block` on, as floats: [input][output].
static void expand(const struct embedding_matrix *matrix, size_t panel, size_t block, size_t blocks, float *to) {
    const size_t all_blocks = matrix->inputs / EMBEDDING_BLOCK;
    for (size_t end = block + blocks; block < end; block++, to += EMBEDDING_BLOCK * EMBEDDING_PANEL) {
        const uint8_t *weights = matrix->weights + (panel * all_blocks + block) * 256;
        const uint16_t *scales = matrix->scales + (panel * all_blocks + block) * EMBEDDING_PANEL;
        for (int output = 0; output < EMBEDDING_PANEL; output++) {
            const float scale = embedding_half(scales[output]);
            for (int input = 0; input < EMBEDDING_BLOCK; input++) {
                const int byte = weights[input % 16 / 4 * 64 + output * 4 + input % 4];
                const int nibble = input < 16 ? byte & 15 : byte >> 4;
                to[input * EMBEDDING_PANEL + output] = (float)(nibble - 8) * scale;
            }
        }
    }
}

/// Adds to `tokens` × 16 results the products of `inputs` inputs.
INLINE void add_products(
    const int tokens, const float *x, size_t stride, const float *weights, size_t inputs, float *out, size_t out_stride
) {
    lanes sums[2][EMBEDDING_PANEL / LANES];
    for (int token = 0; token < tokens; token++)
        for (int part = 0; part < EMBEDDING_PANEL / LANES; part++)
            sums[token][part] = load(out + token * out_stride + part * LANES);
    for (size_t input = 0; input < inputs; input++, weights += EMBEDDING_PANEL)
        for (int token = 0; token < tokens; token++)
            for (int part = 0; part < EMBEDDING_PANEL / LANES; part++)
                sums[token][part] += load(weights + part * LANES) * x[token * stride + input];
    for (int token = 0; token < tokens; token++)
        for (int part = 0; part < EMBEDDING_PANEL / LANES; part++)
            store(out + token * out_stride + part * LANES, sums[token][part]);
}

static void multiply(const struct embedding_matrix *matrix, const float *x, size_t tokens, float *out, void *scratch) {
    float *weights = scratch;
    const size_t inputs = matrix->inputs, outputs = matrix->outputs;
    for (size_t token = 0; token < tokens; token++) memcpy(out + token * outputs, matrix->bias, outputs * sizeof *out);
    for (size_t panel = 0; panel < outputs / EMBEDDING_PANEL; panel++) {
        for (size_t first = 0; first < inputs; first += INPUTS_AT_ONCE) {
            const size_t count = inputs - first < INPUTS_AT_ONCE ? inputs - first : INPUTS_AT_ONCE;
            expand(matrix, panel, first / EMBEDDING_BLOCK, count / EMBEDDING_BLOCK, weights);
            float *results = out + panel * EMBEDDING_PANEL;
            size_t token = 0;
            for (; token + 2 <= tokens; token += 2)
                add_products(2, x + token * inputs + first, inputs, weights, count, results + token * outputs, outputs);
            if (token < tokens)
                add_products(1, x + token * inputs + first, inputs, weights, count, results + token * outputs, outputs);
        }
    }
}

const struct embedding_kernels embedding_portable = {"portable", multiply, attend, gelu, add_and_normalise};
