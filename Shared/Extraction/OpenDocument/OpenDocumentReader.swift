import Wire

/// Where the complete blocks of a document go.
protocol BlockSink {
    mutating func add(_ block: LooseBlock)
}

/// Reads the text of an OpenDocument file (OpenDocument 1.3 part 3, section 5), with tracked changes accepted: paragraphs,
/// headings and lists with their numbers, tables, notes and text boxes.
struct OpenDocumentReader<Sink: BlockSink> {
    var styles: OpenDocumentStyles
    var sink: Sink
    /// The first heading of level 1.
    private(set) var title: String?
    private var lists = OpenDocumentLists()
    private var headings = OpenDocumentNumbers()
    /// The body, and the text boxes and notes that are open in it, innermost last.
    var boxes: [DocumentBox]

    init(styles: OpenDocumentStyles, budget: RepetitionBudget, sink: Sink) {
        self.styles = styles
        self.sink = sink
        boxes = [DocumentBox(budget: budget)]
    }

    // MARK: Blocks

    /// Reads what is in the element that just started.
    mutating func readContent(_ reader: inout XMLReader) throws(XMLError) {
        let depth = reader.depth
        while let event = try reader.next(within: depth) {
            if case .start(let name) = event { try readElement(name, &reader) }
        }
    }

    /// Reads the element that just started, which is not part of a paragraph.
    mutating func readElement(_ name: XMLName, _ reader: inout XMLReader) throws(XMLError) {
        switch (name.namespace, name.local) {
        case (.openText, "p"), (.openText, "h"):
            let paragraph = try readParagraph(name, &reader)
            add(paragraph, marker: paragraph.level.flatMap { headingNumber($0, paragraph) })
        case (.openText, "list"): try readList(&reader)
        case (.openText, _) where isLeftOut(name.local): try reader.skipElement()
        case (.openTable, "table"): try readTable(&reader)
        case (.openDrawing, let local): try readShape(local, &reader)
        case (.openText, _), (.openTable, _):
            let isShown = try reader.attribute("display", in: .openText) != "none"
            if isShown { try readContent(&reader) } else { try reader.skipElement() }
        default: try reader.skipElement()
        }
    }

    /// Whether an element is left out: what was deleted, declarations, and lists of contents, figures and words with their
    /// pages.
    private func isLeftOut(_ name: String) -> Bool {
        name == "tracked-changes" || name == "table-of-content" || name.ends(withBytes: "-index")
            || name.ends(withBytes: "-source") || name.ends(withBytes: "-decls")
    }

    private mutating func add(_ paragraph: Paragraph, marker: String?, isItem: Bool = false) {
        if !paragraph.text.isEmpty {
            let kind = paragraph.level.map { TextBlock.Kind.heading(level: min($0, 6)) }
            if title == nil, boxes.count == 1, paragraph.level == 1 {
                title = String(decoding: TextBytes.prefix(paragraph.text, upTo: 500), as: UTF8.self)
            }
            let text = marker.map { ListMarker.marked(paragraph.text, with: $0) } ?? paragraph.text
            boxes[boxes.count - 1].tables.append(
                LooseBlock(kind: kind ?? (isItem ? .listItem : .paragraph), content: text))
        }
        boxes[boxes.count - 1].finishParagraph()
        pass()
    }

    /// Passes the complete blocks of the body on.
    mutating func pass() {
        guard boxes.count == 1 else { return }
        for block in boxes[0].tables.takeBlocks() { sink.add(block) }
    }

    private mutating func headingNumber(_ level: Int, _ paragraph: Paragraph) -> String? {
        guard paragraph.isCounted, !paragraph.text.isEmpty, !styles.outline.isEmpty else { return nil }
        return headings.marker(level: level, of: styles.outline, startingAt: paragraph.start)
    }

    // MARK: Paragraphs

    private struct Paragraph {
        var text: [UInt8] = []
        /// From 1, for headings.
        var level: Int?
        var isCounted = false
        /// The number that it gives itself.
        var start: Int?
    }

    /// Reads the paragraph or heading that just started.
    private mutating func readParagraph(_ name: XMLName, _ reader: inout XMLReader) throws(XMLError) -> Paragraph {
        var paragraph = Paragraph()
        let style = styles.meaning(of: try reader.attribute("style-name", in: .openText), in: "paragraph")
        if name.local == "h" {
            paragraph.level = max(1, try reader.attribute("outline-level", in: .openText).flatMap { Int($0) } ?? 1)
            paragraph.isCounted = try reader.attribute("is-list-header", in: .openText) != "true"
            if try reader.attribute("restart-numbering", in: .openText) == "true" {
                paragraph.start = try reader.attribute("start-value", in: .openText).flatMap { Int($0) } ?? 1
            }
        } else if style.isTitle {
            paragraph.level = 1
        }
        try readText(&reader, into: &paragraph.text, (style.isHidden ?? false, style.isBold ?? false))
        paragraph.text = TextBytes.collapse(paragraph.text)
        return paragraph
    }

    private typealias Look = (isHidden: Bool, isBold: Bool)

    /// Reads the text of the element that just started.
    private mutating func readText(
        _ reader: inout XMLReader, into text: inout [UInt8], _ look: Look
    ) throws(XMLError) {
        let depth = reader.depth
        while let event = try reader.next(within: depth) {
            switch event {
            case .text where !look.isHidden:
                let start = text.count
                try reader.appendText(to: &text)
                if !look.isBold, !text[start...].allSatisfy(TextBytes.isSpace) {
                    boxes[boxes.count - 1].isBoldCell = false
                }
            case .start(let name): try startInText(name, &reader, into: &text, look)
            case .text, .end: break
            }
        }
    }

