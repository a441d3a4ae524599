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

/// Reads the entries of a dictionary page (`DictionaryWriter`) in order.
struct DictionaryPage {
    private var reader: BitReader
    private let codes: DictionaryCodes<PrefixDecoder>
    private let owner: Owner
    private let bytes: UnsafeBufferPointer<UInt8>
    /// Where the places of restarts are, and the size of the second part of one.
    private let restarts: (start: Int, count: Int, width: Int)
    /// The end of the entries, in bits.
    private let end: Int
    /// Of an ordinal, in bits.
    private let width: Int
    private let firstPosition: Int
    private var position: Int

    /// The current entry.
    private(set) var term: [UInt8] = []
    private(set) var passages = 0
    /// The place of its positions in the stream, unless it is tiny.
    private(set) var positionRange = 0..<0
    private var head = DictionaryHead(passages: 1, kind: .none)
    private var parameter: Int?
    /// Whether its list is still to be read.
    private var hasList = false

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        let (count, sizes) = bytes.count > 2 ? (Int(bytes[bytes.count - 1]), Int(bytes[bytes.count - 2])) : (0, 0)
        restarts = (max(0, bytes.count - 2 - count * (2 + sizes & 7)), count, sizes & 7)
        end = restarts.start * 8 - sizes >> 4
        reader = BitReader(UnsafeBufferPointer(rebasing: bytes[..<restarts.start]))
        width = Int(reader.read(5))
        firstPosition = reader.gamma()
        position = firstPosition
        codes = DictionaryCodes(&reader)
        owner = Owner(codes)
    }

    /// Keeps the codes in memory.
    private final class Owner {
        let codes: DictionaryCodes<PrefixDecoder>
        init(_ codes: DictionaryCodes<PrefixDecoder>) { self.codes = codes }
        deinit { codes.deallocate() }
    }

    var isTiny: Bool { head.form == .tiny }
    var isExternal: Bool { head.form == .external }
    var kind: PositionKind { head.kind }

    // MARK: Terms

    /// Seeks the last restart at or before a term, so that `next` reads its entry.
    mutating func seek(_ term: [UInt8]) throws(SegmentDamage) {
        defer { withExtendedLifetime(owner) {} }
        try reader.check()
        var (low, high) = (0, restarts.count)
        while low < high {
            let middle = (low + high) / 2
            try restart(middle)
            var matched = 0
            if try compareTerm(with: term, &matched) == .after { high = middle } else { low = middle + 1 }
        }
        try restart(max(0, low - 1))
    }

    private enum Order {
        case before, same, after
    }

    /// Reads the next term without keeping it, and tells how it sorts to another one; if it sorts after it, the rest of
    /// the entry cannot be read any more.
    ///
    /// - Parameter matched: how many bytes the term before, which sorts before the other one, has in common with it;
    ///   afterwards the same of this term. 0 at a restart.
    @inline(__always)
    private mutating func compareTerm(
        with other: [UInt8], _ matched: inout Int
    ) throws(SegmentDamage) -> Order {
        // Copied, so that they stay in registers.
        var reader = reader
        let letters = codes.letters
        let (shared, rest) = readLengths(&reader)
        guard rest <= SegmentFormat.termBytes else { throw SegmentDamage() }
        defer { self.reader = reader }
        if shared < matched { return .after }
        var left = rest
        // Beyond `matched`, the term before has something else.
        if shared == matched {
            while left > 0 {
                let letter = UInt8(truncatingIfNeeded: letters.read(&reader))
                left -= 1
                guard matched < other.count, letter <= other[matched] else { return .after }
                if letter < other[matched] { break }
                matched += 1
                if left == 0 { return matched == other.count ? .same : .before }
            }
            if rest == 0 { return matched == other.count ? .same : .before }
        }
        while left > 0 {
            _ = letters.read(&reader)
            left -= 1
        }
        return .before
    }

    /// How many bytes the next term shares with the one before, and how many it adds.
    @inline(__always)
    private func readLengths(_ reader: inout BitReader) -> (shared: Int, rest: Int) {
        var shared = codes.shared.read(&reader)
        if shared == 15 { shared += reader.gamma() }
        var rest = codes.rest.read(&reader)
        if rest == 15 { rest += reader.gamma() }
        return (shared, rest)
    }

    private mutating func restart(_ number: Int) throws(SegmentDamage) {
        let start = restarts.start + number * (2 + restarts.width)
        guard number < restarts.count, restarts.start > 0 else { throw SegmentDamage() }
        var place = PackedReader(UnsafeBufferPointer(rebasing: bytes[start..<(start + 2 + restarts.width)]))
        reader.position = Int(place.fixed(width: 2))
        position = firstPosition &+ Int(truncatingIfNeeded: place.fixed(width: restarts.width) & 0xFF_FFFF_FFFF)
        hasList = false
        term.removeAll(keepingCapacity: true)
    }

    private mutating func readTerm() throws(SegmentDamage) {
        var reader = reader
        let letters = codes.letters
        let (shared, rest) = readLengths(&reader)
        guard shared <= term.count, rest <= SegmentFormat.termBytes else { throw SegmentDamage() }
        if term.count > shared + rest {
            term.removeLast(term.count - shared - rest)
        } else {
            while term.count < shared + rest { term.append(0) }
        }
        term.withUnsafeMutableBufferPointer { term in
            for index in shared..<(shared + rest) { term[index] = UInt8(truncatingIfNeeded: letters.read(&reader)) }
        }
        self.reader = reader
    }

    /// Goes to the next entry. Returns false at the end.
    mutating func next() throws(SegmentDamage) -> Bool {
        defer { withExtendedLifetime(owner) {} }
        guard try isAtEntry() else { return false }
        try readTerm()
        try readHead()
        return true
    }

    /// Goes to the end of the current entry. Returns false at the end of the page.
    private mutating func isAtEntry() throws(SegmentDamage) -> Bool {
        if hasList { try skipList() }
        try reader.check()
        return reader.position < end
    }

    private mutating func readHead() throws(SegmentDamage) {
        var reader = reader
        guard let head = DictionaryHead(symbol: codes.heads.read(&reader)) else { throw SegmentDamage() }
        self.head = head
        parameter = nil
        if head.form != .external, head.bucket > 1 {
            parameter =
                codes.parameters.read(&reader) + head.expectedParameter(width) - DictionaryHead.parameterOffset
        }
        passages = 1 << (head.bucket - 1) | Int(reader.read(head.bucket - 1))
        guard passages <= SegmentFormat.maximumPassages, 0..<32 ~= parameter ?? 0 else { throw SegmentDamage() }
        let start = position
        if head.form != .tiny, head.kind != .none { position &+= passages + reader.gamma() }
        guard position >= start, position < 1 << 60 else { throw SegmentDamage() }
        positionRange = start..<position
        hasList = head.form != .external
        self.reader = reader
        try reader.check()
    }

    // MARK: Lists

    private mutating func skipList() throws(SegmentDamage) {
        try readList { _, _ in
        } position: { _ in
        }
    }

    /// The current entry's list, in the form of pages, and its positions, if it is tiny. Call it once for an entry.
    mutating func list() throws(SegmentDamage) -> (postings: [UInt8], positions: [UInt8]) {
        guard hasList else { return ([], []) }
        var (postings, positions) = (PackedWriter(), PackedWriter())
        try readList { gap, hits in
            PostingCode.write(hits, gap: gap, to: &postings)
        } position: { number in
            positions.varint(number)
        }
        return (postings.bytes, positions.bytes)
    }

    /// Reads the current entry's list: calls `posting` with the gap and the hits of each. Call it once for an entry.
    ///
    /// - Parameter position: gets the numbers of the positions beside the list, after all postings.
    @inline(__always)
    mutating func readList(
        _ posting: (UInt32, PerField<UInt32>) -> Void, position: (UInt32) -> Void
    ) throws(SegmentDamage) {
        hasList = false
        guard !isTiny || passages <= SegmentFormat.tinyCount else { throw SegmentDamage() }
        var reader = reader
        var (before, last) = (PerField<UInt32>(0, 0, 0), PerField<UInt32>(0, 0, 0))
        PostingBits.read(passages, head.shape, parameter: parameter, width: width, from: &reader) { gap, hits in
            posting(gap, hits)
            (before, last) = (last, hits)
        }
        if isTiny, kind != .none {
            if passages > 1 { readPositions(of: before, from: &reader, position) }
            readPositions(of: last, from: &reader, position)
        }
        self.reader = reader
        try reader.check()
    }

    @inline(__always)
    private func readPositions(
        of hits: PerField<UInt32>, from reader: inout BitReader, _ position: (UInt32) -> Void
    ) {
        var counts = hits
        if kind == .some {
            for field in IndexField.allCases where hits[field] > 0 {
                counts[field] = min(hits[field], reader.rice(DictionaryHead.positionParameter))
                position(counts[field])
            }
        }
        for _ in 0..<counts.sum {
            if reader.isDamaged { return }
            position(reader.rice(DictionaryHead.positionParameter))
        }
    }

    /// The current entry, copied. Call it once for an entry.
    mutating func entry() throws(SegmentDamage) -> TermEntry {
        let (isTiny, isExternal) = (isTiny, isExternal)
        let list = try list()
        return TermEntry(
            term: term, passages: passages, kind: kind,
            postings: isTiny
                ? .tiny(postings: list.postings, positions: list.positions)
                : isExternal ? .external : .inline(list.postings),
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
    func lookUp(_ term: [UInt8]) throws(SegmentDamage) -> Lookup {
        var page = self
        defer { withExtendedLifetime(owner) {} }
        try page.seek(term)
        var matched = 0
        while try page.isAtEntry() {
            let order = try page.compareTerm(with: term, &matched)
            if order == .after { return .absent }
            try page.readHead()
            guard order == .same else { continue }
            page.term = term
            return .found(try page.entry())
        }
        return .beyond
    }
}
