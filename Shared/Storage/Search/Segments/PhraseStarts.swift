/// Where a phrase may start for one of its terms, and where it does for another one.
struct PhraseStarts {
    private static let words = (4 << PositionStream.fieldShift) / 64

    private(set) var found = PhraseMatcher.Occurrences()
    var isUsual = true

    /// The passages of the first term, in ascending order.
    private var passages = GrowingList<Passage>()
    /// Their starts: few ones in the content in a byte each, all others as `PositionStream` tells them.
    private var narrow = GrowingList<UInt8>()
    private var wide = GrowingList<UInt16>()
    /// The place in `passages` that the second term has reached.
    private var cursor = 0
    /// A bit for each start in the passage that is being tested.
    private let bits: UnsafeMutablePointer<UInt64>
    /// The second term's positions in that passage.
    private let positions = UnsafeMutablePointer<UInt8>.allocate(capacity: PositionStream.narrowCount)
    private let lead: Int
    private let weight: Float

    struct Passage {
        let ordinal: UInt32
        /// The place of its starts in their list.
        let start: UInt32
        let count: UInt16
        let isNarrow: Bool
    }

    init(lead: Int, weight: Float) {
        (self.lead, self.weight) = (lead, weight)
        bits = .allocate(capacity: Self.words)
        bits.initialize(repeating: 0, count: Self.words)
    }

    func deallocate() {
        bits.deallocate()
        positions.deallocate()
        passages.deallocate()
        narrow.deallocate()
        wide.deallocate()
    }

    // MARK: The first term

    /// Makes room for so many starts.
    mutating func reserve(_ count: Int) {
        narrow.reserve(count + PositionStream.narrowCount)
        wide.reserve(count)
    }

    /// Adds the positions of a passage, for which there must be room.
    @inline(__always)
    mutating func add(_ ordinal: UInt32, _ hits: PerField<UInt32>, from shift: UInt32, _ stream: inout PositionStream) {
        if let starts = stream.narrow(hits, from: shift) {
            starts.store(to: narrow.end)
            passages.append(
                Passage(
                    ordinal: ordinal, start: UInt32(truncatingIfNeeded: narrow.count),
                    count: UInt16(truncatingIfNeeded: hits.content), isNarrow: true))
            narrow.count += Int(hits.content)
        } else {
            addWide(ordinal, hits, from: shift, &stream)
        }
    }

    @inline(never)
    private mutating func addWide(
        _ ordinal: UInt32, _ hits: PerField<UInt32>, from shift: UInt32, _ stream: inout PositionStream
    ) {
        let end = wide.end
        var count = 0
        stream.each(hits, from: shift) {
            end[count] = UInt16(truncatingIfNeeded: $0)
            count += 1
        }
        if count > UInt16.max { isUsual = false }
        passages.append(
            Passage(
                ordinal: ordinal, start: UInt32(truncatingIfNeeded: wide.count),
                count: UInt16(truncatingIfNeeded: count), isNarrow: false))
        wide.count += count
    }

    /// The passages. Valid until one is added.
    var wanted: Wanted { Wanted(passages: UnsafeBufferPointer(start: passages.start, count: passages.count)) }

    struct Wanted {
        let passages: UnsafeBufferPointer<Passage>

        /// The first one that is not below `ordinal`.
        func next(from ordinal: Int) -> Int? {
            var (low, high) = (0, passages.count)
            while low < high {
                let middle = (low + high) / 2
                if Int(passages[middle].ordinal) < ordinal { low = middle + 1 } else { high = middle }
            }
            return low < passages.count ? Int(passages[low].ordinal) : nil
        }
    }

    // MARK: The second term

    /// Whether the first term has passages in a range.
    mutating func hasPassage(from first: Int, below end: Int = .max) -> Bool {
        while cursor < passages.count, passages.start[cursor].ordinal < first { cursor += 1 }
        return cursor < passages.count && passages.start[cursor].ordinal < end
    }

    /// Tests the positions of a passage. Returns false if no further one matters.
    @inline(__always)
    mutating func test(
        _ ordinal: UInt32, _ hits: PerField<UInt32>, from shift: UInt32, _ stream: inout PositionStream
    ) -> Bool {
        while cursor < passages.count, passages.start[cursor].ordinal < ordinal { cursor += 1 }
        guard cursor < passages.count else { return false }
        let passage = passages.start[cursor]
        guard passage.ordinal == ordinal else {
            stream.skipLater(hits.sum)
            return true
        }
        stream.skipNow()
        guard passage.isNarrow,
            let meets = stream.meets(
                narrow.start + Int(passage.start), Int(passage.count), hits, from: shift, positions: positions)
        else { return testWide(passage, hits, from: shift, &stream) }
        if meets { add(passage, Int(hits.content)) }
        return true
    }

    /// Adds the phrases of a passage: those of its starts that are among the first ones of `positions`.
    @inline(never)
    private mutating func add(_ passage: Passage, _ count: Int) {
        for index in 0..<Int(passage.count) {
            let start = narrow.start[Int(passage.start) + index]
            for other in 0..<count where positions[other] == start {
                found.places.append(.init(at: PhraseMatcher.at(.content, Int(start) - lead), weight: weight))
                break
            }
        }
        found.close(passage.ordinal)
    }

    @inline(never)
    private mutating func testWide(
        _ passage: Passage, _ hits: PerField<UInt32>, from shift: UInt32, _ stream: inout PositionStream
    ) -> Bool {
        let range = Int(passage.start)..<(Int(passage.start) + Int(passage.count))
        let (bits, narrow, wide, isNarrow) = (bits, narrow.start, wide.start, passage.isNarrow)
        for index in range {
            let start = isNarrow ? UInt16(narrow[index]) : wide[index]
            bits[Int(start) >> 6] |= 1 << UInt64(start & 63)
        }
        let before = stream
        var count: UInt64 = 0
        stream.each(hits, from: shift) { count += bits[Int($0) >> 6] >> UInt64($0 & 63) & 1 }
        if count > 0 { add(passage.ordinal, hits, from: shift, before) }
        for index in range { bits[Int(isNarrow ? UInt16(narrow[index]) : wide[index]) >> 6] = 0 }
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
