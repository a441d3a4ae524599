// Compares every kernel that this machine runs with plain arithmetic in doubles. test_embedding_kernels.py compiles
// this with sanitizers, which see reads and writes outside of buffers and undefined arithmetic. Prints what is wrong,
// and ends with 1 if anything is.
#include "CEmbedding.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t state = 1;
static int wrong = 0;

static uint32_t next(void) {
    state = state * 1664525 + 1013904223;
    return state >> 8;
}

static float number(void) {
    return (float)next() / (1 << 23) - 1;
}

static float *numbers(size_t count) {
    float *result = malloc(count * sizeof *result);
    for (size_t i = 0; i < count; i++) result[i] = number();
    return result;
}

static void expect(const char *kernel, const char *what, size_t size, double is, double should_be, double tolerance) {
    if (fabs(is - should_be) <= tolerance || wrong > 20) return;
    printf("%s: %s (%zu) is %g instead of %g\n", kernel, what, size, is, should_be);
    wrong++;
}

/// Powers of two from 2^-14 on, so that the reference needs no conversion.
static uint16_t half(int power) {
    return (uint16_t)((power + 15) << 10);
}

/// Kinds of activations: 0 random with some large ones, 1 and 2 extreme with extreme weights, 3 zeros.
static void check_product(
    const struct embedding_kernels *kernels, uint32_t outputs, uint32_t inputs, size_t tokens, int kind
) {
    const size_t blocks = outputs * (inputs / EMBEDDING_BLOCK);
    uint8_t *weights = malloc(blocks * 16);
    uint16_t *scales = malloc(blocks * 2);
    for (size_t i = 0; i < blocks * 16; i++) weights[i] = kind == 1 ? 0xFF : kind == 2 ? 0 : (uint8_t)next();
    for (size_t i = 0; i < blocks; i++) scales[i] = half(-(int)(next() % 12)) | (next() % 2 ? 0x8000 : 0);
    float *bias = numbers(outputs), *x = numbers(tokens * inputs), *out = malloc(tokens * outputs * sizeof *out);
    for (size_t i = 0; i < tokens * inputs; i++)
        x[i] = kind == 1 || kind == 2 ? (tokens % 2 ? 1 : -1) : kind == 3 ? 0 : i % 97 == 0 ? 50 * x[i] : x[i];
    const struct embedding_matrix matrix = {weights, scales, bias, outputs, inputs};
    void *scratch = aligned_alloc(64, (embedding_product_scratch(inputs, tokens) + 63) / 64 * 64);
    kernels->multiply(&matrix, x, tokens, out, scratch);
    for (size_t token = 0; token < tokens; token++) {
        for (size_t output = 0; output < outputs; output++) {
            double sum = bias[output], tolerance = 1e-4;
            for (size_t block = 0; block < inputs / EMBEDDING_BLOCK; block++) {
                const size_t at = output / 16 * (inputs / EMBEDDING_BLOCK) + block;
                const uint16_t bits = scales[at * 16 + output % 16];
                const double scale = ldexp(bits & 0x8000 ? -1 : 1, ((bits >> 10) & 31) - 15);
                double largest = 0, magnitude = 0;
                for (size_t i = 0; i < EMBEDDING_BLOCK; i++) {
                    const uint8_t byte = weights[at * 256 + i % 16 / 4 * 64 + output % 16 * 4 + i % 4];
                    const double weight = ((i < 16 ? byte & 15 : byte >> 4) - 8) * scale;
                    const double value = x[token * inputs + block * EMBEDDING_BLOCK + i];
                    sum += weight * value;
                    magnitude += fabs(weight);
                    if (fabs(value) > largest) largest = fabs(value);
                }
                // Half a step of activations in 8 bits.
                tolerance += magnitude * largest * (strcmp(kernels->name, "portable") ? .501 / 127 : 1e-5);
            }
            expect(kernels->name, "a product", tokens, out[token * outputs + output], sum, tolerance);
        }
    }
    free(weights), free(scales), free(bias), free(x), free(out), free(scratch);
}

/// Damaged weights must not lead to undefined behaviour.
static void check_infinity(const struct embedding_kernels *kernels) {
    uint8_t weights[32 * 16];
    uint16_t scales[32];
    float bias[32], x[3 * 32], out[3 * 32];
    memset(weights, 0xA5, sizeof weights), memset(scales, 0x7C, sizeof scales), memset(bias, 0, sizeof bias);
    for (int i = 0; i < 3 * 32; i++) x[i] = i % 3 ? INFINITY : NAN;
    const struct embedding_matrix matrix = {weights, scales, bias, 32, 32};
    void *scratch = aligned_alloc(64, (embedding_product_scratch(32, 3) + 63) / 64 * 64);
    kernels->multiply(&matrix, x, 3, out, scratch);
    kernels->gelu(x, 96);
    kernels->add_and_normalise(x, x, 3, 32, bias, bias, 0);
    free(scratch);
    scratch = aligned_alloc(64, embedding_attention_scratch(1));
    kernels->attend(x, 1, 1, out, scratch);
    free(scratch);
}

