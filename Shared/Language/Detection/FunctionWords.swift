import Synchronization

/// Words of languages that carry no topic: they tell which language a text is in.
public enum FunctionWords {
    /// Whether a word carries no topic in a language.
    ///
    /// - Parameter folded: The word as the index folds it: in lower case, without marks.
    public static func contains(_ folded: String, in language: TextLanguage) -> Bool {
        var folded = folded
        let hash = folded.withUTF8 { FoldedWords.hash($0) }
        return words.withLock { words in
            if let known = words[language] { return known.contains(hash) }
            let new = FoldedWords(tables.first { $0.key == language }?.value ?? "")
            words[language] = new
            return new.contains(hash)
        }
    }

    /// The words of the languages that were asked for. A query is in one or two, and folding the words of all of them
    /// would take longer than its search.
    private static let words = Mutex<[TextLanguage: FoldedWords]>([:])

    static func list(_ table: StaticString) -> [Substring] {
        table.description.unicodeScalars.split { $0 == " " || $0 == "\n" }.map { Substring($0) }
    }
}

/// A set of words, by the hashes of their folded forms. As strings in a `Set`, they take a cold search ten times as long
/// to read.
private struct FoldedWords {
    /// Each hash is in the first free place from its own; 0 where there is none.
    private var slots = [UInt64](repeating: 0, count: Self.size)
    private var count = 0
    /// Twice the words of a language.
    private static let size = 256

    /// - Parameter words: separated by spaces or ends of lines.
    init(_ words: StaticString) {
        var word: [UInt8] = []
        words.eachScalar { scalar in
            guard scalar == 0x20 || scalar == 0x0A else { return ScalarForms.appendFolded(scalar, to: &word) }
            insert(word)
            word.removeAll(keepingCapacity: true)
        }
        insert(word)
    }

    private mutating func insert(_ word: [UInt8]) {
        // The last place stays free, so that every search ends.
        guard !word.isEmpty, count < Self.size - 1 else { return }
        let hash = word.withUnsafeBufferPointer(Self.hash)
        var place = Int(truncatingIfNeeded: hash >> 32) & (Self.size - 1)
        while slots[place] != 0 { place = (place + 1) & (Self.size - 1) }
        slots[place] = hash
        count += 1
    }

    func contains(_ hash: UInt64) -> Bool {
        var place = Int(truncatingIfNeeded: hash >> 32) & (Self.size - 1)
        while slots[place] != 0 {
            if slots[place] == hash { return true }
            place = (place + 1) & (Self.size - 1)
        }
        return false
    }

    /// FNV-1a. If another word has the hash of one of some hundred, it counts less in a query.
    static func hash(_ word: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in word { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash
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
