/// A passage that has a term, and how often each field has it.
struct Posting: Equatable {
    var ordinal: UInt32
    var hits: PerField<UInt32>
}

/// How a posting is packed.
///
/// The first byte: a bit that tells whether more bits of the gap follow, five bits of the gap to the ordinal before, two
/// bits for the hits. Most postings are one or two bytes: a word that occurs once or twice, in the content.
/// - 0, 1: so many hits and one, in the content.
/// - 2: three hits and what the next number says, in the content.
/// - 3: a byte with two bits for each field, then for each field with 3 the rest as a number.
enum PostingCode {
    @inline(__always)
    static func write(_ hits: PerField<UInt32>, gap: UInt32, to writer: inout PackedWriter) {
        let isPlain = hits.heading == 0 && hits.name == 0 && hits.content > 0
        let code = isPlain ? min(hits.content - 1, 2) : 3
        let first = UInt8(truncatingIfNeeded: (gap & 31) << 2 | code)
        if gap < 32 {
            writer.byte(first)
        } else {
            writer.byte(first | 0x80)
            writer.varint(gap >> 5)
        }
        if code == 2 { writer.varint(hits.content - 3) }
        if code == 3 {
            let (content, heading, name) = (min(hits.content, 3), min(hits.heading, 3), min(hits.name, 3))
            writer.byte(UInt8(truncatingIfNeeded: content | heading << 2 | name << 4))
            if content == 3 { writer.varint(hits.content - 3) }
            if heading == 3 { writer.varint(hits.heading - 3) }
            if name == 3 { writer.varint(hits.name - 3) }
        }
    }

    /// - Returns: the gap; the ordinals in between.
    static func read(_ reader: inout PackedReader, _ hits: inout PerField<UInt32>) -> UInt32 {
        let first = reader.byte()
        var gap = UInt32(first >> 2 & 31)
        if first >= 0x80 { gap |= UInt32(truncatingIfNeeded: reader.varint()) << 5 }
        switch first & 3 {
        case 0: hits = PerField(1, 0, 0)
        case 1: hits = PerField(2, 0, 0)
        case 2: hits = PerField(3 &+ UInt32(truncatingIfNeeded: reader.varint()), 0, 0)
        default:
            let byte = UInt32(reader.byte())
            hits = PerField(byte & 3, byte >> 2 & 3, byte >> 4 & 3)
            if hits.content == 3 { hits.content &+= UInt32(truncatingIfNeeded: reader.varint()) }
            if hits.heading == 3 { hits.heading &+= UInt32(truncatingIfNeeded: reader.varint()) }
            if hits.name == 3 { hits.name &+= UInt32(truncatingIfNeeded: reader.varint()) }
        }
        return gap
    }

    /// The rare forms of hits. By value, so that the pointers of a loop stay in registers.
    @inline(never)
    static func readHits(
        _ code: UInt8, _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
    ) -> (hits: PerField<UInt32>, rest: UnsafePointer<UInt8>)? {
        var next = start
        func more() -> UInt32? {
            guard let (value, rest) = PackedReader.longVarint(next, end) else { return nil }
            next = rest
            return UInt32(truncatingIfNeeded: value)
        }
        if code == 2 { return more().map { (PerField(3 &+ $0, 0, 0), next) } }
        guard next < end else { return nil }
        let byte = UInt32(next.pointee)
        next += 1
        var hits = PerField(byte & 3, byte >> 2 & 3, byte >> 4 & 3)
        if hits.content == 3 {
            guard let rest = more() else { return nil }
            hits.content &+= rest
        }
        if hits.heading == 3 {
            guard let rest = more() else { return nil }
            hits.heading &+= rest
        }
        if hits.name == 3 {
            guard let rest = more() else { return nil }
            hits.name &+= rest
        }
        return (hits, next)
    }
}

/// Packed postings: a list, or a page of one.
struct PostingBlock {
    var bytes: UnsafeBufferPointer<UInt8>
    var count: Int
    /// The first ordinal that it may have.
    var base: Int
    /// Whether it consists of `PostingChunk`s, and whether those tell the sizes of their positions.
    var isDense = false
    var hasPositions = false

