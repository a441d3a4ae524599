import Language

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

    /// The number of words in the whole text: runs of anything but white space. In Chinese and Japanese, which do
    /// not set words apart, each letter counts, as word processors have it, and marks do not.
    public var wordCount: Int {
        var text = text
        return text.withUTF8 { utf8 in
            // In UTF-8 these scripts begin with E3 and above; most texts have no such byte at all.
            guard utf8.contains(where: { $0 >= 0xE3 }) else { return TextBytes.countWords(utf8) }
            let scalars = String(decoding: utf8, as: UTF8.self).unicodeScalars
            return scalars.contains(where: Self.isWord) ? Self.countWords(scalars) : TextBytes.countWords(utf8)
        }
    }

    private static func countWords(_ scalars: String.UnicodeScalarView) -> Int {
        var words = 0
        var isInWord = false
        for scalar in scalars {
            if isWord(scalar) {
                words += 1
                isInWord = false
            } else if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                if !isInWord { words += 1 }
                isInWord = true
            } else if scalar.properties.isWhitespace || scalar.value >= 0x2E80 {
                // Marks of these scripts end a word; an apostrophe or a hyphen does not.
                isInWord = false
            }
        }
        return words
    }

    /// Whether a letter is as good as a word. Korean has spaces.
    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        !(0xAC00...0xD7A3).contains(scalar.value) && IndexForm.isUnspaced(scalar)
    }
}
