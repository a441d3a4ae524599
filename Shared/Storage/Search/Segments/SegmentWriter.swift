/// Packs a segment into pages, which it passes on as they fill up. Terms come in the order of their bytes, the postings
/// of each in the order of their ordinals.
struct SegmentWriter {
    /// The size of the segment's stream of positions so far.
    private(set) var positionBytes = 0

    private var dictionary: DictionaryWriter
    private var positionChunk = PackedWriter()
    private var positionParts = 0

    // The current term.
    private var term: [UInt8] = []
    private var kind = PositionKind.all
    private var passages = 0
    private var nextOrdinal = 0
    private var isExternal = false
    /// What goes on a page, or beside the term.
    private var block = PostingPage()
    /// The postings of the current window, which are not in `block` yet.
    private var window = PostingWindow()
    /// The positions of the postings in `block`.
    private var blockPositions = PackedWriter()
    /// The bytes of positions before those of `block`.
    private var flushedPositions = 0

    /// - Parameter passages: the number of the segment's passages.
    init(passages: Int) { dictionary = DictionaryWriter(passages: passages) }

    mutating func begin(_ term: UnsafeBufferPointer<UInt8>, _ kind: PositionKind) {
        self.term.removeAll(keepingCapacity: true)
        self.term.append(contentsOf: term)
        self.kind = kind
        (passages, nextOrdinal, flushedPositions) = (0, 0, 0)
        isExternal = false
        block.removeAll()
        blockPositions.removeAll()
        window.begin(0, from: 0)
    }

    /// Adds a posting, whose packed positions follow in `addPositions`.
    ///
    /// - Throws: `SegmentDamage` if its ordinal is not above the one before, as on a damaged page that is merged.
    @inline(__always)
    mutating func add(
        _ ordinal: Int, _ hits: PerField<UInt32>, to sink: (SegmentPage) throws -> Void
    ) throws {
        guard ordinal >= nextOrdinal else { throw SegmentDamage() }
        let number = ordinal / DenseWindow.size
        if number != window.number || window.list.count > pageLimit - SegmentFormat.postingBytes {
            try endWindow(to: sink)
            window.begin(number, from: nextOrdinal)
        }
        window.add(ordinal, hits, gap: UInt32(truncatingIfNeeded: ordinal - nextOrdinal))
        nextOrdinal = ordinal + 1
        passages += 1
    }

    @inline(__always)
    mutating func addPositions(_ bytes: UnsafeBufferPointer<UInt8>) { window.positions.append(bytes) }

    @inline(__always)
    mutating func withPositions(_ body: (inout PackedWriter) -> Void) { body(&window.positions) }

    private var pageLimit: Int { SegmentFormat.pageBytes - 20 - term.count }

    /// Moves the current window to the page, which it may begin.
    private mutating func endWindow(to sink: (SegmentPage) throws -> Void) throws {
        guard window.count > 0 else { return }
        let dense = try window.packed(kind, atMost: pageLimit - PostingPage.headBytes)
        // A long list goes on a page of its own; that page may yet grow.
        if block.listSize + window.list.count > SegmentFormat.inlineBytes { isExternal = true }
        if isExternal, block.count > 0, block.size + (dense ?? window.list).count > pageLimit {
            try flushBlock(to: sink)
        }
        block.add(window, dense, hasPositions: kind != .none)
        blockPositions.append(window.positions)
        window.begin(window.number, from: nextOrdinal)
    }

    /// Writes a page of a long list.
    private mutating func flushBlock(to sink: (SegmentPage) throws -> Void) throws {
        var page = PackedWriter()
        block.close(hasPositions: kind != .none)
        page.varint(block.count << 1 | (block.isDense ? 1 : 0))
        page.varint(flushedPositions)
        page.varint(blockPositions.count)
        page.append(block.bytes)
        try sink(SegmentPage(kind: .postings, term: term, part: block.base, data: page.bytes))
        try flushPositions(to: sink)
        block.removeAll()
    }

    private mutating func flushPositions(to sink: (SegmentPage) throws -> Void) throws {
        flushedPositions += blockPositions.count
        positionBytes += blockPositions.count
        var rest = blockPositions.bytes[...]
        while positionChunk.count + rest.count >= SegmentFormat.pageBytes {
            let room = SegmentFormat.pageBytes - positionChunk.count
            positionChunk.append(rest.prefix(room))
            rest = rest.dropFirst(room)
            try flushPositionChunk(to: sink)
        }
        positionChunk.append(rest)
        blockPositions.removeAll()
    }

    private mutating func flushPositionChunk(to sink: (SegmentPage) throws -> Void) throws {
        try sink(SegmentPage(kind: .positions, part: positionParts, data: positionChunk.bytes))
        positionParts += 1
        positionChunk.removeAll()
    }

    /// Ends the current term. One without postings is left out.
    mutating func end(to sink: (SegmentPage) throws -> Void) throws {
        guard passages > 0 else { return }
        try endWindow(to: sink)
        let isTiny =
            passages <= SegmentFormat.tinyCount && !isExternal
            && block.listSize + blockPositions.count < SegmentFormat.inlineBytes
        let positionsBefore = positionBytes - flushedPositions
        let postings: DictionaryWriter.Postings
        if isTiny {
            postings = .tiny(block.list.bytes, positions: blockPositions.bytes)
        } else {
            let total = flushedPositions + blockPositions.count
            if isExternal {
                try flushBlock(to: sink)
                postings = .external(positionBytes: total)
            } else {
                postings = .inline(block.list.bytes, positionBytes: total)
                try flushPositions(to: sink)
            }
        }
        try dictionary.add(term, passages: passages, kind, postings, positionsBefore: positionsBefore, to: sink)
    }

    /// Writes what is left. Call it once, after the last term.
    mutating func finish(to sink: (SegmentPage) throws -> Void) throws {
        try dictionary.finish(to: sink)
        if positionChunk.count > 0 { try flushPositionChunk(to: sink) }
    }
}
