#include "CVector.h"

#ifdef __SSE2__
#include <emmintrin.h>

struct json_marks vector_json_marks(const uint8_t *bytes) {
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), last_control = _mm_set1_epi8(0x1F);
    struct json_marks marks = {0, 0, 0, 0};
    for (int part = 0; part < 64; part += 16) {
        const __m128i part_bytes = _mm_loadu_si128((const __m128i *)(bytes + part));
        const __m128i controls = _mm_cmpeq_epi8(_mm_min_epu8(part_bytes, last_control), part_bytes);
        marks.quotes |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(part_bytes, quote)) << part;
        marks.backslashes |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(part_bytes, backslash)) << part;
        marks.controls |= (uint64_t)(uint32_t)_mm_movemask_epi8(controls) << part;
        marks.non_ascii |= (uint64_t)(uint32_t)_mm_movemask_epi8(part_bytes) << part;
    }
    return marks;
}
#endif
