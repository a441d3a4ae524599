/// Words that carry no topic, folded; `don't` is there as `don` and `t`.
public enum StopWords {
    /// The languages whose function words are known. Each has a file in `Languages`.
    public enum Language: CaseIterable, Sendable { case english, german, french, spanish, italian }

    /// Whether a word is an English stop word, for text of unknown language.
    public static func contains(_ folded: String) -> Bool { english.contains(folded) }

    public static func contains(_ folded: String, in language: Language) -> Bool {
        words(of: language).contains(folded)
    }

    /// The language of a query, by its stop words. English, unless at least two words belong to another language, one of
    /// them not to English, and more than belong to English: `die` and `war` alone are topics of an English query.
    public static func language(of words: some Sequence<String>) -> Language {
        let words = Set(words)
        var best = (language: Language.english, count: max(1, words.intersection(english).count))
        for language in Language.allCases {
            let known = words.intersection(self.words(of: language)).subtracting(alsoEnglish)
            if known.count > best.count, !known.isSubset(of: english) { best = (language, known.count) }
        }
        return best.language
    }

    private static func words(of language: Language) -> Set<String> {
        switch language {
        case .english: english
        case .german: german
        case .french: french
        case .spanish: spanish
        case .italian: italian
        }
    }

    /// Stop words of other languages that English queries contain as ordinary words.
    private static let alsoEnglish: Set<String> = [
        "also", "come", "die", "due", "er", "hat", "man", "per", "plus", "pour", "prima", "pro", "sans", "son",
        "sur", "ton", "um", "war",
    ]
}
