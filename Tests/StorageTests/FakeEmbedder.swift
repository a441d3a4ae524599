import Models

@testable import Storage

/// A model that makes a vector of a text's bytes: equal texts have equal vectors, others have random ones around a
/// common centre, as real models make them.
final class FakeEmbedder {
    let model: EmbeddingModel
    /// Called with each batch before it is embedded.
    var onEmbed: ([String]) throws -> Void = { _ in }
    private(set) var embedded = 0
    private var known: [String: [Float]] = [:]

    init(_ name: String = "fake", dimensions: Int = 40) {
        model = EmbeddingModel(name: name, dimensions: dimensions)
    }

    func vector(of text: String) -> [Float] {
        if let known = known[text] { return known }
        let made = make(text)
        known[text] = made
        return made
    }

    private func make(_ text: String) -> [Float] {
        var seed: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in model.name.utf8 { seed = (seed ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var centre = Numbers(state: seed)
        for byte in text.utf8 { seed = (seed ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var numbers = Numbers(state: seed)
        return Self.unit(
            (0..<model.dimensions).map { _ in
                Float.random(in: -1...1, using: &centre) * 2 + Float.random(in: -1...1, using: &numbers)
            })
    }

    static func unit(_ vector: [Float]) -> [Float] {
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return vector.map { $0 / length }
    }

    var embedder: PassageEmbedder {
        PassageEmbedder(model) { texts in
            try self.onEmbed(texts)
            self.embedded += texts.count
            return texts.map(self.vector)
        }
    }
}
