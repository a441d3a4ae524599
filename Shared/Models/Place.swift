/// Where a part of a document is in its file, as a person would say it: page 3; row 12 of the sheet "2024"; message 5.
///
/// Numbers begin at 1. What the format does not have is nil.
public struct Place: Equatable, Sendable {
    public var page: Int?
    public var slide: Int?
    /// The name of a sheet.
    public var sheet: String?
    /// The number of a row, as spreadsheets show it, or of a record in a file of records.
    public var row: Int?
    /// The name of a chapter, as a table of contents has it.
    public var chapter: String?
    /// The number of a message in a mailbox.
    public var message: Int?
    /// The number of a line in a file that people cite by lines, such as source code.
    public var line: Int?

    public init(
        page: Int? = nil, slide: Int? = nil, sheet: String? = nil, row: Int? = nil, chapter: String? = nil,
        message: Int? = nil, line: Int? = nil
    ) {
        self.page = page
        self.slide = slide
        self.sheet = sheet
        self.row = row
        self.chapter = chapter
        self.message = message
        self.line = line
    }

    /// The place without what changes from one line to the next.
    public var withoutRow: Place {
        var place = self
        (place.row, place.line) = (nil, nil)
        return place
    }

    /// Whether a passage may begin in one place and end in the other. Sheets, chapters and messages are read apart; a
    /// sentence can go on on the next page.
    public func adjoins(_ other: Place) -> Bool {
        sheet == other.sheet && chapter == other.chapter && message == other.message
    }
}
