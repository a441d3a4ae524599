// The product of a matrix, tile by tile, for kernels that define OUTPUTS and TOKENS (the size of a tile), `quantise`,
// `expand` and `add_products`. Weights are expanded once for all tokens, and stay in the first-level cache while tiles
// are summed.

static void multiply(const struct embedding_matrix *matrix, const float *x, size_t tokens, float *out, void *scratch) {
    const size_t inputs = matrix->inputs, outputs = matrix->outputs, x_blocks = inputs / EMBEDDING_BLOCK;
    uint8_t *weights = scratch;
    float *scales = (float *)(weights + OUTPUTS * INPUTS_AT_ONCE);
    struct rows rows;
    rows.scales = scales + OUTPUTS * INPUTS_AT_ONCE / EMBEDDING_BLOCK;
    rows.sums = (int32_t *)(rows.scales + tokens * x_blocks);
    rows.values = (int8_t *)(rows.sums + tokens * x_blocks);
    quantise(x, tokens * x_blocks, rows);
    for (size_t output = 0; output < outputs; output += OUTPUTS) {
        for (size_t first = 0; first < inputs; first += INPUTS_AT_ONCE) {
            const size_t count = inputs - first < INPUTS_AT_ONCE ? inputs - first : INPUTS_AT_ONCE;
            const size_t block = first / EMBEDDING_BLOCK, blocks = count / EMBEDDING_BLOCK;
            expand(matrix, output / EMBEDDING_PANEL, block, blocks, weights, scales);
            // Tiles of almost equal size, because a tile of one token costs as many loads of weights as a full one.
            size_t tiles = (tokens + TOKENS - 1) / TOKENS;
            for (size_t token = 0; token < tokens; tiles--) {
                const size_t in_tile = (tokens - token + tiles - 1) / tiles;
                const struct rows part = {
                    rows.values + token * inputs + first, rows.scales + token * x_blocks + block,
                    rows.sums + token * x_blocks + block,
                };
                float *to = out + token * outputs + output;
                const float *start = first == 0 ? matrix->bias + output : to;
                const size_t stride = first == 0 ? 0 : outputs;
#define TILE(size) add_products(size, part, inputs, weights, scales, blocks, start, stride, to, outputs)
                switch (in_tile) {
                case 1: TILE(1); break;
                case 2: TILE(2); break;
                case 3: TILE(3); break;
                case 4: TILE(4); break;
#if TOKENS > 4
                case 5: TILE(5); break;
                case 6: TILE(6); break;
#endif
                }
#undef TILE
                token += in_tile;
            }
        }
    }
}
