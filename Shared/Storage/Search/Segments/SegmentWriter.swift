/// Packs a segment into pages, which it passes on as they fill up. Terms come in the order of their bytes, the postings
/// of each in the order of their ordinals.
struct SegmentWriter {
    /// The size of the segment's stream of positions so far.
    private(set) var positionBytes = 0

    private var dictionary = PackedWriter()
    private var firstTerm: [UInt8] = []
    private var lastTerm: [UInt8] = []
    private var entries = 0
    private var restarts = PackedWriter()
    private var pagePositions = 0
    private var positionChunk = PackedWriter()
    private var positionParts = 0

    // The current term.
    private var term: [UInt8] = []
    private var kind = PositionKind.all
    private var passages = 0
    private var block = PackedWriter()
    private var blockCount = 0
    private var blockBase = 0
    private var nextOrdinal = 0
    private var isExternal = false
    /// The positions of the postings in `block`.
    private var blockPositions = PackedWriter()
    /// The bytes of positions before those of `block`.
    private var flushedPositions = 0

    mutating func begin(_ term: UnsafeBufferPointer<UInt8>, _ kind: PositionKind) {
        self.term.removeAll(keepingCapacity: true)
        self.term.append(contentsOf: term)
        self.kind = kind
        (passages, blockCount, blockBase, nextOrdinal, flushedPositions) = (0, 0, 0, 0, 0)
        isExternal = false
        block.removeAll()
        blockPositions.removeAll()
    }

    /// Adds a posting, whose packed positions follow in `addPositions`.
    @inline(__always)
    mutating func add(
        _ ordinal: Int, _ hits: PerField<UInt32>, to sink: (SegmentPage) throws -> Void
    ) throws {
        if block.count > (isExternal ? pageLimit : SegmentFormat.inlineBytes) - SegmentFormat.postingBytes {
            // The list goes on a page of its own; that page may yet grow.
            isExternal = true
            if block.count > pageLimit - SegmentFormat.postingBytes { try flushBlock(to: sink) }
        }
        PostingCode.write(hits, gap: UInt32(truncatingIfNeeded: ordinal - nextOrdinal), to: &block)
        nextOrdinal = ordinal + 1
        passages += 1
        blockCount += 1
    }

    @inline(__always)
    mutating func addPositions(_ bytes: UnsafeBufferPointer<UInt8>) { blockPositions.append(bytes) }

    @inline(__always)
    mutating func withPositions(_ body: (inout PackedWriter) -> Void) { body(&blockPositions) }

    private var pageLimit: Int { SegmentFormat.pageBytes - 20 - term.count }

    /// Writes a page of a long list.
    private mutating func flushBlock(to sink: (SegmentPage) throws -> Void) throws {
        var page = PackedWriter()
        page.varint(blockCount)
        page.varint(flushedPositions)
        page.varint(blockPositions.count)
        page.append(block)
        try sink(SegmentPage(kind: .postings, term: term, part: blockBase, data: page.bytes))
        try flushPositions(to: sink)
        block.removeAll()
        (blockCount, blockBase) = (0, nextOrdinal)
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
        let isTiny =
            passages <= SegmentFormat.tinyCount && !isExternal
            && block.count + blockPositions.count < SegmentFormat.inlineBytes
        var entry = PackedWriter()
        entry.varint(passages << 4 | (isTiny ? 8 : 0) | (isExternal ? 4 : 0) | Int(kind.rawValue))
        let positionsBefore = positionBytes
        if isTiny {
            entry.append(block)
            entry.append(blockPositions)
        } else {
            let total = flushedPositions + blockPositions.count
            if isExternal {
                // No positions of this term are counted yet in a page that begins with it.
                try flushBlock(to: sink)
            } else {
                entry.varint(block.count)
                try flushPositions(to: sink)
            }
            if kind != .none { entry.varint(total) }
            if !isExternal { entry.append(block) }
        }
        try add(entry, positionsBefore: isExternal ? positionBytes - flushedPositions : positionsBefore, to: sink)
    }

    private mutating func add(
        _ entry: PackedWriter, positionsBefore: Int, to sink: (SegmentPage) throws -> Void
    ) throws {
        let table = restarts.count + SegmentFormat.restartBytes + 1
        if dictionary.count + term.count + entry.count + 8 + table > SegmentFormat.pageBytes - firstTerm.count {
            try flushDictionary(to: sink)
        }
        var shared = 0
        if entries == 0 {
            firstTerm = term
            pagePositions = positionsBefore
            dictionary.varint(positionsBefore)
        }
        if entries % SegmentFormat.entriesPerRestart == 0 {
            restarts.fixed(UInt64(dictionary.count), width: 2)
            restarts.fixed(UInt64(positionsBefore - pagePositions), width: 4)
        } else {
            while shared < min(term.count, lastTerm.count), term[shared] == lastTerm[shared] { shared += 1 }
        }
        entries += 1
        // Both lengths in a byte, if they are below 15.
        let rest = term.count - shared
        dictionary.byte(UInt8(min(shared, 15) << 4 | min(rest, 15)))
        if shared >= 15 { dictionary.varint(shared - 15) }
        if rest >= 15 { dictionary.varint(rest - 15) }
        dictionary.append(term[shared...])
        dictionary.append(entry)
        swap(&lastTerm, &term)
    }

    private mutating func flushDictionary(to sink: (SegmentPage) throws -> Void) throws {
        guard entries > 0 else { return }
        dictionary.append(restarts)
        dictionary.byte(UInt8(restarts.count / SegmentFormat.restartBytes))
        try sink(SegmentPage(kind: .dictionary, term: firstTerm, data: dictionary.bytes))
        dictionary.removeAll()
        restarts.removeAll()
        entries = 0
    }

    /// Writes what is left. Call it once, after the last term.
    mutating func finish(to sink: (SegmentPage) throws -> Void) throws {
        try flushDictionary(to: sink)
        if positionChunk.count > 0 { try flushPositionChunk(to: sink) }
    }
}
