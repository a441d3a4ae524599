import Models

/// The segments of the workspaces' indexes, in rows.
///
/// A write adds a segment; a job merges segments (`IndexMerging`). A document that is removed or indexed again stays in
/// the segments that have it: a row of `index_removals` says below which number of a segment it does not count. Merging
/// drops what does not count, and then the row. This is exact at any moment, whatever merges run meanwhile, because a
/// merged segment has the number of its newest part: a row made after a merge began covers its result, too.
struct IndexStore {
    let database: Database

    // MARK: Reading

    /// A segment with what is stored beside it.
    struct Stored {
        let segment: Int
        let number: Int
        let level: Int
        let reader: SegmentReader
    }

    /// The segments of a workspace, oldest first.
    func segments(of workspace: Workspace.ID) throws -> [Stored] {
        try segments(of: workspace, "level >= 0").sorted { $0.number < $1.number }
    }

    /// One of them. Nil if it is no part of the index.
    func segment(_ segment: Int, of workspace: Workspace.ID) throws -> Stored? {
        try segments(of: workspace, "level >= 0 AND segment = \(segment)").first
    }

    private func segments(of workspace: Workspace.ID, _ condition: SQL) throws -> [Stored] {
        try database.all(
            """
            SELECT segment, number, level, passages, header FROM index_segments
            WHERE workspace_id = \(workspace) AND \(condition)
            """
        ) { row in
            let (segment, number, level): (Int, Int, Int) = (row.next(), row.next(), row.next())
            let passages: Int = row.next()
            let reader = try row.bytes { bytes in
                var pages: [SegmentPage] = []
                let header = try naming(workspace, segment) {
                    let header = try SegmentHeader(bytes, pages: &pages)
                    guard header.passages == passages else { throw SegmentDamage() }
                    return header
                }
                return SegmentReader(
                    header,
                    pages.isEmpty
                        ? SegmentSource(rowsOf: segment, in: workspace, database)
                        : SegmentSource(pages: pages, segment: segment))
            }
            return Stored(segment: segment, number: number, level: level, reader: reader)
        }
    }

    /// Runs `body`, and names the segment if it is damaged.
    func naming<T>(_ workspace: Workspace.ID, _ segment: Int? = nil, _ body: () throws -> T) throws -> T {
        do { return try body() } catch is SegmentDamage {
            let name = segment.map { "segment \($0)" } ?? "a segment"
            throw APIError.internalError(cause: "\(name) of the index of \(workspace) is damaged")
        }
    }

    /// Which documents' passages do not count, and where.
    struct Hidden {
        /// Those of incomplete documents, anywhere.
        var documents: Set<DocumentKey> = []
        /// Those of removed documents, in segments of lower numbers.
        var removals: [DocumentKey: Int] = [:]
        private(set) var highest = 0

        mutating func add(_ document: DocumentKey, before number: Int) {
            removals[document] = number
            highest = max(highest, number)
        }

        /// Nil if all passages of a segment count.
        func test(in number: Int) -> ((DocumentKey) -> Bool)? {
            guard !documents.isEmpty || highest > number else { return nil }
            return { documents.contains($0) || removals[$0] ?? 0 > number }
        }
    }

    func hidden(in workspace: Workspace.ID) throws -> Hidden {
        var hidden = try removals(in: workspace)
        hidden.documents = Set(try incomplete(in: workspace).map { DocumentKey($0) })
        return hidden
    }

    private func incomplete(in workspace: Workspace.ID) throws -> [Document.ID] {
        try database.values("SELECT document_id FROM hidden_documents WHERE workspace_id = \(workspace)")
    }

    func removals(in workspace: Workspace.ID) throws -> Hidden {
        var hidden = Hidden()
        try database.each(
            "SELECT document_id, before_number FROM index_removals WHERE workspace_id = \(workspace)"
        ) { row in
            hidden.add(DocumentKey(row.next(Document.ID.self)), before: row.next())
            return true
        }
        return hidden
    }

