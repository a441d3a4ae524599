import Language
import Models

/// Scores the passages of one segment after the other, and keeps the best.
///
/// A clause at a time: the weighted frequencies of its terms are added up for each passage, then turned into what the
/// clause adds to the scores. Passages are handled in blocks, of which only those with hits cost anything.
///
/// Common words match most passages, nearly all of which score far below the best. So (as in MaxScore: Turtle and
/// Flood, 1995) clauses come by weight, and once the remaining ones cannot lift other passages into the results, only
/// blocks with promising passages are scored further. The results are the same as from scoring everything.
final class SegmentScorer {
    private struct Candidate {
        var sum: Float
        var document: DocumentKey
        var position: Int
        /// Where it is in the index.
        var segment: Int
        var ordinal: UInt32
        /// The weight of an occurrence in its content.
        var factor: Float

        func isBetter(than other: Candidate) -> Bool {
            if sum != other.sum { return sum > other.sum }
            return document == other.document ? position < other.position : document > other.document
        }
    }

    private let clauses: [IndexSearch.Clause]
    private let query: IndexQuery
    private let documents: Set<DocumentKey>?
    private let weights: PerField<Float>
    private let k1: Float
    /// The number of passages to keep, and the most that bonus clauses add to them.
    private let limit: Int
    private let bonus: Float
    private let budget: SearchBudget
    /// The clauses that score, heaviest first.
    private let order: [Int]
    /// The limit that a sum approaches without bonuses if a passage consists of nothing but the query.
    private let upperBound: Float
    private let hasRequired: Bool
    private let block: ScoreBlocks

    private var best: [Candidate] = []
    private var matches = 0

    init(
        _ clauses: [IndexSearch.Clause], _ query: IndexQuery, _ parameters: RankingParameters,
        _ norm: LengthNorm, bonus: Float, _ budget: SearchBudget
    ) {
        (self.clauses, self.query, self.budget) = (clauses, query, budget)
        weights = PerField(
            Float(parameters.weights.content), Float(parameters.weights.heading), Float(parameters.weights.name))
        limit = bonus > 0 ? max(query.limit, parameters.reranked) : query.limit
        self.bonus = bonus
        order = clauses.indices.filter { clauses[$0].occurrence != .mustNot && clauses[$0].weight > 0 }
            .sorted { clauses[$0].weight == clauses[$1].weight ? $0 < $1 : clauses[$0].weight > clauses[$1].weight }
        upperBound = order.reduce(0) { $0 + clauses[$1].weight }
        hasRequired = clauses.contains { $0.occurrence == .must }
        block = ScoreBlocks(norm)
        k1 = norm.k1
        if case .only(let ids) = query.documents {
            documents = Set(ids.map { DocumentKey($0) })
        } else {
            documents = nil
        }
    }

    /// The best passages, after bonuses.
    var found: RankedPassages {
        let ranked = best.map {
            RankedPassage(
                document: $0.document, position: $0.position,
                score: upperBound > 0 ? min(1, Double($0.sum) / Double(upperBound)) : 0)
        }
        let best = ranked.filter { $0.score >= query.threshold }.prefix(query.limit)
        return RankedPassages(best: Array(best), matches: query.countsMatches ? matches : nil)
    }

    /// Less than a sum that belongs to the best or can pass the threshold, by what rounding may amount to.
    private func needed(_ last: Float?) -> Float {
        max(last ?? 0, Float(query.threshold) * upperBound - bonus) * (1 - 1e-5)
    }

    private var lastOfBest: Float? { best.count < limit ? nil : best.last?.sum }

    // MARK: Bonuses

    /// The segments that the best passages are in, and where, in ascending order.
    var bestOrdinals: [(segment: Int, ordinals: [UInt32])] {
        Dictionary(grouping: best, by: \.segment).map { ($0.key, $0.value.map(\.ordinal).sorted()) }
            .sorted { $0.segment < $1.segment }
    }

