/// Finds a phrase in a segment: passages in which, for each of its places, one of the place's terms follows the term of
/// the place before.
struct PhraseMatcher {
    /// A term that may stand at a place.
    struct Alternative {
        var entry: TermEntry
        var weight: Float
    }

    /// Where occurrences are: by passage, in ascending order.
    struct Occurrences {
        struct Place {
            /// The field in the upper two bits, and the position.
            var at: UInt32
            var weight: Float
        }

        var ordinals: [UInt32] = []
        /// For each of `ordinals`, the end of its part of `places`.
        var ends: [Int] = []
        var places: [Place] = []

        func range(_ index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

        mutating func close(_ ordinal: UInt32) {
            ordinals.append(ordinal)
            ends.append(places.count)
        }
    }

    private static let fieldShift: UInt32 = 30
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
        for place in order {
            if let before = found, places[place].count == 1 {
                found = try continuations(of: before, by: places[place][0], movedBy: UInt32(place))
            } else {
                let next = try occurrences(of: places[place], among: found?.ordinals, movedBy: UInt32(place))
                found = found.map { Self.common($0, next) } ?? next
            }
            if found?.ordinals.isEmpty ?? true { return ([], []) }
        }
        return found.map { ($0.ordinals, Self.hits(of: $0)) } ?? ([], [])
    }

    /// Where words follow one another.
    static func sequence(_ words: [Occurrences]) -> Occurrences {
        guard var found = words.first else { return Occurrences() }
        for (distance, word) in words.enumerated().dropFirst() {
            found = common(found, word, movedBy: UInt32(distance))
        }
        return found
    }

    /// How many occurrences each field of each passage has, weighted.
    static func hits(of found: Occurrences) -> [PerField<Float>] {
        var hits: [PerField<Float>] = []
        hits.reserveCapacity(found.ordinals.count)
        for index in found.ordinals.indices {
            var own = PerField<Float>(0, 0, 0)
            for place in found.places[found.range(index)] {
                if let field = IndexField(rawValue: Int(place.at >> fieldShift)) { own[field] += place.weight }
            }
            hits.append(own)
        }
        return hits
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
            all = all.map { Self.union($0, next) } ?? next
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

    /// Those of some occurrences that are occurrences of a term, too: `common` without a list of the term's.
    private func continuations(
        of before: Occurrences, by alternative: Alternative, movedBy distance: UInt32
    ) throws -> Occurrences {
        let (entry, weight) = (alternative.entry, alternative.weight)
        var all = Occurrences()
        guard entry.kind != .none else { return all }
        let wanted = before.ordinals
        var first = 0
        try reader.eachBlock(of: entry, wanting: { Self.next(in: wanted, from: $0) }) { block, positions in
            let bytes = try reader.bytes(of: positions)
            guard budget.spend(block.count + bytes.count) else { return false }
            var (found, cursor) = (Occurrences(), first)
            swap(&found, &all)
            defer {
                swap(&found, &all)
                first = cursor
            }
            try bytes.withUnsafeBufferPointer { bytes in
                try before.places.withUnsafeBufferPointer { places in
                    var stream = PackedReader(bytes)
                    try block.each(of: reader.passages) { ordinal, hits in
                        while cursor < wanted.count, wanted[cursor] < ordinal { cursor += 1 }
                        guard cursor < wanted.count else { return false }
                        guard wanted[cursor] == ordinal else {
                            _ = PositionCode.take(hits, entry.kind, from: &stream)
                            return !stream.isDamaged
                        }
                        let counts = PositionCode.counts(of: hits, entry.kind, &stream)
                        let range = before.range(cursor)
                        var index = range.lowerBound
                        let end = range.upperBound
                        let start = found.places.count
                        var number = counts.content
                        for field in 0..<UInt32(3) {
                            if field > 0 { number = field == 1 ? counts.heading : counts.name }
                            var at = field << Self.fieldShift &+ Self.offset &- distance
                            while number > 0, !stream.isDamaged {
                                at &+= UInt32(truncatingIfNeeded: stream.varint())
                                number -= 1
                                while index < end, places[index].at < at { index += 1 }
                                if index < end, places[index].at == at {
                                    found.places.append(.init(at: at, weight: min(weight, places[index].weight)))
                                    index += 1
                                }
                            }
                        }
                        if found.places.count > start { found.close(ordinal) }
                        return !stream.isDamaged
                    }
                    try stream.check()
                }
            }
            return true
        }
        return all
    }

    /// The first element of an ascending list that is not below `ordinal`.
    static func next(in list: [UInt32], from ordinal: Int) -> Int? {
        var (low, high) = (0, list.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(list[middle]) < ordinal { low = middle + 1 } else { high = middle }
        }
        return low < list.count ? Int(list[low]) : nil
    }

    /// Occurrences of either, and of both the higher weight.
    private static func union(_ left: Occurrences, _ right: Occurrences) -> Occurrences {
        var all = Occurrences()
        var (a, b) = (0, 0)
        while a < left.ordinals.count || b < right.ordinals.count {
            let first = a < left.ordinals.count ? left.ordinals[a] : .max
            let second = b < right.ordinals.count ? right.ordinals[b] : .max
            let ordinal = min(first, second)
            var (i, iEnd, j, jEnd) = (0, 0, 0, 0)
            if first == ordinal {
                (i, iEnd) = (left.range(a).lowerBound, left.range(a).upperBound)
                a += 1
            }
            if second == ordinal {
                (j, jEnd) = (right.range(b).lowerBound, right.range(b).upperBound)
                b += 1
            }
            while i < iEnd || j < jEnd {
                if j == jEnd || i < iEnd && left.places[i].at < right.places[j].at {
                    all.places.append(left.places[i])
                    i += 1
                } else if i == iEnd || right.places[j].at < left.places[i].at {
                    all.places.append(right.places[j])
                    j += 1
                } else {
                    let weight = max(left.places[i].weight, right.places[j].weight)
                    all.places.append(.init(at: left.places[i].at, weight: weight))
                    (i, j) = (i + 1, j + 1)
                }
            }
            all.close(ordinal)
        }
        return all
    }

    /// Occurrences of both, with the lower weight.
    ///
    /// - Parameter distance: how far those on the right are moved to the left.
    private static func common(
        _ left: Occurrences, _ right: Occurrences, movedBy distance: UInt32 = 0
    ) -> Occurrences {
        var all = Occurrences()
        var (a, b) = (0, 0)
        while a < left.ordinals.count, b < right.ordinals.count {
            if left.ordinals[a] < right.ordinals[b] {
                a += 1
            } else if right.ordinals[b] < left.ordinals[a] {
                b += 1
            } else {
                let before = all.places.count
                var (i, j) = (left.range(a).lowerBound, right.range(b).lowerBound)
                let (iEnd, jEnd) = (left.range(a).upperBound, right.range(b).upperBound)
                while i < iEnd, j < jEnd {
                    let other = right.places[j].at &- distance
                    if left.places[i].at < other {
                        i += 1
                    } else if other < left.places[i].at {
                        j += 1
                    } else {
                        let weight = min(left.places[i].weight, right.places[j].weight)
                        all.places.append(.init(at: left.places[i].at, weight: weight))
                        (i, j) = (i + 1, j + 1)
                    }
                }
                if all.places.count > before { all.close(left.ordinals[a]) }
                (a, b) = (a + 1, b + 1)
            }
        }
        return all
    }
}
