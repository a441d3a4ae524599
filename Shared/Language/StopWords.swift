/// Words that carry no topic, folded.
public enum StopWords {
    /// The languages whose stop words are listed. Each has a file in `Languages`.
    enum Language: CaseIterable, Sendable {
        case english, german, french, spanish, italian

        /// Nil for languages without a list.
        init?(_ language: TextLanguage) {
            switch language {
            case .english: self = .english
            case .french: self = .french
            case .german: self = .german
            case .italian: self = .italian
            case .spanish: self = .spanish
            default: return nil
            }
        }
    }

    /// Whether a word is an English stop word, for text of unknown language.
    public static func contains(_ folded: String) -> Bool { isListed(folded, in: .english) }

    /// Whether a word carries no topic in a language: it is a stop word or a function word.
    public static func contains(_ folded: String, in language: TextLanguage) -> Bool {
        FunctionWords.contains(folded, in: language) || Language(language).map { isListed(folded, in: $0) } ?? false
    }

    static func isListed(_ folded: String, in language: Language) -> Bool {
        words(of: language).contains(folded) || language == .english && isContraction(folded)
    }

    /// Whether a word is one such as `don't`, which is `dont` here, and of which the list has the `don`. `ant` and `int`
    /// are none.
    private static func isContraction(_ folded: String) -> Bool {
        folded.utf8.count > 3 && folded.utf8.suffix(2).elementsEqual("nt".utf8)
            && english.contains(String(folded.unicodeScalars.dropLast()))
    }

    /// The language of a query, by its stop words. English, unless at least two words belong to another language, one of
    /// them not to English, and more than belong to English: `die` and `war` alone are topics of an English query.
    static func language(of words: some Sequence<String>) -> Language {
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
