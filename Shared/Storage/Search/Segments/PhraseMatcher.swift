/// Finds a phrase in a segment: passages in which, for each of its places, one of the place's terms follows the term of
/// the place before.
struct PhraseMatcher {
    /// A term that may stand at a place.
    struct Alternative {
        var entry: TermEntry
        var weight: Float
    }

    /// A position of a field.
    static func at(_ field: IndexField, _ position: Int) -> UInt32 {
        UInt32(field.rawValue) << fieldShift &+ offset &+ UInt32(truncatingIfNeeded: position)
    }

    static let fieldShift: UInt32 = 30
    /// Keeps the start of a phrase from running below 0.
    private static let offset: UInt32 = 1 << 20

    let reader: SegmentReader
    let budget: SearchBudget

    /// The passages with the phrase, and how often each field has it, weighted.
    ///
    /// - Parameter places: the terms of each place. A place without terms matches nothing.
    func find(_ places: [[Alternative]]) throws -> (ordinals: [UInt32], hits: [PerField<Float>]) {
        guard places.allSatisfy({ !$0.isEmpty }) else { return ([], []) }
        let order = places.indices.sorted { Self.passages(places[$0]) < Self.passages(places[$1]) }
        var found: Occurrences?
        var done = 0
        if order.count > 1, places[order[0]].count == 1, places[order[1]].count == 1 {
            found = try PhrasePair(reader, budget, places: places.count).find(
                (places[order[0]][0], order[0]), (places[order[1]][0], order[1]))
            if let found {
                if found.ordinals.isEmpty { return ([], []) }
                done = 2
            }
        }
        for place in order.dropFirst(done) {
            let next = try occurrences(of: places[place], among: found?.ordinals, movedBy: UInt32(place))
            found = found.map { Occurrences.common($0, next) } ?? next
            if found?.ordinals.isEmpty ?? true { return ([], []) }
        }
        return found.map { ($0.ordinals, $0.hits) } ?? ([], [])
    }

    private static func passages(_ place: [Alternative]) -> Int { place.reduce(0) { $0 + $1.entry.passages } }

    /// The occurrences of a place's terms.
    ///
    /// - Parameter wanted: the passages that matter; nil for all.
    func occurrences(
        of place: [Alternative], among wanted: [UInt32]?, movedBy distance: UInt32 = 0
    ) throws -> Occurrences {
        var all: Occurrences?
        for alternative in place where alternative.entry.kind != .none {
            let next = try occurrences(of: alternative, among: wanted, movedBy: distance)
            all = all.map { Occurrences.union($0, next) } ?? next
        }
        return all ?? Occurrences()
    }

    private func occurrences(
        of alternative: Alternative, among wanted: [UInt32]?, movedBy distance: UInt32
    ) throws -> Occurrences {
        let (entry, weight) = (alternative.entry, alternative.weight)
        let next: ((Int) -> Int?)? = wanted.map { wanted in { Self.next(in: wanted, from: $0) } }
        var all = Occurrences()
        var first = 0
        try reader.eachBlock(of: entry, wanting: next) { block, positions in
            let bytes = try reader.bytes(of: positions)
            guard budget.spend(block.count + bytes.count) else { return false }
            // Local, so that nothing but this loop can change them.
            var (found, cursor) = (Occurrences(), first)
            swap(&found, &all)
            defer {
                swap(&found, &all)
                first = cursor
            }
            try bytes.withUnsafeBufferPointer { bytes in
                var stream = PackedReader(bytes)
                /// The varints in front of the next position that matters.
                var pending = 0
                try block.each(of: reader.passages) { ordinal, hits in
                    if let wanted {
                        while cursor < wanted.count, wanted[cursor] < ordinal { cursor += 1 }
                        guard cursor < wanted.count else { return false }
                        guard wanted[cursor] == ordinal else {
                            if entry.kind == .all {
                                pending &+= Int(hits.content &+ hits.heading &+ hits.name)
                            } else {
                                _ = PositionCode.take(hits, entry.kind, from: &stream)
                            }
                            return true
                        }
                    }
                    if pending > 0 {
                        _ = stream.takeVarints(pending)
                        pending = 0
                    }
                    let counts = PositionCode.counts(of: hits, entry.kind, &stream)
                    var number = counts.content
                    for field in 0..<UInt32(3) {
                        if field > 0 { number = field == 1 ? counts.heading : counts.name }
                        var at = field << Self.fieldShift &+ Self.offset &- distance
                        while number > 0, !stream.isDamaged {
                            at &+= UInt32(truncatingIfNeeded: stream.varint())
                            found.places.append(.init(at: at, weight: weight))
                            number -= 1
                        }
                    }
                    found.close(ordinal)
                    return !stream.isDamaged
                }
                try stream.check()
            }
            return true
        }
        return all
    }

