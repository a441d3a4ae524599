import Language
import Models
import Wire

/// The full-text index of versions before 9, which has only their documents. Jobs index these again (`Reindexing`); when
/// none is left, the old index is dropped. Only SQLite has it.
struct OldIndex {
    let database: Database

    /// Whether a workspace has documents that only the old index has.
    func has(_ workspace: Workspace.ID) throws -> Bool {
        guard case .sqlite = database.engine else { return false }
        return try database.exists(
            """
            SELECT 1 FROM documents WHERE workspace_id = \(workspace) AND index_from IS NULL AND status = 'processed'
                AND chunk_count > 0 LIMIT 1
            """) && exists()
    }

    private func exists() throws -> Bool {
        try database.exists("SELECT 1 FROM sqlite_schema WHERE name = 'passage_text'")
    }

    /// The best passages of such documents, with scores that are comparable only roughly with others.
    func search(_ query: IndexQuery, in workspace: Workspace.ID) throws -> [RankedPassage] {
        guard let expression = Self.expression(of: query, in: workspace) else { return [] }
        // CROSS JOIN, which SQLite does not reorder: it would query FTS5 once per passage.
        let rows = try database.all(
            """
            SELECT p.document_id, p.position, -bm25(passage_text, 0.0, 2.0, 1.0) FROM passage_text
                CROSS JOIN passages p ON p.number = passage_text.rowid CROSS JOIN documents d ON d.id = p.document_id
            WHERE passage_text MATCH \(expression) AND d.workspace_id = \(workspace) AND d.index_from IS NULL
                AND d.status = 'processed'
            ORDER BY 3 DESC LIMIT \(query.limit * 4)
            """
        ) { row in
            RankedPassage(document: DocumentKey(row.next(Document.ID.self)), position: row.next(), score: row.next())
        }
        // FTS5's scores have no upper bound. That of the best becomes the share of the words that a good hit has.
        let best = max(rows.first?.score ?? 0, 1e-9)
        return rows.compactMap { row in
            if case .only(let ids) = query.documents, !ids.contains(row.document.id) { return nil }
            let score = 0.6 * max(0, row.score) / best
            return score < query.threshold
                ? nil
                : RankedPassage(document: row.document, position: row.position, score: score)
        }
    }

    /// https://www.sqlite.org/fts5.html#full_text_query_syntax
    private static func expression(of query: IndexQuery, in workspace: Workspace.ID) -> String? {
        func expressions(_ occurrence: QueryClause.Occurrence) -> [String] {
            query.clauses.filter { $0.occurrence == occurrence }.compactMap { clause in
                let words = clause.words.compactMap(word)
                return words.isEmpty || words.count < clause.words.count ? nil : "\"\(words.joined(separator: " "))\""
            }
        }
        let (required, wanted) = (expressions(.must), expressions(.should))
        guard !required.isEmpty || !wanted.isEmpty else { return nil }
        let matched = required.isEmpty ? wanted.joined(separator: " OR ") : required.joined(separator: " AND ")
        let scope = "scope : \"\(workspace.bareText)\" AND {heading content} : (\(matched))"
        let excluded = expressions(.mustNot)
        return excluded.isEmpty ? scope : "(\(scope)) NOT {heading content} : (\(excluded.joined(separator: " OR ")))"
    }

    /// The form that the old index may have: no stem, and nothing that would be syntax.
    private static func word(_ terms: [QueryClause.Term]) -> String? {
        let plain = terms.first { ($0.bytes.first ?? 0) > 0x20 && !$0.bytes.contains(UInt8(ascii: "\"")) }
        return plain.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    /// Drops the old index if no document needs it. Call it in a write.
    func dropIfUnused() throws {
        guard case .sqlite = database.engine, try exists() else { return }
        let isUsed = try database.exists(
            """
            SELECT 1 FROM documents WHERE index_from IS NULL AND status = 'processed' AND chunk_count > 0 LIMIT 1
            """)
        guard !isUsed else { return }
        try database.script("DROP TABLE passage_text; DROP TABLE passage_statistics")
    }
}
