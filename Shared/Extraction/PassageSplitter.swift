import Language

/// Cuts a document into passages along its structure.
///
/// A passage stays within a section, takes whole paragraphs where it can and whole sentences where
/// it must. Tiny neighbouring sections share one. Where a section is cut in its middle, the next
/// passage repeats its last sentence or two.
public enum PassageSplitter {
    /// The passages of `text` in order; none for a document without words.
    public static func split(_ text: ExtractedText) -> [PassageDraft] {
        var source = text.text
        return source.withUTF8 { utf8 in
            var outline = DocumentOutline(utf8)
            for block in text.blocks { outline.add(block) }
            var packer = PassagePacker(utf8, pieces: outline.pieces)
            for run in SectionGrouping.runs(of: outline.sections) { packer.pack(run) }
            return packer.finish(headings: outline.sections.map(\.heading))
        }
    }
}

/// The sizes that passages are made to. Words are runs of anything but white space; sizes are in
/// scalars and matter where words are long or there are none, as in Chinese or in minified code.
enum PassageLimits {
    static let targetWords = 200
    static let maximumWords = 260
    static let maximumSize = 2_000
    static let overlapWords = 40
    static let overlapSize = 300
    /// A section below this shares its passage with a neighbour.
    static let tinyWords = 40
    /// A paragraph that does not fit begins a new passage when this much is there already.
    static let paragraphBreakWords = 100
    static let headingSize = 200
}

/// What passages are put together from: a sentence, a row, an item or a line of code.
struct TextPiece {
    /// In bytes, and in scalars.
    let range: Range<Int>
    let scalars: Range<Int>
    let words: Int
    /// Scalars in the passage's content, with the space or line break in front.
    let size: Int
    let block: Int
    let kind: TextBlock.Kind
    let page: Int?
    let section: Int

    /// Both as one, if they are of the same block and small.
    func joined(with next: TextPiece) -> TextPiece? {
        let range = self.range.lowerBound..<next.range.upperBound
        guard block == next.block, section == next.section, range.count <= TextBlocks.joinedSize else { return nil }
        let scalars = self.scalars.lowerBound..<next.scalars.upperBound
        return TextPiece(
            range: range, scalars: scalars, words: words + next.words, size: scalars.count + 2, block: block,
            kind: kind, page: page, section: section)
    }
}

/// A heading with the pieces up to the next heading.
struct TextSection {
    let heading: String?
    let level: Int
    var pieces: Range<Int>
    var words: Int
    var size: Int
    /// Whether there is anything but the heading.
    var hasBody: Bool
}
