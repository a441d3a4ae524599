/// A piece of a document of the size that search and answers work on.
public struct PassageDraft: Equatable, Sendable {
    /// The place among the document's passages, from 0.
    public let index: Int
    /// Where the passage begins and ends in the extracted text, in Unicode scalars.
    public let start: Int
    public let end: Int
    /// The page it begins on, from 1, in formats that have pages.
    public let page: Int?
    /// The nearest heading above, in one line of at most 200 scalars; those of all its sections where
    /// small ones share a passage, such as `Refunds · Returns`.
    public let heading: String?
    static let headingSeparator = " · "
    /// The text as prose: joined lines, a line break between items and rows, an empty line
    /// between paragraphs.
    public let content: String
    public let wordCount: Int
}
