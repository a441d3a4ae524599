import Models

/// Reads books: their chapters in reading order, each as the page that it is. What is only reached by links, such as answers
/// to riddles, is left out, and so is the table of contents.
enum EPUBExtractor {
    static func extract(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedText {
        var book = try EPUBPackage(bytes)
        var builder = TextBuilder(capacity: book.size / 4)
        var budget = RepetitionBudget(sourceSize: book.size)
        var names: [String: String] = [:]
        if let contents = book.contents, let part = try book.file(contents.file) {
            names = EPUBContents.names(in: part, of: contents.file)
        }
        var place = Place()
        var skipped: [String] = []
        for chapter in book.chapters where !chapter.isContents {
            guard let page = try book.file(chapter.file) else {
                skipped.append("the chapter \(chapter.file), which is missing")
                continue
            }
            // A chapter can have several files, of which the first has its name.
            if let name = names[chapter.file] { place = Place(chapter: name) }
            let encoding = (try? EncodingRecognition.encoding(of: page)) ?? .windows1252
            let text = HTMLExtractor.extract(TextDecoder.decode(page, as: encoding), below: 0, &budget)
            builder.append(text, at: place)
            skipped += text.warnings.skippedParts
        }
        if builder.count == 0, !skipped.isEmpty { throw .unreadable("The book is damaged: its chapters are missing.") }
        builder.title = book.title
        var text = builder.finish()
        text.warnings.skippedParts = skipped
        return text
    }
}

extension TextBuilder {
    /// Adds the blocks of another text.
    fileprivate mutating func append(_ other: ExtractedText, at place: Place) {
        let utf8 = Array(other.text.utf8)
        for block in other.blocks { append(block.kind, Array(utf8[block.range]), at: place) }
    }
}
