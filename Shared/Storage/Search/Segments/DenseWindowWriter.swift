/// The postings of a window, as a list.
struct PostingWindow {
    private(set) var number = 0
    /// Where the gap of the first one begins.
    private(set) var base = 0
    private(set) var count = 0
    private var last = 0
    private(set) var list = PackedWriter()
    var positions = PackedWriter()
    /// The sizes of the positions before each quarter but the first.
    private var quarters = (0, 0, 0)
    private var quarter = 0

    mutating func begin(_ number: Int, from base: Int) {
        (self.number, self.base, count, quarter) = (number, base, 0, 0)
        list.removeAll()
        positions.removeAll()
    }

    /// Adds a posting, whose positions follow.
    @inline(__always)
    mutating func add(_ ordinal: Int, _ hits: PerField<UInt32>, gap: UInt32) {
        let own = ordinal % DenseWindow.size / (DenseWindow.size / DenseWindow.quarters)
        if own != quarter { begin(quarter: own) }
        PostingCode.write(hits, gap: gap, to: &list)
        (count, last) = (count + 1, ordinal)
    }

    private mutating func begin(quarter next: Int) {
        if quarter < 1 { quarters.0 = positions.count }
        if quarter < 2, next > 1 { quarters.1 = positions.count }
        if quarter < 3, next > 2 { quarters.2 = positions.count }
        quarter = next
    }

    /// The packed window; nil if it is longer than `limit`, or than the list by more than a quarter: it is read faster.
    func packed(_ kind: PositionKind, atMost limit: Int) throws(SegmentDamage) -> PackedWriter? {
        let limit = min(limit, list.count + list.count / 4)
        guard count >= DenseWindowWriter.leastPostings, last % DenseWindow.size / 64 * 16 < limit else { return nil }
        var sizes: [Int]?
        if kind != .none {
            let all = positions.count
            let (first, second, third) = (
                quarter < 1 ? all : quarters.0, quarter < 2 ? all : quarters.1, quarter < 3 ? all : quarters.2
            )
            sizes = [first, second - first, third - second, all - third]
        }
        return try list.bytes.withUnsafeBufferPointer { bytes throws(SegmentDamage) in
            try DenseWindowWriter.pack(
                PostingBlock(bytes: bytes, count: count, base: base), positions: sizes, atMost: limit)
        }
    }
}

/// Packs windows of postings (`DenseWindow`).
enum DenseWindowWriter {
    /// Fewer postings are never packed so.
    static let leastPostings = 16

    /// The packed window of a list; nil if that is longer than `limit`.
    ///
    /// - Parameters:
    ///   - list: postings of one window.
    ///   - positions: the sizes of the positions of each quarter; nil if there are none.
    static func pack(
        _ list: PostingBlock, positions: [Int]?, atMost limit: Int
    ) throws(SegmentDamage) -> PackedWriter? {
        var hits: [(offset: Int, hits: PerField<UInt32>)] = []
        hits.reserveCapacity(list.count)
        try list.each(of: SegmentFormat.maximumPassages) { ordinal, own in
            hits.append((Int(ordinal) % DenseWindow.size, own))
            return true
        }
        guard let last = hits.last else { return nil }
        let units = last.offset / 64 + 1
        let runs = runs(of: hits)
        let narrow = exceptions(of: hits, above: 3)
        let wide = exceptions(of: hits, above: 15)
        let isWide = units * 32 + wide.count < units * 16 + narrow.count
        let rest = isWide ? wide : narrow
        let codes = units * (isWide ? 32 : 16)
        guard codes + rest.count + runs.count <= limit else { return nil }
        var writer = PackedWriter()
        writer.byte(UInt8(units - 1) | (isWide ? 16 : 0))
        for size in positions ?? [] { writer.varint(size) }
        writer.varint(rest.count + runs.count)
        writer.append(Self.codes(of: hits, size: codes, width: isWide ? 4 : 2))
        writer.append(rest)
        writer.append(runs)
        return writer.count <= limit ? writer : nil
    }

    private static func codes(
        of hits: [(offset: Int, hits: PerField<UInt32>)], size: Int, width: Int
    ) -> [UInt8] {
        var codes = [UInt8](repeating: 0, count: size)
        for (offset, own) in hits where own.content < 1 << UInt32(width) {
            codes[offset % size] |= UInt8(own.content) << UInt8(offset / size * width)
        }
        return codes
    }

    private static func exceptions(
        of hits: [(offset: Int, hits: PerField<UInt32>)], above most: UInt32
    ) -> PackedWriter {
        var writer = PackedWriter()
        writer.varint(hits.reduce(0) { $0 + ($1.hits.content > most ? 1 : 0) })
        var next = 0
        for (offset, own) in hits where own.content > most {
            writer.varint(offset - next)
            writer.varint(own.content)
            next = offset + 1
        }
        return writer
    }

    private static func runs(of hits: [(offset: Int, hits: PerField<UInt32>)]) -> PackedWriter {
        var writer = PackedWriter()
        for field in [IndexField.heading, .name] {
            var (next, index) = (0, 0)
            while index < hits.count {
                let (offset, own) = (hits[index].offset, hits[index].hits[field])
                var end = index + 1
                guard own > 0 else {
                    index = end
                    continue
                }
                while end < hits.count, hits[end].offset == offset + end - index, hits[end].hits[field] == own {
                    end += 1
                }
                let length = end - index
                writer.varint(
                    (offset - next) << 3 | (field == .name ? 4 : 0) | (own > 1 ? 2 : 0) | (length > 1 ? 1 : 0))
                if own > 1 { writer.varint(own - 2) }
                if length > 1 { writer.varint(length - 2) }
                next = offset + length
                index = end
            }
        }
        return writer
    }
}
