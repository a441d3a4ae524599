import Models

/// Pages of a segment that were read before somebody asks for them.
///
/// A search reads pages one after the other, which takes a round trip each on a server. So it first reads together what it
/// will need of all segments (`SegmentReader.hold`): the dictionary pages of its terms, then their lists of postings,
/// and the lengths and documents of the passages.
final class HeldPages {
    /// The terms whose dictionary page is here, if there is one.
    fileprivate(set) var terms: Set<[UInt8]> = []
    /// Dictionary pages, in order.
    fileprivate(set) var dictionary: [SegmentPage] = []
    /// Lists of postings, whole.
    fileprivate(set) var lists: [[UInt8]: [SegmentPage]] = [:]
    /// All pages of other kinds.
    fileprivate(set) var kinds: [PageKind: [SegmentPage]] = [:]

    /// The page that has a term if any has.
    func dictionaryPage(for term: [UInt8]) -> SegmentPage? {
        dictionary.last { !term.lexicographicallyPrecedes($0.term) }
    }
}

extension SegmentReader {
    /// The most dictionary pages, and the most postings and passages, that are read before they are needed. Lists of more
    /// postings are better read when others have ruled out most of their pages.
    private static let (mostPages, mostPostings, mostPassages) = (1000, 200_000, 500_000)

    /// Reads together what a search for some terms needs of several segments, unless they have it. Does nothing on SQLite.
    static func hold(_ terms: [[UInt8]], of readers: [SegmentReader]) throws {
        let stored = readers.filter {
            $0.source.server != nil && $0.source.held?.terms.isSuperset(of: terms) != true
        }
        guard let (database, workspace) = stored.first?.source.server, !terms.isEmpty,
            stored.count * terms.count <= mostPages
        else { return }
        for reader in stored { reader.source.held = HeldPages() }
        try holdDictionaries(terms, of: stored, database, workspace)
        var wanted: (segments: [Int], terms: [[UInt8]]) = ([], [])
        var rest = mostPostings
        for reader in stored {
            for term in terms {
                guard let entry = try reader.entry(of: term), case .external = entry.postings, entry.passages <= rest
                else { continue }
                rest -= entry.passages
                wanted.segments.append(reader.source.segment)
                wanted.terms.append(entry.term)
            }
        }
        let small = stored.filter { $0.passages <= mostPassages }
        try database.prefetch { ahead in
            ahead.add { try holdLists(wanted, of: stored, database, workspace) }
            ahead.add { try holdKinds(of: small, database, workspace) }
        }
        try holdLists(wanted, of: stored, database, workspace)
        try holdKinds(of: small, database, workspace)
    }

    private static func holdDictionaries(
        _ terms: [[UInt8]], of readers: [SegmentReader], _ database: Database, _ workspace: Workspace.ID
    ) throws {
        try each(
            """
            SELECT p.segment, p.kind, p.term, p.part, p.data FROM (
                SELECT DISTINCT s.segment, (
                    SELECT i.term FROM index_pages i WHERE i.workspace_id = \(workspace) AND i.segment = s.segment
                        AND i.kind = 0 AND i.term <= t.term ORDER BY i.term DESC LIMIT 1) AS term
                FROM unnest(\(array: readers.map(\.source.segment))) AS s (segment)
                CROSS JOIN unnest(\(array: terms)) AS t (term)) AS f
            JOIN index_pages p ON p.workspace_id = \(workspace) AND p.segment = f.segment AND p.kind = 0
                AND p.term = f.term
            ORDER BY p.segment, p.term
            """, of: readers, database
        ) { $0.dictionary.append($1) }
        for reader in readers { reader.source.held?.terms = Set(terms) }
    }

    private static func holdLists(
        _ wanted: (segments: [Int], terms: [[UInt8]]), of readers: [SegmentReader], _ database: Database,
        _ workspace: Workspace.ID
    ) throws {
        guard !wanted.terms.isEmpty else { return }
        try each(
            """
            SELECT p.segment, p.kind, p.term, p.part, p.data
            FROM unnest(\(array: wanted.segments), \(array: wanted.terms)) AS w (segment, term)
            JOIN index_pages p ON p.workspace_id = \(workspace) AND p.segment = w.segment AND p.kind = 1
                AND p.term = w.term
            ORDER BY p.segment, p.term, p.part
            """, of: readers, database
        ) { $0.lists[$1.term, default: []].append($1) }
    }

    private static func holdKinds(
        of readers: [SegmentReader], _ database: Database, _ workspace: Workspace.ID
    ) throws {
        guard !readers.isEmpty else { return }
        try each(
            """
            SELECT p.segment, p.kind, p.term, p.part, p.data
            FROM unnest(\(array: readers.map(\.source.segment))) AS s (segment)
            JOIN index_pages p ON p.workspace_id = \(workspace) AND p.segment = s.segment AND p.kind IN (3, 4)
            ORDER BY p.segment, p.kind, p.part
            """, of: readers, database
        ) { $0.kinds[$1.kind, default: []].append($1) }
        for reader in readers {
            for kind in [PageKind.lengths, .documents] where reader.source.held?.kinds[kind] == nil {
                reader.source.held?.kinds[kind] = []
            }
        }
    }

    /// Passes each page of a result to what its reader holds.
    private static func each(
        _ sql: SQL, of readers: [SegmentReader], _ database: Database, _ body: (HeldPages, SegmentPage) -> Void
    ) throws {
        try database.each(sql) { row in
            let segment: Int = row.next()
            let kind = PageKind(rawValue: row.next())
            let page = SegmentPage(
                kind: kind ?? .dictionary, term: row.blob(), part: row.next(), data: row.blob())
            if let held = readers.first(where: { $0.source.segment == segment })?.source.held { body(held, page) }
            return true
        }
    }
}
