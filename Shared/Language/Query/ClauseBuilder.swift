/// Makes the clauses of a query's words. The numbers were measured on XQuAD, Cranfield and CISI.
struct ClauseBuilder {
    /// The boost of function words, and of pairs of letters with a function character.
    private static let functionBoost = 0.25
    /// The boost of single letters of scripts without spaces, in addition to their pairs.
    private static let letterBoost = 0.2
    /// The boost of half a camel-case name, and of a word without its sign.
    private static let partBoost = 0.5
    /// The boost of two neighbouring words that are also neighbours in the text.
    private static let neighbourBoost = 0.2
    /// The boost of words that begin like a word of the query.
    private static let beginningBoost = 0.3
    /// The share of a Vietnamese word with its marks; the folded form gets the rest.
    private static let markedBoost = 0.75
    /// The most times that a repeated word counts.
    private static let mostRepeats = 8.0

    private(set) var clauses: [QueryClause] = []
    private(set) var bonuses: [QueryClause] = []
    /// The clauses of the words that carry the topic.
    private(set) var marked: [QueryClause] = []

    private let functionWords: FunctionWordTest
    /// Whether function words count less: there are other words.
    private var hasTopic: Bool
    private var words = 0
    private var places: [[QueryClause.Term]: Int] = [:]

    /// - Parameters:
    ///   - runs: all words of the query.
    ///   - languages: those that it may be in, the likeliest first.
    init(_ runs: [[QueryWord]], hasPhrases: Bool, _ languages: [TextLanguage]) {
        // Not by joining sequences: the runtime would make their types at the first query.
        var texts: [String] = []
        for run in runs {
            for word in run.prefix(SearchQuery.maximumTerms - texts.count) { texts.append(word.text) }
        }
        let functionWords = FunctionWordTest(texts, languages.first)
        self.functionWords = functionWords
        hasTopic =
            hasPhrases || runs.contains { run in run.indices.contains { !functionWords.contains(run, at: $0) } }
        for run in runs { add(run) }
        if clauses.isEmpty, !hasPhrases {
            // Such as `it's`, whose other spelling is no word of its own.
            (hasTopic, words, bonuses) = (false, 0, [])
            for run in runs { add(run) }
        }
    }

    /// No hit has these words: a word in any form, or several one after the other.
    static func exclusion(of words: [QueryWord]) -> QueryClause {
        if words.count == 1, words[0].alternatives.isEmpty {
            return QueryClause(.mustNot, [terms(of: words[0]).map { QueryClause.Term(bytes: $0.bytes) }])
        }
        return QueryClause(.mustNot, words.indices.map { words.phraseTerms(at: $0) })
    }

    private mutating func add(_ run: [QueryWord]) {
        var index = 0
        while index < run.count, words < SearchQuery.maximumTerms {
            words += 1
            let word = run[index]
            var next = index + 1
            if word.isUnspaced {
                addUnspaced(word)
                let isFirst = index == 0 || !run[index - 1].isUnspaced
                if isFirst, next < run.count { markBeginning(word, run[next]) }
            } else if let number = number(at: index, in: run) {
                addNumber(run, number)
                next = number.words.upperBound
            } else {
                addWord(run, index)
            }
            if next < run.count { addNeighbours(run, next - 1) }
            index = next
        }
    }

    // MARK: Words

    private mutating func addUnspaced(_ pair: QueryWord) {
        let isFunction = hasTopic && functionWords.contains(pair)
        let term = QueryClause.Term(bytes: pair.bytes)
        if isFunction { addBonus([term], Self.functionBoost) } else { add([term], 1) }
        for letter in pair.letters { addBonus([QueryClause.Term(bytes: letter)], Self.letterBoost) }
    }

    /// A function character that begins a word is marked with it: the 有 of 有給休暇.
    private mutating func markBeginning(_ pair: QueryWord, _ next: QueryWord) {
        guard hasTopic, next.isUnspaced, next.range.lowerBound < pair.range.upperBound,
            functionWords.contains(pair), !functionWords.contains(next)
        else { return }
        marked.append(QueryClause(.should, [pair, next].map { [QueryClause.Term(bytes: $0.bytes)] }))
    }

