import Language
import Models

/// Splits a document into passages along its structure.
///
/// A passage stays within a section. It consists of whole paragraphs if possible, and of whole sentences otherwise.
/// Tiny adjacent sections share a passage. If a section is divided, each passage repeats the last sentence or two of
/// the previous one.
public enum PassageSplitter {
    /// The passages of `text` in order; none for a document without words.
    public static func split(_ text: ExtractedText) -> [PassageDraft] {
        var source = text.text
        return source.withUTF8 { utf8 in
            var outline = DocumentOutline(utf8)
            for block in text.blocks { outline.add(block) }
            var packer = PassagePacker(utf8, pieces: outline.pieces)
            for run in SectionGrouping.runs(of: outline.sections) { packer.pack(run) }
            return packer.finish(outline.sections, places: text.blocks, variants: text.variants)
        }
    }
}

/// The sizes of passages. Words are runs without white space. Sizes are in scalars; they matter where words are long or
/// not separated, as in Chinese or minified code.
enum PassageLimits {
    static let targetWords = 200
    static let maximumWords = 260
    static let maximumSize = 2_000
    static let overlapWords = 40
    static let overlapSize = 300
    /// A smaller section shares its passage with a neighbour.
    static let tinyWords = 40
    /// A paragraph that does not fit starts a new passage if the current one has at least this size.
    static let paragraphBreakWords = 100
    static let headingSize = 200
}

/// The unit from which passages are packed: a sentence, a row, an item or a line of code.
struct TextPiece {
    /// Its ranges in bytes and in scalars.
    let range: Range<Int>
    let scalars: Range<Int>
    let words: Int
    /// Its size in the passage in scalars, including the space or line break before it.
    let size: Int
    /// The index of its block.
    let block: Int
    let kind: TextBlock.Kind
    let section: Int

    var isHeading: Bool { if case .heading = kind { true } else { false } }

    /// Both pieces as one, if they are small and from the same block.
    func joined(with next: TextPiece) -> TextPiece? {
        let range = self.range.lowerBound..<next.range.upperBound
        guard block == next.block, section == next.section, range.count <= TextBlocks.joinedSize else { return nil }
        let scalars = self.scalars.lowerBound..<next.scalars.upperBound
        return TextPiece(
            range: range, scalars: scalars, words: words + next.words, size: scalars.count + 2, block: block,
            kind: kind, section: section)
    }
}

/// A heading and the pieces up to the next heading.
struct TextSection {
    let heading: String?
    let level: Int
    /// The index of the section whose heading is above this one.
    let parent: Int?
    /// Where its first text below the heading is in the file.
    var place: Place
    var pieces: Range<Int>
    var words: Int
    var size: Int
    /// Whether it contains more than its heading.
    var hasBody: Bool
}
