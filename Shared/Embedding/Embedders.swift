import Models
import Platform

/// Who embeds texts in an installation.
public enum Embedders {
    /// The embedder of a configuration, for searches, which do without one; nil if there is none. Why it cannot be used,
    /// the log says.
    public static func shared(_ configuration: EmbeddingConfiguration) -> (any Embedder)? {
        do throws(ModelFileError) {
            return try open(configuration)
        } catch {
            Log.write(.error, "The embedding model cannot be used", ["cause": .string("\(error)")])
            return nil
        }
    }

    /// The embedder of a configuration, kept as long as the process. What cannot be opened may be repaired, so it is tried
    /// again at the next call.
    ///
    /// - Returns: nil if there is none: embedding is off, or the built-in model was never installed.
    public static func open(_ configuration: EmbeddingConfiguration) throws(ModelFileError) -> (any Embedder)? {
        let name = configuration.name
        if let kept, kept.name == name { return kept.embedder }
        let embedder = try make(configuration) { file throws(ModelFileError) in
            do throws(ModelFileError) {
                return try BuiltInModel.open(file)
            } catch {
                if case .missing = error, file == nil { return nil }
                throw error
            }
        }
        kept = embedder.map { (name, $0) }
        return embedder
    }

    /// Safe without a lock: a process serves one request at a time, on one thread.
    nonisolated(unsafe) private static var kept: (name: String, embedder: any Embedder)?

    /// The embedder of a configuration; nil if there is none.
    ///
    /// - Parameter builtIn: opens the built-in model, from the file that the configuration names, if it names one.
    static func make<Failure: Error>(
        _ configuration: EmbeddingConfiguration, builtIn: (_ file: String?) throws(Failure) -> (any Embedder)?
    ) throws(Failure) -> (any Embedder)? {
        switch configuration {
        case .off: nil
        case .builtIn(let file): try builtIn(file)
        case .remote(let service): RemoteEmbedder(service)
        }
    }
}
