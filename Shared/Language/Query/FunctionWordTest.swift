/// Tells which words of a query carry no topic, in the language that it is most likely in.
struct FunctionWordTest {
    private let language: TextLanguage?
    /// The language by its stop words alone; nil if the language is known.
    private let listed: StopWords.Language?

    /// - Parameters:
    ///   - words: those of the query, folded.
    ///   - language: the likeliest; nil if nobody knows, and the words decide.
    init(_ words: [String], _ language: TextLanguage?) {
        self.language = language ?? Self.unstemmedLanguage(of: Set(words))
        listed = self.language == nil ? StopWords.language(of: words) : nil
    }

    /// The language without stems that most function words of a query belong to: more than to English, at least two of
    /// more than a letter.
    private static func unstemmedLanguage(of words: Set<String>) -> TextLanguage? {
        let words = words.filter { $0.utf8.count > 1 }
        func count(_ language: TextLanguage) -> Int { words.count { FunctionWords.contains($0, in: language) } }
        var best: (language: TextLanguage?, count: Int) = (nil, max(1, count(.english)))
        for language in TextLanguage.allCases where language.stemByte == nil {
            let count = count(language)
            if count > best.count { best = (language, count) }
        }
        return best.language
    }

    /// Whether a word carries no topic, and neither does what it is a part of: `c'est`, but not `@me` or `AT&T`.
    func contains(_ run: [QueryWord], at index: Int) -> Bool {
        let word = run[index]
        guard contains(word) else { return false }
        return word.alternatives.allSatisfy { whole in
            let covered = run.covered(by: whole, from: index)
            return whole.range.lowerBound == word.range.lowerBound && covered.count > 1
                && !whole.bytes.contains(UInt8(ascii: "&"))
                && covered.allSatisfy { contains(run[$0]) }
        }
    }

    var isEnglish: Bool { language == .english || listed == .english }

    func contains(_ word: QueryWord) -> Bool {
        if word.isUnspaced { return !word.letters.isEmpty && FunctionCharacters.arePart(of: word.bytes) }
        if let language { return StopWords.contains(word.text, in: language) }
        return listed.map { StopWords.isListed(word.text, in: $0) } ?? false
    }
}