    /// Calls `body` with every posting, until it returns false.
    ///
    /// - Parameter passages: the number of passages of the segment, which ordinals must be below.
    @inline(__always)
    func each(of passages: Int, _ body: (UInt32, PerField<UInt32>) -> Bool) throws(SegmentDamage) {
        if isDense { return try eachInChunks(of: passages, body) }
        try eachInList(of: passages, body)
    }

    @inline(__always)
    private func eachInList(
        of passages: Int, _ body: (UInt32, PerField<UInt32>) -> Bool
    ) throws(SegmentDamage) {
        guard count > 0 else { return }
        guard var next = bytes.baseAddress else { throw SegmentDamage() }
        let end = next + bytes.count
        var ordinal = UInt64(base)
        for _ in 0..<count {
            guard next < end else { throw SegmentDamage() }
            let first = next.pointee
            next += 1
            var gap = UInt64(first >> 2 & 31)
            if first >= 0x80 {
                if next < end, next.pointee < 0x80 {
                    gap |= UInt64(next.pointee) << 5
                    next += 1
                } else {
                    guard let (value, rest) = PackedReader.longVarint(next, end) else { throw SegmentDamage() }
                    gap |= (value & 0xFFFF_FFFF) << 5
                    next = rest
                }
            }
            ordinal &+= gap
            guard ordinal < UInt64(passages) else { throw SegmentDamage() }
            var hits = PerField<UInt32>(UInt32(first & 3) + 1, 0, 0)
            if first & 3 == 2, next < end, next.pointee < 0x80 {
                hits.content = 3 &+ UInt32(next.pointee)
                next += 1
            } else if first & 2 != 0 {
                guard let (found, rest) = PostingCode.readHits(first & 3, next, end) else { throw SegmentDamage() }
                (hits, next) = (found, rest)
            }
            guard body(UInt32(truncatingIfNeeded: ordinal), hits) else { return }
            ordinal &+= 1
        }
    }

    private func eachInChunks(
        of passages: Int, _ body: (UInt32, PerField<UInt32>) -> Bool
    ) throws(SegmentDamage) {
        let hits = WindowHits()
        defer { hits.deallocate() }
        try PostingChunk.each(in: self, of: passages) { chunk throws(SegmentDamage) in
            switch chunk {
            case .list(let list, _):
                var goesOn = true
                try list.eachInList(of: passages) {
                    goesOn = body($0, $1)
                    return goesOn
                }
                return goesOn
            case .window(let window):
                try hits.read(window)
                for offset in 0..<window.count {
                    let own = hits[offset]
                    guard own.content | own.heading | own.name != 0 else { continue }
                    guard window.start + offset < passages else { throw SegmentDamage() }
                    guard body(UInt32(window.start + offset), own) else { return false }
                }
                return true
            }
        }
    }
}

/// How the positions of a posting are packed: for each field the first position and the distances to the next ones.
enum PositionCode {
    /// The number of varints that a posting has in the stream of positions. Of a posting of which only some occurrences
    /// have one, read the numbers first.
    @inline(__always)
    static func counts(
        of hits: PerField<UInt32>, _ kind: PositionKind, _ reader: inout PackedReader
    ) -> PerField<UInt32> {
        guard kind == .some else { return hits }
        var counts = PerField<UInt32>(0, 0, 0)
        for field in IndexField.allCases where hits[field] > 0 {
            counts[field] = min(hits[field], UInt32(truncatingIfNeeded: reader.varint()))
        }
        return counts
    }

    /// The bytes of a posting's positions, the numbers in front of them included.
    static func take(
        _ hits: PerField<UInt32>, _ kind: PositionKind, from reader: inout PackedReader
    ) -> UnsafeBufferPointer<UInt8> {
        var probe = reader
        let counts = counts(of: hits, kind, &probe)
        let prefix = reader.count - probe.count
        let number = Int(counts.content) + Int(counts.heading) + Int(counts.name)
        let body = probe.takeVarints(number)
        if probe.isDamaged { reader.damage() }
        return reader.take(prefix + body.count)
    }
}
