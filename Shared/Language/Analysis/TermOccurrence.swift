/// One occurrence of a term in a text.
public struct TermOccurrence: Hashable, Sendable {
    public enum Kind: Sendable {
        /// A word, or a part of a divided word. It takes a position.
        case word
        /// Another spelling at the same position: `1000` for `1,000`, or the whole of a divided word.
        case alternative
        /// It has no position of its own: it is found in any order only.
        case stem
    }

    public var kind: Kind
    /// The position of the word, ascending from 0.
    public var position: Int
    /// The range of the word in the text, in UTF-8 bytes.
    public var range: Range<Int>

    public init(kind: Kind, position: Int, range: Range<Int>) {
        self.kind = kind
        self.position = position
        self.range = range
    }
}

/// Receives the terms of a text. The bytes are valid only during the call.
typealias TermBody = (UnsafeBufferPointer<UInt8>, TermOccurrence) -> Void
