// The steps of `embedding_kernels` that need no special instructions, in vectors of LANES floats. Each file of kernels
// includes this with its own LANES (registers of the instruction set), QUERIES (queries that attention handles at once,
// as registers allow) and instruction set.
#include "CEmbedding.h"

#include <string.h>

typedef float lanes __attribute__((vector_size(LANES * 4)));
typedef uint32_t bits __attribute__((vector_size(LANES * 4)));

#define INLINE static inline __attribute__((always_inline))

INLINE lanes load(const float *from) {
    lanes result;
    memcpy(&result, from, sizeof result);
    return result;
}

INLINE void store(float *to, lanes value) {
    memcpy(to, &value, sizeof value);
}

INLINE lanes all(float value) {
    return value - (lanes){};
}

INLINE lanes choose(bits mask, lanes yes, lanes no) {
    return (lanes)((mask & (bits)yes) | (~mask & (bits)no));
}

INLINE lanes smaller(lanes a, lanes b) {
    return choose((bits)(a < b), a, b);
}

INLINE lanes larger(lanes a, lanes b) {
    return choose((bits)(a > b), a, b);
}

INLINE float sum_of(lanes x) {
    float sums[LANES];
    memcpy(sums, &x, sizeof x);
    for (int half = LANES / 2; half > 0; half /= 2)
        for (int i = 0; i < half; i++) sums[i] += sums[i + half];
    return sums[0];
}

INLINE float largest_of(lanes x) {
    float values[LANES];
    memcpy(values, &x, sizeof x);
    for (int half = LANES / 2; half > 0; half /= 2)
        for (int i = 0; i < half; i++) values[i] = values[i] > values[i + half] ? values[i] : values[i + half];
    return values[0];
}

/// exp(x) for x ≤ 0, within 1e-6 of the result. 2^n goes into the exponent; a polynomial does the rest.
INLINE lanes exponential(lanes x) {
    x = larger(x, all(-87.0f));
    // Adding 1.5 × 2^23 rounds to an integer, which is then in the low bits.
    const lanes rounded = x * 1.44269504f + 12582912.0f;
    const lanes n = rounded - 12582912.0f;
    const lanes r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
    lanes p = r * 1.9875691500e-4f + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * (r * r) + (r + 1.0f);
    return (lanes)((bits)p + ((bits)rounded << 23));
}

/// x Φ(x). erf(x / √2) is x times a polynomial of x² up to 4.4, where it reaches 1; fitted to the smallest error of the
/// result, 4e-5.
static void gelu(float *x, size_t count) {
    static const float terms[] = {
        0.797523201f,     -0.132152855f,  0.019286057f,    -0.0021099851f, 0.000168586048f,
        -9.44973817e-06f, 3.4816955e-07f, -7.50809992e-09f, 7.13886034e-11f,
    };
    for (size_t i = 0; i < count; i += LANES) {
        const lanes value = load(x + i), near = larger(smaller(value, all(4.4f)), all(-4.4f)), square = near * near;
        lanes sum = all(terms[8]);
        for (int term = 7; term >= 0; term--) sum = sum * square + terms[term];
        const lanes half = value * 0.5f;
        store(x + i, half * (near * sum) + half);
    }
}

/// Some queries of a head.
struct attention {
    /// Rows that are `stride` apart.
    const float *queries;
    size_t stride;
    /// Transposed: [EMBEDDING_HEAD][row], of which the first `tokens` are set and those up to `padded` are zero.
    const float *keys;
    /// [tokens][EMBEDDING_HEAD]
    const float *values;
    /// [QUERIES][row]
    float *scores;
    size_t tokens, padded, row;
    float *out;
    size_t out_stride;
};

