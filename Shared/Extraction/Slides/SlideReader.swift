/// Reads the shapes of a slide or of its notes (ECMA-376 part 1, section 19.3), in the order in which they are stored,
/// which is the order in which a screen reader reads them.
struct SlideReader {
    private var writer: SlideWriter
    private var tables: TableStack
    private var design: SlideDesign?
    /// The text of the slide's diagrams, by the identifiers of their parts. Each is removed where it is shown.
    private var diagrams: [String: [LooseBlock]] = [:]
    private var isNotes = false

    init(writer: SlideWriter, budget: RepetitionBudget) {
        self.writer = writer
        tables = TableStack(budget: budget)
    }

    /// - Parameter number: from 1.
    mutating func read(
        slide part: [UInt8], number: Int, design: SlideDesign, diagrams: [String: [LooseBlock]]
    ) throws(XMLError) {
        writer.startSlide(number: number)
        (self.design, self.diagrams, isNotes) = (design, diagrams, false)
        try read(part)
    }

    /// Reads what the speaker typed below the slide that was read last. The slide's picture and the page's margins are left
    /// out.
    mutating func read(notes part: [UInt8]) throws(XMLError) {
        (design, diagrams, isNotes) = (nil, [:], true)
        try read(part)
    }

    mutating func finish() -> ExtractedText { writer.finish() }

    private mutating func read(_ part: [UInt8]) throws(XMLError) {
        var reader = try XMLReader(part)
        while let event = try reader.next() {
            if event == .start(XMLName(namespace: .presentation, local: "spTree")) { try readShapes(&reader) }
        }
    }

    /// Whether a slide is left out of the show.
    static func isHidden(_ part: [UInt8]) throws(XMLError) -> Bool {
        var reader = try XMLReader(part)
        guard case .start = try reader.next() else { return false }
        return ["0", "false"].contains(try reader.attribute("show", in: .unqualified) ?? "1")
    }

    // MARK: Shapes

    /// Reads the shapes of the tree or group that just started.
    private mutating func readShapes(_ reader: inout XMLReader) throws(XMLError) {
        let depth = reader.depth
        while let event = try reader.next(within: depth) {
            guard case .start(let name) = event else { continue }
            switch (name.namespace, name.local) {
            case (.presentation, "sp"): try readShape(&reader)
            case (.presentation, "grpSp"): try readShapes(&reader)
            case (.presentation, "graphicFrame"): try readFrame(&reader)
            case (.presentation, "pic"), (.presentation, "cxnSp"), (.presentation, "grpSpPr"),
                (.compatibility, "Fallback"):
                try reader.skipElement()
            case (.presentation, "cNvPr"): if try isSet("hidden", reader) { return try reader.skipElement(at: depth) }
            default: break
            }
        }
    }

    private func isSet(_ attribute: String, _ reader: XMLReader) throws(XMLError) -> Bool {
        ["1", "true"].contains(try reader.attribute(attribute, in: .unqualified) ?? "")
    }

    private mutating func readShape(_ reader: inout XMLReader) throws(XMLError) {
        let depth = reader.depth
        var placeholder: SlidePlaceholder?
        while let event = try reader.next(within: depth) {
            guard case .start(let name) = event else { continue }
            switch (name.namespace, name.local) {
            case (.presentation, "cNvPr"): if try isSet("hidden", reader) { return try reader.skipElement(at: depth) }
            case (.presentation, "ph"):
                let found = try SlidePlaceholder(reader)
                if found.isMargin { return try reader.skipElement(at: depth) }
                placeholder = found
            case (.presentation, "txBody"):
                if isNotes, placeholder?.type != "body" { return try reader.skipElement(at: depth) }
                try readText(&reader, in: placeholder)
            case (.presentation, "spPr"), (.presentation, "style"), (.compatibility, "Fallback"):
                try reader.skipElement()
            default: break
            }
        }
    }

