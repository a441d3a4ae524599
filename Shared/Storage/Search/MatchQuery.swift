/// An FTS5 query expression. https://www.sqlite.org/fts5.html#full_text_query_syntax
struct MatchExpression {
    let text: String
    /// For each word of the query, its phrase number in the expression, counted from the left as FTS5 does; -1 if the
    /// expression lacks the word.
    let places: [Int32]
    /// Whether the expression restricts itself to the workspace.
    let hasScope: Bool
}

/// The FTS5 expressions for a query.
///
/// They contain only single words within the workspace, never phrases: FTS5 would follow a phrase through the passages
/// of every workspace before it looks at the scope. `PassageHits` checks word order for each passage of the workspace.
struct MatchQuery {
    /// Each word of the query once.
    let words: [String]
    /// The scored phrases, as indices into ``words``. A passage contains at least one of them.
    let wanted: [[Int]]
    /// The phrases that a passage must contain: the first elements of ``wanted``.
    let required: Range<Int>
    /// Phrases of several words that a passage must not contain; the expressions exclude single words. A bug in FTS5
    /// 3.40 with phrases inside NOT is thereby avoided.
    let excluded: [[Int]]
    private let excludedWords: [Int]
    private let scope: String
    private let isContiguous: Bool

    /// Nil if the query contains nothing to look for.
    ///
    /// - Parameter isContiguous: whether the workspace's passages have consecutive numbers, which can then replace the
    ///   scope.
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

    /// Matches passages that contain all required phrases' words or, if none are required, at least one of `some` and
    /// none of `others`. Hits of all words of the query are reported.
    ///
    /// - Parameters:
    ///   - some: indices into ``wanted``.
    ///   - others: indices into ``wanted``; empty if anything is required.
    func expression(havingOneOf some: [Int], noneOf others: [Int] = []) -> MatchExpression {
        var builder = Builder(scope: scope, words: words)
        // The most selective condition comes first: FTS5 walks its matches and looks the others up.
        if required.isEmpty {
            builder.add(some.flatMap { wanted[$0] }, joinedBy: " OR ")
        } else {
            builder.add(required.flatMap { wanted[$0] }, joinedBy: " AND ")
        }
        let refused = excludedWords + others.flatMap { wanted[$0] }
        let optional = (wanted + excluded).flatMap { $0 }.filter { !refused.contains($0) }
        // NB: the numbers can replace the scope only if nothing is joined by AND. For AND, FTS5 searches the index from
        // its beginning for the first passage that matches all terms.
        if !isContiguous || !required.isEmpty || !refused.isEmpty || builder.lacks(optional) {
            builder.addScope(without: refused)
            builder.addOptional(optional)
        }
        return builder.expression
    }

    /// Matches passages that contain all words of a phrase, in any order.
    func expression(havingAllOf phrase: [Int]) -> MatchExpression {
        var builder = Builder(scope: scope, words: words)
        builder.add(phrase, joinedBy: " AND ")
        if !isContiguous || phrase.count > 1 { builder.addScope() }
        return builder.expression
    }

    private static func quoted(_ word: String) -> String {
        "\"" + String(word.unicodeScalars.filter { $0 != "\"" }) + "\""
    }

    /// Joins conditions by AND, using each word once.
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

        /// Whether any of these words has no phrase number yet.
        func lacks(_ some: [Int]) -> Bool { some.contains { places[$0] < 0 } }

        mutating func addScope(without refused: [Int] = []) {
            hasScope = true
            phraseCount += 1
            guard !refused.isEmpty else { return conditions.append(scope) }
            phraseCount += Int32(refused.count)
            conditions.append("(\(scope) NOT \(MatchQuery.group(refused.map { words[$0] }, joinedBy: " OR ")))")
        }

        /// FTS5 has no optional terms. `OR` with the scope, which every passage contains, has the same effect.
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
