import CEmbedding

/// The weights of a layer, which stay in the model file.
struct EncoderLayer {
    /// Queries, keys and values of attention, side by side.
    let qkv: EncoderMatrix
    let out: EncoderMatrix
    let norm1: EncoderNorm
    let up: EncoderMatrix
    let down: EncoderMatrix
    let norm2: EncoderNorm

    init(_ number: Int, in file: ModelFile) throws(ModelFileError) {
        let name = number < 10 ? "l0\(number)" : "l\(number)"
        let hidden = file.config.hidden, inner = file.config.inner
        qkv = try EncoderMatrix("\(name).qkv", outputs: 3 * hidden, inputs: hidden, in: file)
        out = try EncoderMatrix("\(name).out", outputs: hidden, inputs: hidden, in: file)
        norm1 = try EncoderNorm("\(name).norm1", in: file)
        up = try EncoderMatrix("\(name).up", outputs: inner, inputs: hidden, in: file)
        down = try EncoderMatrix("\(name).down", outputs: hidden, inputs: inner, in: file)
        norm2 = try EncoderNorm("\(name).norm2", in: file)
    }
}

/// A matrix of 4-bit weights with its bias.
struct EncoderMatrix {
    let weights: embedding_matrix

    /// Outputs and inputs are multiples of this.
    static let outputs = 2 * Int(EMBEDDING_PANEL)

    init(_ name: String, outputs: Int, inputs: Int, in file: ModelFile) throws(ModelFileError) {
        let blocks = outputs * (inputs / Int(EMBEDDING_BLOCK))
        weights = embedding_matrix(
            weights: try file.start("\(name).w", length: blocks * 16).assumingMemoryBound(to: UInt8.self),
            scales: try file.start("\(name).s", length: blocks * 2).assumingMemoryBound(to: UInt16.self),
            bias: try file.floats("\(name).b", count: outputs),
            outputs: UInt32(outputs), inputs: UInt32(inputs))
    }
}

/// Scale and shift of a layer normalisation.
struct EncoderNorm {
    let weight: UnsafePointer<Float>
    let bias: UnsafePointer<Float>

    init(_ name: String, in file: ModelFile) throws(ModelFileError) {
        weight = try file.floats("\(name).w", count: file.config.hidden)
        bias = try file.floats("\(name).b", count: file.config.hidden)
    }
}

extension ModelFile {
    /// The start of a section of this length in bytes, which is not 0.
    func start(_ name: String, length: Int) throws(ModelFileError) -> UnsafeRawPointer {
        guard let start = try section(name, length: length).baseAddress else { throw damaged("\(name) is empty") }
        return start
    }

    func floats(_ name: String, count: Int) throws(ModelFileError) -> UnsafePointer<Float> {
        try start(name, length: count * MemoryLayout<Float>.stride).assumingMemoryBound(to: Float.self)
    }
}
