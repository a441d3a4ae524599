import Embedding
import Models
import Platform
import Storage

/// Who embeds passages. It is asked for in the turn of these jobs, so that other work does not wait for a model's server.
enum ConfiguredEmbedder {
    /// Seconds until a model that cannot be used is tried again, and one that refuses its requests.
    private static let pause = 30
    private static let longPause = 600
    /// Safe without a lock: a process serves one request at a time, on one thread.
    nonisolated(unsafe) private static var nextAttempt = Moment.now

    /// Records which model is configured. One that is not usable now stays recorded, so that documents wait for it.
    ///
    /// - Returns: nil if no model is configured, or if it cannot be used now, which the log says.
    static func ready(_ configuration: EmbeddingConfiguration, for store: Store) throws -> PassageEmbedder? {
        guard Moment.now >= nextAttempt else { return nil }
        let found: (embedder: any Embedder, model: EmbeddingModel)?
        do {
            found = try Embedders.open(configuration).map { ($0, try $0.model) }
        } catch {
            let refusal = error as? APIError
            nextAttempt = Moment.now + (refusal?.code == .modelRejected ? longPause : pause)
            Log.write(.error, "The embedding model cannot be used", ["cause": .string(refusal?.cause ?? "\(error)")])
            return nil
        }
        try store.embedding.configure(found?.model)
        return found.map { found in PassageEmbedder(found.model) { try found.embedder.embed($0, as: .passage) } }
    }
}