    /// Raises the score of one of the best passages for a phrase in its content.
    func add(_ weight: Float, forHits hits: Float, in ordinal: UInt32, of segment: Int) {
        guard let index = best.firstIndex(where: { $0.segment == segment && $0.ordinal == ordinal }) else { return }
        var raised = best.remove(at: index)
        let frequency = hits * raised.factor
        raised.sum += weight * (frequency / (frequency + k1))
        best.insert(raised, at: best.firstIndex { raised.isBetter(than: $0) } ?? best.count)
    }

    // MARK: A segment

    func score(_ segment: SearchedSegment, _ index: Int) throws {
        guard segment.passages > 0, order.contains(where: { clauses[$0].size(in: index) > 0 }) || hasRequired,
            let eligible = try eligible(in: segment, index)
        else { return }
        if let set = eligible.set, set.isEmpty { return }
        block.begin(segment.reader, open: eligible.set)
        var rest = order.reduce(0) { $0 + (clauses[$1].size(in: index) > 0 ? clauses[$1].weight : 0) }
        var postings = order.reduce(0) { $0 + clauses[$1].size(in: index) }
        if !query.countsMatches, rest < needed(lastOfBest) { return }
        for clause in order where clauses[clause].size(in: index) > 0 {
            try block.readAhead(for: clauses[clause].size(in: index))
            try accumulate(clauses[clause].hits[index], of: segment.reader)
            try block.add(weight: clauses[clause].weight)
            rest -= clauses[clause].weight
            postings -= clauses[clause].size(in: index)
            // What is lost if the time is over.
            guard !budget.isOver else { break }
            if !query.countsMatches, postings > Self.worthPruning, limit > 0 {
                let last = block.sum(ofBest: limit, among: eligible.set, above: lastOfBest ?? 0)
                block.keep(reaching: needed(last) - rest * (1 + 1e-5))
            }
        }
        try select(index, segment, among: eligible.set)
    }

    /// The number of postings that pruning must be able to save.
    private static let worthPruning = 4096

    /// The passages that may be found; `set` is nil for all. Nil if there was no time to find out.
    private func eligible(in segment: SearchedSegment, _ index: Int) throws -> (set: OrdinalSet?, Void)? {
        var set: OrdinalSet?
        if let documents {
            var allowed = OrdinalSet(capacity: segment.reader.passages)
            for run in try segment.runs() where documents.contains(run.document) {
                allowed.insert(run.ordinal..<(run.ordinal + run.count))
            }
            set = allowed
        }
        for clause in clauses where clause.occurrence == .must {
            guard let own = try ordinals(clause.hits[index], of: segment.reader) else { return nil }
            if set == nil { set = own } else { set?.formIntersection(own) }
        }
        func all() -> OrdinalSet {
            var all = OrdinalSet(capacity: segment.reader.passages)
            all.insert(0..<segment.reader.passages)
            return all
        }
        if let hidden = segment.hidden {
            var rest = set ?? all()
            rest.subtract(hidden)
            set = rest
        }
        for clause in clauses where clause.occurrence == .mustNot {
            guard let own = try ordinals(clause.hits[index], of: segment.reader) else { return nil }
            guard !own.isEmpty else { continue }
            var rest = set ?? all()
            rest.subtract(own)
            set = rest
        }
        return (set, ())
    }

    /// The passages that match a clause; nil if there was no time.
    private func ordinals(_ hits: IndexSearch.Clause.Hits, of reader: SegmentReader) throws -> OrdinalSet? {
        var set = OrdinalSet(capacity: reader.passages)
        switch hits {
        case .unknown: return nil
        case .phrase(let ordinals, _): for ordinal in ordinals { set.insert(Int(ordinal)) }
        case .word(let alternatives):
            for alternative in alternatives {
                try reader.eachBlock(of: alternative.entry) { block, _ in
                    try block.each(of: reader.passages) { ordinal, _ in
                        set.insert(Int(ordinal))
                        return true
                    }
                    return budget.spend(block.count)
                }
            }
        }
        return budget.isOver ? nil : set
    }

