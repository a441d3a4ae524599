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
    private var block = PackedWriter()
    private var blockCount = 0
    private var blockBase = 0
    private var nextOrdinal = 0
    private var isExternal = false
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
        let positionsBefore = positionBytes - flushedPositions
        let postings: DictionaryWriter.Postings
        if isTiny {
            postings = .tiny(block.bytes, positions: blockPositions.bytes)
        } else {
            let total = flushedPositions + blockPositions.count
            if isExternal {
                try flushBlock(to: sink)
                postings = .external(positionBytes: total)
            } else {
                postings = .inline(block.bytes, positionBytes: total)
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
