import Models
import Wire

/// The passages of all documents, and the full-text search over them.
///
/// This is the one place that knows SQLite's FTS5. Ranking is Okapi BM25 (Robertson et al., TREC-3)
/// by `PassageRanking`, over Porter stems.
public struct PassageIndex {
    let database: Database

    // MARK: Writing

    func add(_ passage: Passage, to workspace: Workspace.ID) throws {
        try database.prepareIndexing()
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
            VALUES (\(number), \(Self.scope(workspace)), index_form(\(position.heading ?? "")), index_form(\(passage.content)))
            """)
    }

    /// Removes the next passages of a document, so many that their texts have about as many bytes, and returns
    /// how many there were. The index has to be told the text that it forgets, which takes as long as adding
    /// it did.
    func remove(atMost limit: Int, bytes: Int, of document: Document.ID) throws -> Int {
        let condition: SQL = """
            number IN (
                SELECT number FROM (
                    SELECT number, sum(size) OVER (ORDER BY position) - size AS before FROM (
                        SELECT number, position, length(CAST(content AS BLOB)) AS size FROM passages
                        WHERE document_id = \(document) ORDER BY position LIMIT \(limit)))
                WHERE before < \(bytes))
            """
        try database.prepareIndexing()
        try database.run(
            """
            INSERT INTO passage_text (passage_text, rowid, scope, heading, content)
            SELECT 'delete', number, substr(workspace_id, 4), index_form(coalesce(heading, '')), index_form(content)
            FROM passages WHERE \(condition)
            """)
        return try database.run("DELETE FROM passages WHERE \(condition)")
    }

    /// A workspace as a token of the index: its identifier without the prefix.
    private static func scope(_ workspace: Workspace.ID) -> String {
        workspace.bareText
    }

    // MARK: Listing

    /// The passages of a document, in the order of its text.
    public func list(of document: Document.ID, page: PageRequest) throws -> Page<Passage> {
        try database.page(
            "id, document_id, position, text_start, text_end, page, heading, content",
            from: "passages WHERE document_id = \(document)", order: "position", page
        ) { Passage(from: &$0) }
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
        guard query.limit > 0, let match = MatchQuery(query, scope: Self.scope(workspace)) else { return [] }
        try database.prepareRanking()
        let whole = match.expression()
        let ranking = PassageRanking(phrases: whole.phrases, limit: query.limit, threshold: query.threshold)
        let rank: SQL = "passage_rank(passage_text, \(ranking))"
        // The first row that it is shown makes the ranking weigh the phrases, no more.
        try database.run("SELECT \(rank) FROM passage_text WHERE passage_text MATCH \(whole.text) LIMIT 1")
        // NB: in a CASE, because what the ranking is shown counts, and so that the numbers are not looked up
        // in the index one by one, each as a query of its own.
        var ranked = rank
        if !query.filter.isEmpty {
            ranked = "CASE WHEN rowid IN (\(numbers(matching: query.filter, in: workspace))) THEN \(rank) END"
        } else if try hasUnlisted(in: workspace) {
            ranked = "CASE WHEN rowid NOT IN (\(Self.unlistedNumbers(in: workspace))) THEN \(rank) END"
        }
        func walk(_ expression: MatchExpression) throws {
            ranking.phrases = expression.phrases
            try database.run("SELECT 1 FROM passage_text WHERE passage_text MATCH \(expression.text) AND \(ranked)")
        }
        let first = match.isRestricted ? Array(match.wanted.indices) : ranking.leadingPhrases
        try walk(match.expression(havingOneOf: first))
        let second = ranking.promisingPhrases.filter { !first.contains($0) }
        if !second.isEmpty { try walk(match.expression(havingOneOf: second, noneOf: first)) }
        return try ranking.best.compactMap { try hit($0, in: workspace) }
    }

    private func hit(_ ranked: PassageRanking.Ranked, in workspace: Workspace.ID) throws -> SearchHit? {
        try database.first(
            """
            SELECT p.id, p.document_id, p.position, p.text_start, p.text_end, p.page, p.heading, p.content,
                d.name, d.type, d.metadata
            FROM passages p JOIN documents d ON d.id = p.document_id
            WHERE p.number = \(Int(ranked.number)) AND p.workspace_id = \(workspace) AND d.status = 'processed'
            """
        ) { row in
            SearchHit(
                passage: Passage(from: &row), documentName: row.next(), type: row.next(), metadata: row.next(),
                score: (ranked.score * 10_000).rounded() / 10_000)
        }
    }

    /// Whether the index has passages of the workspace that nobody may find, which is rare.
    private func hasUnlisted(in workspace: Workspace.ID) throws -> Bool {
        try database.value("SELECT 1 FROM unlisted_documents WHERE workspace_id = \(workspace) LIMIT 1", as: Int.self)
            != nil
    }

    private static func unlistedNumbers(in workspace: Workspace.ID) -> SQL {
        """
        SELECT p.number FROM unlisted_documents u JOIN passages p ON p.document_id = u.document_id
        WHERE u.workspace_id = \(workspace)
        """
    }

    private func numbers(matching filter: Filter, in workspace: Workspace.ID) -> SQL {
        var condition: SQL = "d.workspace_id = \(workspace) AND d.status = 'processed'"
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

/// An expression of FTS5's query language. https://www.sqlite.org/fts5.html#full_text_query_syntax
struct MatchExpression {
    let text: String
    /// Which of its phrases count for the score. FTS5 numbers them from the left.
    let phrases: Range<Int>
}

/// What a query asks of the index.
struct MatchQuery {
    /// The phrases that count for the score. A passage has at least one of them.
    let wanted: [String]
    /// A passage has all of these, too, and none of those.
    private let required: [String]
    private let excluded: [String]
    private let scope: String

    /// Nil when nothing positive is asked for.
    init?(_ query: PassageIndex.Query, scope: String) {
        required = query.phrases.filter { !$0.isEmpty }.map(Self.quoted)
        wanted = required + query.terms.map { Self.quoted([$0]) }
        excluded = query.excluded.filter { !$0.isEmpty }.map(Self.quoted)
        self.scope = "scope : \(Self.quoted([scope]))"
        guard !wanted.isEmpty else { return nil }
    }

    /// Whether there are phrases that every passage must have.
    var isRestricted: Bool { !required.isEmpty }

    /// - Parameters:
    ///   - some: places in `wanted` of which a passage must have at least one; nil for all of them.
    ///   - others: places in `wanted` of which it must have none.
    func expression(havingOneOf some: [Int]? = nil, noneOf others: [Int] = []) -> MatchExpression {
        // What selects most comes first: FTS5 goes through that and looks the rest up. What is only
        // required, or does the selecting, is there once more to count: FTS5 has no "optional".
        let selecting = some.map { $0.count < wanted.count ? $0.map { wanted[$0] } : [] } ?? []
        var conditions = selecting.isEmpty ? [] : [Self.oneOf(selecting)]
        conditions.append(Self.oneOf(wanted))
        // NB: what is refused is taken from the scope, not from the whole. Below a NOT, FTS5 (3.40) forgets
        // hits of the next row when a phrase's words are all in a row, but not side by side.
        let refused = excluded + others.map { wanted[$0] }
        conditions.append(refused.isEmpty ? scope : "(\(scope) NOT \(Self.oneOf(refused)))")
        if wanted.count > 1 { conditions += required.map { Self.oneOf([$0]) } }
        return MatchExpression(
            text: conditions.joined(separator: " AND "), phrases: selecting.count..<(selecting.count + wanted.count))
    }

    private static func oneOf(_ phrases: [String]) -> String {
        "{heading content} : (\(phrases.joined(separator: " OR ")))"
    }

    private static func quoted(_ words: [String]) -> String {
        "\"" + String(words.joined(separator: " ").unicodeScalars.filter { $0 != "\"" }) + "\""
    }
}
