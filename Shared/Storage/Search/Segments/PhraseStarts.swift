/// Where a phrase may start for one of its terms, and where it does for another one.
struct PhraseStarts {
    private static let words = (4 << PositionStream.fieldShift) / 64

    private(set) var found = PhraseMatcher.Occurrences()
    var isUsual = true

    /// The passages of the first term, in ascending order, and for each the end of its starts.
    private var ordinals = GrowingList<UInt32>()
    private var ends = GrowingList<UInt32>()
    private var starts = GrowingList<UInt16>()
    /// The place in `ordinals` that the second term has reached.
    private var cursor = 0
    /// A bit for each start in the passage that is being tested.
    private let bits: UnsafeMutablePointer<UInt64>
    private let lead: Int
    private let weight: Float

    init(lead: Int, weight: Float) {
        (self.lead, self.weight) = (lead, weight)
        bits = .allocate(capacity: Self.words)
        bits.initialize(repeating: 0, count: Self.words)
    }

    func deallocate() {
        bits.deallocate()
        ordinals.deallocate()
        ends.deallocate()
        starts.deallocate()
    }

    // MARK: The first term

    /// Makes room for so many starts.
    mutating func reserve(_ count: Int) { starts.reserve(count) }

    /// Adds the positions of a passage, for which there must be room.
    @inline(__always)
    mutating func add(_ ordinal: UInt32, _ hits: PerField<UInt32>, from shift: UInt32, _ stream: inout PositionStream) {
        let end = starts.end
        var count = 0
        stream.each(hits, from: shift) {
            end[count] = UInt16(truncatingIfNeeded: $0)
            count += 1
        }
        starts.count += count
        ordinals.append(ordinal)
        ends.append(UInt32(truncatingIfNeeded: starts.count))
    }

    /// The passages. Valid until one is added.
    var wanted: Wanted { Wanted(ordinals: UnsafeBufferPointer(start: ordinals.start, count: ordinals.count)) }

    struct Wanted {
        let ordinals: UnsafeBufferPointer<UInt32>

        /// The first one that is not below `ordinal`.
        func next(from ordinal: Int) -> Int? {
            var (low, high) = (0, ordinals.count)
            while low < high {
                let middle = (low + high) / 2
                if Int(ordinals[middle]) < ordinal { low = middle + 1 } else { high = middle }
            }
            return low < ordinals.count ? Int(ordinals[low]) : nil
        }
    }

    // MARK: The second term

    /// Whether the first term has passages in a range.
    mutating func hasOrdinal(from first: Int, below end: Int = .max) -> Bool {
        while cursor < ordinals.count, ordinals.start[cursor] < first { cursor += 1 }
        return cursor < ordinals.count && ordinals.start[cursor] < end
    }

    /// Tests the positions of a passage. Returns false if no further one matters.
    @inline(__always)
    mutating func test(
        _ ordinal: UInt32, _ hits: PerField<UInt32>, from shift: UInt32, _ stream: inout PositionStream
    ) -> Bool {
        while cursor < ordinals.count, ordinals.start[cursor] < ordinal { cursor += 1 }
        guard cursor < ordinals.count else { return false }
        guard ordinals.start[cursor] == ordinal else {
            stream.skipLater(hits.sum)
            return true
        }
        stream.skipNow()
        let (from, to) = (cursor == 0 ? 0 : Int(ends.start[cursor - 1]), Int(ends.start[cursor]))
        let (bits, own) = (bits, starts.start)
        for index in from..<to { bits[Int(own[index]) >> 6] |= 1 << UInt64(own[index] & 63) }
        let before = stream
        var count: UInt64 = 0
        stream.each(hits, from: shift) { count += bits[Int($0) >> 6] >> UInt64($0 & 63) & 1 }
        if count > 0 { add(ordinal, hits, from: shift, before) }
        for index in from..<to { bits[Int(own[index]) >> 6] = 0 }
        return stream.isUsual
    }

