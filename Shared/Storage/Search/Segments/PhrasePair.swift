/// Finds where two terms stand at their places of a phrase. For terms with one position for each hit in passages of usual
/// length, this does by bits what `PhraseMatcher` does for all: the rarer one's positions in a passage become bits, and
/// each position of the other one tests one, without a branch.
struct PhrasePair {
    private let reader: SegmentReader
    private let budget: SearchBudget
    /// Keeps the start of a phrase from running below 0.
    private let lead: Int

    init(_ reader: SegmentReader, _ budget: SearchBudget, places: Int) {
        (self.reader, self.budget, lead) = (reader, budget, places)
    }

    /// - Returns: the starts of the phrase; nil if there are forms or positions that only `PhraseMatcher` knows.
    func find(
        _ rare: (term: PhraseMatcher.Alternative, place: Int), _ other: (term: PhraseMatcher.Alternative, place: Int)
    ) throws -> PhraseMatcher.Occurrences? {
        guard rare.term.entry.kind == .all, other.term.entry.kind == .all, lead < 64 else { return nil }
        var pair = PhraseStarts(lead: lead, weight: min(rare.term.weight, other.term.weight))
        defer { pair.deallocate() }
        try read(rare.term.entry, rare.place, to: &pair)
        if pair.isUsual { try test(other.term.entry, other.place, with: &pair) }
        return pair.isUsual ? pair.found : nil
    }

    private func read(_ entry: TermEntry, _ place: Int, to pair: inout PhraseStarts) throws {
        let shift = UInt32(lead - place)
        try reader.eachBlock(of: entry) { block, positions in
            let bytes = try reader.bytes(of: positions)
            guard budget.spend(block.count / 2 + bytes.count / 4) else { return false }
            try bytes.withUnsafeBufferPointer { bytes in
                var stream = PositionStream(bytes)
                pair.reserve(bytes.count)
                try block.each(of: reader.passages) { ordinal, hits in
                    pair.add(ordinal, hits, from: shift, &stream)
                    return stream.isUsual
                }
                pair.isUsual = pair.isUsual && stream.isUsual
            }
            return pair.isUsual
        }
    }

    private func test(_ entry: TermEntry, _ place: Int, with pair: inout PhraseStarts) throws {
        let shift = UInt32(lead - place)
        let unpacked = WindowHits()
        defer { unpacked.deallocate() }
        let wanted = pair.wanted
        func next(from ordinal: Int) -> Int? { wanted.next(from: ordinal) }
        try reader.eachBlock(of: entry, wanting: next) { block, positions in
            let bytes = try reader.bytes(of: positions)
            guard budget.spend(block.count / 2 + bytes.count / 4) else { return false }
            try bytes.withUnsafeBufferPointer { bytes in
                var stream = PositionStream(bytes)
                if block.isDense {
                    var start = 0
                    try PostingChunk.each(in: block, of: reader.passages) { chunk throws(SegmentDamage) in
                        guard start <= bytes.count else { throw SegmentDamage() }
                        switch chunk {
                        case .list(let list, let size):
                            stream.move(to: start, of: bytes)
                            try list.each(of: reader.passages) { pair.test($0, $1, from: shift, &stream) }
                            start += size
                        case .window(let window):
                            guard pair.hasPassage(from: window.start) else { return false }
                            try unpacked.read(window)
                            start += try test(window, unpacked, from: shift, &stream, start, bytes, with: &pair)
                        }
                        return stream.isUsual
                    }
                } else {
                    try block.each(of: reader.passages) { pair.test($0, $1, from: shift, &stream) }
                }
                pair.isUsual = stream.isUsual
            }
            return pair.isUsual
        }
    }

    /// Tests the passages of a window. Quarters without any that matter are skipped.
    ///
    /// - Returns: the size of the window's positions.
    private func test(
        _ window: DenseWindow, _ unpacked: WindowHits, from shift: UInt32, _ stream: inout PositionStream,
        _ first: Int, _ bytes: UnsafeBufferPointer<UInt8>, with pair: inout PhraseStarts
    ) throws(SegmentDamage) -> Int {
        let sizes = window.positions
        var start = first
        for (quarter, size) in [sizes.0, sizes.1, sizes.2, sizes.3].enumerated() {
            let range = window.quarter(quarter)
            if pair.hasPassage(from: window.start + range.lowerBound, below: window.start + range.upperBound) {
                guard start <= bytes.count else { throw SegmentDamage() }
                stream.move(to: start, of: bytes)
                var own = stream
                for offset in range {
                    let hits = unpacked[offset]
                    if hits.sum > 0, !pair.test(UInt32(window.start + offset), hits, from: shift, &own) { break }
                }
                stream = own
            }
            start += size
        }
        return start - first
    }
}
