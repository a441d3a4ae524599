import Wire

/// Reads Word documents (ECMA-376 part 1, section 17): headings, paragraphs, list items with their numbers, tables and notes
/// in order, with tracked changes accepted. Headers, footers, comments, hidden text and tables of contents are left out.
enum WordExtractor {
    static func extract(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedText {
        var package = try OfficePackage(bytes)
        let main = package.mainPart
        guard let document = try package.part(main) else { throw .unreadable("The document has no text part.") }
        let styles = try package.part(relatedTo: main, as: "styles")
        let numbering = try package.part(relatedTo: main, as: "numbering")
        let footnotes = try package.part(relatedTo: main, as: "footnotes")
        let endnotes = try package.part(relatedTo: main, as: "endnotes")
        do throws(XMLError) {
            var reader = WordReader(
                styles: try WordStyles(part: styles), numbering: try WordNumbering(part: numbering),
                size: document.count)
            if let footnotes { try reader.readNotes(footnotes) }
            if let endnotes { try reader.readNotes(endnotes) }
            return try reader.read(document)
        } catch { throw ExtractionError(error) }
    }
}

/// A paragraph under construction.
struct WordParagraph {
    var text: [UInt8] = []
    var style: String?
    /// Set in the paragraph itself; overrides its style.
    var outlineLevel: Int?
    var list: String?
    var listLevel: Int?

    /// Nil for a paragraph that is left out.
    ///
    /// - Parameter meaning: what its style means.
    func kind(by meaning: WordStyles.Meaning) -> TextBlock.Kind? {
        if meaning.isContents { return nil }
        let level = outlineLevel.map(WordStyles.headingLevel(outline:)) ?? meaning.headingLevel
        if let level { return .heading(level: level) }
        return (list.map { $0 != WordNumbering.none } ?? meaning.isList) ? .listItem : .paragraph
    }
}
