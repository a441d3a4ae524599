/// Makes one segment of several, without the passages that are to be dropped. It reads and writes a page at a time.
struct SegmentMerge {
    struct Input {
        let reader: SegmentReader
        /// The passages to drop; nil for none.
        let dropped: OrdinalSet?
    }

    private let inputs: [Input]

    /// - Parameter inputs: oldest first.
    init(_ inputs: [Input]) { self.inputs = inputs }

    /// - Parameters:
    ///   - sink: gets the pages of the new segment.
    ///   - pause: called often, while nothing is being read: a write may begin only then.
    /// - Returns: its header.
    func run(
        _ sink: (SegmentPage) throws -> Void, pause: () throws -> Void = {}
    ) throws -> SegmentHeader {
        var header = try mergePassages(sink)
        guard header.passages > 0 else { return header }
        header.positionBytes = try mergeTerms(header.passages, sink, pause)
        header.languages = inputs.reduce(0) { $0 | $1.reader.header.languages }
        return header
    }

    private func mergePassages(_ sink: (SegmentPage) throws -> Void) throws -> SegmentHeader {
        var table = PassageTableWriter()
        for input in inputs {
            let reader = input.reader
            var page: (number: Int, lengths: [PerField<UInt32>]) = (-1, [])
            for run in try reader.runs() {
                for offset in 0..<run.count {
                    let ordinal = run.ordinal + offset
                    if input.dropped?.contains(ordinal) ?? false { continue }
                    let number = ordinal / SegmentFormat.lengthsPerPage
                    if page.number != number { page = (number, try reader.lengths(page: number)) }
                    let lengths = page.lengths[ordinal % SegmentFormat.lengthsPerPage]
                    try table.add(run.document, position: run.position + offset, lengths: lengths, to: sink)
                }
            }
        }
        return try table.finish(to: sink)
    }

    /// - Returns: the size of the stream of positions.
    private func mergeTerms(
        _ passages: Int, _ sink: (SegmentPage) throws -> Void, _ pause: () throws -> Void
    ) throws -> Int {
        var writer = SegmentWriter(passages: passages)
        var base = 0
        let cursors = try inputs.map { input in
            defer { base += input.reader.passages - (input.dropped?.count ?? 0) }
            return try Cursor(input, base: base)
        }
        var own: [Cursor] = []
        while true {
            own.removeAll(keepingCapacity: true)
            for cursor in cursors where !cursor.isAtEnd {
                let order = own.first.map { cursor.compare(with: $0) } ?? -1
                if order < 0 { own.removeAll(keepingCapacity: true) }
                if order <= 0 { own.append(cursor) }
            }
            guard let first = own.first else { break }
            var kind = first.kind
            for cursor in own where cursor.kind != kind { kind = .some }
            first.term.withUnsafeBufferPointer { writer.begin($0, kind) }
            for cursor in own {
                try cursor.copyPostings(as: kind, to: &writer, sink)
                try cursor.advance()
            }
            try writer.end(to: sink)
            try pause()
        }
        try writer.finish(to: sink)
        return writer.positionBytes
    }

    /// Goes through the terms of an input.
    private final class Cursor {
        private let reader: SegmentReader
        private let base: Int
        /// For each ordinal its new one, not counting `base`; `dropped` for none. Nil if they stay the same.
        private var ordinals: [UInt32]?
        private static let dropped = UInt32.max

        private var bytes: UnsafeMutableBufferPointer<UInt8>
        private var page: DictionaryPage
        private var firstTerm: [UInt8]?
        /// The first eight bytes of the term, which decide most comparisons.
        private var prefix: UInt64 = 0
        /// A part of the stream of positions. Terms come in its order, so it is read ahead.
        private var window: [UInt8] = []
        private var windowStart = 0
        private static let windowParts = 16
        private(set) var isAtEnd = false

        init(_ input: Input, base: Int) throws {
            (reader, self.base) = (input.reader, base)
            bytes = .allocate(capacity: 0)
            page = DictionaryPage(UnsafeBufferPointer(start: nil, count: 0))
            if let dropped = input.dropped {
                var next: UInt32 = 0
                ordinals = (0..<input.reader.passages).map { ordinal in
                    if dropped.contains(ordinal) { return Self.dropped }
                    defer { next += 1 }
                    return next
                }
            }
            try readPage()
            if !isAtEnd { try advance() }
        }

