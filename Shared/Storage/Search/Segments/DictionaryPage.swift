/// A term in the dictionary, and where its postings are.
struct TermEntry {
    enum Postings {
        /// In the dictionary, with the positions if there are any.
        case tiny(postings: [UInt8], positions: [UInt8])
        /// In the dictionary.
        case inline([UInt8])
        /// On pages of their own.
        case external
    }

    var term: [UInt8]
    /// The number of passages that have it, removed ones included.
    var passages: Int
    var kind: PositionKind
    var postings: Postings
    /// The place of its positions in the segment's stream.
    var positions: Range<Int>
}

/// Reads the entries of a dictionary page in order.
struct DictionaryPage {
    private var reader: PackedReader
    private var position: Int

    /// How many bytes of its term the current entry shares with the term before, and the rest.
    private(set) var shared = 0
    private(set) var suffix = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    private(set) var passages = 0
    private var flags = 0
    /// The current entry's list, unless it is on pages of its own.
    private(set) var postings = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    /// The positions beside it, if it is tiny, and otherwise their place in the stream.
    private(set) var tinyPositions = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    private(set) var positionRange = 0..<0

    private let bytes: UnsafeBufferPointer<UInt8>
    /// The end of the entries, where the places of restarts begin.
    private let end: Int

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        let table = 1 + Int(bytes.last ?? 0) * SegmentFormat.restartBytes
        self.bytes = bytes
        end = max(0, bytes.count - table)
        reader = PackedReader(UnsafeBufferPointer(rebasing: bytes[..<end]))
        position = 0
        if end > 0 { position = reader.number(below: 1 << 60) } else { reader.damage() }
    }

    /// Seeks the last restart at or before a term, so that `next` reads its entry.
    mutating func seek(_ term: [UInt8]) throws(SegmentDamage) {
        let base = position
        var (low, high) = (0, (bytes.count - end) / SegmentFormat.restartBytes)
        while low < high {
            let middle = (low + high) / 2
            let (offset, _) = try restart(middle)
            var entry = PackedReader(UnsafeBufferPointer(rebasing: bytes[offset..<end]))
            let lengths = entry.byte()
            guard lengths >> 4 == 0 else { throw SegmentDamage() }
            let found = entry.take(lengths & 15 == 15 ? 15 + entry.number() : Int(lengths & 15))
            try entry.check()
            let isAfter = term.withUnsafeBufferPointer { $0.lexicographicallyPrecedes(found) }
            if isAfter { high = middle } else { low = middle + 1 }
        }
        guard low > 0 else { return }
        let (offset, positions) = try restart(low - 1)
        reader = PackedReader(UnsafeBufferPointer(rebasing: bytes[offset..<end]))
        position = base + positions
    }

    /// Where a restart is, and the offset of its positions from the page's.
    private func restart(_ number: Int) throws(SegmentDamage) -> (offset: Int, positions: Int) {
        let start = end + number * SegmentFormat.restartBytes
        var place = PackedReader(UnsafeBufferPointer(rebasing: bytes[start..<(start + SegmentFormat.restartBytes)]))
        let (offset, positions) = (Int(place.fixed(width: 2)), Int(place.fixed(width: 4)))
        guard offset < end else { throw SegmentDamage() }
        return (offset, positions)
    }

    /// Goes to the next entry. Returns false at the end.
    mutating func next() throws(SegmentDamage) -> Bool {
        guard !reader.isAtEnd else {
            try reader.check()
            return false
        }
        let lengths = Int(reader.byte())
        shared = lengths >> 4
        var rest = lengths & 15
        if shared == 15 { shared += reader.number() }
        if rest == 15 { rest += reader.number() }
        suffix = reader.take(rest)
        let head = reader.number(below: 1 << 40)
        (passages, flags) = (head >> 4, head & 15)
        guard flags & 3 != 3, passages > 0, passages <= SegmentFormat.maximumPassages else { throw SegmentDamage() }
        positionRange = position..<position
        if isTiny {
            try readTiny()
        } else {
            let size = isExternal ? 0 : reader.number()
            if kind != .none {
                position += reader.number(below: 1 << 40)
                positionRange = positionRange.lowerBound..<position
            }
            postings = reader.take(size)
        }
        try reader.check()
        return true
    }

    var isTiny: Bool { flags & 8 != 0 }
    var isExternal: Bool { flags & 4 != 0 }
    var kind: PositionKind { PositionKind(rawValue: UInt8(flags & 3)) ?? .none }

    private mutating func readTiny() throws(SegmentDamage) {
        guard passages <= SegmentFormat.tinyCount, !isExternal else { throw SegmentDamage() }
        var probe = reader
        var hits = PerField<UInt32>(0, 0, 0)
        var counted: (PerField<UInt32>, PerField<UInt32>) = (hits, hits)
        for index in 0..<passages {
            _ = PostingCode.read(&probe, &hits)
            if index == 0 { counted.0 = hits } else { counted.1 = hits }
        }
        postings = reader.take(reader.count - probe.count)
        probe = reader
        if kind != .none {
            for index in 0..<passages {
                _ = PositionCode.take(index == 0 ? counted.0 : counted.1, kind, from: &probe)
            }
        }
        if probe.isDamaged { throw SegmentDamage() }
        tinyPositions = reader.take(reader.count - probe.count)
    }

    /// The current entry, copied.
    func entry(_ term: [UInt8]) -> TermEntry {
        TermEntry(
            term: term, passages: passages, kind: kind,
            postings: isTiny
                ? .tiny(postings: Array(postings), positions: Array(tinyPositions))
                : isExternal ? .external : .inline(Array(postings)),
            positions: positionRange)
    }

    enum Lookup {
        case found(TermEntry)
        /// The page is where the term would be.
        case absent
        /// All terms on the page sort before it.
        case beyond
    }

    /// Looks for a term that does not sort before the page's first.
    static func lookUp(
        _ term: [UInt8], in bytes: UnsafeBufferPointer<UInt8>
    ) throws(SegmentDamage) -> Lookup {
        var page = DictionaryPage(bytes)
        try page.seek(term)
        /// How many of the term's bytes the current entry begins with. All entries so far sort before the term.
        var matched = 0
        while try page.next() {
            if page.shared > matched { continue }
            if page.shared < matched { return .absent }
            var index = 0
            while index < page.suffix.count, matched < term.count, page.suffix[index] == term[matched] {
                index += 1
                matched += 1
            }
            if index == page.suffix.count {
                if matched == term.count { return .found(page.entry(term)) }
            } else if matched == term.count || page.suffix[index] > term[matched] {
                return .absent
            }
        }
        return .beyond
    }
}
