import Wire

/// The letters of a language and what they tell.
struct LanguageProfile {
    /// The information of letters in half bits, in lower case.
    private let costs: [Unicode.Scalar: Int]
    /// The commonest pairs of letters, as keys; empty if they are not known.
    private var pairs: Set<UInt64> = []
    let name: String
    /// Whether its script is Latin.
    var isLatin: Bool { costs["e"] != nil }

    /// Of a letter of the same script that the language does not have, and of one of another script.
    private static let foreignLetter = 28
    private static let foreignScript = 34

    func cost(of letter: Unicode.Scalar) -> Int {
        if let cost = costs[letter] { return cost }
        let isLatin = letter.value < 0x250 || 0x1E00..<0x1F00 ~= letter.value
        return isLatin == self.isLatin ? Self.foreignLetter : Self.foreignScript
    }

    /// The cost of two letters side by side, of which a space is the edge of a word.
    func cost(of first: Unicode.Scalar, before second: Unicode.Scalar) -> Int {
        if pairs.isEmpty { return 0 }
        return pairs.contains(Self.key(first, second)) ? Self.commonPair : Self.rarePair
    }

    private static let commonPair = -2
    private static let rarePair = 4

    private static func key(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> UInt64 {
        UInt64(first.value) << 32 | UInt64(second.value)
    }

    /// The profile of a language by its code.
    static func named(_ name: String) -> LanguageProfile? { all[name] }

    static let english = all["en"] ?? LanguageProfile(costs: [:], name: "en")

    private static let all: [String: LanguageProfile] = {
        var all: [String: LanguageProfile] = [:]
        for (name, letters) in entries(of: LetterFrequencies.letters) {
            all[name] = LanguageProfile(costs: costs(letters), name: name)
        }
        for (name, letters) in entries(of: LetterPairs.pairs) {
            let pairs = letters.split(whereSeparator: { $0.value == 0x20 }).compactMap { pair in
                let scalars = pair.map { $0 == "_" ? " " : $0 }
                return scalars.count == 2 ? key(scalars[0], scalars[1]) : nil
            }
            all[name]?.pairs = Set(pairs)
        }
        return all
    }()

    /// The lines of a list, each of which begins with a language, with their continuations.
    private static func entries(of list: StaticString) -> [(name: String, letters: String.UnicodeScalarView)] {
        var entries: [(name: String, letters: String.UnicodeScalarView)] = []
        for line in EncodingTables.text(of: list).split(atByte: "\n") {
            let scalars = line.unicodeScalars
            if scalars.first?.value == 0x2B, !entries.isEmpty {
                entries[entries.count - 1].letters.append(" ")
                entries[entries.count - 1].letters.append(contentsOf: scalars.dropFirst())
            } else {
                entries.append((String(scalars.prefix(2)), String.UnicodeScalarView(scalars.dropFirst(3))))
            }
        }
        return entries
    }

    /// Reads `a7b12`.
    private static func costs(_ letters: String.UnicodeScalarView) -> [Unicode.Scalar: Int] {
        var costs: [Unicode.Scalar: Int] = [:]
        var letter: Unicode.Scalar?
        for scalar in letters {
            if let letter, "0"..."9" ~= scalar {
                costs[letter] = costs[letter, default: 0] * 10 + Int(scalar.value) - 0x30
            } else {
                letter = scalar
            }
        }
        return costs
    }
}
