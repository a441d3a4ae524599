import CEmbedding

/// The intermediate results of one batch, in one piece of memory.
struct EncoderBuffers {
    /// A row for each token, which layers change.
    let states: UnsafeMutablePointer<Float>
    /// What attention mixes.
    let mixed: UnsafeMutablePointer<Float>
    /// What is added to the states.
    let change: UnsafeMutablePointer<Float>
    /// Queries, keys and values; then the inner layer.
    let wide: UnsafeMutablePointer<Float>
    /// What kernels need.
    let scratch: UnsafeMutableRawPointer

    private let memory: UnsafeMutableRawPointer
    private static let alignment = 64

    /// - Parameter tokens: of the largest batch.
    init(_ config: ModelConfig, tokens: Int) {
        func bytes(_ floats: Int) -> Int {
            (floats * MemoryLayout<Float>.stride + Self.alignment - 1) / Self.alignment * Self.alignment
        }
        let narrow = bytes(tokens * config.hidden), widest = max(3 * config.hidden, config.inner)
        let product = embedding_product_scratch(max(config.hidden, config.inner), tokens)
        let size = max(product, embedding_attention_scratch(tokens))
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: 3 * narrow + bytes(tokens * widest) + size, alignment: Self.alignment)
        func floats(_ offset: Int) -> UnsafeMutablePointer<Float> {
            memory.advanced(by: offset).assumingMemoryBound(to: Float.self)
        }
        self.memory = memory
        states = floats(0)
        mixed = floats(narrow)
        change = floats(2 * narrow)
        wide = floats(3 * narrow)
        scratch = memory.advanced(by: 3 * narrow + bytes(tokens * widest))
    }

    func deallocate() { memory.deallocate() }
}
