import Models
import Platform

/// Who embeds texts in an installation.
public enum Embedders {
    /// The embedder of a configuration, kept as long as the process; nil if there is none or it cannot be opened.
    public static func shared(_ configuration: EmbeddingConfiguration) -> (any Embedder)? {
        let name = configuration.name
        if let kept, kept.name == name { return kept.embedder }
        let embedder = make(configuration) { file in
            do throws(ModelFileError) {
                return try BuiltInModel.open(file)
            } catch {
                if case .missing = error, file == nil { return nil }
                Log.write(.error, "The embedding model cannot be used", ["cause": .string("\(error)")])
                return nil
            }
        }
        kept = (name, embedder)
        return embedder
    }

    /// Safe without a lock: a process serves one request at a time, on one thread.
    nonisolated(unsafe) private static var kept: (name: String, embedder: (any Embedder)?)?

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
