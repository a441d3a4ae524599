/// A parsed search query.
///
/// Supports `"exact phrases"`, `-excluded` words and `-"excluded phrases"`. Everything else is words, even `--options`.
/// No input is an error: an unbalanced quote is ignored, and `AND`, `NEAR`, `*` and `:` have no special meaning. Beyond
/// ``maximumPhrases`` phrases of ``maximumPhraseWords`` words, phrases become ordinary words and exclude nothing.
public struct SearchQuery: Hashable, Sendable {
    /// The maximum number of words, and of excluded words.
    public static let maximumTerms = 64
    /// The maximum number of phrases of several words, whether required or excluded.
    public static let maximumPhrases = 8
    /// The maximum number of words in a phrase.
    public static let maximumPhraseWords = 16

    /// The words outside phrases, folded but not stemmed, in order and without duplicates.
    public let terms: [String]
    /// The quoted phrases as folded words; none is empty.
    public let phrases: [[String]]
    /// Phrases that must not occur. Most are single words.
    public let excluded: [[String]]
    /// ``terms`` without stop words, or all terms if nothing else is left. In a question, other forms of these words
    /// follow.
    public let significantTerms: [String]

    /// Whether there is nothing to search for. A query of only exclusions is empty, too.
    public var isEmpty: Bool { terms.isEmpty && phrases.isEmpty }

    public init(parsing text: String) {
        var text = text
        self.init(text.withUTF8 { Self.parts(of: $0) })
    }

    /// Treats every word of `text` as a search term. In a question to a person, quotes and hyphens are not operators:
    /// "What does find -maxdepth do?" is about that word. Other forms of the words are searched for, too: a question
    /// about how long something is kept also matches "keep".
    public init(question text: String) {
        self.init([.words(Tokenizer.tokens(in: text).words)], findsOtherForms: true)
    }

    private init(_ parts: [Part], findsOtherForms: Bool = false) {
        var terms: [String] = []
        var seen: Set<String> = []
        var phrases: [[String]] = []
        var excluded: [[String]] = []
        func add(_ words: [String]) {
            for word in words where terms.count < Self.maximumTerms {
                if seen.insert(word).inserted { terms.append(word) }
            }
        }
        for part in parts {
            let hasRoom = (phrases + excluded).count { $0.count > 1 } < Self.maximumPhrases
            switch part {
            case .words(let words): add(words)
            case .phrase(let tokens):
                let phrase = tokens.prefix(hasRoom ? Self.maximumPhraseWords : 0)
                Self.add(phrase.map(\.text), to: &phrases)
                add(tokens.dropFirst(phrase.count).words)
            case .excluded(let words):
                if hasRoom || words.count == 1 { Self.add(Array(words.prefix(Self.maximumPhraseWords)), to: &excluded) }
            }
        }
        self.terms = terms
        self.phrases = phrases
        self.excluded = excluded
        let language = StopWords.language(of: terms)
        let significant = terms.filter { !StopWords.contains($0, in: language) }
        let wanted = significant.isEmpty && phrases.isEmpty ? terms : significant
        let others = findsOtherForms && language == .english ? wanted.flatMap(WordForms.alternatives) : []
        significantTerms = Array((wanted + others).prefix(Self.maximumTerms))
    }

    private static func add(_ words: [String], to phrases: inout [[String]]) {
        guard !words.isEmpty, phrases.count < maximumTerms, !phrases.contains(words) else { return }
        phrases.append(words)
    }

    private enum Part {
        case words([String])
        case phrase([Token])
        case excluded([String])
    }

    private static func parts(of utf8: UnsafeBufferPointer<UInt8>) -> [Part] {
        let closings = closingQuotes(in: utf8)
        var nextClosing = 0
        var parts: [Part] = []
        var index = 0
        var isWordStart = true
        while index < utf8.count {
            let isMinus = isWordStart && isMinus(utf8, at: index) && !isMinus(utf8, at: index + 1)
            let start = isMinus ? index + 1 : index
            while nextClosing < closings.count, closings[nextClosing].lowerBound <= start {
                nextClosing += 1
            }
            if let quote = quoteLength(in: utf8, at: start), nextClosing < closings.count {
                let closing = closings[nextClosing]
                let words = tokens(of: utf8, in: (start + quote)..<closing.lowerBound)
                parts.append(isMinus ? .excluded(words.map(\.text)) : .phrase(words))
                index = closing.upperBound
                isWordStart = true
                continue
            }
            let end = endOfWord(in: utf8, from: start)
            let word = tokens(of: utf8, in: start..<end)
            parts.append(isMinus ? .excluded(word.map(\.text)) : .words(word.words))
            isWordStart = end < utf8.count && isSpace(utf8[end])
            index = isWordStart ? end + 1 : max(end, index + 1)
        }
        return parts
    }

    private static func isMinus(_ utf8: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        index < utf8.count && utf8[index] == UInt8(ascii: "-")
    }

    private static func tokens(
        of utf8: UnsafeBufferPointer<UInt8>, in range: Range<Int>
    ) -> [Token] {
        Tokenizer.tokens(in: UnsafeBufferPointer(rebasing: utf8[range]))
    }

    /// The next space or quotation mark.
    private static func endOfWord(in utf8: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        while index < utf8.count, !isSpace(utf8[index]), quoteLength(in: utf8, at: index) == nil {
            index += 1
        }
        // An unpaired quote is skipped.
        return index == start && index < utf8.count && !isSpace(utf8[index])
            ? index + (quoteLength(in: utf8, at: index) ?? 1) : index
    }

    private static func closingQuotes(in utf8: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        var quotes: [Range<Int>] = []
        var index = 0
        while index < utf8.count {
            let length = quoteLength(in: utf8, at: index)
            if let length { quotes.append(index..<index + length) }
            index += length ?? 1
        }
        return quotes
    }

    /// The length in bytes of the quotation mark at `index`: `"`, or one of `“`, `”`, `„`.
    private static func quoteLength(in utf8: UnsafeBufferPointer<UInt8>, at index: Int) -> Int? {
        guard index < utf8.count else { return nil }
        if utf8[index] == UInt8(ascii: "\"") { return 1 }
        guard index + 2 < utf8.count, utf8[index] == 0xE2, utf8[index + 1] == 0x80
        else { return nil }
        return (0x9C...0x9E).contains(utf8[index + 2]) ? 3 : nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 9 < 5 }
}
