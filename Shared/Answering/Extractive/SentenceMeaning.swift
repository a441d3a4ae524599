import Embedding

/// How close sentences are to a question in meaning.
struct SentenceMeaning {
    private let embedder: any Embedder
    private let question: [Float]

    /// - Parameter vector: the question's; nil to make it.
    /// - Throws: the embedder's errors.
    init(of question: String, _ vector: [Float]?, _ embedder: any Embedder) throws {
        self.embedder = embedder
        self.question = try vector ?? embedder.embed([question], as: .query).first ?? []
    }

    /// The cosines of the angles between their vectors and that of the question. Of long sentences, the beginning counts.
    func cosines(of sentences: [String]) throws -> [Double] {
        let beginnings = sentences.map { String($0.unicodeScalars.prefix(Self.longest)) }
        return try embedder.embed(beginnings, as: .passage).map { vector in
            Double(zip(vector, question).reduce(Float(0)) { $0 + $1.0 * $1.1 })
        }
    }

    /// In scalars, so that a question takes a limited time.
    private static let longest = 600
}
