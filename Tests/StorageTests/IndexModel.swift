import Foundation
import Language

@testable import Storage

/// An index that scores every passage by the definition, for comparison.
struct IndexModel {
    struct Occurrence {
        var term: [UInt8]
        var position: Int?
    }

    struct Entry {
        var document: DocumentKey
        var position: Int
        /// For each field.
        var fields: [[Occurrence]]
        var lengths: [Int]

        /// For each field, the positions of a word and their weights.
        func places(_ word: [QueryClause.Term], _ field: Int) -> [Int: Double] {
            var places: [Int: Double] = [:]
            for term in word {
                for occurrence in fields[field] where occurrence.term == term.bytes {
                    if let position = occurrence.position {
                        places[position] = max(places[position] ?? 0, term.weight)
                    }
                }
            }
            return places
        }

        static func isForm(_ bytes: [UInt8], of term: QueryClause.Term) -> Bool {
            term.isPrefix ? bytes.starts(with: term.bytes) : bytes == term.bytes
        }

        /// For each field how often it has a word or phrase, weighted.
        func hits(_ words: [[QueryClause.Term]]) -> [Double] {
            fields.indices.map { field in
                if words.count == 1 {
                    return words[0].reduce(0) { sum, term in
                        sum + term.weight * Double(fields[field].count { Self.isForm($0.term, of: term) })
                    }
                }
                let places = words.map { self.places($0, field) }
                return places[0].reduce(0) { sum, start in
                    var least = start.value
                    for (offset, place) in places.enumerated() { least = min(least, place[start.key + offset] ?? 0) }
                    return sum + least
                }
            }
        }

        func has(_ words: [[QueryClause.Term]]) -> Bool { hits(words).contains { $0 > 0 } }
    }

    var entries: [Entry] = []

    func search(_ query: IndexQuery, _ parameters: RankingParameters) -> RankedPassages {
        let averages = IndexField.allCases.map { field in
            Double(entries.reduce(0) { $0 + $1.lengths[field.rawValue] }) / Double(max(1, entries.count))
        }
        func share(_ hits: [Double], _ entry: Entry) -> Double {
            var frequency = 0.0
            for field in IndexField.allCases where hits[field.rawValue] > 0 {
                let length = Double(entry.lengths[field.rawValue])
                let average = averages[field.rawValue]
                let norm = 1 - parameters.b[field] + (average > 0 ? parameters.b[field] * length / average : 0)
                frequency += parameters.weights[field] * hits[field.rawValue] / norm
            }
            return frequency > 0 ? frequency / (frequency + parameters.k1) : 0
        }
        func inverse(_ count: Int) -> Double {
            log(1 + (Double(entries.count - count) + 0.5) / (Double(count) + 0.5))
        }
        func count(_ word: [QueryClause.Term]) -> Int {
            min(entries.count, word.map(count).max() ?? 0)
        }
        /// How many passages have a term; a beginning counts with each of its terms.
        func count(_ term: QueryClause.Term) -> Int {
            guard term.isPrefix else { return entries.count { $0.has([[term]]) } }
            let forms = Set(
                entries.flatMap { $0.fields.joined().map(\.term) }.filter { Entry.isForm($0, of: term) })
            return forms.reduce(0) { sum, form in sum + entries.count { $0.has([[.init(bytes: form)]]) } }
        }
        let weights = query.clauses.map { clause in
            let weight =
                clause.occurrence == .bonus
                ? clause.words.reduce(0) { $0 + inverse(count($1)) } / Double(clause.words.count)
                : inverse(
                    clause.words.count == 1 ? count(clause.words[0]) : entries.count { $0.has(clause.words) })
            return clause.occurrence == .mustNot ? 0 : clause.boost * (parameters.k1 + 1) * weight
        }
        let bound = zip(query.clauses, weights).reduce(0) { $1.0.occurrence == .bonus ? $0 : $0 + $1.1 }
        let hasMust = query.clauses.contains { $0.occurrence == .must }
        var found: [(entry: Entry, ranked: RankedPassage)] = []
        for entry in entries {
            if case .only(let ids) = query.documents, !ids.contains(entry.document.id) { continue }
            let hits = query.clauses.map { entry.hits($0.words) }
            var (isFound, sum) = (hasMust, 0.0)
            var isRefused = false
            for (index, clause) in query.clauses.enumerated() {
                let has = hits[index].contains { $0 > 0 }
                switch clause.occurrence {
                case .must: isRefused = isRefused || !has
                case .mustNot: isRefused = isRefused || has
                case .should: isFound = isFound || has
                case .bonus: continue
                }
                sum += weights[index] * share(hits[index], entry)
            }
            guard isFound, !isRefused else { continue }
            found.append((entry, .init(document: entry.document, position: entry.position, score: sum / bound)))
        }
        let matches = found.count
        found.sort { $0.ranked.isBetter(than: $1.ranked) }
        if query.clauses.contains(where: { $0.occurrence == .bonus }) {
            found = found.prefix(max(parameters.reranked, query.limit)).map { entry, ranked in
                var ranked = ranked
                for (index, clause) in query.clauses.enumerated() where clause.occurrence == .bonus {
                    let hits = [entry.hits(clause.words)[0], 0, 0]
                    ranked.score += weights[index] * share(hits, entry) / bound
                }
                return (entry, ranked)
            }
        }
        let best = found.map(\.ranked).filter { $0.score >= query.threshold }.sorted { $0.isBetter(than: $1) }
            .prefix(query.limit).map {
                RankedPassage(document: $0.document, position: $0.position, score: min(1, $0.score))
            }
        return RankedPassages(best: best, matches: matches)
    }

