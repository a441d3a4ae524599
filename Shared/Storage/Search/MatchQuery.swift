/// An expression of FTS5's query language. https://www.sqlite.org/fts5.html#full_text_query_syntax
struct MatchExpression {
    let text: String
    /// Which of its phrases each word of the query is, as FTS5 numbers them from the left; -1 where it lacks the word.
    let places: [Int32]
    /// Whether it keeps to the workspace by itself.
    let hasScope: Bool
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
    /// A passage has none of these phrases of several words; single words are taken care of by the expressions.
    let excluded: [[Int]]
    private let excludedWords: [Int]
    private let scope: String
    private let isContiguous: Bool

    /// Nil when nothing positive is asked for.
    ///
    /// - Parameter isContiguous: whether the numbers of the workspace's passages follow each other, so that they can
    ///   stand for the scope.
    init?(_ query: PassageIndex.Query, scope: String, isContiguous: Bool) {
        var words: [String] = []
        func place(_ word: String) -> Int {
            if let known = words.firstIndex(of: word) { return known }
            words.append(word)
            return words.count - 1
        }
        let phrases = query.phrases.filter { !$0.isEmpty }.map { $0.map(place) }
        wanted = phrases + query.terms.map { [place($0)] }
        required = 0..<phrases.count
        excluded = query.excluded.filter { $0.count > 1 }.map { $0.map(place) }
        excludedWords = query.excluded.filter { $0.count == 1 }.map { place($0[0]) }
        self.words = words
        self.isContiguous = isContiguous
        self.scope = "scope : \(Self.quoted(scope))"
        guard !wanted.isEmpty else { return nil }
    }

    /// Passages that have what is required, or else at least one of some of the wanted, and none of others; the hits
    /// of all words count.
    ///
    /// - Parameters:
    ///   - some: places in ``wanted``.
    ///   - others: places in ``wanted``, where nothing is required.
    func expression(havingOneOf some: [Int], noneOf others: [Int] = []) -> MatchExpression {
        var builder = Builder(scope: scope, words: words)
        // What selects most comes first: FTS5 goes through that and looks the rest up.
        if required.isEmpty {
            builder.add(some.flatMap { wanted[$0] }, joinedBy: " OR ")
        } else {
            builder.add(required.flatMap { wanted[$0] }, joinedBy: " AND ")
        }
        let refused = excludedWords + others.flatMap { wanted[$0] }
        let optional = (wanted + excluded).flatMap { $0 }.filter { !refused.contains($0) }
        // NB: only where nothing is joined by AND may the numbers stand for the scope. FTS5 looks for the first passage
        // that has all of it from the beginning of the index on.
        if !isContiguous || !required.isEmpty || !refused.isEmpty || builder.lacks(optional) {
            builder.addScope(without: refused)
            builder.addOptional(optional)
        }
        return builder.expression
    }

    /// Passages that have all words of a phrase, in whatever order.
    func expression(havingAllOf phrase: [Int]) -> MatchExpression {
        var builder = Builder(scope: scope, words: words)
        builder.add(phrase, joinedBy: " AND ")
        if !isContiguous || phrase.count > 1 { builder.addScope() }
        return builder.expression
    }

    private static func quoted(_ word: String) -> String {
        "\"" + String(word.unicodeScalars.filter { $0 != "\"" }) + "\""
    }

    /// Puts conditions together that must all hold, each word once.
    private struct Builder {
        private let scope: String
        private let words: [String]
        private var conditions: [String] = []
        private var phraseCount: Int32 = 0
        private var hasScope = false
        private var places: [Int32]

        init(scope: String, words: [String]) {
            self.scope = scope
            self.words = words
            places = Array(repeating: -1, count: words.count)
        }

        var expression: MatchExpression {
            MatchExpression(text: conditions.joined(separator: " AND "), places: places, hasScope: hasScope)
        }

        mutating func add(_ some: [Int], joinedBy separator: String) {
            if let condition = condition(some, joinedBy: separator) { conditions.append(condition) }
        }

        /// Whether any of these has no place yet.
        func lacks(_ some: [Int]) -> Bool { some.contains { places[$0] < 0 } }

        mutating func addScope(without refused: [Int] = []) {
            hasScope = true
            phraseCount += 1
            guard !refused.isEmpty else { return conditions.append(scope) }
            phraseCount += Int32(refused.count)
            conditions.append("(\(scope) NOT \(MatchQuery.group(refused.map { words[$0] }, joinedBy: " OR ")))")
        }

        /// FTS5 has no "optional": the scope, which every passage has, makes it so.
        mutating func addOptional(_ some: [Int]) {
            guard lacks(some) else { return }
            phraseCount += 1
            if let condition = condition(some, joinedBy: " OR ") { conditions.append("(\(scope) OR \(condition))") }
        }

        private mutating func condition(_ some: [Int], joinedBy separator: String) -> String? {
            var fresh: [String] = []
            for word in some where places[word] < 0 {
                places[word] = phraseCount
                phraseCount += 1
                fresh.append(words[word])
            }
            return fresh.isEmpty ? nil : MatchQuery.group(fresh, joinedBy: separator)
        }
    }

    private static func group(_ words: [String], joinedBy separator: String) -> String {
        "{heading content} : (\(words.map(quoted).joined(separator: separator)))"
    }
}
