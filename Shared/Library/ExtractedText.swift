/// One structural unit of a document.
public struct TextBlock: Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        /// A heading, 1 (the document's) to 6.
        case heading(level: Int)
        /// A heading that opens the paragraph which follows, as in "4. Redistribution. You may …".
        /// Its range lies within that paragraph's.
        case runInHeading(level: Int)
        case paragraph
        case listItem
        /// Lines that keep their breaks and indentation.
        case code
        /// A row of a table, or a `path: value` line of a data file.
        case tableRow
        /// Several small blocks in one, each in lines of its own; only in documents of very many.
        case lines
    }

    public let kind: Kind
    /// Where the block stands in the extracted text, in UTF-8 bytes.
    public let range: Range<Int>
    /// The page it begins on, from 1, in formats that have pages.
    public let page: Int?

    public init(kind: Kind, range: Range<Int>, page: Int? = nil) {
        self.kind = kind
        self.range = range
        self.page = page
    }
}

/// The readable text of a document and its structure.
public struct ExtractedText: Equatable, Sendable {
    public let text: String
    /// In the order of the text.
    public let blocks: [TextBlock]
    /// What the document calls itself, where its format has a place for that.
    public let title: String?

    public init(text: String, blocks: [TextBlock], title: String? = nil) {
        self.text = text
        self.blocks = blocks
        self.title = title
    }

    /// The text of one of the blocks, line breaks and indentation as they are.
    public func text(of block: TextBlock) -> String {
        let utf8 = text.utf8
        let range = block.range.clamped(to: 0..<utf8.count)
        let start = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
        return String(text[start..<utf8.index(start, offsetBy: range.count)])
    }

    /// The number of words in the whole text: runs of anything but white space.
    public var wordCount: Int {
        var text = text
        return text.withUTF8 { TextBytes.countWords($0) }
    }
}
