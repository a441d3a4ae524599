import Models

extension Document: Record {
    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        self.init(
            id: row["id"], workspaceId: row["workspace_id"], name: row["name"], type: row["type"],
            mimeType: row["mime_type"], size: row["size"], sha256: row["sha256"], status: row["status"],
            error: row["error"], chunkCount: row["chunk_count"], wordCount: row["word_count"],
            encoding: row["encoding"], language: row["language"],
            warnings: DocumentWarnings(stored: row["warnings"]), metadata: row["metadata"],
            uploadedBy: row["uploaded_by"], createdAt: row["created_at"],
            updatedAt: row["updated_at"])
        let stored = StoredEmbedding(from: &row)
        embedding = stored.progress(of: self)
        if embedding.status == .failed { error = stored.error }
    }
}

/// What a row of `documents` has about vectors.
struct StoredEmbedding: Record {
    /// The set that jobs add to: 0 if there is none yet; nil if no model is configured.
    let target: Int?
    let embeddedIn: Int
    let set: Int
    let done: Int
    let error: String?

    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        target =
            row[
                """
                (SELECT CASE WHEN value <> '' THEN coalesce((
                    SELECT max(v.number) FROM vector_sets v
                    WHERE v.workspace_id = documents.workspace_id AND v.state <> 'dropped'
                        AND v.dimensions || ' ' || v.model = value), 0) END
                FROM settings WHERE name = 'embedding model')
                """]
        (embeddedIn, set) = (row["embedded_in"], row["embedding_set"])
        (done, error) = (row["embedding_done"], row["embedding_error"])
    }

    func progress(of document: Document) -> EmbeddingProgress {
        guard let target, document.status != .failed else { return .off }
        let total = document.chunkCount
        let isOver = target > 0 && embeddedIn >= target
        if isOver, error == nil { return EmbeddingProgress(status: .done, done: total, total: total) }
        let done = target > 0 && set == target ? max(0, min(done, total)) : 0
        return EmbeddingProgress(status: isOver ? .failed : .pending, done: done, total: total)
    }
}