    /// Reads the text body that just started.
    private mutating func readText(_ reader: inout XMLReader, in placeholder: SlidePlaceholder?) throws(XMLError) {
        let depth = reader.depth
        var own = SlideBullets()
        var numbers = SlideNumbers()
        var title: [UInt8] = []
        while let event = try reader.next(within: depth) {
            guard case .start(let name) = event, name.namespace == .drawing else { continue }
            if name.local == "lstStyle" { own = try SlideBullets(&reader) }
            guard name.local == "p" else { continue }
            let paragraph = try SlideParagraph(&reader)
            guard !paragraph.text.isEmpty else { continue }
            if !isNotes, placeholder?.titleLevel != nil {
                title += (title.isEmpty ? [] : [0x20]) + paragraph.text
                continue
            }
            let inherited = own[paragraph.level] ?? design?.bullet(of: placeholder, level: paragraph.level)
            let bullet = paragraph.bullet ?? inherited ?? .nothing
            writer.add(.slideText(paragraph.text, numbers.marker(of: bullet, level: paragraph.level)))
        }
        if let level = placeholder?.titleLevel { writer.addTitle(title, level: level) }
    }

    // MARK: Tables and diagrams

    private mutating func readFrame(_ reader: inout XMLReader) throws(XMLError) {
        let depth = reader.depth
        while let event = try reader.next(within: depth) {
            guard case .start(let name) = event else { continue }
            switch (name.namespace, name.local) {
            case (.presentation, "cNvPr"): if try isSet("hidden", reader) { return try reader.skipElement(at: depth) }
            case (.drawing, "tbl"): try readTable(&reader)
            case (.diagram, "relIds"):
                let id = try reader.attribute("dm", in: .reference) ?? ""
                for block in diagrams.removeValue(forKey: id) ?? [] { writer.add(block) }
            case (.compatibility, "Fallback"): try reader.skipElement()
            default: break
            }
        }
    }

    private mutating func readTable(_ reader: inout XMLReader) throws(XMLError) {
        let depth = reader.depth
        tables.open()
        var isMarked = false
        while let event = try reader.next(within: depth) {
            switch event {
            case .start(let name) where name.namespace == .drawing:
                switch name.local {
                case "tblPr": isMarked = try isSet("firstRow", reader)
                case "tr":
                    tables.startRow(isHeader: isMarked)
                    isMarked = false
                case "tc": try readCell(&reader)
                default: break
                }
            case .end(XMLName(namespace: .drawing, local: "tr")):
                tables.endRow()
                takeBlocks()
            default: break
            }
        }
        tables.close()
        takeBlocks()
    }

    private mutating func takeBlocks() {
        for block in tables.takeBlocks() { writer.add(block) }
    }

    private mutating func readCell(_ reader: inout XMLReader) throws(XMLError) {
        // A cell that another one covers is there, too.
        let isCovered = (left: try isSet("hMerge", reader), above: try isSet("vMerge", reader))
        if isCovered.left || isCovered.above { return try reader.skipElement() }
        let depth = reader.depth
        tables.startCell(columns: try number("gridSpan", reader), rows: try number("rowSpan", reader))
        var numbers = SlideNumbers()
        var isBold = true
        while let event = try reader.next(within: depth) {
            guard event == .start(XMLName(namespace: .drawing, local: "p")) else { continue }
            let paragraph = try SlideParagraph(&reader)
            guard !paragraph.text.isEmpty else { continue }
            isBold = isBold && paragraph.isBold
            let marker = numbers.marker(of: paragraph.bullet ?? .nothing, level: paragraph.level)
            tables.append(.slideText(paragraph.text, marker))
        }
        tables.endCell(isBold: isBold)
    }

    private func number(_ name: String, _ reader: XMLReader) throws(XMLError) -> Int {
        try reader.attribute(name, in: .unqualified).flatMap { Int($0) } ?? 1
    }
}

extension LooseBlock {
    /// A paragraph of a slide, or an item if something stands before it.
    static func slideText(_ text: [UInt8], _ marker: String?) -> LooseBlock {
        guard let marker else { return LooseBlock(kind: .paragraph, content: text) }
        return LooseBlock(kind: .listItem, content: ListMarker.marked(text, with: marker))
    }
}