        deinit { bytes.deallocate() }

        var term: [UInt8] { page.term }
        var kind: PositionKind { page.kind }

        private func readPage() throws {
            var found = false
            try reader.source.eachDictionaryPage(after: firstTerm, atMost: 1) { first, data in
                bytes.deallocate()
                bytes = .allocate(capacity: data.count)
                _ = bytes.initialize(from: data)
                firstTerm = first
                found = true
            }
            isAtEnd = !found
            page = DictionaryPage(UnsafeBufferPointer(bytes))
        }

        func advance() throws {
            while try !page.next() {
                try readPage()
                if isAtEnd { return }
            }
            let term = page.term
            prefix = 0
            for index in 0..<8 { prefix = prefix << 8 | (index < term.count ? UInt64(term[index]) : 0) }
        }

        /// Below 0 if its term sorts before the other's, 0 if they are the same.
        func compare(with other: Cursor) -> Int {
            if prefix != other.prefix { return prefix < other.prefix ? -1 : 1 }
            if term == other.term { return 0 }
            return term.lexicographicallyPrecedes(other.term) ? -1 : 1
        }

        /// Copies the postings of the current term.
        func copyPostings(
            as kind: PositionKind, to writer: inout SegmentWriter, _ sink: (SegmentPage) throws -> Void
        ) throws {
            if page.isExternal {
                try reader.eachBlock(of: page.entry()) { block, positions in
                    let bytes = page.kind == .none ? [] : try reader.bytes(of: positions)
                    try bytes.withUnsafeBufferPointer { try copy(block, $0, as: kind, to: &writer, sink) }
                    return true
                }
                return
            }
            let list = try page.list()
            try list.postings.withUnsafeBufferPointer { postings in
                let block = PostingBlock(bytes: postings, count: page.passages, base: 0)
                if page.isTiny || page.kind == .none {
                    try list.positions.withUnsafeBufferPointer { try copy(block, $0, as: kind, to: &writer, sink) }
                } else {
                    try copyInline(block, as: kind, to: &writer, sink)
                }
            }
        }

        private func copyInline(
            _ block: PostingBlock, as kind: PositionKind, to writer: inout SegmentWriter,
            _ sink: (SegmentPage) throws -> Void
        ) throws {
            let range = page.positionRange
            if range.lowerBound < windowStart || range.upperBound > windowStart + window.count {
                windowStart = range.lowerBound
                let end = range.lowerBound + Self.windowParts * SegmentFormat.pageBytes
                window = try reader.source.positions(
                    in: windowStart..<max(range.upperBound, min(end, reader.header.positionBytes)))
            }
            try window.withUnsafeBufferPointer { window in
                let start = range.lowerBound - windowStart
                let own = UnsafeBufferPointer(rebasing: window[start..<(start + range.count)])
                try copy(block, own, as: kind, to: &writer, sink)
            }
        }

        private func copy(
            _ block: PostingBlock, _ positions: UnsafeBufferPointer<UInt8>, as kind: PositionKind,
            to writer: inout SegmentWriter, _ sink: (SegmentPage) throws -> Void
        ) throws {
            let own = page.kind
            var stream = PackedReader(positions)
            var failure: (any Error)?
            try block.each(of: reader.passages) { ordinal, hits in
                let positions = own == .none ? nil : PositionCode.take(hits, own, from: &stream)
                let new = ordinals?[Int(ordinal)] ?? ordinal
                guard new != Self.dropped, !stream.isDamaged else { return !stream.isDamaged }
                do { try writer.add(base + Int(new), hits, to: sink) } catch {
                    failure = error
                    return false
                }
                if own != kind { Self.addCounts(hits, own, to: &writer) }
                if let positions { writer.addPositions(positions) }
                return true
            }
            if let failure { throw failure }
            try stream.check()
        }

        /// Puts in front of positions how many there are.
        private static func addCounts(_ hits: PerField<UInt32>, _ kind: PositionKind, to writer: inout SegmentWriter) {
            writer.withPositions { positions in
                for field in IndexField.allCases where hits[field] > 0 {
                    positions.varint(kind == .none ? 0 : hits[field])
                }
            }
        }
    }
}
