// What costs time in an encoder: products of matrices of 4-bit weights, attention, normalisation. Written once for each
// instruction set; `embedding_kernels_named` picks at run time.
//
// All vectors are rows of floats, one row per token, without gaps. No function allocates, and none keeps a pointer.
#ifndef CEMBEDDING_H
#define CEMBEDDING_H

#include <stddef.h>
#include <stdint.h>

/// Outputs that are interleaved in a panel of weights, and inputs whose weights share a scale. The inputs of a matrix are
/// a multiple of `EMBEDDING_BLOCK`, its outputs of 2 × `EMBEDDING_PANEL`.
#define EMBEDDING_PANEL 16
#define EMBEDDING_BLOCK 32
/// Components of a query, key or value of one attention head.
#define EMBEDDING_HEAD 32

/// Weights of 4 bits: each is (nibble - 8) × scale.
///
/// `weights` holds a panel of 16 outputs after the other; a panel holds 256 bytes for each block of 32 inputs; a block
/// holds 4 × 64 bytes, of which the byte 64 c + 4 o + i has the weights of output o: for input 4 c + i in the low, for
/// input 16 + 4 c + i in the high nibble. So 64 bytes become two vectors with four inputs for each of 16 outputs.
/// `scales` holds a float16 for each output, block and panel, in that order from fast to slow.
struct embedding_matrix {
    const uint8_t *weights;
    const uint16_t *scales;
    /// One for each output.
    const float *bias;
    uint32_t outputs;
    uint32_t inputs;
};

/// The steps of an encoder in one instruction set.
struct embedding_kernels {
    /// `avx512vnni`, `avx2`, `sdot` or `portable`.
    const char *name;
    /// out[tokens][outputs] = x[tokens][inputs] × matrix + bias. `scratch` has embedding_product_scratch() bytes and
    /// starts at a multiple of 64.
    void (*multiply)(
        const struct embedding_matrix *matrix, const float *x, size_t tokens, float *out, void *scratch);
    /// Attention among the tokens of one text. A row of `qkv` holds the queries of all heads, then keys, then values; a
    /// row of `out` the results of all heads. `scratch` has embedding_attention_scratch() bytes, at a multiple of 64.
    void (*attend)(const float *qkv, size_t tokens, size_t heads, float *out, void *scratch);
    /// x = gelu(x), by erf, within 1e-4. `count` is a multiple of 16.
    void (*gelu)(float *x, size_t count);
    /// x = layer_norm(x + y) × weight + bias. `width` is a multiple of 16.
    void (*add_and_normalise)(
        float *x, const float *y, size_t tokens, size_t width, const float *weight, const float *bias, float epsilon);
};

/// The fastest kernels that this machine runs, or those of this name; NULL if it does not run them.
const struct embedding_kernels *embedding_kernels_named(const char *name);

/// Bytes that `multiply` needs for matrices with at most `inputs` columns.
size_t embedding_product_scratch(size_t inputs, size_t tokens);
/// Bytes that `attend` needs.
size_t embedding_attention_scratch(size_t tokens);

/// Expands a row of 4-bit weights in blocks of 18 bytes: a float16 scale, then 16 bytes with element j in the low
/// nibble of byte j, and element j + 16 in the high one. Adds `position`.
void embedding_expand_row(const uint8_t *row, const float *position, size_t width, float *out);

/// The mean of `tokens` rows, scaled to length 1. All zeros stay zeros.
void embedding_pool(const float *x, size_t tokens, size_t width, float *out);

#endif
