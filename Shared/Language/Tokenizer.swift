/// A word of a text.
public struct Token: Hashable, Sendable {
    /// The folded word: lower case, without diacritics, not stemmed.
    public let text: String
    /// Its position in the text, in UTF-8 bytes.
    public let range: Range<Int>
    /// Whether it is a single letter that also occurs in a pair, in a script without spaces.
    public let isFragment: Bool

    public init(text: String, range: Range<Int>, isFragment: Bool = false) {
        self.text = text
        self.range = range
        self.isFragment = isFragment
    }

    public var stem: String { Stemmer.stem(text) }
}

/// Splits text into words for comparing questions with sentences; search has `Analyzer`. Words are runs of letters and
/// numbers. A run in a script without spaces yields its letters and its pairs: 年, 年假, 假.
public enum Tokenizer {
    public static func tokens(in text: String) -> [Token] {
        var text = text
        return text.withUTF8 { tokens(in: $0) }
    }

    /// The words of `utf8`, which must be well-formed.
    public static func tokens(in utf8: UnsafeBufferPointer<UInt8>) -> [Token] {
        tokens(of: TokenScan(utf8))
    }

    /// The words of `text` as people read them. Vowels that are combining marks, as in Hindi, belong to their word;
    /// ``tokens(in:)`` divides it at each of them. Points that many texts leave out, as in Arabic and Hebrew, are dropped.
    public static func words(in text: String) -> [Token] {
        var text = text
        return text.withUTF8 { tokens(of: TokenScan($0, keepsMarks: true)) }
    }

    /// Whether ``words(in:)`` divides runs of a letter into pairs: the scripts that do not separate words. ``tokens(in:)``
    /// does not divide Thai, Lao, Burmese and Khmer.
    public static func isUnspaced(_ letter: Unicode.Scalar) -> Bool {
        switch letter.value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF: letter.properties.generalCategory == .otherLetter
        default: IndexForm.isUnspaced(letter)
        }
    }

    private static func tokens(of scan: TokenScan) -> [Token] {
        var scan = scan
        var tokens: [Token] = []
        while let token = scan.next() { tokens.append(token) }
        return tokens
    }
}

extension Sequence<Token> {
    /// The words without single letters that also occur in pairs: the terms of a search in which order does not matter.
    var words: [String] { compactMap { $0.isFragment ? nil : $0.text } }
}

/// One pass over a text.
private struct TokenScan {
    private let utf8: UnsafeBufferPointer<UInt8>
    private let keepsMarks: Bool
    private var index = 0
    private var folded: [UInt8] = []
    /// The state within a run of a script without spaces.
    private var run: Run?

    private enum Run { case pair, letter }

    init(_ utf8: UnsafeBufferPointer<UInt8>, keepsMarks: Bool = false) {
        self.utf8 = utf8
        self.keepsMarks = keepsMarks
    }

    mutating func next() -> Token? {
        folded.removeAll(keepingCapacity: true)
        if run == nil { skipSeparators() }
        if let end = endOfUnspaced(at: index) { return nextOfRun(firstLetter: index..<end) }
        let start = index
        while index < utf8.count, take() {}
        guard index > start else { return nil }
        return Token(text: String(decoding: folded, as: UTF8.self), range: start..<index)
    }

    private mutating func nextOfRun(firstLetter: Range<Int>) -> Token {
        let nextEnd = endOfUnspaced(at: firstLetter.upperBound)
        if run == .pair, let nextEnd {
            run = .letter
            index = firstLetter.upperBound
            return Token(text: text(in: firstLetter.lowerBound..<nextEnd), range: firstLetter.lowerBound..<nextEnd)
        }
        let isAlone = run == nil && nextEnd == nil
        run = nextEnd == nil ? nil : .pair
        if nextEnd == nil { index = firstLetter.upperBound }
        return Token(text: text(in: firstLetter), range: firstLetter, isFragment: !isAlone)
    }

    private func text(in range: Range<Int>) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: utf8[range]), as: UTF8.self)
    }

    /// The end of the letter at `index` and of its marks, if it belongs to a script without spaces.
    private func endOfUnspaced(at index: Int) -> Int? {
        guard index < utf8.count, utf8[index] >= (keepsMarks ? 0xE0 : 0xE3) else { return nil }
        let (scalar, length) = UTF8Scan.scalar(in: utf8, at: index)
        guard isUnspaced(scalar) else { return nil }
        var end = index + length
        while keepsMarks, end < utf8.count {
            let (mark, length) = UTF8Scan.scalar(in: utf8, at: end)
            guard Folding.isVowelSign(mark) else { break }
            end += length
        }
        return end
    }

    private func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
        keepsMarks ? Tokenizer.isUnspaced(scalar) : IndexForm.isUnspaced(scalar)
    }

    private mutating func skipSeparators() {
        while index < utf8.count {
            if utf8[index] < 0x80 {
                if Self.isAlphanumeric(utf8[index]) { return }
                index += 1
            } else {
                let (scalar, length) = UTF8Scan.scalar(in: utf8, at: index)
                if Folding.isTokenScalar(scalar) { return }
                index += length
            }
        }
    }

    /// Adds the next scalar to the word; false at a separator.
    private mutating func take() -> Bool {
        let byte = utf8[index]
        if byte < 0x80 {
            guard Self.isAlphanumeric(byte) else { return false }
            folded.append(Self.isUppercase(byte) ? byte | 0x20 : byte)
            index += 1
            return true
        }
        let (scalar, length) = UTF8Scan.scalar(in: utf8, at: index)
        if isUnspaced(scalar) { return false }
        if Folding.isTokenScalar(scalar) {
            folded.append(contentsOf: String(Folding.fold(scalar)).utf8)
        } else if keepsMarks, Folding.isVowelSign(scalar) {
            folded.append(contentsOf: String(scalar).utf8)
        } else if !Folding.isDiacritic(scalar), !(keepsMarks && Folding.isPoint(scalar)) {
            return false
        }
        index += length
        return true
    }

    private static func isUppercase(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10
    }
}
