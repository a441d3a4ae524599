/// Divides a text into the terms that the index keeps and that a query looks for.
///
/// - A word is folded: NFKC, lower case, without marks; `ß` is `ss`, `ø` is `o`. Scripts without spaces give their
///   overlapping pairs of letters.
/// - Stems are further terms beside it. They begin with the byte of their language (``TextLanguage/stemPrefix``) and
///   are given only if they differ from the word. In Vietnamese, where marks distinguish words, the word with its marks
///   is the stem.
/// - A word that signs, digits or capitals divide (`PPR-9087`, `getUserById`) gives its parts at consecutive positions,
///   and the whole as an alternative at the first of them. ``WordParts`` says how.
///
/// A term has at most 64 bytes, a word at most 8 parts with a whole. The time is linear in the size of the text.
public struct Analyzer {
    private let pooled: PooledScanner

    /// - Parameter languages: those that stems are wanted in: of a document its language or none; of a query those of
    ///   the documents that it searches.
    public init(_ languages: [TextLanguage]) {
        pooled = PooledScanner(languages, isOfQuery: false)
    }

    /// An analyser for queries, which also gives stems that equal the word.
    init(ofQueryIn languages: [TextLanguage]) {
        pooled = PooledScanner(languages, isOfQuery: true)
    }

    /// Calls `body` for every term in order. The bytes are valid only during the call.
    ///
    /// - Parameter text: UTF-8. Malformed bytes divide words.
    /// - Returns: The length of the text: the number of positions.
    public mutating func terms(
        of text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>, TermOccurrence) -> Void
    ) -> Int {
        pooled.scanner.scan(text, body)
    }

    /// The same, but words that begin with other than some letters may be left without stems.
    mutating func terms(
        of text: UnsafeBufferPointer<UInt8>, stemming stemmed: InitialLetters,
        _ body: (UnsafeBufferPointer<UInt8>, TermOccurrence) -> Void
    ) {
        _ = pooled.scanner.scan(text, stemming: stemmed, body)
    }
}
