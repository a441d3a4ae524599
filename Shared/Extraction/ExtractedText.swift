import Language
import Models
import Wire

/// A structural unit of a document.
public struct TextBlock: Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        /// A heading of level 1 (the document's) to 6.
        case heading(level: Int)
        /// A heading on the line of its paragraph, as in "4. Redistribution. You may …". Its range is within the
        /// paragraph's.
        case runInHeading(level: Int)
        case paragraph
        case listItem
        /// Lines that keep their breaks and indentation.
        case code
        /// A row of a table, or a `path: value` line of a data file.
        case tableRow
        /// Several small blocks in one, each on separate lines. Only in documents with very many blocks.
        case lines
    }

    public let kind: Kind
    /// The position of the block in the extracted text, in UTF-8 bytes.
    public let range: Range<Int>
    /// Where it begins in the file.
    public let place: Place

    public init(kind: Kind, range: Range<Int>, place: Place = Place()) {
        self.kind = kind
        self.range = range
        self.place = place
    }
}

/// The readable text and structure of a document.
public struct ExtractedText: Equatable, Sendable {
    public let text: String
    /// In text order.
    public let blocks: [TextBlock]
    /// The title, in formats that have one.
    public let title: String?
    /// What could not be taken over from the file.
    public var warnings = ExtractionWarnings()
    /// The fields that a text file declares before its text.
    public var frontMatter: JSONObject?
    /// How the file was decoded, as an IANA name in lower case; nil for formats that are not text.
    public var encoding: String?
    /// Other readings of words, in text order.
    public var variants: [Variant] = []

    /// Another reading of a word, such as one that a hyphen at a line end divides: `climate` for `cli-mate`. It can have
    /// its neighbours on both sides, so that phrases find it, too.
    public struct Variant: Equatable, Sendable {
        /// The position of the word in the extracted text, in UTF-8 bytes.
        public let position: Int
        public let text: String

        public init(position: Int, text: String) {
            self.position = position
            self.text = text
        }
    }

    public init(text: String, blocks: [TextBlock], title: String? = nil) {
        self.text = text
        self.blocks = blocks
        self.title = title
    }

    /// The language that most of the text is in; nil if that is uncertain.
    public var language: TextLanguage? {
        var text = text
        return text.withUTF8 { TextLanguage.detect(in: $0) }
    }

    /// The text of a block, with its line breaks and indentation.
    public func text(of block: TextBlock) -> String {
        let utf8 = text.utf8
        let range = block.range.clamped(to: 0..<utf8.count)
        let start = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
        return String(text[start..<utf8.index(start, offsetBy: range.count)])
    }

    /// The number of words, that is, of runs without white space. In Chinese and Japanese, which do not separate words,
    /// each letter counts and punctuation does not, as in word processors.
    public var wordCount: Int {
        var text = text
        return text.withUTF8 { utf8 in
            // In UTF-8, letters of these scripts start with E3 or above. Most texts contain no such byte.
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
                // Punctuation of these scripts ends a word; an apostrophe or a hyphen does not.
                isInWord = false
            }
        }
        return words
    }

    /// Whether a letter counts as a word. Korean has spaces.
    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        !(0xAC00...0xD7A3).contains(scalar.value) && IndexForm.isUnspaced(scalar)
    }
}
