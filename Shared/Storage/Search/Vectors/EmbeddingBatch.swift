import Models

/// Some passages that have no vector in a set yet: of the documents that were uploaded first, new ones before those
/// that an older set has.
struct EmbeddingBatch {
    /// Consecutive passages of a document.
    struct Stretch {
        let document: Document.ID
        /// The number of passages of the document, and how many of them have a vector already.
        let total: Int
        let done: Int
        /// What is embedded of each passage.
        let passages: [[String]]
    }

    let set: VectorSet
    private(set) var stretches: [Stretch] = []
    private let database: Database

    var texts: [String] { stretches.flatMap { $0.passages.flatMap(\.self) } }
    /// The number of passages.
    var count: Int { stretches.reduce(0) { $0 + $1.passages.count } }

    /// Call it in a snapshot or write.
    ///
    /// - Parameters:
    ///   - limit: the most passages.
    ///   - room: the most texts, unless a single passage has more parts.
    init(of limit: Int, texts room: Int = .max, for set: VectorSet, _ database: Database) throws {
        (self.set, self.database) = (set, database)
        let found = try database.all(
            """
            SELECT id, chunk_count, CASE WHEN embedding_set = \(set.number) THEN embedding_done ELSE 0 END
            FROM documents
            WHERE workspace_id = \(set.workspace) AND status = 'processed' AND embedded_in < \(set.number)
            ORDER BY embedded_in, id LIMIT \(limit)
            """
        ) { row in
            (id: row.next(Document.ID.self), total: Self.count(row.next()), done: Self.count(row.next()))
        }
        var (left, room) = (limit, room)
        for document in found where left > 0 && room > 0 {
            var passages: [[String]] = []
            try database.each(
                """
                SELECT heading, content FROM passages WHERE document_id = \(document.id) AND position >= \(document.done)
                ORDER BY position LIMIT \(left)
                """
            ) { row in
                let texts = Self.texts(heading: row.next(), row.next())
                let isFirst = stretches.isEmpty && passages.isEmpty
                if isFirst || texts.count <= room { passages.append(texts) }
                room -= texts.count
                return room > 0
            }
            // Without passages, there is nothing to embed of the document, unless there was no room.
            if passages.isEmpty, room < 0 { break }
            stretches.append(
                Stretch(document: document.id, total: document.total, done: document.done, passages: passages))
            left -= passages.count
        }
    }

    /// A number of passages, which a damaged row may have made anything.
    private static func count(_ stored: Int) -> Int { max(0, min(stored, SegmentFormat.maximumPassages)) }

    /// What is embedded of a passage: its parts, each with the heading.
    private static func texts(heading: String?, _ content: String) -> [String] {
        let parts = PassageParts.split(content)
        return heading.map { heading in parts.map { "\(heading)\n\($0)" } } ?? parts
    }

    /// Whether a document is still as it was when it was read.
    private func isUnchanged(_ stretch: Stretch) throws -> Bool {
        try database.exists(
            """
            SELECT 1 FROM documents d JOIN vector_sets v ON v.workspace_id = d.workspace_id
            WHERE d.id = \(stretch.document) AND d.status = 'processed' AND d.workspace_id = \(set.workspace)
                AND d.embedded_in < \(set.number) AND v.number = \(set.number) AND v.state <> 'dropped'
                AND CASE WHEN d.embedding_set = \(set.number) THEN d.embedding_done ELSE 0 END = \(stretch.done)
            """)
    }

    /// Stores the vectors of documents that are still there, and how far these are. Call it in a write.
    ///
    /// - Returns: the number of passages that got their vectors.
    func store(_ codes: [VectorCode], in rows: VectorRows) throws -> Int {
        var entries: [VectorRows.Entry] = []
        var next = 0
        for stretch in stretches {
            let isWanted = try isUnchanged(stretch)
            for (offset, texts) in stretch.passages.enumerated() {
                let own = codes[next..<(next + texts.count)]
                next += texts.count
                guard isWanted else { continue }
                entries.append(
                    .init(
                        document: DocumentKey(stretch.document), position: stretch.done + offset, codes: Array(own)))
            }
            guard isWanted else { continue }
            let done = stretch.done + stretch.passages.count
            let isLast = done >= stretch.total || stretch.passages.isEmpty
            try database.run(
                """
                UPDATE documents SET embedding_set = \(set.number), embedding_done = \(done), embedding_error = NULL,
                    embedded_in = CASE WHEN \(isLast) THEN \(set.number) ELSE embedded_in END
                WHERE id = \(stretch.document)
                """)
        }
        try rows.append(entries, to: set)
        return entries.count
    }

    /// Gives up on the first document. Call it in a write.
    ///
    /// - Returns: how many of its passages get no vector.
    func fail(because reason: String) throws -> Int {
        guard let first = stretches.first, try isUnchanged(first) else { return 0 }
        try database.run(
            """
            UPDATE documents SET embedded_in = \(set.number), embedding_set = \(set.number),
                embedding_done = \(first.done), embedding_error = \("The passages could not be embedded: \(reason)")
            WHERE id = \(first.document)
            """)
        return first.total - first.done
    }
}
