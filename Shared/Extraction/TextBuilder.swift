import Models

/// Collects the text and the blocks of a document, for all formats but plain text.
struct TextBuilder {
    private var bytes: [UInt8] = []
    private var blocks = TextBlocks()
    /// The kind of the last block.
    private var lastKind: TextBlock.Kind?
    var title: String?

    /// The size of the text so far.
    var count: Int { bytes.count }

    init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    /// Adds a block without surrounding white space. Does nothing if it is empty.
    ///
    /// - Parameter place: where it begins in the file.
    mutating func append(_ kind: TextBlock.Kind, _ content: [UInt8], at place: Place = Place()) {
        // Only here, because escapes may have been decoded to ligatures and soft hyphens.
        let content = TextBytes.normalised(content)
        var range = TextBytes.trim(content, 0..<content.count)
        guard !range.isEmpty else { return }
        if kind == .code { range = withIndentation(range, in: content) }
        if let lastKind { bytes.append(contentsOf: Self.separator(lastKind, kind).utf8) }
        lastKind = kind
        let start = bytes.count
        bytes.append(contentsOf: content[range])
        blocks.append(TextBlock(kind: kind, range: start..<bytes.count, place: place))
    }

    /// - Parameter joinsWords: whether words that a hyphen divides at the end of a line of prose are joined.
    func finish(joiningWords joinsWords: Bool = false) -> ExtractedText {
        guard joinsWords else {
            return ExtractedText(text: String(decoding: bytes, as: UTF8.self), blocks: blocks.all, title: title)
        }
        let prose = blocks.all.filter { [.paragraph, .listItem].contains($0.kind) }.map(\.range)
        let joined = LineEndHyphens(joining: bytes, within: prose)
        var text = ExtractedText(
            text: String(decoding: joined.bytes, as: UTF8.self), blocks: blocks.all, title: title)
        text.variants = joined.variants
        return text
    }

    /// Code keeps the indentation of its first line.
    private func withIndentation(_ range: Range<Int>, in content: [UInt8]) -> Range<Int> {
        var start = range.lowerBound
        while start > 0, content[start - 1] == 0x20 || content[start - 1] == 9 { start -= 1 }
        return start..<range.upperBound
    }

    /// The separator between two blocks. Rows and items are on consecutive lines.
    static func separator(_ first: TextBlock.Kind, _ second: TextBlock.Kind) -> String {
        first == second && (first == .listItem || first == .tableRow) ? "\n" : "\n\n"
    }
}
