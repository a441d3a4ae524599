/// Which model made vectors. Vectors of different models cannot be compared.
public struct EmbeddingModel: Hashable, Sendable {
    public var name: String
    /// The length of its vectors.
    public var dimensions: Int

    public init(name: String, dimensions: Int) {
        self.name = name
        self.dimensions = dimensions
    }
}