    /// The postings of a term in some passages.
    func locate(_ entry: TermEntry, among wanted: [UInt32]) throws -> [PostingLocator] {
        var (found, cursor): ([PostingLocator], Int) = ([], 0)
        try reader.eachBlock(of: entry, wanting: { Self.next(in: wanted, from: $0) }) { block, positions in
            var range = 0..<0
            if case .stream(let stream) = positions { range = stream }
            found += try PostingLocator.locate(
                wanted, from: &cursor, in: block, at: range, of: reader.passages)
            return budget.spend(block.isDense ? block.count / 8 : block.count) && cursor < wanted.count
        }
        return found
    }

    /// The occurrences of a term, all of which have positions in the segment's stream, in some of its postings.
    func occurrences(of alternative: Alternative, at postings: [PostingLocator]) throws -> Occurrences {
        var found = Occurrences()
        var (bytes, start): ([UInt8], Int) = ([], 0)
        for (index, posting) in postings.enumerated() {
            if posting.quarter.lowerBound < start || posting.quarter.upperBound > start + bytes.count {
                let part = Self.part(of: postings[index...])
                start = part.lowerBound
                bytes = try reader.source.positions(in: part)
                guard budget.spend(bytes.count / 16) else { break }
            }
            try bytes.withUnsafeBufferPointer { bytes in
                var stream = PackedReader(
                    UnsafeBufferPointer(rebasing: bytes[(posting.quarter.lowerBound - start)...]))
                _ = stream.takeVarints(posting.before)
                for field in IndexField.allCases {
                    var (at, left) = (Self.at(field, 0), posting.hits[field])
                    while left > 0, !stream.isDamaged {
                        at &+= UInt32(truncatingIfNeeded: stream.varint())
                        found.places.append(.init(at: at, weight: alternative.weight))
                        left -= 1
                    }
                }
                try stream.check()
            }
            found.close(posting.ordinal)
        }
        return found
    }

    /// Adds what `occurrences` reads of some postings.
    func prefetch(_ postings: [PostingLocator], to ahead: Prefetch) {
        var part = 0..<0
        for (index, posting) in postings.enumerated()
        where posting.quarter.lowerBound < part.lowerBound || posting.quarter.upperBound > part.upperBound {
            part = Self.part(of: postings[index...])
            ahead.add { _ = try reader.source.positions(in: part) }
        }
    }

    /// The positions of the first posting, and those of following ones that are near.
    private static func part(of postings: ArraySlice<PostingLocator>) -> Range<Int> {
        guard let first = postings.first?.quarter else { return 0..<0 }
        var end = first.upperBound
        for next in postings where next.quarter.lowerBound <= end + nearBytes {
            guard next.quarter.upperBound - first.lowerBound <= bytesAtOnce else { break }
            end = max(end, next.quarter.upperBound)
        }
        return first.lowerBound..<end
    }

    private static let nearBytes = 4 * SegmentFormat.pageBytes
    private static let bytesAtOnce = 64 * SegmentFormat.pageBytes

    /// The first element of an ascending list that is not below `ordinal`.
    static func next(in list: [UInt32], from ordinal: Int) -> Int? {
        var (low, high) = (0, list.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(list[middle]) < ordinal { low = middle + 1 } else { high = middle }
        }
        return low < list.count ? Int(list[low]) : nil
    }
}
