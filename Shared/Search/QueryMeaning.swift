import Embedding
import Models
import Platform
import Storage

/// A query as a vector, and the model that made it.
struct QueryMeaning {
    let vector: [Float]
    let model: EmbeddingModel

    /// Embeds a query. Call it outside of a snapshot: a remote model may take seconds.
    ///
    /// - Returns: nil if nothing could be compared with it: no workspace has vectors of the embedder's model, or the model
    ///   cannot be reached now. A search then goes by words, and its answer says so.
    init?(of text: String, by embedder: (any Embedder)?, in workspaces: [Workspace.ID], of store: Store) throws {
        guard let embedder else { return nil }
        let model = try workspaces.lazy.compactMap { try store.vectors.model(of: $0) }
            .first { $0.name == embedder.name }
        guard let model else { return nil }
        do {
            let vector = try embedder.embed([text], as: .query).first ?? []
            guard vector.count == model.dimensions, vector.allSatisfy(\.isFinite) else {
                Log.write(.warning, "A query's vector cannot be compared", ["dimensions": .int(Int64(vector.count))])
                return nil
            }
            (self.vector, self.model) = (vector, model)
        } catch {
            Log.write(.warning, "A query could not be embedded", ["cause": .string("\(error)")])
            return nil
        }
    }
}