    private mutating func addWord(_ run: [QueryWord], _ index: Int) {
        let word = run[index]
        let isFunction = hasTopic && functionWords.contains(word)
        let isWholeFunction = hasTopic && functionWords.contains(run, at: index)
        var boost = 1.0
        for spelling in word.alternatives {
            let covered = run.covered(by: spelling, from: index)
            let term = QueryClause.Term(bytes: spelling.bytes)
            if spelling.range.lowerBound < word.range.lowerBound || Self.endsWithSign(spelling.bytes) {
                add([term], 1)
                boost = min(boost, Self.partBoost)
            } else if covered.count > 1 {
                let stems = word.stems.filter { $0.range == spelling.range }
                let terms = Self.terms(of: spelling.bytes, stems.map(\.bytes))
                if isWholeFunction { addBonus(terms, Self.functionBoost) } else { add(terms, 1) }
            } else if spelling.range != word.range, spelling.range.upperBound <= word.range.upperBound {
                let stems = word.stems.filter { $0.range == spelling.range }
                add(Self.terms(of: spelling.bytes, stems.map(\.bytes)), Self.partBoost)
            }
        }
        if isFunction { return addBonus(Self.terms(of: word), Self.functionBoost) }
        addHalves(of: word)
        if let form = word.stems.first(where: { $0.bytes.first == TextLanguage.vietnamese.stemPrefix.first }),
            form.bytes.dropFirst() != word.bytes[...]
        {
            add([QueryClause.Term(bytes: form.bytes)], boost * Self.markedBoost)
            boost *= 1 - Self.markedBoost
        }
        add(Self.terms(of: word) + otherForms(of: word), boost)
        if let beginning = word.beginning {
            addBonus([QueryClause.Term(bytes: beginning, isPrefix: true)], Self.beginningBoost)
        }
    }

    /// The halves of a name in camel case, one after the other.
    private mutating func addHalves(of word: QueryWord) {
        let halves = word.alternatives.filter {
            $0.range.lowerBound >= word.range.lowerBound && $0.range.upperBound <= word.range.upperBound
                && $0.range != word.range
        }
        guard halves.count == 2 else { return }
        clauses.append(
            QueryClause(.should, halves.map { [QueryClause.Term(bytes: $0.bytes)] }, boost: Self.partBoost))
        marked.append(clauses[clauses.count - 1])
    }

    private static func endsWithSign(_ bytes: [UInt8]) -> Bool {
        bytes.last == UInt8(ascii: "+") || bytes.last == UInt8(ascii: "#")
    }

    /// The terms of a word: as typed, its other spellings, and its stems with and without their language.
    private static func terms(of word: QueryWord) -> [QueryClause.Term] {
        let stems = word.stems.filter {
            $0.range == word.range && $0.bytes.first != TextLanguage.vietnamese.stemPrefix.first
        }
        var terms = terms(of: word.bytes, stems.map(\.bytes))
        for spelling in word.alternatives {
            if spelling.range == word.range {
                terms.append(QueryClause.Term(bytes: spelling.bytes))
            } else if spelling.range.lowerBound == word.range.lowerBound, spelling.bytes.count == word.bytes.count + 1,
                spelling.bytes.starts(with: word.bytes), spelling.bytes.last == UInt8(ascii: "s")
            {
                terms.append(QueryClause.Term(bytes: spelling.bytes, weight: SearchQuery.stemWeight))
            }
        }
        return terms
    }

