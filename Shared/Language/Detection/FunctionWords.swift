/// Words of languages that carry no topic: they tell which language a text is in.
public enum FunctionWords {
    /// Whether a word carries no topic in a language.
    ///
    /// - Parameter folded: The word as the index folds it: in lower case, without marks.
    public static func contains(_ folded: String, in language: TextLanguage) -> Bool {
        (foldedWords[folded] ?? []).contains(language)
    }

    /// The languages of which a folded word is a function word.
    static func languages(of folded: String) -> LanguageSet { foldedWords[folded] ?? [] }

    private static let foldedWords: [String: LanguageSet] = {
        var words: [String: LanguageSet] = [:]
        for (language, table) in tables {
            for word in list(table) {
                let folded = String(decoding: WordFolding.fold(Array(word.utf8)), as: UTF8.self)
                words[folded, default: []].insert(language)
            }
        }
        return words
    }()

    static func list(_ table: StaticString) -> [Substring] {
        table.description.unicodeScalars.split { $0 == " " || $0 == "\n" }.map { Substring($0) }
    }
}

/// A set of languages.
struct LanguageSet: OptionSet, Hashable, Sendable {
    let rawValue: UInt64

    static let positions = Dictionary(uniqueKeysWithValues: TextLanguage.allCases.enumerated().map { ($1, $0) })

    init(rawValue: UInt64) { self.rawValue = rawValue }

    init(_ language: TextLanguage) { rawValue = 1 << UInt64(Self.positions[language] ?? 63) }

    func contains(_ language: TextLanguage) -> Bool { contains(LanguageSet(language)) }

    mutating func insert(_ language: TextLanguage) { formUnion(LanguageSet(language)) }
}
