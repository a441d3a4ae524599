import Wire

/// A section of a document's text, the unit that search finds and answers cite. The contract calls it a chunk.
public struct Passage: Identified, Sendable {
    public typealias ID = Identifier<Passage>
    public static let idPrefix: StaticString = "chk_"

    public var id: ID
    public var documentId: Document.ID
    public var position: Position
    public var content: String
    /// Other readings of words, for the index only, separated by `variantSeparator`.
    public var variants: String?

    /// A word that occurs in no text. It keeps phrases from matching across its two sides.
    public static let variantSeparator = " \u{E000} "

    public init(id: ID, documentId: Document.ID, position: Position, content: String, variants: String? = nil) {
        self.id = id
        self.documentId = documentId
        self.position = position
        self.content = content
        self.variants = variants
    }

    /// The text that the index stores.
    public var indexedText: String { variants.map { content + Self.variantSeparator + $0 } ?? content }

    /// The position of a passage in its document.
    public struct Position: Sendable {
        /// 0 for the document's first passage.
        public var index: Int
        /// In Unicode code points of the extracted text; `end` is exclusive.
        public var start: Int
        public var end: Int
        /// Where it begins in the file.
        public var place: Place
        /// The nearest heading above.
        public var heading: String?
        /// The headings above `heading`, outermost first.
        public var headingPath: [String]

        public init(
            index: Int, start: Int, end: Int, place: Place = Place(), heading: String?, headingPath: [String] = []
        ) {
            self.index = index
            self.start = start
            self.end = end
            self.place = place
            self.heading = heading
            self.headingPath = headingPath
        }
    }
}

extension Passage.Position: Shaped {
    public static let shape = Shape<Passage.Position>(
        "Position",
        [
            .field("index", "0 for the document's first passage.") { $0.index },
            .field("start", "In Unicode code points of the extracted text.") { $0.start },
            .field("end") { $0.end },
            .optional("page", "Where the passage begins, from 1; so are slide, row, message and line.") {
                $0.place.page
            },
            .optional("slide") { $0.place.slide },
            .optional("sheet", "The name of the sheet.") { $0.place.sheet },
            .optional("row", "Of a sheet or table, as spreadsheets count; of a file of records, the record.") {
                $0.place.row
            },
            .optional("chapter", "The name of the chapter.") { $0.place.chapter },
            .optional("message", "Of a mailbox.") { $0.place.message },
            .optional("line", "Of source code and logs.") { $0.place.line },
            .optional("heading", "The nearest heading above.") { $0.heading },
            .optional("headingPath", "The headings above `heading`, outermost first.") {
                $0.headingPath.isEmpty ? nil : $0.headingPath
            },
        ])
}

extension Passage: Shaped {
    public static let shape = Shape<Passage>(
        "Chunk",
        [
            .field("id") { $0.id },
            .field("documentId") { $0.documentId },
            .field("content") { $0.content },
            .field("position") { $0.position },
        ])
}

/// A passage that search found.
public struct SearchHit: Sendable {
    public var passage: Passage
    public var documentName: String
    public var type: DocumentType
    public var metadata: RawJSON
    /// The language of the document, as its ISO 639-1 code; nil if unknown.
    public var language: String?
    /// 0 to 1. By words and meaning, it is their mean (`PassageRanking`); after reranking, the reranker's score.
    public var score: Double
    /// The score by words alone: the share of the best possible score for the query. Nil if words were not searched.
    public var words: Double?
    /// The score by meaning alone. Nil if meaning was not searched, or if the passage has no vector yet.
    public var meaning: Double?
    /// What the reranker gives; nil if it was not asked, or did not answer.
    public var reranked: Double?
    /// Why it has its score, if somebody asked.
    public var explanation: HitExplanation?
    /// The content with hits marked and everything else HTML-escaped.
    public var highlight = ""
    /// Passages that say the same and score no better.
    public var duplicates: [Duplicate] = []

    /// Another passage that says the same.
    public struct Duplicate: Sendable {
        public var passage: Passage.ID
        public var document: Document.ID
        public var documentName: String

        public init(_ hit: SearchHit) {
            (passage, document, documentName) = (hit.passage.id, hit.passage.documentId, hit.documentName)
        }
    }

    public init(
        passage: Passage, documentName: String, type: DocumentType, metadata: RawJSON, language: String? = nil,
        score: Double
    ) {
        self.passage = passage
        self.documentName = documentName
        self.type = type
        self.metadata = metadata
        self.language = language
        self.score = score
    }
}

extension SearchHit.Duplicate: Shaped {
    public static let shape = Shape<SearchHit.Duplicate>(
        "DuplicatePassage",
        [
            .field("chunkId") { $0.passage },
            .field("documentId") { $0.document },
            .field("documentName") { $0.documentName },
        ])
}