    private mutating func startInText(
        _ name: XMLName, _ reader: inout XMLReader, into text: inout [UInt8], _ look: Look
    ) throws(XMLError) {
        switch (name.namespace, name.local) {
        case (.openText, "s"), (.openText, "tab"), (.openText, "line-break"): text.append(0x20)
        case (.openText, "note"): try readNote(&reader)
        case (.openText, "ruby-text"), (.openText, "hidden-text"), (.openText, "hidden-paragraph"),
            (.openText, "page-number"), (.openText, "script"):
            try reader.skipElement()
        case (.openText, "span"):
            let style = styles.meaning(of: try reader.attribute("style-name", in: .openText), in: "text")
            try readText(
                &reader, into: &text, (look.isHidden || style.isHidden ?? false, style.isBold ?? look.isBold))
        case (.openText, _): try readText(&reader, into: &text, look)
        case (.openDrawing, let local): try readShape(local, &reader)
        // Comments, and what other programs add.
        default: try reader.skipElement()
        }
    }

    // MARK: Notes and shapes

    /// The paragraphs of a note become one, which follows the paragraph that refers to it.
    private mutating func readNote(_ reader: inout XMLReader) throws(XMLError) {
        let depth = reader.depth
        openBox()
        while let event = try reader.next(within: depth) {
            guard case .start(let name) = event else { continue }
            if name == XMLName(namespace: .openText, local: "note-body") {
                try readContent(&reader)
            } else {
                try reader.skipElement()
            }
        }
        let note = TextBytes.collapse(closeBox().map(\.content).joined(separator: [0x20]))
        if !note.isEmpty { boxes[boxes.count - 1].asides.append(LooseBlock(kind: .paragraph, content: note)) }
    }

    /// Reads the text of a shape, which follows the paragraph that it belongs to.
    private mutating func readShape(_ name: String, _ reader: inout XMLReader) throws(XMLError) {
        guard !["image", "object", "object-ole", "plugin", "control", "applet"].contains(name),
            try reader.attribute("display", in: .openDrawing) != "none"
        else { return try reader.skipElement() }
        openBox()
        try readContent(&reader)
        let blocks = closeBox()
        boxes[boxes.count - 1].asides += blocks
    }

    /// The blocks of the element that just started, which are not passed on.
    mutating func blocks(_ reader: inout XMLReader) throws(XMLError) -> [LooseBlock] {
        openBox()
        try readContent(&reader)
        return closeBox()
    }

    private mutating func openBox() { boxes.append(DocumentBox(budget: boxes[boxes.count - 1].tables.budget)) }

    private mutating func closeBox() -> [LooseBlock] {
        guard boxes.count > 1, var box = boxes.popLast() else { return [] }
        let blocks = box.finish()
        boxes[boxes.count - 1].tables.budget = box.tables.budget
        return blocks
    }

    /// Ends the document, or a part of it that shares nothing with the next.
    mutating func finishPart() {
        guard boxes.count == 1 else { return }
        for block in boxes[0].finish() { sink.add(block) }
    }

    // MARK: Lists

    private mutating func readList(_ reader: inout XMLReader) throws(XMLError) {
        var list = try lists.open(reader)
        try readItems(&reader, level: 1, style: list.style, &list.numbers)
        lists.close(list)
    }

    private mutating func readItems(
        _ reader: inout XMLReader, level: Int, style: String?, _ numbers: inout OpenDocumentNumbers
    ) throws(XMLError) {
        let depth = reader.depth
        while let event = try reader.next(within: depth) {
            guard case .start(let name) = event else { continue }
            guard name.namespace == .openText, name.local == "list-item" || name.local == "list-header" else {
                try reader.skipElement()
                continue
            }
            try readItem(&reader, isCounted: name.local == "list-item", level: level, style: style, &numbers)
        }
    }

    /// Reads the item that just started. Its paragraphs are one text, so that its list stays a list.
    private mutating func readItem(
        _ reader: inout XMLReader, isCounted: Bool, level: Int, style: String?, _ numbers: inout OpenDocumentNumbers
    ) throws(XMLError) {
        let depth = reader.depth
        let value = try reader.attribute("start-value", in: .openText).flatMap { Int($0) }
        var open: Paragraph?
        var marker: String?
        var isFirst = isCounted
        while let event = try reader.next(within: depth) {
            guard case .start(let name) = event else { continue }
            if name.namespace == .openText, name.local == "p" || name.local == "h" {
                let paragraph = try readParagraph(name, &reader)
                if isFirst {
                    marker = numbers.marker(level: level, of: styles.list(style), startingAt: value)
                    isFirst = false
                    open = paragraph
                } else if let text = open?.text, text.count <= ListMarker.longestItem, marker != nil {
                    open?.text = text + [0x20] + paragraph.text
                } else {
                    if let open { add(open, marker: marker, isItem: marker != nil) }
                    (open, marker) = (paragraph, nil)
                }
                continue
            }
            if let open { add(open, marker: marker, isItem: marker != nil) }
            (open, marker) = (nil, nil)
            if name == XMLName(namespace: .openText, local: "list") {
                let own = try reader.attribute("style-name", in: .openText)
                try readItems(&reader, level: level + 1, style: own ?? style, &numbers)
            } else {
                try readElement(name, &reader)
            }
        }
        if let open { add(open, marker: marker, isItem: marker != nil) }
    }
}