    private func accumulate(_ hits: IndexSearch.Clause.Hits, of reader: SegmentReader) throws {
        block.beginClause()
        let target = block.target
        switch hits {
        case .unknown: break
        case .phrase(let ordinals, let hits):
            for index in ordinals.indices { Self.add(hits[index], weights, at: Int(ordinals[index]), to: target) }
        case .word(let alternatives):
            for alternative in alternatives {
                let weights = PerField(
                    weights.content * alternative.weight, weights.heading * alternative.weight,
                    weights.name * alternative.weight)
                let passages = reader.passages
                func add(_ list: PostingBlock) throws(SegmentDamage) {
                    try list.each(of: passages) { ordinal, hits in
                        if hits.heading | hits.name == 0 {
                            target.add(weights.content * Float(hits.content), in: .content, at: Int(ordinal))
                        } else {
                            let hits = PerField(Float(hits.content), Float(hits.heading), Float(hits.name))
                            Self.add(hits, weights, at: Int(ordinal), to: target)
                        }
                        return true
                    }
                }
                try reader.eachBlock(of: alternative.entry, wanting: block.wanted) { postings, _ in
                    guard postings.isDense else {
                        try add(postings)
                        return budget.spend(postings.count)
                    }
                    try PostingChunk.each(in: postings, of: passages) { chunk throws(SegmentDamage) in
                        switch chunk {
                        case .list(let list, _): try add(list)
                        case .window(let window): try target.add(window, weights)
                        }
                        return true
                    }
                    return budget.spend(postings.count / Self.denseSpeed)
                }
            }
        }
    }

    /// How many postings of a window cost as much as one of a list.
    private static let denseSpeed = 8

    private static func add(
        _ hits: PerField<Float>, _ weights: PerField<Float>, at ordinal: Int, to target: ScoreBlocks.Target
    ) {
        if hits.content > 0 { target.add(weights.content * hits.content, in: .content, at: ordinal) }
        if hits.heading > 0 { target.add(weights.heading * hits.heading, in: .heading, at: ordinal) }
        if hits.name > 0 { target.add(weights.name * hits.name, in: .name, at: ordinal) }
    }

    // MARK: The best

    private func select(_ index: Int, _ segment: SearchedSegment, among eligible: OrdinalSet?) throws {
        if hasRequired, let eligible {
            var next = eligible.next(from: 0)
            while let ordinal = next {
                try consider(ordinal, sum: block.sum(of: ordinal), index, segment)
                next = eligible.next(from: ordinal + 1)
            }
            return
        }
        for number in block.touched {
            let start = number * ScoreBlocks.size
            // Below the last sum by the least possible, because the document decides among equal ones.
            try block.eachSum(
                of: number,
                above: { query.countsMatches || best.count < limit ? 0 : max(0, (best.last?.sum ?? 0).nextDown) }
            ) { offset, sum in
                guard eligible?.contains(start + offset) ?? true else { return }
                try consider(start + offset, sum: sum, index, segment)
            }
        }
    }

    private func consider(_ ordinal: Int, sum: Float, _ index: Int, _ segment: SearchedSegment) throws {
        matches += 1
        guard limit > 0, sum >= needed(lastOfBest) else { return }
        let (document, position) = try segment.place(of: ordinal)
        let candidate = Candidate(
            sum: sum, document: document, position: position, segment: index, ordinal: UInt32(ordinal),
            factor: block.contentFactor(of: ordinal))
        if best.count == limit, let last = best.last, !candidate.isBetter(than: last) { return }
        var (low, high) = (0, best.count)
        while low < high {
            let middle = (low + high) / 2
            if candidate.isBetter(than: best[middle]) { high = middle } else { low = middle + 1 }
        }
        if best.count == limit { best.removeLast() }
        best.insert(candidate, at: low)
    }
}
