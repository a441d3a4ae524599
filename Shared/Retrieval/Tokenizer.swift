/// A word of a text.
public struct Token: Hashable, Sendable {
    /// The word folded: lower case, without diacritics, not stemmed.
    public let text: String
    /// Where the word stands in the text, in UTF-8 bytes.
    public let range: Range<Int>

    public init(text: String, range: Range<Int>) {
        self.text = text
        self.range = range
    }

    public var stem: String { Stemmer.stem(text) }
}

/// Splits text into words exactly as the full-text index does (FTS5's
/// `unicode61 remove_diacritics 2`): runs of letters and numbers, everything else separates.
public enum Tokenizer {
    public static func tokens(in text: String) -> [Token] {
        var text = text
        return text.withUTF8 { tokens(in: $0) }
    }

    /// The words of `utf8`, which must be well-formed.
    public static func tokens(in utf8: UnsafeBufferPointer<UInt8>) -> [Token] {
        var tokens: [Token] = []
        var scan = TokenScan(utf8)
        while let token = scan.next() { tokens.append(token) }
        return tokens
    }
}

/// One pass over a text.
private struct TokenScan {
    private let utf8: UnsafeBufferPointer<UInt8>
    private var index = 0
    private var folded: [UInt8] = []

    init(_ utf8: UnsafeBufferPointer<UInt8>) { self.utf8 = utf8 }

    mutating func next() -> Token? {
        folded.removeAll(keepingCapacity: true)
        skipSeparators()
        let start = index
        while index < utf8.count, take() {}
        guard index > start else { return nil }
        return Token(text: String(decoding: folded, as: UTF8.self), range: start..<index)
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

    /// Takes the next scalar into the word; false at a separator.
    private mutating func take() -> Bool {
        let byte = utf8[index]
        if byte < 0x80 {
            guard Self.isAlphanumeric(byte) else { return false }
            folded.append(Self.isUppercase(byte) ? byte | 0x20 : byte)
            index += 1
            return true
        }
        let (scalar, length) = UTF8Scan.scalar(in: utf8, at: index)
        if Folding.isTokenScalar(scalar) {
            folded.append(contentsOf: String(Folding.fold(scalar)).utf8)
        } else if !Folding.isDiacritic(scalar) {
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
