extension PhraseMatcher {
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

        /// Where words follow one another.
        static func sequence(_ words: [Occurrences]) -> Occurrences {
            guard var found = words.first else { return Occurrences() }
            for (distance, word) in words.enumerated().dropFirst() {
                found = common(found, word, movedBy: UInt32(distance))
            }
            return found
        }

        /// How many occurrences each field of each passage has, weighted.
        var hits: [PerField<Float>] {
            var hits: [PerField<Float>] = []
            hits.reserveCapacity(ordinals.count)
            for index in ordinals.indices {
                var own = PerField<Float>(0, 0, 0)
                for place in places[range(index)] {
                    if let field = IndexField(rawValue: Int(place.at >> PhraseMatcher.fieldShift)) {
                        own[field] += place.weight
                    }
                }
                hits.append(own)
            }
            return hits
        }

        /// Occurrences of either, and of both the higher weight.
        static func union(_ left: Occurrences, _ right: Occurrences) -> Occurrences {
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
        static func common(
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
}