    /// An occurrence of the word itself has its stem, too, unless they are equal: together they count 1. A word may be
    /// the stem of longer words and have another itself: Turkish `faturalar` gives `fatura`, which gives `fatur`.
    private static func terms(of word: [UInt8], _ stems: [[UInt8]]) -> [QueryClause.Term] {
        let weight = SearchQuery.stemWeight
        let bare = stems.map { Array($0.dropFirst()) }
        let own = stems.filter { $0.first != TextLanguage.english.stemByte }.map { Array($0.prefix(1)) + word }
        let isOwnStem = bare.isEmpty || bare.contains(word)
        var terms = [QueryClause.Term(bytes: word, weight: isOwnStem ? 1 : 1 - weight)]
        for stem in stems + bare + own where !terms.contains(where: { $0.bytes == stem }) {
            terms.append(QueryClause.Term(bytes: stem, weight: weight))
        }
        return terms
    }

    /// Irregular forms and other spellings of English words.
    private func otherForms(of word: QueryWord) -> [QueryClause.Term] {
        guard functionWords.isEnglish, word.alternatives.isEmpty, word.bytes.allSatisfy({ $0 &- 0x61 < 26 }) else {
            return []
        }
        return WordForms.alternatives(to: word.text).flatMap { form in
            var stem = Array(form.utf8)
            Stemmers.stem(&stem, in: .english)
            let weight = SearchQuery.stemWeight
            return [
                QueryClause.Term(bytes: Array(form.utf8), weight: weight),
                QueryClause.Term(bytes: TextLanguage.english.stemPrefix + stem, weight: weight),
            ]
        }
    }

    // MARK: Numbers

    private struct Number {
        var whole: [UInt8]
        var sign: [UInt8]?
        var words: Range<Int>
    }

    /// A number of several parts: a date, an address, an amount. Its parts alone say nothing.
    private func number(at index: Int, in run: [QueryWord]) -> Number? {
        guard run[index].isDigits else { return nil }
        var found: Number?
        for spelling in run[index].alternatives {
            let covered = run.covered(by: spelling, from: index)
            guard covered.count > 1, covered.allSatisfy({ run[$0].isDigits }) else { continue }
            if spelling.range.lowerBound < run[index].range.lowerBound {
                found?.sign = spelling.bytes
            } else if covered.count > found?.words.count ?? 1 {
                found = Number(whole: spelling.bytes, sign: found?.sign, words: covered)
            }
        }
        return found
    }

    private mutating func addNumber(_ run: [QueryWord], _ number: Number) {
        if let sign = number.sign { add([QueryClause.Term(bytes: sign)], 1) }
        add([QueryClause.Term(bytes: number.whole)], number.sign == nil ? 1 : Self.partBoost)
        let parts = QueryClause(
            .should, number.words.map { [QueryClause.Term(bytes: run[$0].bytes)] }, boost: Self.partBoost)
        guard !clauses.contains(parts) else { return }
        clauses.append(parts)
        marked.append(parts)
    }

    // MARK: Clauses

    /// Adds a clause of one word; if it is there, it counts more.
    private mutating func add(_ terms: [QueryClause.Term], _ boost: Double) {
        if let place = places[terms] {
            clauses[place].boost = min(clauses[place].boost + boost, boost * Self.mostRepeats)
            return
        }
        places[terms] = clauses.count
        clauses.append(QueryClause(.should, [terms], boost: boost))
        marked.append(QueryClause(.should, [terms]))
    }

    /// Adds a word that raises scores but finds nothing by itself.
    private mutating func addBonus(_ terms: [QueryClause.Term], _ boost: Double) {
        let clause = QueryClause(.bonus, [terms], boost: boost)
        if !bonuses.contains(clause) { bonuses.append(clause) }
    }

    /// Neighbours, unless both are function words, or of a script without spaces.
    private mutating func addNeighbours(_ run: [QueryWord], _ index: Int) {
        let (first, second) = (run[index], run[index + 1])
        guard !first.isUnspaced, !second.isUnspaced,
            !(functionWords.contains(first) && functionWords.contains(second))
        else { return }
        let clause = QueryClause(
            .bonus, [[QueryClause.Term(bytes: first.bytes)], [QueryClause.Term(bytes: second.bytes)]],
            boost: Self.neighbourBoost)
        if !bonuses.contains(clause) { bonuses.append(clause) }
    }
}
