/// A passage of a document before it is stored. Search and answers work on passages.
public struct PassageDraft: Equatable, Sendable {
    /// Its index among the document's passages, from 0.
    public let index: Int
    /// Its position in the extracted text, in Unicode scalars.
    public let start: Int
    public let end: Int
    /// The page on which it begins, from 1, in formats with pages.
    public let page: Int?
    /// The nearest heading above, on one line of at most 200 scalars. If several small sections share a passage, all of
    /// their headings: `Refunds · Returns`.
    public let heading: String?
    static let headingSeparator = " · "
    /// The text as prose: joined lines, a line break between items and rows, an empty line between paragraphs.
    public let content: String
    public let wordCount: Int
}