static void check_attention(const struct embedding_kernels *kernels, size_t tokens, float size) {
    const size_t heads = 3, width = heads * EMBEDDING_HEAD;
    float *qkv = numbers(tokens * 3 * width), *out = malloc(tokens * width * sizeof *out);
    for (size_t i = 0; i < tokens * 3 * width; i++) qkv[i] *= size;
    double *weights = malloc(tokens * sizeof *weights);
    void *scratch = aligned_alloc(64, embedding_attention_scratch(tokens));
    kernels->attend(qkv, tokens, heads, out, scratch);
    for (size_t token = 0; token < tokens; token++) {
        for (size_t head = 0; head < heads; head++) {
            double total = 0, most = -INFINITY;
            for (size_t key = 0; key < tokens; key++) {
                double score = 0;
                for (size_t i = 0; i < EMBEDDING_HEAD; i++)
                    score += (double)qkv[token * 3 * width + head * EMBEDDING_HEAD + i]
                        * qkv[key * 3 * width + width + head * EMBEDDING_HEAD + i];
                weights[key] = score / sqrt(EMBEDDING_HEAD);
                most = fmax(most, weights[key]);
            }
            for (size_t key = 0; key < tokens; key++) total += weights[key] = exp(weights[key] - most);
            for (size_t i = 0; i < EMBEDDING_HEAD; i++) {
                double sum = 0;
                for (size_t key = 0; key < tokens; key++)
                    sum += weights[key] / total * qkv[key * 3 * width + 2 * width + head * EMBEDDING_HEAD + i];
                const double is = out[token * width + head * EMBEDDING_HEAD + i];
                expect(kernels->name, "attention", tokens, is, sum, 2e-5 * size * size);
            }
        }
    }
    free(qkv), free(out), free(weights), free(scratch);
}

static void check_steps(const struct embedding_kernels *kernels) {
    enum { width = 48, tokens = 3, points = 4096 };
    float *x = malloc(points * sizeof *x);
    for (int i = 0; i < points; i++) x[i] = ((float)i - points / 2) / 128;
    kernels->gelu(x, points);
    for (int i = 0; i < points; i++) {
        const double from = (i - points / 2) / 128.0;
        expect(kernels->name, "gelu", (size_t)i, x[i], from * (1 + erf(from / sqrt(2))) / 2, 1e-4);
    }
    free(x);
    x = numbers(tokens * width);
    float *y = numbers(tokens * width), *weight = numbers(width), *bias = numbers(width);
    float *before = malloc(tokens * width * sizeof *before);
    memcpy(before, x, tokens * width * sizeof *before);
    kernels->add_and_normalise(x, y, tokens, width, weight, bias, 1e-5f);
    for (int token = 0; token < tokens; token++) {
        double mean = 0, variance = 0;
        for (int i = token * width; i < (token + 1) * width; i++) mean += ((double)before[i] + y[i]) / width;
        for (int i = token * width; i < (token + 1) * width; i++)
            variance += pow((double)before[i] + y[i] - mean, 2) / width;
        for (int i = 0; i < width; i++) {
            const double sum = (double)before[token * width + i] + y[token * width + i];
            const double should_be = (sum - mean) / sqrt(variance + 1e-5) * weight[i] + bias[i];
            expect(kernels->name, "normalisation", (size_t)i, x[token * width + i], should_be, 1e-5);
        }
    }
    free(x), free(y), free(weight), free(bias), free(before);
}

int main(int count, char **names) {
    for (int i = 1; i < count; i++) {
        const struct embedding_kernels *kernels = embedding_kernels_named(names[i]);
        if (!kernels) continue;
        for (size_t tokens = 1; tokens <= 14; tokens++)
            for (int kind = 0; kind < 4; kind++) check_product(kernels, 96, 96, tokens, kind);
        check_product(kernels, 32, 384, 7, 0);
        check_product(kernels, 64, 1536, 5, 0);
        check_product(kernels, 32, 800, 3, 1);
        for (size_t tokens = 1; tokens <= 34; tokens++) check_attention(kernels, tokens, 1);
        check_attention(kernels, 100, 6);
        check_steps(kernels);
        check_infinity(kernels);
        printf("%s was checked\n", names[i]);
    }
    return wrong > 0;
}
