// Hashing by instructions of the processor, for which Swift has no names.
#ifndef CHASH_H
#define CHASH_H

#include <stddef.h>
#include <stdint.h>

/// Hashes `count` blocks of 64 bytes into the eight words of a SHA-256 state (FIPS 180-4 section 6.2.2). Returns 0
/// without doing so if the processor has no instructions for it.
int hash_sha256(uint32_t *state, const uint8_t *blocks, size_t count);

#endif
