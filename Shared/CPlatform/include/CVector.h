// SIMD operations for which Swift has no name.
#ifndef CVECTOR_H
#define CVECTOR_H

#include <stddef.h>
#include <stdint.h>

/// Which of 64 bytes are special within a JSON string (RFC 8259 section 7): bit i stands for byte i.
struct json_marks {
    uint64_t quotes;
    uint64_t backslashes;
    /// Control characters, below 0x20.
    uint64_t controls;
    uint64_t non_ascii;
};

#ifdef __SSE2__
struct json_marks vector_json_marks(const uint8_t *bytes);
#endif

/// How many codes lie side by side: word w of each of them, then word w + 1. After the words come factors of all, in
/// 16 bits, and offsets, in 16 bits with a sign.
enum { vector_group = 8, vector_planes = 4 };

/// What the numbers beside a query stand for.
struct vector_weights {
    float slope;
    float base;
    float share;
};

/// Estimates how near codes of one bit a dimension are to a query of four bits a dimension, from 0 to 15. With the sum
/// of 2 * value - 15 over the dimensions whose bit is set, the estimate is
/// factor * (slope * sum + base) + offset * share.
///
/// groups: of vector_group codes, each of `words` words. planes: bit b of all values in `words` words, for each of
/// the vector_planes bits. estimates: one for each code, also of the last group.
void vector_estimate(
    const uint64_t *groups, size_t count, size_t words, const uint64_t *planes, struct vector_weights weights,
    float *estimates);

/// The product of a query with a vector of a byte with a sign for each dimension.
float vector_product(const uint8_t *vector, const float *query, size_t dimensions);

/// Whether some positions in a text, at most 16 and at least one, are among others.
///
/// starts: the others. distances: for each position how far it is from the one before, then anything, 16 bytes in all.
/// shift: added to each position, below 128. positions: gets the positions if some are there, in 16 bytes.
/// Returns -1 if a distance is above 127 or a position above 255.
int vector_positions_meet(
    const uint8_t *starts, size_t number, const uint8_t *distances, size_t count, uint8_t shift, uint8_t *positions);

#endif
