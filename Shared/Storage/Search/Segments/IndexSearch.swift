import Glibc
import Language
import Models

/// One search in the segments of a workspace.
///
/// Terms are looked up in all segments first, because their weights depend on the whole workspace. Then each segment is
/// scored by itself, a clause at a time (`SegmentScorer`). Bonus clauses are looked for only in the best passages.
final class IndexSearch {
    /// A clause after looking up its terms.
    struct Clause {
        let occurrence: QueryClause.Occurrence
        /// For each segment.
        var hits: [Hits] = []
        /// The most that it can add to a score.
        var weight: Float = 0

        enum Hits {
            /// A word: its alternatives.
            case word([PhraseMatcher.Alternative])
            /// A phrase: the passages that have it, and its weighted occurrences in each.
            case phrase([UInt32], [PerField<Float>])
            /// There was no time to look.
            case unknown
        }

        /// The number of postings in a segment.
        func size(in segment: Int) -> Int {
            switch hits[segment] {
            case .word(let alternatives): alternatives.reduce(0) { $0 + $1.entry.passages }
            case .phrase(let ordinals, _): ordinals.count
            case .unknown: 0
            }
        }
    }

    /// A term's entries in all segments.
    private struct Term {
        /// For each segment its entry; nil if it has none.
        var entries: [TermEntry?] = []
        /// The number of passages that have it.
        var passages = 0
        /// Whether there was time to look everywhere.
        var isComplete = true
    }

    let segments: [SearchedSegment]
    private let query: IndexQuery
    let parameters: RankingParameters
    let budget: SearchBudget
    /// The passages of the workspace.
    let passages: Int
    private var terms: [[UInt8]: Term] = [:]
    /// For each beginning of words, the terms of each segment that begin so.
    private var beginnings: [[UInt8]: [[TermEntry]]] = [:]

    init(
        _ segments: [SearchedSegment], _ query: IndexQuery, _ parameters: RankingParameters, within budget: SearchBudget
    ) {
        (self.segments, self.query, self.parameters, self.budget) = (segments, query, parameters, budget)
        passages = segments.reduce(0) { $0 + $1.passages }
    }

    func run() throws -> RankedPassages {
        guard passages > 0, query.limit > 0 || query.countsMatches else { return RankedPassages() }
        // Without weights there is no ranking, and without a ranking no result, so each gets half of the budget.
        budget.begin(until: 0.5)
        let all = query.clauses.filter { !$0.words.isEmpty }
        if segments.contains(where: { $0.reader.source.server != nil }) {
            try SegmentReader.hold(terms(of: all), of: segments.map(\.reader))
        }
        let clauses = try all.filter { $0.occurrence != .bonus }.map(weighed)
        guard clauses.contains(where: { $0.occurrence != .mustNot }) else { return RankedPassages() }
        let bonuses = try all.filter { $0.occurrence == .bonus }.map(weighedBonus)
        budget.begin(until: 1)
        let norm = LengthNorm(segments, passages, parameters)
        let scorer = SegmentScorer(
            clauses, query, parameters, norm, bonus: bonuses.reduce(0) { $0 + $1.weight }, budget)
        // The largest first: what it finds prunes the others.
        for index in segments.indices.sorted(by: { segments[$0].passages > segments[$1].passages }) {
            guard !budget.isOver else { break }
            try scorer.score(segments[index], index)
        }
        if !bonuses.isEmpty, !budget.isOver {
            try each(bonuses, among: scorer.bestOrdinals) { scorer.add($0, forHits: $1, in: $2, of: $3) }
        }
        return scorer.found
    }

    /// The clauses that score.
    var wantedClauses: (clauses: [QueryClause], bonuses: [QueryClause]) {
        let all = query.clauses.filter { !$0.words.isEmpty && $0.occurrence != .mustNot }
        return (all.filter { $0.occurrence != .bonus }, all.filter { $0.occurrence == .bonus })
    }

    // MARK: Terms

    /// The terms and the beginnings of terms that are looked up.
    private func terms(of clauses: [QueryClause]) -> [[UInt8]] {
        let bytes = clauses.flatMap { $0.words.flatMap { $0.map(\.bytes) } }
        return Array(Set(bytes.map { Array($0.prefix(SegmentFormat.termBytes)) }))
    }

    private func term(_ bytes: [UInt8]) throws -> Term {
        if let known = terms[bytes] { return known }
        var term = Term()
        term.entries.reserveCapacity(segments.count)
        for segment in segments {
            guard budget.spend(Self.workOfOneTerm) else {
                term.isComplete = false
                term.entries.append(nil)
                continue
            }
            let entry = try segment.reader.entry(of: bytes)
            if let entry { term.passages += try visible(entry, in: segment) }
            term.entries.append(entry)
        }
        terms[bytes] = term
        return term
    }