    /// Adds the phrases of a passage, which are known to be there.
    @inline(never)
    private mutating func add(
        _ ordinal: UInt32, _ hits: PerField<UInt32>, from shift: UInt32, _ stream: PositionStream
    ) {
        var stream = stream
        stream.each(hits, from: shift) { start in
            guard bits[Int(start) >> 6] >> UInt64(start & 63) & 1 != 0,
                let field = IndexField(rawValue: Int(start) >> PositionStream.fieldShift)
            else { return }
            let position = Int(start) & (PositionStream.limit - 1) - lead
            found.places.append(.init(at: PhraseMatcher.at(field, position), weight: weight))
        }
        found.close(ordinal)
    }
}

/// Values in memory of their own, which costs less than an array that checks whether it is shared.
private struct GrowingList<Value: BitwiseCopyable> {
    private(set) var start = UnsafeMutablePointer<Value>.allocate(capacity: 16)
    private var capacity = 16
    var count = 0

    var end: UnsafeMutablePointer<Value> { start + count }

    @inline(__always)
    mutating func append(_ value: Value) {
        if count == capacity { reserve(1) }
        start[count] = value
        count += 1
    }

    mutating func reserve(_ more: Int) {
        guard count + more > capacity else { return }
        capacity = (count + more) * 2
        let new = UnsafeMutablePointer<Value>.allocate(capacity: capacity)
        new.update(from: start, count: count)
        start.deallocate()
        start = new
    }

    func deallocate() { start.deallocate() }
}

/// Reads positions, each in one byte unless it is far from the one before.
struct PositionStream {
    static let fieldShift = 12
    /// Usual positions are below it.
    static let limit = 1 << fieldShift

    private var next: UnsafePointer<UInt8>
    private let end: UnsafePointer<UInt8>
    /// The number of positions in front of the next one that matters.
    private var pending = 0
    /// Whether all positions so far were there, and below the limit.
    private(set) var isUsual = true

    private static let nothing: StaticString = ""

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        next = bytes.baseAddress ?? Self.nothing.utf8Start
        end = next + bytes.count
    }

    mutating func move(to offset: Int, of bytes: UnsafeBufferPointer<UInt8>) {
        next = end - bytes.count + offset
        pending = 0
    }

    @inline(__always)
    mutating func skipLater(_ positions: Int) { pending += positions }

    @inline(__always)
    mutating func skipNow() { if pending > 0 { skip() } }

    private mutating func skip() {
        var reader = PackedReader(UnsafeBufferPointer(start: next, count: end - next))
        next += reader.takeVarints(pending).count
        if reader.isDamaged { isUsual = false }
        pending = 0
    }

    /// Reads the positions of a passage: `shift` and the position below the limit, the field above it.
    @inline(__always)
    mutating func each(_ hits: PerField<UInt32>, from shift: UInt32, _ body: (UInt32) -> Void) {
        each(hits.content, 0, from: shift, body)
        if hits.heading | hits.name == 0 { return }
        each(hits.heading, 1, from: shift, body)
        each(hits.name, 2, from: shift, body)
    }

    @inline(__always)
    private mutating func each(_ count: UInt32, _ field: UInt32, from shift: UInt32, _ body: (UInt32) -> Void) {
        guard Int(count) <= end - next else {
            (next, isUsual) = (end, false)
            return
        }
        var (next, at, left) = (next, field << UInt32(Self.fieldShift) &+ shift, count)
        while left > 0 {
            let byte = next.pointee
            next += 1
            if byte >= 0x80 {
                guard let (value, rest) = PackedReader.longVarint(next - 1, end), value < Self.limit,
                    end - rest >= Int(left) - 1
                else {
                    (self.next, isUsual) = (end, false)
                    return
                }
                at &+= UInt32(value)
                next = rest
            } else {
                at &+= UInt32(byte)
            }
            body(at & UInt32(4 * Self.limit - 1))
            left -= 1
        }
        if at >= (field + 1) << UInt32(Self.fieldShift) { isUsual = false }
        self.next = next
    }
}