/// Scores of queries with all keys, softmax, then the weighted sum of values.
INLINE void attend_to(const int queries, const struct attention part) {
    const float scale = 0.17677669529663687f;  // 1 / sqrt(EMBEDDING_HEAD)
    for (size_t key = 0; key < part.padded; key += 2 * LANES) {
        lanes sums[QUERIES][2] = {};
        for (int i = 0; i < EMBEDDING_HEAD; i++) {
            const float *components = part.keys + i * part.row + key;
            const lanes first = load(components), second = load(components + LANES);
            for (int query = 0; query < queries; query++) {
                const lanes q = all(part.queries[query * part.stride + i]);
                sums[query][0] += q * first;
                sums[query][1] += q * second;
            }
        }
        for (int query = 0; query < queries; query++) {
            store(part.scores + query * part.row + key, sums[query][0]);
            store(part.scores + query * part.row + key + LANES, sums[query][1]);
        }
    }
    float factors[QUERIES];
    for (int query = 0; query < queries; query++) {
        float *row = part.scores + query * part.row;
        // Not among the largest, and 0 after exp.
        for (size_t key = part.tokens; key < part.padded; key++) row[key] = -1e30f;
        lanes largest = load(row);
        for (size_t key = LANES; key < part.padded; key += LANES) largest = larger(largest, load(row + key));
        const lanes most = all(largest_of(largest) * scale);
        lanes total = {};
        for (size_t key = 0; key < part.padded; key += LANES) {
            const lanes weight = exponential(load(row + key) * scale - most);
            store(row + key, weight);
            total += weight;
        }
        factors[query] = 1.0f / sum_of(total);
    }
    for (int component = 0; component < EMBEDDING_HEAD; component += 2 * LANES) {
        lanes results[QUERIES][2] = {};
        for (size_t key = 0; key < part.tokens; key++) {
            const float *value = part.values + key * EMBEDDING_HEAD + component;
            const lanes first = load(value), second = load(value + LANES);
            for (int query = 0; query < queries; query++) {
                const lanes weight = all(part.scores[query * part.row + key]);
                results[query][0] += weight * first;
                results[query][1] += weight * second;
            }
        }
        for (int query = 0; query < queries; query++) {
            store(part.out + query * part.out_stride + component, results[query][0] * factors[query]);
            store(part.out + query * part.out_stride + component + LANES, results[query][1] * factors[query]);
        }
    }
}

static void attend(const float *qkv, size_t tokens, size_t heads, float *out, void *scratch) {
    // The additional 16 keep rows from falling into the same few sets of the cache.
    const size_t padded = (tokens + 31) / 32 * 32, row = padded + 16;
    const size_t width = heads * EMBEDDING_HEAD, stride = 3 * width;
    float *keys = scratch, *values = keys + row * EMBEDDING_HEAD, *scores = values + padded * EMBEDDING_HEAD;
    for (size_t head = 0; head < heads; head++) {
        const float *q = qkv + head * EMBEDDING_HEAD, *k = q + width, *v = k + width;
        for (size_t token = 0; token < tokens; token++) {
            for (int i = 0; i < EMBEDDING_HEAD; i++) keys[i * row + token] = k[token * stride + i];
            memcpy(values + token * EMBEDDING_HEAD, v + token * stride, EMBEDDING_HEAD * sizeof *v);
        }
        for (int i = 0; i < EMBEDDING_HEAD; i++)
            for (size_t token = tokens; token < padded; token++) keys[i * row + token] = 0;
        float *result = out + head * EMBEDDING_HEAD;
        for (size_t token = 0; token < tokens;) {
            // The last queries are handled again instead of singly.
            const size_t count = tokens < QUERIES ? 1 : QUERIES, at = token + count > tokens ? tokens - count : token;
            const struct attention part = {
                q + at * stride, stride, keys, values, scores, tokens, padded, row, result + at * width, width,
            };
            if (count == QUERIES)
                attend_to(QUERIES, part);
            else
                attend_to(1, part);
            token = at + count;
        }
    }
}

static void add_and_normalise(
    float *x, const float *y, size_t tokens, size_t width, const float *weight, const float *bias, float epsilon
) {
    for (size_t token = 0; token < tokens; token++, x += width, y += width) {
        lanes total = {}, squares = {};
        for (size_t i = 0; i < width; i += LANES) {
            const lanes sum = load(x + i) + load(y + i);
            store(x + i, sum);
            total += sum;
        }
        const float mean = sum_of(total) / (float)width;
        for (size_t i = 0; i < width; i += LANES) {
            const lanes distance = load(x + i) - mean;
            squares += distance * distance;
        }
        const float scale = 1.0f / __builtin_sqrtf(sum_of(squares) / (float)width + epsilon);
        for (size_t i = 0; i < width; i += LANES)
            store(x + i, (load(x + i) - mean) * scale * load(weight + i) + load(bias + i));
    }
}
