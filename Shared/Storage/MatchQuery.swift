/// An expression of FTS5's query language. https://www.sqlite.org/fts5.html#full_text_query_syntax
struct MatchExpression {
    let text: String
    /// Which of its phrases each word of the query is, as FTS5 numbers them from the left; -1 where it lacks the word.
    let places: [Int32]
}

/// What a query asks of the index.
///
/// FTS5 is asked for single words within the workspace only, and never for phrases: it would walk a phrase through
/// the passages of every workspace before it looks at the scope. Whether words stand in a row is found out for each
/// passage of the workspace (`PassageHits`).
struct MatchQuery {
    /// Every word of the query once.
    let words: [String]
    /// What counts for the score, each as places in ``words`` that stand in a row. A passage has at least one of them.
    let wanted: [[Int]]
    /// A passage has all of these, the first of ``wanted``.
    let required: Range<Int>
    /// A passage has none of these.
    let excluded: [[Int]]
    private let scope: String

    /// Nil when nothing positive is asked for.
    init?(_ query: PassageIndex.Query, scope: String) {
        var words: [String] = []
        func place(_ word: String) -> Int {
            if let known = words.firstIndex(of: word) { return known }
            words.append(word)
            return words.count - 1
        }
        let phrases = query.phrases.filter { !$0.isEmpty }.map { $0.map(place) }
        wanted = phrases + query.terms.map { [place($0)] }
        required = 0..<phrases.count
        excluded = query.excluded.filter { !$0.isEmpty }.map { $0.map(place) }
        self.words = words
        self.scope = "scope : \(Self.quoted(scope))"
        guard !wanted.isEmpty else { return nil }
    }

    /// Passages that have what is required, or else at least one of some of the wanted; the hits of all words count.
    ///
    /// - Parameter some: places in ``wanted``.
    func expression(havingOneOf some: [Int]) -> MatchExpression {
        var builder = Builder(scope: scope, words: words)
        // What selects most comes first: FTS5 goes through that and looks the rest up.
        if required.isEmpty {
            builder.add(some.flatMap { wanted[$0] }, joinedBy: " OR ")
        } else {
            builder.add(required.flatMap { wanted[$0] }, joinedBy: " AND ")
        }
        builder.addScope()
        builder.addOptional((wanted + excluded).flatMap { $0 })
        return builder.expression
    }

    /// Passages that have all words of a phrase, in whatever order.
    func expression(havingAllOf phrase: [Int]) -> MatchExpression {
        var builder = Builder(scope: scope, words: words)
        builder.add(phrase, joinedBy: " AND ")
        builder.addScope()
        return builder.expression
    }

    private static func quoted(_ word: String) -> String { "\"\(word.filter { $0 != "\"" })\"" }

    /// Puts conditions together that must all hold, each word once.
    private struct Builder {
        private let scope: String
        private let words: [String]
        private var conditions: [String] = []
        private var phraseCount: Int32 = 0
        private var places: [Int32]

        init(scope: String, words: [String]) {
            self.scope = scope
            self.words = words
            places = Array(repeating: -1, count: words.count)
        }

        var expression: MatchExpression {
            MatchExpression(text: conditions.joined(separator: " AND "), places: places)
        }

        mutating func add(_ some: [Int], joinedBy separator: String) {
            if let condition = condition(some, joinedBy: separator) { conditions.append(condition) }
        }

        mutating func addScope() {
            conditions.append(scope)
            phraseCount += 1
        }

        /// FTS5 has no "optional": the scope, which every passage has, makes it so.
        mutating func addOptional(_ some: [Int]) {
            guard some.contains(where: { places[$0] < 0 }) else { return }
            phraseCount += 1
            if let condition = condition(some, joinedBy: " OR ") { conditions.append("(\(scope) OR \(condition))") }
        }

        private mutating func condition(_ some: [Int], joinedBy separator: String) -> String? {
            var phrases: [String] = []
            for word in some where places[word] < 0 {
                places[word] = phraseCount
                phraseCount += 1
                phrases.append(MatchQuery.quoted(words[word]))
            }
            return phrases.isEmpty ? nil : "{heading content} : (\(phrases.joined(separator: separator)))"
        }
    }
}
