// SIMD operations for which Swift has no name.
#ifndef CVECTOR_H
#define CVECTOR_H

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

#endif
