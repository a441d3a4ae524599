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
        // Kept here, so that most comparisons need no cursor.
        var prefixes = cursors.map(\.prefix)
        var open = cursors.indices.filter { !cursors[$0].isAtEnd }
        var own = cursors.indices.map { $0 }
        while let first = open.first {
            var (least, count) = (prefixes[first], 0)
            for index in open { least = min(least, prefixes[index]) }
            for index in open where prefixes[index] == least {
                let order = count > 0 ? cursors[index].compare(with: cursors[own[0]]) : 0
                if order < 0 { count = 0 }
                guard order <= 0 else { continue }
                own[count] = index
                count += 1
            }
            var kind = cursors[own[0]].kind
            for index in own[..<count] where cursors[index].kind != kind { kind = .some }
            cursors[own[0]].term.withUnsafeBufferPointer { writer.begin($0, kind) }
            for index in own[..<count] {
                try cursors[index].copyPostings(as: kind, to: &writer, sink)
                try cursors[index].advance()
                prefixes[index] = cursors[index].prefix
                if cursors[index].isAtEnd { open.removeAll { $0 == index } }
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
        private(set) var prefix: UInt64 = 0
        /// What is asked of its entry often. Asking the page would copy it.
        private var current = Entry(kind: .none, isTiny: false, isExternal: false, passages: 0, positions: 0..<0)
        private var tinyPositions = PackedWriter()
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

        private struct Entry {
            var kind: PositionKind
            var isTiny, isExternal: Bool
            var passages: Int
            var positions: Range<Int>
        }

        var term: [UInt8] { page.term }
        var kind: PositionKind { current.kind }

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
            while try !Self.advance(&page, &current, &prefix) {
                try readPage()
                if isAtEnd { return }
            }
        }

        private static func advance(
            _ page: inout DictionaryPage, _ entry: inout Entry, _ prefix: inout UInt64
        ) throws(SegmentDamage) -> Bool {
            guard try page.next() else { return false }
            entry = Entry(
                kind: page.kind, isTiny: page.isTiny, isExternal: page.isExternal, passages: page.passages,
                positions: page.positionRange)
            prefix = 0
            page.term.withUnsafeBufferPointer { term in
                for index in 0..<8 { prefix = prefix << 8 | (index < term.count ? UInt64(term[index]) : 0) }
            }
            return true
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
            if current.isExternal {
                try reader.eachBlock(of: page.entry()) { block, positions in
                    let bytes = current.kind == .none ? [] : try reader.bytes(of: positions)
                    try bytes.withUnsafeBufferPointer { try copy(block, $0, as: kind, to: &writer, sink) }
                    return true
                }
            } else if current.isTiny {
                try copyTiny(as: kind, to: &writer, sink)
            } else {
                try copyInline(as: kind, to: &writer, sink)
            }
        }

        private func copyTiny(
            as kind: PositionKind, to writer: inout SegmentWriter, _ sink: (SegmentPage) throws -> Void
        ) throws {
            var last = (gap: UInt32(0), hits: PerField<UInt32>(0, 0, 0))
            var first = last
            var positions = PackedWriter()
            swap(&positions, &tinyPositions)
            defer { swap(&positions, &tinyPositions) }
            positions.removeAll()
            try page.readList { gap, hits in
                first = last
                last = (gap, hits)
            } position: {
                positions.varint($0)
            }
            try positions.bytes.withUnsafeBufferPointer { positions in
                var stream = PackedReader(positions)
                var ordinal = -1
                if current.passages > 1 {
                    ordinal = Int(first.gap)
                    try add(ordinal, first.hits, from: &stream, as: kind, to: &writer, sink)
                }
                try add(ordinal + 1 + Int(last.gap), last.hits, from: &stream, as: kind, to: &writer, sink)
            }
        }

        private func copyInline(
            as kind: PositionKind, to writer: inout SegmentWriter, _ sink: (SegmentPage) throws -> Void
        ) throws {
            let range = current.positions
            if current.kind != .none,
                range.lowerBound < windowStart || range.upperBound > windowStart + window.count
            {
                windowStart = range.lowerBound
                let end = range.lowerBound + Self.windowParts * SegmentFormat.pageBytes
                window = try reader.source.positions(
                    in: windowStart..<max(range.upperBound, min(end, reader.header.positionBytes)))
            }
            var failure: (any Error)?
            try window.withUnsafeBufferPointer { window in
                let start = range.lowerBound - windowStart
                var stream = PackedReader(
                    current.kind == .none
                        ? UnsafeBufferPointer(start: nil, count: 0)
                        : UnsafeBufferPointer(rebasing: window[start..<(start + range.count)]))
                var next = 0
                try page.readList { gap, hits in
                    guard failure == nil else { return }
                    do {
                        try add(next + Int(gap), hits, from: &stream, as: kind, to: &writer, sink)
                        next += Int(gap) + 1
                    } catch { failure = error }
                } position: { _ in
                }
            }
            if let failure { throw failure }
        }

        /// Copies a posting, whose positions are the next ones of `stream`.
        @inline(__always)
        private func add(
            _ ordinal: Int, _ hits: PerField<UInt32>, from stream: inout PackedReader, as kind: PositionKind,
            to writer: inout SegmentWriter, _ sink: (SegmentPage) throws -> Void
        ) throws {
            let own = current.kind
            let positions = own == .none ? nil : PositionCode.take(hits, own, from: &stream)
            guard ordinal < reader.passages, !stream.isDamaged else { throw SegmentDamage() }
            let new = ordinals?[ordinal] ?? UInt32(truncatingIfNeeded: ordinal)
            guard new != Self.dropped else { return }
            try writer.add(base + Int(new), hits, to: sink)
            if own != kind { Self.addCounts(hits, own, to: &writer) }
            if let positions { writer.addPositions(positions) }
        }

        private func copy(
            _ block: PostingBlock, _ positions: UnsafeBufferPointer<UInt8>, as kind: PositionKind,
            to writer: inout SegmentWriter, _ sink: (SegmentPage) throws -> Void
        ) throws {
            var stream = PackedReader(positions)
            var failure: (any Error)?
            try block.each(of: reader.passages) { ordinal, hits in
                do { try add(Int(ordinal), hits, from: &stream, as: kind, to: &writer, sink) } catch {
                    failure = error
                    return false
                }
                return true
            }
            if let failure { throw failure }
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