    /// The cost of looking up a term, in the budget's units.
    private static let workOfOneTerm = 1000

    /// The terms of each segment that begin with some bytes.
    private func beginning(_ bytes: [UInt8]) throws -> [[TermEntry]] {
        if let known = beginnings[bytes] { return known }
        let found = try segments.map { segment in
            guard budget.spend(Self.workOfOneTerm) else { return [TermEntry]() }
            return try segment.reader.entries(beginningWith: bytes, atMost: Self.termsOfOneBeginning)
        }
        beginnings[bytes] = found
        return found
    }

    /// The most terms of a segment that count for a beginning.
    private static let termsOfOneBeginning = 64

    /// The number of passages with a term, hidden ones not counted.
    private func visible(_ entry: TermEntry, in segment: SearchedSegment) throws -> Int {
        guard let hidden = segment.hidden else { return entry.passages }
        var count = 0
        try segment.reader.eachBlock(of: entry) { block, _ in
            try block.each(of: segment.reader.passages) { ordinal, _ in
                if !hidden.contains(Int(ordinal)) { count += 1 }
                return true
            }
            return budget.spend(block.count)
        }
        return count
    }

    /// The number of passages that have the most frequent of some terms.
    private func passages(havingAnyOf word: [QueryClause.Term]) throws -> Int {
        let counts = try word.map { alternative in
            guard alternative.isPrefix else { return try term(alternative.bytes).passages }
            return try beginning(alternative.bytes).reduce(0) { $1.reduce($0) { $0 + $1.passages } }
        }
        return min(passages, counts.max() ?? 0)
    }

    /// Lucene's form of the Robertson–Spärck Jones weight. It stays positive for words that most passages have.
    private func inverseFrequency(of count: Int) -> Double {
        log(1 + (Double(max(0, passages - count)) + 0.5) / (Double(count) + 0.5))
    }

    // MARK: Clauses

    func weighed(_ clause: QueryClause) throws -> Clause {
        var weighed = Clause(occurrence: clause.occurrence)
        let count: Int
        if clause.words.count == 1 {
            count = try passages(havingAnyOf: clause.words[0])
            for index in segments.indices {
                weighed.hits.append(try place(of: clause.words[0], in: index).map { .word($0) } ?? .unknown)
            }
        } else {
            count = try addPhrase(clause.words, to: &weighed)
        }
        weighed.weight = Float(clause.boost * (parameters.k1 + 1) * inverseFrequency(of: count))
        return weighed
    }

    /// The terms of a word that a segment has. Nil if there was no time to look.
    func place(of word: [QueryClause.Term], in segment: Int) throws -> [PhraseMatcher.Alternative]? {
        var place: [PhraseMatcher.Alternative] = []
        for alternative in word {
            if alternative.isPrefix {
                for entry in try beginning(alternative.bytes)[segment] {
                    place.append(.init(entry: entry, weight: Float(alternative.weight)))
                }
                continue
            }
            let term = try term(alternative.bytes)
            if let entry = term.entries[segment] {
                place.append(.init(entry: entry, weight: Float(alternative.weight)))
            } else if !term.isComplete {
                return nil
            }
        }
        return place
    }

    /// - Returns: the number of passages that have the phrase.
    private func addPhrase(_ words: [[QueryClause.Term]], to clause: inout Clause) throws -> Int {
        var count = 0
        for (index, segment) in segments.enumerated() {
            guard let (ordinals, hits) = try phrase(words, in: index) else {
                clause.hits.append(.unknown)
                continue
            }
            count += segment.hidden.map { hidden in ordinals.count { !hidden.contains(Int($0)) } } ?? ordinals.count
            clause.hits.append(.phrase(ordinals, hits))
        }
        return count
    }

    /// The passages with a phrase.
    private func phrase(
        _ words: [[QueryClause.Term]], in segment: Int
    ) throws -> (ordinals: [UInt32], hits: [PerField<Float>])? {
        var places: [[PhraseMatcher.Alternative]] = []
        for word in words {
            guard let place = try place(of: word, in: segment)?.filter({ $0.entry.kind != .none }) else { return nil }
            if place.isEmpty { return ([], []) }
            places.append(place)
        }
        let found = try PhraseMatcher(reader: segments[segment].reader, budget: budget).find(places)
        return budget.isOver ? nil : found
    }

    // MARK: Bonuses

    struct Bonus {
        let words: [[QueryClause.Term]]
        let weight: Float
    }

    /// Its weight comes from its words, because counting the phrase would take reading all their positions.
    func weighedBonus(_ clause: QueryClause) throws -> Bonus {
        let sum = try clause.words.reduce(0) { $0 + inverseFrequency(of: try passages(havingAnyOf: $1)) }
        let mean = sum / Double(clause.words.count)
        return Bonus(words: clause.words, weight: Float(clause.boost * (parameters.k1 + 1) * mean))
    }
}
