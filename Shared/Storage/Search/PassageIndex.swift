import Models
import Wire

/// The passages of all documents, and full-text search over them.
///
/// Only this type knows SQLite's FTS5. `PassageRanking` ranks by Okapi BM25 (Robertson et al., TREC-3) over Porter
/// stems.
public struct PassageIndex {
    let database: Database

    // MARK: Writing

    /// Adds passages. Call it in a write.
    func add(_ batch: [Passage], to workspace: Workspace.ID) throws {
        try database.sqlite.prepareIndexing()
        var numbers: [Int] = []
        for passage in batch { if let number = try add(passage, to: workspace) { numbers.append(number) } }
        guard let first = numbers.first, let last = numbers.last else { return }
        // Safe in a write: nobody else adds any.
        try database.run(
            """
            INSERT INTO passage_statistics (workspace_id, passages, words, first_number, last_number)
            SELECT \(workspace), count(*), coalesce(sum(index_words(sz)), 0), \(first), \(last)
            FROM passage_text_docsize WHERE id BETWEEN \(first) AND \(last)
            ON CONFLICT (workspace_id) DO UPDATE SET passages = passages + excluded.passages,
                words = words + excluded.words, last_number = excluded.last_number
            """)
    }

    /// The passage's row number in the index.
    private func add(_ passage: Passage, to workspace: Workspace.ID) throws -> Int? {
        let position = passage.position
        let number: Int? = try database.value(
            """
            INSERT INTO passages (id, workspace_id, document_id, position, text_start, text_end, page, heading, content,
                variants)
            VALUES (\(passage.id), \(workspace), \(passage.documentId), \(position.index), \(position.start),
                \(position.end), \(position.page), \(position.heading), \(passage.content),
                \(passage.variants))
            RETURNING number
            """)
        guard let number else { return nil }
        try database.run(
            """
            INSERT INTO passage_text (rowid, scope, heading, content)
            VALUES (\(number), \(Self.scope(workspace)), index_form(\(position.heading ?? "")),
                index_form(\(passage.indexedText)))
            """)
        return number
    }

    /// Removes the next passages of a document, up to about `bytes` of text, and returns their number. The index needs
    /// the text again to remove it, which takes as long as adding it.
    func remove(atMost limit: Int, bytes: Int, of document: Document.ID) throws -> Int {
        let condition: SQL = """
            number IN (
                SELECT number FROM (
                    SELECT number, sum(size) OVER (ORDER BY position) - size AS before FROM (
                        SELECT number, position,
                            \(sqlite: "length(CAST(content AS BLOB))", postgres: "octet_length(content)") AS size
                        FROM passages WHERE document_id = \(document) ORDER BY position LIMIT \(limit)) AS sizes) AS sums
                WHERE before < \(bytes))
            """
        try database.sqlite.prepareIndexing()
        try discount(condition)
        try database.run(
            """
            INSERT INTO passage_text (passage_text, rowid, scope, heading, content)
            SELECT 'delete', number, substr(workspace_id, 4), index_form(coalesce(heading, '')),
                index_form(content || coalesce(\(Passage.variantSeparator) || variants, ''))
            FROM passages WHERE \(condition)
            """)
        return try database.run("DELETE FROM passages WHERE \(condition)")
    }

    /// Subtracts the passages that match `condition` from the statistics of their workspace.
    private func discount(_ condition: SQL) throws {
        let removed = try database.all(
            from: """
                passages p JOIN passage_text_docsize d ON d.id = p.number WHERE \(condition) GROUP BY p.workspace_id
                """, as: Removed.self)
        for each in removed {
            try database.run(
                """
                UPDATE passage_statistics SET passages = passages - \(each.passages), words = words - \(each.words)
                WHERE workspace_id = \(each.workspace)
                """)
            try database.run(
                "DELETE FROM passage_statistics WHERE workspace_id = \(each.workspace) AND passages <= 0")
        }
    }

    /// The part of a removed batch that belongs to one workspace.
    private struct Removed: Record {
        let workspace: Workspace.ID
        let passages: Int
        let words: Int

        static let columns = SQL(columnsOf: Self.self)

        init(from row: inout Row) {
            workspace = row["p.workspace_id"]
            passages = row["count(*)"]
            words = row["coalesce(sum(index_words(d.sz)), 0)"]
        }
    }

    /// Statistics of a workspace's passages; nil if it has none. They cover this workspace only, so that scores reveal
    /// nothing about others.
    private func extent(of workspace: Workspace.ID) throws -> PassageRanking.Extent? {
        try database.first(from: "passage_statistics WHERE workspace_id = \(workspace) AND passages > 0")
    }

    /// A workspace as an index token: its identifier without the prefix.
    private static func scope(_ workspace: Workspace.ID) -> String {
        workspace.bareText
    }

    // MARK: Listing

    /// The passages of a document, in text order.
    public func list(of document: Document.ID, page: PageRequest) throws -> Page<Passage> {
        try database.page(from: "passages p WHERE p.document_id = \(document)", order: "p.position", page)
    }

    // MARK: Searching

    /// A parsed query. All tokens are folded words without any syntax.
    public struct Query: Sendable {
        /// A passage contains at least one of these; more and rarer words score higher.
        public var terms: [String] = []
        /// A passage contains all of these phrases.
        public var phrases: [[String]] = []
        /// A passage contains none of these.
        public var excluded: [[String]] = []
        /// The documents whose passages count.
        public var documents = DocumentSelection.all
        public var limit = 10
        /// Passages that score less are left out.
        public var threshold = 0.0

        public init() {}
    }

