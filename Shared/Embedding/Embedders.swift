import Models

/// Who embeds texts in an installation.
public enum Embedders {
    /// The embedder of a configuration; nil if there is none.
    ///
    /// - Parameter builtIn: opens the built-in model, from the file that the configuration names, if it names one.
    public static func make(
        _ configuration: EmbeddingConfiguration, builtIn: (_ file: String?) throws -> (any Embedder)?
    ) rethrows -> (any Embedder)? {
        switch configuration {
        case .off: nil
        case .builtIn(let file): try builtIn(file)
        case .remote(let service): RemoteEmbedder(service)
        }
    }
}
