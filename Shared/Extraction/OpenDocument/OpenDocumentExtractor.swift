/// Reads the documents of LibreOffice and others.
enum OpenDocumentExtractor {
    /// The text of a word processor's document. Headers, footers, comments, hidden and deleted text and tables of contents
    /// are left out.
    static func text(of bytes: [UInt8]) throws(ExtractionError) -> ExtractedText {
        let package = try OpenDocumentPackage(bytes)
        do throws(XMLError) {
            var document = OpenDocumentReader(
                styles: try OpenDocumentStyles(part: package.styles),
                budget: RepetitionBudget(sourceSize: package.content.count),
                sink: TextBuilder(capacity: package.content.count / 4))
            var reader = try XMLReader(package.content)
            while let event = try reader.next() {
                guard case .start(let name) = event, name.namespace == .openOffice else { continue }
                if name.local == "automatic-styles" { try document.styles.read(&reader) }
                if name.local == "text" { try document.readContent(&reader) }
            }
            document.finishPart()
            document.sink.title = document.title
            return document.sink.finish()
        } catch { throw ExtractionError(error) }
    }

    /// The slides of a presentation in order, each with its title, text and notes. Hidden slides, headers and footers are
    /// left out.
    static func slides(of bytes: [UInt8]) throws(ExtractionError) -> ExtractedText {
        let package = try OpenDocumentPackage(bytes)
        do throws(XMLError) {
            var document = OpenDocumentReader(
                styles: try OpenDocumentStyles(part: package.styles),
                budget: RepetitionBudget(sourceSize: package.content.count),
                sink: SlideWriter(capacity: package.content.count / 8))
            var reader = try XMLReader(package.content)
            var number = 0
            while let event = try reader.next() {
                guard case .start(let name) = event else { continue }
                switch (name.namespace, name.local) {
                case (.openOffice, "automatic-styles"): try document.styles.read(&reader)
                case (.openDrawing, "page"):
                    number += 1
                    try document.readSlide(&reader, number: number)
                default: break
                }
            }
            return document.sink.finish()
        } catch { throw ExtractionError(error) }
    }
}

extension TextBuilder: BlockSink {
    mutating func add(_ block: LooseBlock) { append(block.kind, block.content) }
}

extension SlideWriter: BlockSink {}

extension OpenDocumentReader<SlideWriter> {
    /// Reads the slide that just started.
    fileprivate mutating func readSlide(_ reader: inout XMLReader, number: Int) throws(XMLError) {
        let style = styles.meaning(of: try reader.attribute("style-name", in: .openDrawing), in: "drawing-page")
        if style.isHidden ?? false { return try reader.skipElement() }
        sink.startSlide(number: number)
        try readShapes(&reader, number: number, isNotes: false)
        finishPart()
    }

    private mutating func readShapes(_ reader: inout XMLReader, number: Int, isNotes: Bool) throws(XMLError) {
        let depth = reader.depth
        while let event = try reader.next(within: depth) {
            guard case .start(let name) = event else { continue }
            let kind = try reader.attribute("class", in: .openPresentation) ?? ""
            switch (name.namespace, name.local) {
            case (.openPresentation, "notes"): try readShapes(&reader, number: number, isNotes: true)
            // The notes of a slide are on a page with its picture and margins.
            case (.openDrawing, "g") where !isNotes: try readShapes(&reader, number: number, isNotes: isNotes)
            case (.openDrawing, _) where !isNotes && kind == "title":
                let title = try blocks(&reader).map(\.content).joined(separator: [0x20])
                sink.addTitle(TextBytes.collapse(title), level: number == 1 ? 1 : 2)
            case (.openDrawing, _) where isNotes ? kind == "notes" : !Self.margins.contains(kind):
                try readElement(name, &reader)
                finishPart()
            default: try reader.skipElement()
            }
        }
    }

    private static var margins: [String] { ["header", "footer", "date-time", "page-number"] }
}
