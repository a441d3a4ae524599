import CEmbedding
import Synchronization

/// The network of a model of the BERT family: from the ids of a text's tokens to its vector.
///
/// The texts of a batch share the products with matrices, so that weights are read once for all of them; attention is
/// among the tokens of a text. The vector is the mean of those of all tokens, scaled to length 1.
final class Encoder: @unchecked Sendable {
    /// The most tokens of a text; the encoder ignores those behind.
    var mostTokens: Int { config.positions }
    /// The length of a vector.
    var dimensions: Int { config.hidden }
    let kernels: EncoderKernels

    private let file: ModelFile
    private let config: ModelConfig
    private let words: UnsafeRawPointer
    private let positions: UnsafePointer<Float>
    private let norm: EncoderNorm
    private let layers: [EncoderLayer]

    /// Tokens that one thread handles at once. More make weights no cheaper, but intermediate results leave the cache.
    private static let batchTokens = 256
    private static let wordBlock = 18

    init(_ file: ModelFile, kernels: EncoderKernels = .fastest) throws(ModelFileError) {
        let config = file.config
        guard config.hidden == config.heads * Int(EMBEDDING_HEAD), config.hidden.isMultiple(of: EncoderMatrix.outputs),
            config.inner.isMultiple(of: EncoderMatrix.outputs)
        else { throw file.damaged("the encoder does not support its dimensions") }
        self.file = file
        self.config = config
        self.kernels = kernels
        let rowBytes = config.hidden / Int(EMBEDDING_BLOCK) * Self.wordBlock
        words = try file.start("word", length: config.rows * rowBytes)
        positions = try file.floats("position", count: config.positions * config.hidden)
        norm = try EncoderNorm("norm", in: file)
        var layers: [EncoderLayer] = []
        for layer in 0..<config.layers { layers.append(try EncoderLayer(layer, in: file)) }
        self.layers = layers
    }

    /// The vectors of texts, each given as its token ids including those of start and end; no ids make a vector of
    /// zeros. An id that the model does not have counts as its last one.
    /// - Parameter threads: the most threads to use, including the caller's.
    func encode(_ texts: [[UInt32]], threads: Int = 1) -> [[Float]] {
        let batches = EncoderBatches(texts, mostTokens: mostTokens, batchTokens: Self.batchTokens, threads: threads)
        guard let largest = batches.largest else { return texts.map { _ in Array(repeating: 0, count: dimensions) } }
        let vectors = UnsafeMutablePointer<Float>.allocate(capacity: texts.count * dimensions)
        defer { vectors.deallocate() }
        vectors.initialize(repeating: 0, count: texts.count * dimensions)
        let shared = SharedPointer(vectors), next = Mutex(0)
        EncoderThreads.run(min(threads, batches.count)) {
            let buffers = EncoderBuffers(config, tokens: largest)
            defer { buffers.deallocate() }
            while let batch = batches.take(next) { encode(batch, in: buffers, into: shared.pointer) }
        }
        return texts.indices.map { Array(UnsafeBufferPointer(start: vectors + $0 * dimensions, count: dimensions)) }
    }

    private func encode(
        _ batch: EncoderBatches.Batch, in buffers: EncoderBuffers, into vectors: UnsafeMutablePointer<Float>
    ) {
        let tokens = batch.tokens, hidden = config.hidden
        look(up: batch, in: buffers)
        for layer in layers {
            multiply(layer.qkv, buffers.states, tokens, buffers.wide, buffers)
            batch.eachText { _, first, count in
                kernels.functions.attend(
                    buffers.wide + first * 3 * hidden, count, config.heads, buffers.mixed + first * hidden,
                    buffers.scratch)
            }
            multiply(layer.out, buffers.mixed, tokens, buffers.change, buffers)
            normalise(layer.norm1, tokens, buffers)
            multiply(layer.up, buffers.states, tokens, buffers.wide, buffers)
            kernels.functions.gelu(buffers.wide, tokens * config.inner)
            multiply(layer.down, buffers.wide, tokens, buffers.change, buffers)
            normalise(layer.norm2, tokens, buffers)
        }
        batch.eachText { text, first, count in
            embedding_pool(buffers.states + first * hidden, count, hidden, vectors + text * hidden)
        }
    }

    /// Puts the normalised embeddings of tokens and their positions into the states.
    private func look(up batch: EncoderBatches.Batch, in buffers: EncoderBuffers) {
        let hidden = config.hidden, rowBytes = hidden / Int(EMBEDDING_BLOCK) * Self.wordBlock
        batch.eachToken { row, position, id in
            let known = min(Int(id), config.rows - 1)
            embedding_expand_row(
                words.advanced(by: known * rowBytes).assumingMemoryBound(to: UInt8.self),
                positions + position * hidden, hidden, buffers.states + row * hidden)
        }
        buffers.change.update(repeating: 0, count: batch.tokens * hidden)
        normalise(norm, batch.tokens, buffers)
    }

    private func multiply(
        _ matrix: EncoderMatrix, _ x: UnsafePointer<Float>, _ tokens: Int, _ out: UnsafeMutablePointer<Float>,
        _ buffers: EncoderBuffers
    ) {
        withUnsafePointer(to: matrix.weights) { kernels.functions.multiply($0, x, tokens, out, buffers.scratch) }
    }

    /// Adds the change to the states, then normalises them.
    private func normalise(_ norm: EncoderNorm, _ tokens: Int, _ buffers: EncoderBuffers) {
        kernels.functions.add_and_normalise(
            buffers.states, buffers.change, tokens, config.hidden, norm.weight, norm.bias, config.epsilon)
    }
}

/// Memory that threads share, each another part of it.
private struct SharedPointer: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<Float>
    init(_ pointer: UnsafeMutablePointer<Float>) { self.pointer = pointer }
}
