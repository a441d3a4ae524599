import Models

/// What a text is embedded as. Models of the E5 family expect a prefix that says so.
public enum TextRole: Sendable {
    case query, passage
}

/// Makes vectors whose dot products say how close texts are in meaning.
public protocol Embedder {
    /// The name of `model`, which no server need be asked for.
    var name: String { get }

    /// Who makes the vectors, and how long they are. A remote model is asked how long they are unless the
    /// configuration says so or it has answered before, so who needs vectors anyway makes them first.
    ///
    /// - Throws: what `embed` throws.
    var model: EmbeddingModel { get throws }

    /// The vectors of texts, in their order, each with `model.dimensions` components and the length 1 (L2). The end of
    /// a text that is too long for the model is ignored.
    func embed(_ texts: [String], as role: TextRole) throws -> [[Float]]
}