    /// Adds the entries to a builder.
    static func add(_ entries: some Sequence<Entry>, to builder: inout SegmentBuilder) throws {
        for entry in entries {
            builder.begin(entry.document, position: entry.position)
            for field in IndexField.allCases {
                for occurrence in entry.fields[field.rawValue] {
                    occurrence.term.withUnsafeBufferPointer { builder.add($0, in: field, at: occurrence.position) }
                }
                builder.setLength(entry.lengths[field.rawValue], of: field)
            }
            try builder.end(languages: 1)
        }
    }

    static func segment(_ entries: some Sequence<Entry>) throws -> PreparedSegment {
        var builder = SegmentBuilder()
        try add(entries, to: &builder)
        return try builder.finish()
    }

    /// Whether what was found is what was expected. Passages whose scores differ by rounding only may change places.
    static func agree(_ found: RankedPassages, _ expected: RankedPassages) -> Bool {
        guard found.best.count == expected.best.count, found.matches == nil || found.matches == expected.matches
        else { return false }
        for (index, (a, b)) in zip(found.best, expected.best).enumerated() {
            if abs(a.score - b.score) > 1e-4 { return false }
            if (a.document, a.position) == (b.document, b.position) { continue }
            let isClose = expected.best.enumerated().contains { other, passage in
                other != index && abs(passage.score - b.score) < 1e-6
            }
            if !isClose, index < found.best.count - 1 { return false }
        }
        return true
    }
}

/// Random passages over a small vocabulary, with stems and a few terms that only sometimes have positions.
struct RandomPassages {
    var numbers: Numbers
    var vocabulary: [[UInt8]]

    init(seed: UInt64, words: Int = 80) {
        numbers = Numbers(state: seed)
        vocabulary = (0..<words).map { Array("w\($0 % 7)\($0 * 31 % 97)\($0)".utf8) }
    }

    mutating func word() -> [UInt8] { vocabulary[numbers.rank(below: vocabulary.count)] }

    mutating func field(_ length: Int) -> [IndexModel.Occurrence] {
        var all: [IndexModel.Occurrence] = []
        for position in 0..<length {
            let word = word()
            all.append(.init(term: word, position: position))
            if word.count > 3 { all.append(.init(term: [2] + word.prefix(3), position: nil)) }
            if Int.random(in: 0..<20, using: &numbers) == 0 { all.append(.init(term: word, position: nil)) }
            if Int.random(in: 0..<20, using: &numbers) == 0 {
                all.append(.init(term: vocabulary[vocabulary.count - 1], position: position))
            }
        }
        return all
    }

    mutating func document(_ key: DocumentKey, passages: Int, from first: Int = 0) -> [IndexModel.Entry] {
        let name = field(Int.random(in: 0...2, using: &numbers))
        return (0..<passages).map { index in
            let fields = [
                field(Int.random(in: 1...60, using: &numbers)), field(Int.random(in: 0...3, using: &numbers)), name,
            ]
            return IndexModel.Entry(
                document: key, position: first + index, fields: fields,
                lengths: fields.map { 1 + ($0.compactMap(\.position).max() ?? -1) })
        }
    }

    mutating func key() -> DocumentKey {
        DocumentKey(high: UInt64.random(in: 0..<1 << 40, using: &numbers) << 16, low: numbers.next())
    }

    mutating func clause(_ occurrence: QueryClause.Occurrence, phrases: Int = 4) -> QueryClause {
        let isPhrase = Int.random(in: 0..<phrases, using: &numbers) == 0
        let words = (0..<(isPhrase ? Int.random(in: 2...3, using: &numbers) : 1)).map { _ in
            var terms = [QueryClause.Term(bytes: word())]
            if Bool.random(using: &numbers) { terms.append(.init(bytes: [2] + word().prefix(3), weight: 0.6)) }
            if Int.random(in: 0..<4, using: &numbers) == 0 { terms.append(.init(bytes: word(), weight: 0.5)) }
            return terms
        }
        return QueryClause(occurrence, words, boost: [1, 1, 0.5].randomElement(using: &numbers) ?? 1)
    }

    mutating func query(among documents: [DocumentKey]) -> IndexQuery {
        var clauses = (0..<Int.random(in: 1...5, using: &numbers)).map { _ in clause(.should) }
        if Int.random(in: 0..<5, using: &numbers) == 0 { clauses.append(clause(.must, phrases: 2)) }
        if Int.random(in: 0..<5, using: &numbers) == 0 { clauses.append(clause(.mustNot, phrases: 2)) }
        if Int.random(in: 0..<3, using: &numbers) == 0 {
            clauses.append(QueryClause(.bonus, [[.init(bytes: word())], [.init(bytes: word())]], boost: 0.2))
        }
        if Int.random(in: 0..<3, using: &numbers) == 0 {
            clauses.append(
                QueryClause(.bonus, [[.init(bytes: Array(word().prefix(2)), isPrefix: true)]], boost: 0.3))
        }
        var query = IndexQuery(clauses)
        query.limit = [1, 3, 10, 50, 500].randomElement(using: &numbers) ?? 10
        query.threshold = [0, 0, 0.2, 0.5].randomElement(using: &numbers) ?? 0
        query.countsMatches = Bool.random(using: &numbers)
        if Int.random(in: 0..<5, using: &numbers) == 0 {
            query.documents = .only(Set((0..<4).compactMap { _ in documents.randomElement(using: &numbers)?.id }))
        }
        return query
    }
}
