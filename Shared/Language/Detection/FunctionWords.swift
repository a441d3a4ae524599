import Synchronization

/// Words of languages that carry no topic: they tell which language a text is in.
public enum FunctionWords {
    /// Whether a word carries no topic in a language.
    ///
    /// - Parameter folded: The word as the index folds it: in lower case, without marks.
    public static func contains(_ folded: String, in language: TextLanguage) -> Bool {
        words.withLock { words in
            if let known = words[language] { return known.contains(folded) }
            let new = Self.folded(language)
            words[language] = new
            return new.contains(folded)
        }
    }

    /// The words of the languages that were asked for. A query is in one or two, and folding the words of all of them
    /// would take longer than its search.
    private static let words = Mutex<[TextLanguage: Set<String>]>([:])

    private static func folded(_ language: TextLanguage) -> Set<String> {
        let table = tables.first { $0.key == language }?.value ?? ""
        return Set(list(table).map { String(decoding: WordFolding.fold(Array($0.utf8)), as: UTF8.self) })
    }

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