    /// What `searched` reads first.
    func prefetch(_ workspace: Workspace.ID, _ ahead: Prefetch) {
        ahead.add { _ = try segments(of: workspace) }
        ahead.add { _ = try removals(in: workspace) }
        ahead.add { _ = try incomplete(in: workspace) }
    }

    /// The segments as a search sees them.
    func searched(in workspace: Workspace.ID) throws -> [SearchedSegment] {
        try database.prefetch { prefetch(workspace, $0) }
        let segments = try segments(of: workspace)
        guard !segments.isEmpty else { return [] }
        let hidden = try hidden(in: workspace)
        try database.prefetch { ahead in
            for each in segments where hidden.test(in: each.number) != nil { ahead.add { _ = try each.reader.runs() } }
        }
        return try segments.map { try SearchedSegment($0.reader, isHidden: hidden.test(in: $0.number)) }
    }

    // MARK: Writing

    /// Adds a segment, and enqueues its merging if there are many. Call it in a write.
    ///
    /// - Returns: its number.
    @discardableResult
    func add(_ prepared: PreparedSegment, to workspace: Workspace.ID) throws -> Int {
        let number = try takeNumber(in: workspace)
        try insert(prepared.header, prepared.pages, number, number, level: 0, isSmall: prepared.isSmall, in: workspace)
        // Counts no further, because there may be thousands.
        let count: SQL = """
            (SELECT count(*) FROM (SELECT 1 FROM index_segments WHERE workspace_id = \(workspace) AND level = 0
                LIMIT \(IndexMerging.width)) AS counted)
            """
        try JobStore(database: database).enqueueOnce(
            .merge, workspace.text, in: workspace.text, if: "\(count) >= \(IndexMerging.width)")
        return number
    }

    func insert(
        _ header: SegmentHeader, _ pages: [SegmentPage], _ segment: Int, _ number: Int, level: Int, isSmall: Bool,
        in workspace: Workspace.ID
    ) throws {
        let packed = header.packed(with: isSmall ? pages : [])
        try database.send(
            """
            INSERT INTO index_segments (workspace_id, segment, number, level, passages, header)
            VALUES (\(workspace), \(segment), \(number), \(level), \(header.passages), \(packed))
            ON CONFLICT (workspace_id, segment) DO UPDATE SET number = excluded.number, level = excluded.level,
                passages = excluded.passages, header = excluded.header
            """)
        if !isSmall { try insert(pages, segment, in: workspace) }
    }

    func insert(_ pages: [SegmentPage], _ segment: Int, in workspace: Workspace.ID) throws {
        try database.insert("INSERT INTO index_pages (workspace_id, segment, kind, term, part, data)", pages) { page in
            "(\(workspace), \(segment), \(page.kind.rawValue), \(page.term), \(page.part), \(page.data))"
        }
    }

    /// The number of the next segment.
    func nextNumber(in workspace: Workspace.ID) throws -> Int {
        try database.value("SELECT next FROM index_counters WHERE workspace_id = \(workspace)") ?? 1
    }

    func takeNumber(in workspace: Workspace.ID) throws -> Int {
        let next: Int? = try database.value(
            """
            INSERT INTO index_counters (workspace_id, next) VALUES (\(workspace), 2)
            ON CONFLICT (workspace_id) DO UPDATE SET next = index_counters.next + 1
            RETURNING next
            """)
        guard let next else { throw APIError.internalError(cause: "a segment got no number") }
        return next - 1
    }

    /// Makes the passages that the index has of a document now count no more. Call it in a write; what is added later
    /// counts.
    func remove(_ document: Document.ID, from workspace: Workspace.ID) throws {
        let next = try nextNumber(in: workspace)
        guard next > 1 else { return }
        try database.send(
            """
            INSERT INTO index_removals (workspace_id, document_id, before_number)
            VALUES (\(workspace), \(document), \(next))
            ON CONFLICT (workspace_id, document_id) DO UPDATE SET before_number = excluded.before_number
            """)
    }

    /// Has a job look at a workspace's segments. Does not disturb one that is doing so.
    func enqueueMerging(of workspace: Workspace.ID) throws {
        try JobStore(database: database).enqueueOnce(.merge, workspace.text, in: workspace.text)
    }
}
