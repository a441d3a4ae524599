/// Reduces words to stems: `connections`, `connected` → `connect`. The rules are those of the Snowball project
/// (snowballstem.org), as of its version 3.1.
public enum Stemmers {
    /// Longer words are unchanged, in UTF-8 bytes.
    public static let longestWord = 64

    /// Whether a language has a stemmer.
    public static func supports(_ language: TextLanguage) -> Bool { rules(of: language) != nil }

    /// The stem of `word`.
    public static func stem(_ word: String, in language: TextLanguage) -> String {
        var bytes = Array(word.utf8)
        stem(&bytes, in: language)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Replaces a word by its stem.
    ///
    /// - Parameter word: In NFKC and lower case, with its marks, in UTF-8. It stays as it is if it is longer than
    ///   ``longestWord`` or malformed, or if the language has no stemmer.
    public static func stem(_ word: inout [UInt8], in language: TextLanguage) {
        guard !word.isEmpty, word.count <= longestWord, let rules = rules(of: language) else { return }
        withUnsafeTemporaryAllocation(of: Unicode.Scalar.self, capacity: StemWord.capacity) { letters in
            var stem = StemWord(letters)
            guard read(word, into: &stem) else { return }
            rules(&stem)
            write(stem, into: &word)
        }
    }

    private static func rules(of language: TextLanguage) -> ((inout StemWord) -> Void)? {
        switch language {
        case .arabic: ArabicStemmer.stem
        case .danish: DanishStemmer.stem
        case .english: EnglishStemmer.stem
        case .dutch: DutchStemmer.stem
        case .finnish: FinnishStemmer.stem
        case .hungarian: HungarianStemmer.stem
        case .french: FrenchStemmer.stem
        case .german: GermanStemmer.stem
        case .greek: GreekStemmer.stem
        case .hindi: HindiStemmer.stem
        case .italian: ItalianStemmer.stem
        case .norwegian: NorwegianStemmer.stem
        case .portuguese: PortugueseStemmer.stem
        case .romanian: RomanianStemmer.stem
        case .russian: RussianStemmer.stem
        case .spanish: SpanishStemmer.stem
        case .swedish: SwedishStemmer.stem
        case .turkish: TurkishStemmer.stem
        default: nil
        }
    }

    /// Adds the letters of UTF-8 to a word; false if it is malformed. A typographic apostrophe becomes a plain one, which
    /// the rules expect.
    private static func read(_ utf8: [UInt8], into word: inout StemWord) -> Bool {
        utf8.withUnsafeBufferPointer { utf8 in
            var index = 0
            while index < utf8.count {
                let (scalar, length) = UTF8Scan.scalar(in: utf8, at: index)
                if scalar == "\u{FFFD}" { return false }
                word.append(scalar == "\u{2019}" ? "'" : scalar)
                index += length
            }
            return true
        }
    }

    private static func write(_ word: StemWord, into utf8: inout [UInt8]) {
        utf8.removeAll(keepingCapacity: true)
        for index in 0..<word.count {
            let value = word[index].value
            switch value {
            case ..<0x80: utf8.append(UInt8(value))
            case ..<0x800:
                utf8.append(0xC0 | UInt8(value >> 6))
                utf8.append(0x80 | UInt8(value & 0x3F))
            default: utf8.append(contentsOf: Unicode.UTF8.encode(word[index]) ?? .init())
            }
        }
    }
}
