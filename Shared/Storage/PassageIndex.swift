import Models
import Wire

/// The passages of all documents, and the full-text search over them.
///
/// This is the one place that knows SQLite's FTS5. Ranking is Okapi BM25 (Robertson et al., TREC-3)
/// by `PassageScore`, over Porter stems.
public struct PassageIndex {
    let database: Database

    // MARK: Writing

    func add(_ passage: Passage, to workspace: Workspace.ID) throws {
        let position = passage.position
        let number: Int? = try database.value(
            """
            INSERT INTO passages (id, workspace_id, document_id, position, text_start, text_end, page, heading, content)
            VALUES (\(passage.id), \(workspace), \(passage.documentId), \(position.index), \(position.start),
                \(position.end), \(position.page), \(position.heading), \(passage.content))
            RETURNING number
            """)
        guard let number else { return }
        try database.run(
            """
            INSERT INTO passage_text (rowid, scope, heading, content)
            VALUES (\(number), \(Self.scope(workspace)), \(position.heading ?? ""), \(passage.content))
            """)
    }

    /// Removes the passages that `condition` selects, from the index first: it has to be told the
    /// text that it forgets.
    func remove(_ condition: SQL) throws {
        try database.run(
            """
            INSERT INTO passage_text (passage_text, rowid, scope, heading, content)
            SELECT 'delete', number, substr(workspace_id, 4), coalesce(heading, ''), content
            FROM passages WHERE \(condition)
            """)
        try database.run("DELETE FROM passages WHERE \(condition)")
    }

    /// A workspace as a token of the index: its identifier without the prefix.
    private static func scope(_ workspace: Workspace.ID) -> String {
        String(workspace.text.dropFirst(Workspace.idPrefix.count))
    }

    // MARK: Listing

    /// The passages of a document, in the order of its text.
    public func list(of document: Document.ID, page: PageRequest) throws -> Page<Passage> {
        let items = try database.all(
            """
            SELECT id, document_id, position, text_start, text_end, page, heading, content
            FROM passages WHERE document_id = \(document)
            ORDER BY position LIMIT \(page.limit) OFFSET \(page.offset)
            """
        ) { Passage(from: &$0) }
        let total = try database.value("SELECT count(*) FROM passages WHERE document_id = \(document)", as: Int.self) ?? 0
        return Page(items: items, total: total, request: page)
    }

    // MARK: Searching

    /// What is looked for. All tokens are folded words without any syntax.
    public struct Query: Sendable {
        /// A passage has at least one of these; the more and the rarer, the better.
        public var terms: [String] = []
        /// A passage has all of these, word after word.
        public var phrases: [[String]] = []
        /// A passage has none of these.
        public var excluded: [[String]] = []
        public var filter = Filter()
        public var limit = 10
        /// Passages that score below this are left out.
        public var threshold = 0.0

        public init() {}
    }

    /// Which documents count. Empty fields let everything pass.
    public struct Filter: Sendable {
        public var documentIds: [Document.ID] = []
        public var types: [DocumentType] = []
        /// Equal to the document's metadata, key by key.
        public var metadata = JSONObject()
        public var createdAfter: Timestamp?
        public var createdBefore: Timestamp?

        public init() {}

        var isEmpty: Bool {
            documentIds.isEmpty && types.isEmpty && metadata.isEmpty && createdAfter == nil && createdBefore == nil
        }
    }

