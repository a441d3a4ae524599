/// A stored segment, as a search reads it.
final class SegmentReader {
    let header: SegmentHeader
    @exclusivity(unchecked) var source: SegmentSource
    /// The dictionary pages that were read last.
    private var recent: [LoadedPage] = []
    private static let recentPages = 2

    init(_ header: SegmentHeader, _ source: SegmentSource) { (self.header, self.source) = (header, source) }

    convenience init(_ prepared: PreparedSegment) {
        self.init(prepared.header, SegmentSource(pages: prepared.pages))
    }

    var passages: Int { header.passages }

    /// The entry of a term; nil if no passage has it.
    func entry(of term: [UInt8]) throws -> TermEntry? {
        let term = term.count > SegmentFormat.termBytes ? Array(term.prefix(SegmentFormat.termBytes)) : term
        // A word and its stem are often on one page.
        for loaded in recent where !term.lexicographicallyPrecedes(loaded.first) {
            switch try loaded.lookUp(term) {
            case .found(let entry): return entry
            case .absent: return nil
            case .beyond: continue
            }
        }
        if case .found(let entry) = try load(for: term)?.lookUp(term) { return entry }
        return nil
    }

    /// The dictionary page that has a term if any has.
    private func load(for term: [UInt8]) throws -> LoadedPage? {
        let loaded = try source.dictionaryPage(for: term) { LoadedPage($0, $1) }
        if let loaded {
            if recent.count == Self.recentPages { recent.removeFirst() }
            recent.append(loaded)
        }
        return loaded
    }

    /// A dictionary page, copied.
    private final class LoadedPage {
        let first: [UInt8]
        private let bytes: UnsafeMutableBufferPointer<UInt8>
        /// Valid as long as this object is.
        let page: DictionaryPage

        init(_ first: [UInt8], _ data: UnsafeBufferPointer<UInt8>) {
            self.first = first
            bytes = .allocate(capacity: data.count)
            _ = bytes.initialize(from: data)
            page = DictionaryPage(UnsafeBufferPointer(bytes))
        }

        deinit { bytes.deallocate() }

        func lookUp(_ term: [UInt8]) throws(SegmentDamage) -> DictionaryPage.Lookup {
            defer { withExtendedLifetime(self) {} }
            return try page.lookUp(term)
        }
    }

    /// The entries of the terms that begin with some bytes, at most `limit`.
    func entries(beginningWith prefix: [UInt8], atMost limit: Int) throws -> [TermEntry] {
        var entries: [TermEntry] = []
        /// Reads a page. Returns false if no further one can have such terms.
        func read(_ page: DictionaryPage) throws -> Bool {
            var page = page
            try page.seek(prefix)
            while try page.next() {
                if page.term.starts(with: prefix) {
                    entries.append(try page.entry())
                    if entries.count >= limit { return false }
                } else if prefix.lexicographicallyPrecedes(page.term) {
                    return false
                }
            }
            return true
        }
        // The word itself was looked up before, mostly on the same page.
        for loaded in recent where !prefix.lexicographicallyPrecedes(loaded.first) {
            defer { withExtendedLifetime(loaded) {} }
            if !(try read(loaded.page)) { return entries }
            entries = []
        }
        let loaded = try load(for: prefix)
        defer { withExtendedLifetime(loaded) {} }
        var last = loaded?.first
        var goesOn = try loaded.map { try read($0.page) } ?? true
        while goesOn {
            goesOn = false
            try source.eachDictionaryPage(after: last, atMost: 1) { first, data in
                last = first
                goesOn = try read(DictionaryPage(data))
            }
        }
        return entries
    }

    /// Calls `body` with the postings of a term, in blocks.
    ///
    /// - Parameters:
    ///   - next: the first ordinal at or after another one that the caller wants; nil for none. Blocks without any are
    ///     left out if that saves reading them.
    ///   - body: also gets the range of the block's positions in the segment's stream, or the positions themselves. It
    ///     returns false to stop.
    func eachBlock(
        of entry: TermEntry, wanting next: ((Int) -> Int?)? = nil,
        _ body: (PostingBlock, BlockPositions) throws -> Bool
    ) throws {
        switch entry.postings {
        case .tiny(let postings, let positions):
            try postings.withUnsafeBufferPointer {
                _ = try body(PostingBlock(bytes: $0, count: entry.passages, base: 0), .bytes(positions))
            }
        case .inline(let postings):
            try postings.withUnsafeBufferPointer {
                _ = try body(PostingBlock(bytes: $0, count: entry.passages, base: 0), .stream(entry.positions))
            }
        case .external:
            guard let next else {
                return try source.eachPostingPage(of: entry.term, from: 0) { base, data in
                    let (block, positions) = try Self.block(data, base, entry)
                    return try body(block, positions)
                }
            }
            var wanted = next(0)
            while let ordinal = wanted {
                wanted = nil
                var isFirst = true
                try source.eachPostingPage(of: entry.term, from: ordinal) { base, data in
                    if !isFirst {
                        guard let following = next(base) else { return false }
                        // Pages have some thousand postings; seeking costs more than reading on a little.
                        if following > base + Self.worthSeeking {
                            wanted = following
                            return false
                        }
                    }
                    isFirst = false
                    let (block, positions) = try Self.block(data, base, entry)
                    return try body(block, positions)
                }
            }
        }
    }

    private static let worthSeeking = 8192

    /// The positions of a block's postings.
    enum BlockPositions {
        case bytes([UInt8])
        case stream(Range<Int>)
    }

    private static func block(
        _ data: UnsafeBufferPointer<UInt8>, _ base: Int, _ entry: TermEntry
    ) throws(SegmentDamage) -> (PostingBlock, BlockPositions) {
        var reader = PackedReader(data)
        let head = reader.number()
        let start = entry.positions.lowerBound + reader.number(below: 1 << 40)
        let length = reader.number(below: 1 << 40)
        try reader.check()
        guard start + length <= entry.positions.upperBound || entry.kind == .none else { throw SegmentDamage() }
        let block = PostingBlock(
            bytes: reader.take(reader.count), count: head >> 1, base: base, isDense: head & 1 != 0,
            hasPositions: entry.kind != .none)
        return (block, .stream(start..<(start + length)))
    }

    /// The positions of a block.
    func bytes(of positions: BlockPositions) throws -> [UInt8] {
        switch positions {
        case .bytes(let bytes): bytes
        case .stream(let range): try source.positions(in: range)
        }
    }

    /// The runs of passages, in order.
    func runs() throws -> [DocumentRun] {
        var runs: [DocumentRun] = []
        try source.eachPage(.documents) { ordinal, data in
            let expected = runs.last.map { $0.ordinal + $0.count } ?? 0
            guard ordinal == expected else { throw SegmentDamage() }
            try PassageTable.eachRun(data, from: ordinal, of: passages) { runs.append($0) }
        }
        guard (runs.last.map { $0.ordinal + $0.count } ?? 0) == passages else { throw SegmentDamage() }
        return runs
    }

    /// Calls `body` with a page of lengths.
    func lengthPage<T>(_ page: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> T) throws -> T {
        guard let result = try source.page(.lengths, page * SegmentFormat.lengthsPerPage, body) else {
            throw SegmentDamage()
        }
        return result
    }

    /// The lengths of the passages on a page.
    func lengths(page: Int) throws -> [PerField<UInt32>] {
        let count = min(SegmentFormat.lengthsPerPage, passages - page * SegmentFormat.lengthsPerPage)
        return try lengthPage(page) { try PassageTable.lengths($0, count: count) }
    }
}
