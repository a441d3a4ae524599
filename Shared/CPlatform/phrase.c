// Positions of a phrase's words. The vectors are clang's, which makes instructions of every processor of them.
#include "CVector.h"

#include <string.h>

typedef uint8_t bytes __attribute__((vector_size(16)));
typedef uint64_t words __attribute__((vector_size(16)));

static int any(bytes lanes) {
    const words parts = (words)lanes;
    return (parts[0] | parts[1]) != 0;
}

int vector_positions_meet(
    const uint8_t *starts, size_t number, const uint8_t *distances, size_t count, uint8_t shift, uint8_t *positions) {
    static const uint8_t masks[32] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
    const bytes zero = {0};
    bytes sums, mask;
    memcpy(&sums, distances, sizeof sums);
    memcpy(&mask, masks + 16 - count, sizeof mask);
    sums &= mask;
    const bytes large = sums & 0x80;
    // Adding them to themselves, moved by 1, 2, 4 and 8, yields the sums of all up to each.
    sums += __builtin_shufflevector(zero, sums, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
    sums += __builtin_shufflevector(zero, sums, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
    sums += __builtin_shufflevector(zero, sums, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27);
    sums += __builtin_shufflevector(zero, sums, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23);
    sums += shift;
    // A sum that did not fit is below the one before.
    const bytes before = __builtin_shufflevector(sums, sums, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);
    if (any(large | (bytes)(sums < before))) return -1;
    bytes met = zero;
    for (size_t index = 0; index < number; index++) met |= (bytes)(sums == (zero + starts[index]));
    if (!any(met)) return 0;
    memcpy(positions, &sums, sizeof sums);
    return 1;
}