    /// The best passages of a workspace, best first; of those with the same score, the newest document first. If the
    /// budget is used up, `budget.isSpent` is true and these are the best found so far.
    ///
    /// Only the workspace's passages are visited, so neither the work nor the scores depend on other workspaces.
    public func search(
        _ query: Query, in workspace: Workspace.ID, within budget: SearchBudget = SearchBudget(milliseconds: 0)
    ) throws -> [SearchHit] {
        guard query.limit > 0, !query.documents.isEmpty, let extent = try extent(of: workspace),
            let match = MatchQuery(query, scope: Self.scope(workspace), isContiguous: extent.numbers != nil)
        else { return [] }
        try database.sqlite.prepareRanking()
        let ranking = PassageRanking(
            match, of: extent, limit: query.limit, threshold: query.threshold, within: budget)
        let rank: SQL = "passage_rank(passage_text, \(ranking))"
        // NB: in a CASE, because every row passed to the ranking counts as a result, and because with a plain `rowid
        // IN`, SQLite would query FTS5 once per row number: seconds instead of milliseconds.
        var ranked = rank
        if case .only(let documents) = query.documents {
            ranked = "CASE WHEN rowid IN (\(Self.numbers(of: documents, in: workspace))) THEN \(rank) END"
        } else if try hasHidden(in: workspace) {
            ranked = "CASE WHEN rowid NOT IN (\(Self.hiddenNumbers(in: workspace))) THEN \(rank) END"
        }
        /// Nil if the budget was used up before the end. Everything found until then counts.
        func unlessSpent<T>(_ body: () throws -> T) throws -> T? {
            do { return try body() } catch  where budget.isOver { return nil }
        }
        func walk(_ expression: MatchExpression, _ condition: SQL) throws {
            _ = try unlessSpent {
                try database.run("SELECT 1 FROM \(Self.matches(expression, of: extent)) AND \(condition)")
            }
        }
        try database.limit(by: budget) {
            // Without weights there is no ranking, and without a ranking no result, so each gets half of the budget.
            budget.begin(until: 0.5)
            try ranking.weigh(
                counting: { expression in
                    try unlessSpent {
                        try database.value("SELECT count(*) FROM \(Self.matches(expression, of: extent))") ?? 0
                    }
                }, walking: { try walk($0, rank) })
            budget.begin(until: 1)
            try ranking.rank { try walk($0, ranked) }
        }
        return HitOrder.inTextOrder(
            try ranking.best.compactMap { ranked in try hit(ranked, in: workspace).map { (ranked.score, $0) } })
    }

    /// The passages that match an expression. Either the expression names the scope, or the numbers limit it to the
    /// workspace.
    private static func matches(_ expression: MatchExpression, of extent: PassageRanking.Extent) -> SQL {
        let matches: SQL = "passage_text WHERE passage_text MATCH \(expression.text)"
        guard !expression.hasScope, let numbers = extent.numbers else { return matches }
        return "\(matches) AND rowid BETWEEN \(numbers.lowerBound) AND \(numbers.upperBound)"
    }

    private func hit(_ ranked: PassageRanking.Ranked, in workspace: Workspace.ID) throws -> SearchHit? {
        let found = try database.first(
            from: """
                passages p JOIN documents d ON d.id = p.document_id
                WHERE p.number = \(Int(ranked.number)) AND p.workspace_id = \(workspace) AND d.status = 'processed'
                """, as: Found.self)
        return found.map {
            SearchHit(
                passage: $0.passage, documentName: $0.name, type: $0.type, metadata: $0.metadata,
                score: (ranked.score * 10_000).rounded() / 10_000)
        }
    }

    /// A passage, with the fields of its document that a hit shows.
    private struct Found: Record {
        let passage: Passage
        let name: String
        let type: DocumentType
        let metadata: RawJSON

        static let columns = SQL(columnsOf: Self.self)

        init(from row: inout Row) {
            passage = Passage(from: &row)
            name = row["d.name"]
            type = row["d.type"]
            metadata = row["d.metadata"]
        }
    }

    /// Whether the index has passages of the workspace that search must not return, which is rare.
    private func hasHidden(in workspace: Workspace.ID) throws -> Bool {
        try database.exists("SELECT 1 FROM hidden_documents WHERE workspace_id = \(workspace) LIMIT 1")
    }

    private static func hiddenNumbers(in workspace: Workspace.ID) -> SQL {
        """
        SELECT p.number FROM hidden_documents u JOIN passages p ON p.document_id = u.document_id
        WHERE u.workspace_id = \(workspace)
        """
    }

    private static func numbers(of documents: Set<Document.ID>, in workspace: Workspace.ID) -> SQL {
        // Bound as one value, because SQLite limits how many a statement has.
        let ids = RawJSON(.array(documents.map { .string($0.text) }))
        return """
            SELECT p.number FROM json_each(\(ids)) d JOIN passages p ON p.document_id = d.value
            WHERE p.workspace_id = \(workspace)
            """
    }
}

extension Passage: Record {
    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        self.init(
            id: row["p.id"], documentId: row["p.document_id"],
            position: Position(
                index: row["p.position"], start: row["p.text_start"], end: row["p.text_end"], page: row["p.page"],
                heading: row["p.heading"]),
            content: row["p.content"], variants: row["p.variants"])
    }
}

extension PassageRanking.Extent: Record {
    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        let (passages, words): (Int, Int) = (row["passages"], row["words"])
        let (first, last): (Int, Int) = (row["first_number"], row["last_number"])
        self.init(
            passages: passages, averageLength: max(1, Double(words) / Double(max(1, passages))),
            numbers: passages == last - first + 1 ? first...last : nil)
    }
}
