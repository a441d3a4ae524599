/// Which vectors of a page begin a passage: a bit for each. A passage's vectors follow one another in one page.
struct PassageStarts: Equatable {
    private(set) var bytes: [UInt8] = []

    init() {}

    init(_ bytes: [UInt8], of count: Int) throws(VectorDamage) {
        self.bytes = bytes
        guard 0...bytes.count * 8 ~= count, bytes.count == (count + 7) / 8 else { throw VectorDamage() }
    }

    mutating func append(_ isFirst: Bool, at ordinal: Int) {
        if ordinal % 8 == 0 { bytes.append(0) }
        if isFirst { bytes[ordinal / 8] |= 1 << UInt8(ordinal % 8) }
    }

    private func isFirst(_ ordinal: Int) -> Bool { bytes[ordinal / 8] >> UInt8(ordinal % 8) & 1 == 1 }

    /// How many passages begin in a range of vectors.
    func count(in range: Range<Int>) -> Int { range.count(where: isFirst) }

    /// The vectors of the passage that one of them belongs to.
    ///
    /// - Parameter run: the vectors of its run.
    func passage(around ordinal: Int, in run: Range<Int>) -> Range<Int> {
        var (start, end) = (ordinal, ordinal + 1)
        while start > run.lowerBound, !isFirst(start) { start -= 1 }
        while end < run.upperBound, !isFirst(end) { end += 1 }
        return start..<end
    }

    /// The vectors of a run, passage by passage.
    func passages(in run: Range<Int>) -> [Range<Int>] {
        var passages: [Range<Int>] = []
        var start = run.lowerBound
        while start < run.upperBound {
            let passage = passage(around: start, in: run)
            passages.append(passage)
            start = passage.upperBound
        }
        return passages
    }
}
