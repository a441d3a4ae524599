/// A word of a query: what the analyser gives at one position.
struct QueryWord {
    /// A spelling of the word or of more than it.
    struct Spelling {
        var bytes: [UInt8]
        /// The place in the query.
        var range: Range<Int>
    }

    /// The folded word.
    var bytes: [UInt8]
    var range: Range<Int>
    var alternatives: [Spelling] = []
    /// The stems of the word and of its wholes, each with the byte of its language.
    var stems: [Spelling] = []
    /// The single letters of a pair, in a script without spaces.
    var letters: [[UInt8]] = []

    var isDigits: Bool { bytes.allSatisfy { $0 &- 0x30 < 10 } }

    /// Whether it is a pair or a letter of a script without spaces.
    var isUnspaced: Bool {
        bytes.withUnsafeBufferPointer {
            !$0.isEmpty && ScalarClass.of(UTF8Scan.scalar(in: $0, at: 0).scalar.value) & 15 == ScalarClass.unspaced
        }
    }

    /// The first letters of a word that is long enough to tell others that belong to it: `Kündigung` and
    /// `Kündigungsfrist`.
    var beginning: [UInt8]? {
        guard !isUnspaced, bytes.allSatisfy({ $0 >= 0x80 || $0 | 0x20 &- 0x61 < 26 }) else { return nil }
        var letters = 0
        for (index, byte) in bytes.enumerated() where byte & 0xC0 != 0x80 {
            if letters == Self.lettersOfBeginning { return Array(bytes[..<index]) }
            letters += 1
        }
        return letters == Self.lettersOfBeginning ? bytes : nil
    }

    private static let lettersOfBeginning = 5

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The words of a text, at most `limit`.
    static func all(
        in text: UnsafeBufferPointer<UInt8>, _ analyzer: inout Analyzer, limit: Int
    ) -> [QueryWord] {
        var words: [QueryWord] = []
        _ = analyzer.terms(of: text) { term, occurrence in
            guard occurrence.position < limit else { return }
            switch occurrence.kind {
            case .word: words.append(QueryWord(bytes: Array(term), range: occurrence.range))
            case .alternative where occurrence.position < words.count:
                words[occurrence.position].alternatives.append(Spelling(bytes: Array(term), range: occurrence.range))
            case .stem where occurrence.position < words.count:
                if let first = term.first, first < 0x20 {
                    words[occurrence.position].stems.append(Spelling(bytes: Array(term), range: occurrence.range))
                } else {
                    words[occurrence.position].letters.append(Array(term))
                }
            default: break
            }
        }
        return words
    }
}

extension [QueryWord] {
    /// The words that a spelling covers, from the word at `index`.
    func covered(by spelling: QueryWord.Spelling, from index: Int) -> Range<Int> {
        var end = index + 1
        while end < count, self[end].range.lowerBound < spelling.range.upperBound { end += 1 }
        return index..<end
    }

    /// The terms of a word in a phrase: as it is written, with its sign.
    func phraseTerms(at index: Int) -> [QueryClause.Term] {
        let word = self[index]
        let signed = word.alternatives.filter { $0.range.lowerBound < word.range.lowerBound }
        if !signed.isEmpty { return signed.map { QueryClause.Term(bytes: $0.bytes) } }
        let readings = word.alternatives.filter { $0.range == word.range }
        return [QueryClause.Term(bytes: word.bytes)] + readings.map { QueryClause.Term(bytes: $0.bytes) }
    }
}
