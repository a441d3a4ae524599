/// A set of a segment's ordinals.
struct OrdinalSet {
    private(set) var words: [UInt64]
    let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
        words = Array(repeating: 0, count: (capacity + 63) / 64)
    }

    @inline(__always)
    func contains(_ ordinal: Int) -> Bool { words[ordinal >> 6] & 1 << UInt64(ordinal & 63) != 0 }

    @inline(__always)
    mutating func insert(_ ordinal: Int) { words[ordinal >> 6] |= 1 << UInt64(ordinal & 63) }

    mutating func insert(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        let (first, last) = (range.lowerBound >> 6, (range.upperBound - 1) >> 6)
        let head = ~UInt64(0) << UInt64(range.lowerBound & 63)
        let tail = ~UInt64(0) >> UInt64(63 - (range.upperBound - 1) & 63)
        if first == last {
            words[first] |= head & tail
        } else {
            words[first] |= head
            for index in (first + 1)..<last { words[index] = ~0 }
            words[last] |= tail
        }
    }

    mutating func formIntersection(_ other: OrdinalSet) {
        for index in words.indices { words[index] &= other.words[index] }
    }

    mutating func subtract(_ other: OrdinalSet) {
        for index in words.indices { words[index] &= ~other.words[index] }
    }

    var isEmpty: Bool { words.allSatisfy { $0 == 0 } }
    var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// The first member at or after an ordinal.
    func next(from ordinal: Int) -> Int? {
        guard ordinal < capacity else { return nil }
        var index = ordinal >> 6
        var word = words[index] & ~UInt64(0) << UInt64(ordinal & 63)
        while word == 0 {
            index += 1
            guard index < words.count else { return nil }
            word = words[index]
        }
        return index << 6 + word.trailingZeroBitCount
    }

    /// Whether any of these is a member.
    func intersects(_ range: Range<Int>) -> Bool { next(from: range.lowerBound).map { $0 < range.upperBound } ?? false }
}
