import Models

/// Some passages that have no vector in a set yet: of the documents that were uploaded first, new ones before those
/// that an older set has.
struct EmbeddingBatch {
    /// Consecutive passages of a document.
    struct Part {
        let document: Document.ID
        /// The number of passages of the document, and how many of them have a vector already.
        let total: Int
        let done: Int
        let texts: [String]
    }

    let set: VectorSet
    private(set) var parts: [Part] = []
    private let database: Database

    var texts: [String] { parts.flatMap(\.texts) }

    /// Call it in a snapshot or write.
    ///
    /// - Parameter limit: the most passages.
    init(of limit: Int, for set: VectorSet, _ database: Database) throws {
        (self.set, self.database) = (set, database)
        let found = try database.all(
            """
            SELECT id, chunk_count, CASE WHEN embedding_set = \(set.number) THEN embedding_done ELSE 0 END
            FROM documents
            WHERE workspace_id = \(set.workspace) AND status = 'processed' AND embedded_in < \(set.number)
            ORDER BY embedded_in, id LIMIT \(limit)
            """
        ) { row in (id: row.next(Document.ID.self), total: row.next(Int.self), done: row.next(Int.self)) }
        var left = limit
        for document in found where left > 0 {
            let texts = try database.all(
                """
                SELECT heading, content FROM passages WHERE document_id = \(document.id) AND position >= \(document.done)
                ORDER BY position LIMIT \(left)
                """
            ) { row in Self.text(heading: row.next(), row.next()) }
            parts.append(Part(document: document.id, total: document.total, done: document.done, texts: texts))
            left -= texts.count
        }
    }

    /// What is embedded of a passage.
    private static func text(heading: String?, _ content: String) -> String {
        heading.map { "\($0)\n\(content)" } ?? content
    }

    /// Whether a document is still as it was when it was read.
    private func isUnchanged(_ part: Part) throws -> Bool {
        try database.exists(
            """
            SELECT 1 FROM documents d JOIN vector_sets v ON v.workspace_id = d.workspace_id
            WHERE d.id = \(part.document) AND d.status = 'processed' AND d.workspace_id = \(set.workspace)
                AND d.embedded_in < \(set.number) AND v.number = \(set.number) AND v.state <> 'dropped'
                AND CASE WHEN d.embedding_set = \(set.number) THEN d.embedding_done ELSE 0 END = \(part.done)
            """)
    }

    /// Stores the vectors of documents that are still there, and how far these are. Call it in a write.
    ///
    /// - Returns: the number of vectors stored.
    func store(_ codes: [VectorCode], in rows: VectorRows) throws -> Int {
        var entries: [VectorRows.Entry] = []
        var next = 0
        for part in parts {
            let own = codes[next..<(next + part.texts.count)]
            next += part.texts.count
            guard try isUnchanged(part) else { continue }
            for (offset, code) in own.enumerated() {
                entries.append(
                    .init(document: DocumentKey(part.document), position: part.done + offset, code: code))
            }
            let done = part.done + part.texts.count
            let isLast = done >= part.total || part.texts.isEmpty
            try database.run(
                """
                UPDATE documents SET embedding_set = \(set.number), embedding_done = \(done), embedding_error = NULL,
                    embedded_in = CASE WHEN \(isLast) THEN \(set.number) ELSE embedded_in END
                WHERE id = \(part.document)
                """)
        }
        try rows.append(entries, to: set)
        return entries.count
    }

    /// Gives up on the first document. Call it in a write.
    ///
    /// - Returns: how many of its passages get no vector.
    func fail(because reason: String) throws -> Int {
        guard let part = parts.first, try isUnchanged(part) else { return 0 }
        try database.run(
            """
            UPDATE documents SET embedded_in = \(set.number), embedding_set = \(set.number),
                embedding_done = \(part.done), embedding_error = \("The passages could not be embedded: \(reason)")
            WHERE id = \(part.document)
            """)
        return part.total - part.done
    }
}
