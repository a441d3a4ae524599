import Language

extension IndexSearch {
    /// What each field adds to the scores of some passages, by the same sums as the search itself. Words that a passage
    /// has in several fields count for each as much as their weighted frequencies there.
    ///
    /// - Returns: the parts of each score; all 0 for passages that are not there or do not match.
    func fieldScores(of wanted: [RankedPassage]) throws -> [RankedPassage.Place: PerField<Double>] {
        let query = wantedClauses
        let weights = try query.clauses.map(weighed)
        let bonuses = try query.bonuses.map(weighedBonus)
        let norm = LengthNorm(segments, passages, parameters)
        let upperBound = Double(weights.reduce(0) { $0 + $1.weight })
        guard upperBound > 0 else { return [:] }
        let places = Set(wanted.map(\.place))
        var scores: [RankedPassage.Place: PerField<Double>] = [:]
        var matched: [(segment: Int, places: [UInt32: RankedPassage.Place], parts: FieldParts)] = []
        for (index, segment) in segments.enumerated() {
            let found = try segment.ordinals(of: places)
            if found.isEmpty { continue }
            var parts = FieldParts(try factors(of: found.keys.sorted(), in: segment.reader, norm), norm.k1)
            for clause in weights where clause.weight > 0 {
                parts.add(clause.weight, try hits(of: clause, in: index, among: parts.ordinals))
            }
            matched.append((index, found, parts))
        }
        try each(bonuses, among: matched.map { ($0.segment, $0.parts.ordinals) }) { weight, hits, ordinal, segment in
            guard let place = matched.firstIndex(where: { $0.segment == segment }) else { return }
            matched[place].parts.add(weight, [ordinal: PerField(hits, 0, 0)])
        }
        for (_, places, parts) in matched {
            for (ordinal, place) in places {
                guard let sum = parts.sums[ordinal] else { continue }
                scores[place] = PerField(
                    sum.content / upperBound, sum.heading / upperBound, sum.name / upperBound)
            }
        }
        return scores
    }

    /// What an occurrence counts in each field of some passages.
    private func factors(
        of ordinals: [UInt32], in reader: SegmentReader, _ norm: LengthNorm
    ) throws -> [UInt32: PerField<Float>] {
        var factors: [UInt32: PerField<Float>] = [:]
        var (known, lengths): (Int?, [PerField<UInt32>]) = (nil, [])
        for ordinal in ordinals {
            let (page, index) = Int(ordinal).quotientAndRemainder(dividingBy: SegmentFormat.lengthsPerPage)
            if known != page { (known, lengths) = (page, try reader.lengths(page: page)) }
            guard lengths.indices.contains(index) else { throw SegmentDamage() }
            var own = PerField<Float>(0, 0, 0)
            for field in IndexField.allCases {
                own[field] = Float(parameters.weights[field]) * norm.factor(Float(lengths[index][field]), of: field)
            }
            factors[ordinal] = own
        }
        return factors
    }

    /// How often each field of some passages matches a clause, weighted.
    private func hits(
        of clause: Clause, in segment: Int, among ordinals: [UInt32]
    ) throws -> [UInt32: PerField<Float>] {
        var found: [UInt32: PerField<Float>] = [:]
        switch clause.hits[segment] {
        case .unknown: break
        case .phrase(let all, let hits):
            let wanted = Set(ordinals)
            for (ordinal, hits) in zip(all, hits) where wanted.contains(ordinal) { found[ordinal] = hits }
        case .word(let alternatives):
            let matcher = PhraseMatcher(reader: segments[segment].reader, budget: budget)
            for alternative in alternatives {
                for posting in try matcher.locate(alternative.entry, among: ordinals) {
                    for field in IndexField.allCases {
                        found[posting.ordinal, default: PerField(0, 0, 0)][field] +=
                            alternative.weight * Float(posting.hits[field])
                    }
                }
            }
        }
        return found
    }
}

/// The sums of scores of some passages, apart for each field.
private struct FieldParts {
    let ordinals: [UInt32]
    private(set) var sums: [UInt32: PerField<Double>] = [:]
    private let factors: [UInt32: PerField<Float>]
    private let k1: Double

    init(_ factors: [UInt32: PerField<Float>], _ k1: Float) {
        (ordinals, self.factors, self.k1) = (factors.keys.sorted(), factors, Double(k1))
    }

    /// Adds what a clause of this weight gives passages with these hits.
    mutating func add(_ weight: Float, _ hits: [UInt32: PerField<Float>]) {
        for (ordinal, hits) in hits {
            guard let factors = factors[ordinal] else { continue }
            let (content, heading, name) = (
                Double(hits.content * factors.content), Double(hits.heading * factors.heading),
                Double(hits.name * factors.name)
            )
            // Each field gets its share of weight * frequency / (frequency + k1).
            let unit = Double(weight) / (content + heading + name + k1)
            let sum = sums[ordinal] ?? PerField(0, 0, 0)
            sums[ordinal] = PerField(
                sum.content + unit * content, sum.heading + unit * heading, sum.name + unit * name)
        }
    }
}

extension SearchedSegment {
    /// Where passages are that count here.
    fileprivate func ordinals(of places: Set<RankedPassage.Place>) throws -> [UInt32: RankedPassage.Place] {
        let byDocument = Dictionary(grouping: places, by: \.document)
        var found: [UInt32: RankedPassage.Place] = [:]
        for run in try runs() {
            for place in byDocument[run.document] ?? [] {
                let offset = place.position &- run.position
                guard 0..<run.count ~= offset, !(hidden?.contains(run.ordinal + offset) ?? false) else { continue }
                found[UInt32(run.ordinal + offset)] = place
            }
        }
        return found
    }
}
