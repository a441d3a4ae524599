import Models

/// Where a segment's pages are: in memory, or in rows.
struct SegmentSource {
    private enum Place {
        case memory([SegmentPage])
        case rows(Database, Workspace.ID)
    }

    private let place: Place
    /// The number that its pages are stored under.
    let segment: Int
    /// Pages that were read before; nil if there are none.
    var held: HeldPages?

    /// Where the pages are, if that is a server.
    var server: (database: Database, workspace: Workspace.ID)? {
        guard case .rows(let database, let workspace) = place, case .postgres = database.engine else { return nil }
        return (database, workspace)
    }

    /// - Parameter pages: all of them.
    init(pages: [SegmentPage], segment: Int = 0) { (place, self.segment) = (.memory(pages), segment) }

    init(rowsOf segment: Int, in workspace: Workspace.ID, _ database: Database) {
        (place, self.segment) = (.rows(database, workspace), segment)
    }

    /// Calls `body` with the dictionary page that has a term if any has, and with the page's first term. Nil if there is
    /// none.
    func dictionaryPage<T>(
        for term: [UInt8], _ body: (_ first: [UInt8], UnsafeBufferPointer<UInt8>) throws -> T
    ) throws -> T? {
        switch place {
        case .memory(let pages):
            // Backwards, because those of other kinds mostly come first.
            for index in pages.indices.reversed() where pages[index].kind == .dictionary {
                if term.lexicographicallyPrecedes(pages[index].term) { continue }
                return try pages[index].data.withUnsafeBufferPointer { try body(pages[index].term, $0) }
            }
            return nil
        case .rows(let database, let workspace):
            if let held, held.terms.contains(term) {
                return try held.dictionaryPage(for: term).map { page in
                    try page.data.withUnsafeBufferPointer { try body(page.term, $0) }
                }
            }
            return try database.first(
                """
                SELECT term, data FROM index_pages
                WHERE workspace_id = \(workspace) AND segment = \(segment) AND kind = 0 AND term <= \(term)
                ORDER BY term DESC LIMIT 1
                """
            ) { row in
                let first = row.blob()
                return try row.bytes { try body(first, $0) }
            }
        }
    }

    /// Calls `body` with each dictionary page and its first term, in order.
    func eachDictionaryPage(
        after term: [UInt8]?, atMost limit: Int = .max,
        _ body: (_ first: [UInt8], UnsafeBufferPointer<UInt8>) throws -> Void
    ) throws {
        switch place {
        case .memory(let pages):
            var count = 0
            for page in pages where page.kind == .dictionary && count < limit {
                if let term, !term.lexicographicallyPrecedes(page.term) { continue }
                count += 1
                try page.data.withUnsafeBufferPointer { try body(page.term, $0) }
            }
        case .rows(let database, let workspace):
            try database.each(
                """
                SELECT term, data FROM index_pages
                WHERE workspace_id = \(workspace) AND segment = \(segment) AND kind = 0 AND term > \(term ?? [])
                ORDER BY term LIMIT \(limit)
                """
            ) { row in
                let first = row.blob()
                try row.bytes { try body(first, $0) }
                return true
            }
        }
    }

    /// Calls `body` with the pages of a long list of postings, from the one that has `ordinal` if any has, until it
    /// returns false.
    func eachPostingPage(
        of term: [UInt8], from ordinal: Int, _ body: (_ base: Int, UnsafeBufferPointer<UInt8>) throws -> Bool
    ) throws {
        func each(_ own: [SegmentPage]) throws {
            let start = own.last { $0.part <= ordinal }?.part ?? 0
            for page in own where page.part >= start {
                let base = try Self.ordinal(page.part)
                guard try page.data.withUnsafeBufferPointer({ try body(base, $0) }) else { return }
            }
        }
        switch place {
        case .memory(let pages): try each(pages.filter { $0.kind == .postings && $0.term == term })
        case .rows(let database, let workspace):
            if let own = held?.lists[term] { return try each(own) }
            let ofTerm: SQL = """
                index_pages WHERE workspace_id = \(workspace) AND segment = \(segment) AND kind = 1 AND term = \(term)
                """
            let first: SQL =
                ordinal == 0 ? "" : "AND part >= coalesce((SELECT max(part) FROM \(ofTerm) AND part <= \(ordinal)), 0)"
            try database.each("SELECT part, data FROM \(ofTerm) \(first) ORDER BY part") { row in
                let base = try Self.ordinal(row.next())
                return try row.bytes { try body(base, $0) }
            }
        }
    }

