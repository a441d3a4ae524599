import Models

/// A passage of a document before it is stored. Passages are the unit of search and answers.
public struct PassageDraft: Equatable, Sendable {
    /// Its index among the document's passages, from 0.
    public let index: Int
    /// Its position in the extracted text, in Unicode scalars.
    public let start: Int
    public let end: Int
    /// Where it begins in the file: the place of its first text below the heading.
    public let place: Place
    /// The nearest heading above, on one line of at most 200 scalars. If several small sections share the passage, all
    /// their headings: `Refunds · Returns`.
    public let heading: String?
    static let headingSeparator = " · "
    /// The headings above the first of these, outermost first.
    public let headingPath: [String]
    /// The text as prose: joined lines, line breaks between items and rows, empty lines between paragraphs.
    public let content: String
    /// Other readings of its words, as in `Passage.variants`.
    public let variants: String?
    public let wordCount: Int

    /// Whether there is anything to see: more than spaces, marks without a shape, and quotation marks with
    /// separators of cells, which are all that some editors and spreadsheets leave of an empty document.
    public var isVisible: Bool {
        content.unicodeScalars.contains { scalar in
            guard scalar.value < 0x80 else {
                let properties = scalar.properties
                return !properties.isWhitespace && !properties.isDefaultIgnorableCodePoint
                    && !properties.isQuotationMark && properties.generalCategory != .format
                    && properties.generalCategory != .control
            }
            return scalar.value > 0x20 && scalar.value != 0x7F && !Self.separators.contains(scalar)
        }
    }

    private static let separators: [Unicode.Scalar] = ["\"", "'", ",", ";", "|"]
}