    /// The best passages of a workspace, best first.
    public func search(_ query: Query, in workspace: Workspace.ID) throws -> [SearchHit] {
        guard let match = MatchExpression(query, scope: Self.scope(workspace)) else { return [] }
        try database.prepareRanking()
        let score: SQL = "passage_score(passage_text, \(match.scoredPhrases))"
        let ranked: SQL =
            query.filter.isEmpty
            ? """
            SELECT rowid AS number, \(score) AS score FROM passage_text WHERE passage_text MATCH \(match.text)
            ORDER BY score DESC, rowid LIMIT \(query.limit)
            """
            : """
            SELECT rowid AS number, \(score) AS score FROM passage_text
            WHERE passage_text MATCH \(match.text) AND rowid IN (\(numbers(matching: query.filter, in: workspace)))
            ORDER BY score DESC, rowid LIMIT \(query.limit)
            """
        return try database.all(
            """
            SELECT p.id, p.document_id, p.position, p.text_start, p.text_end, p.page, p.heading, p.content,
                d.name, d.type, d.metadata, r.score
            FROM (\(ranked)) r JOIN passages p ON p.number = r.number JOIN documents d ON d.id = p.document_id
            WHERE p.workspace_id = \(workspace) AND r.score >= \(query.threshold)
            ORDER BY r.score DESC, p.number
            """
        ) { row in
            SearchHit(
                passage: Passage(from: &row), documentName: row.next(), type: row.next(), metadata: row.next(),
                score: (row.real() * 10_000).rounded() / 10_000)
        }
    }

    private func numbers(matching filter: Filter, in workspace: Workspace.ID) -> SQL {
        var condition: SQL = "d.workspace_id = \(workspace)"
        if !filter.documentIds.isEmpty { condition = "\(condition) AND d.id IN \(SQL.list(filter.documentIds))" }
        if !filter.types.isEmpty { condition = "\(condition) AND d.type IN \(SQL.list(filter.types))" }
        if let after = filter.createdAfter { condition = "\(condition) AND d.created_at > \(after)" }
        if let before = filter.createdBefore { condition = "\(condition) AND d.created_at < \(before)" }
        for member in filter.metadata.members {
            let wanted = RawJSON(member.value)
            // Compared as JSON text, so that "3" and 3 differ, and objects can be compared at all. SQLite
            // has no booleans: `true` is 1 with a type of its own.
            condition = """
                \(condition) AND EXISTS (SELECT 1 FROM json_each(d.metadata) e
                    WHERE e.key = \(member.key) AND e.type = json_type(\(wanted), '$')
                        AND json_quote(e.value) = json_quote(json_extract(\(wanted), '$')))
                """
        }
        return "SELECT p.number FROM documents d JOIN passages p ON p.document_id = d.id WHERE \(condition)"
    }
}

extension Passage {
    fileprivate init(from row: inout Row) {
        self.init(
            id: row.next(), documentId: row.next(),
            position: Position(
                index: row.next(), start: row.next(), end: row.next(), page: row.next(), heading: row.next()),
            content: row.next())
    }
}

/// A query in FTS5's language. https://www.sqlite.org/fts5.html#full_text_query_syntax
struct MatchExpression {
    /// Nil when nothing positive is asked for.
    init?(_ query: PassageIndex.Query, scope: String) {
        let phrases = query.phrases.filter { !$0.isEmpty }.map(Self.quoted)
        let wanted = phrases + query.terms.map { Self.quoted([$0]) }
        guard !wanted.isEmpty else { return nil }
        // Phrases are numbered from the left: the scope is 0, those that count for the score follow.
        // Required ones are repeated behind them, because FTS5 has no "optional".
        var expression = "scope : \(Self.quoted([scope])) AND {heading content} : (\(wanted.joined(separator: " OR ")))"
        for phrase in phrases where wanted.count > 1 { expression += " AND {heading content} : \(phrase)" }
        let excluded = query.excluded.filter { !$0.isEmpty }.map(Self.quoted)
        if !excluded.isEmpty { expression = "(\(expression)) NOT {heading content} : (\(excluded.joined(separator: " OR ")))" }
        text = expression
        scoredPhrases = wanted.count
    }

    let text: String
    /// How many phrases behind the first count for the score.
    let scoredPhrases: Int

    private static func quoted(_ words: [String]) -> String {
        "\"" + words.joined(separator: " ").filter { $0 != "\"" } + "\""
    }
}