    /// A page's key, which may be damaged.
    private static func ordinal(_ ordinal: Int) throws -> Int {
        guard ordinal >= 0, ordinal < SegmentFormat.maximumPassages else { throw SegmentDamage() }
        return ordinal
    }

    /// The most pages for which memory is reserved before they are read.
    private static let mostReserved = 256

    /// The bytes of the segment's stream of positions in a range.
    func positions(in range: Range<Int>) throws -> [UInt8] {
        guard !range.isEmpty else { return [] }
        let size = SegmentFormat.pageBytes
        let (first, last) = (range.lowerBound / size, (range.upperBound - 1) / size)
        var bytes: [UInt8] = []
        // Not all that a damaged row may ask for.
        bytes.reserveCapacity(min(last - first + 1, Self.mostReserved) * size)
        try eachPage(.positions, from: first, through: last) { part, data in
            guard part == first + bytes.count / size, data.count == size || part == last else { throw SegmentDamage() }
            bytes.append(contentsOf: data)
        }
        let start = range.lowerBound - first * size
        guard bytes.count >= start + range.count else { throw SegmentDamage() }
        if start == 0, bytes.count == range.count { return bytes }
        return Array(bytes[start..<(start + range.count)])
    }

    /// Calls `body` with the page of a kind that has this key. Nil if there is none.
    func page<T>(_ kind: PageKind, _ part: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> T) throws -> T? {
        switch place {
        case .memory(let pages):
            let page = pages.first { $0.kind == kind && $0.part == part }
            return try page.map { try $0.data.withUnsafeBufferPointer(body) }
        case .rows(let database, let workspace):
            if let own = held?.kinds[kind] {
                let page = own.first { $0.part == part }
                return try page.map { try $0.data.withUnsafeBufferPointer(body) }
            }
            return try database.first(
                """
                SELECT data FROM index_pages
                WHERE workspace_id = \(workspace) AND segment = \(segment) AND kind = \(kind.rawValue)
                    AND term = \([UInt8]()) AND part = \(part)
                """
            ) { try $0.bytes(body) }
        }
    }

    /// Calls `body` with the pages of a kind without terms whose keys are in a range, in order.
    func eachPage(
        _ kind: PageKind, from first: Int = 0, through last: Int = .max,
        _ body: (_ part: Int, UnsafeBufferPointer<UInt8>) throws -> Void
    ) throws {
        switch place {
        case .memory(let pages):
            for page in pages where page.kind == kind && page.part >= first && page.part <= last {
                try page.data.withUnsafeBufferPointer { try body(page.part, $0) }
            }
        case .rows(let database, let workspace):
            if let own = held?.kinds[kind] {
                for page in own where page.part >= first && page.part <= last {
                    try page.data.withUnsafeBufferPointer { try body(page.part, $0) }
                }
                return
            }
            try database.each(
                """
                SELECT part, data FROM index_pages
                WHERE workspace_id = \(workspace) AND segment = \(segment) AND kind = \(kind.rawValue)
                    AND term = \([UInt8]()) AND part >= \(first) AND part <= \(last)
                ORDER BY part
                """
            ) { row in
                let part = row.next(Int.self)
                try row.bytes { try body(part, $0) }
                return true
            }
        }
    }
}
