/// Reads the parts of a Word document and collects their text.
struct WordReader {
    private let styles: WordStyles
    private var numbering: WordNumbering
    private var builder: TextBuilder
    /// The open paragraphs, outermost first: a paragraph can contain a text box with more paragraphs.
    private var paragraphs: [WordParagraph] = []
    /// The body, and the text boxes that are open in it, innermost last.
    private var boxes: [DocumentBox]
    private var isText = false
    private var isHidden = false
    private var isBold = false
    /// Keyed by kind and number, such as `footnote 2`. Each is removed at its first reference.
    private var notes: [String: [UInt8]] = [:]

    /// - Parameter size: the size of the main part in bytes.
    init(styles: WordStyles, numbering: WordNumbering, size: Int) {
        self.styles = styles
        self.numbering = numbering
        builder = TextBuilder(capacity: size / 8)
        boxes = [DocumentBox(budget: RepetitionBudget(sourceSize: size))]
    }

    /// Reads the main text. Read all notes before.
    mutating func read(_ part: [UInt8]) throws(XMLError) -> ExtractedText {
        var reader = try XMLReader(part)
        while let event = try reader.next() { try take(event, from: &reader) }
        for block in boxes[0].finish() { builder.append(block.kind, block.content) }
        return builder.finish()
    }

    /// Stores the footnotes or endnotes of a part.
    mutating func readNotes(_ part: [UInt8]) throws(XMLError) {
        var reader = try XMLReader(part)
        while let event = try reader.next() {
            guard case .start(let name) = event, name.namespace == .word,
                name.local == "footnote" || name.local == "endnote"
            else { continue }
            guard try reader.attribute("type", in: .word) ?? "normal" == "normal",
                let id = try reader.attribute("id", in: .word)
            else {
                try reader.skipElement()
                continue
            }
            try readNote(named: name, key: "\(name.local) \(id)", from: &reader)
        }
    }

    /// Joins the paragraphs of a note, which are read like those of a text box.
    private mutating func readNote(named name: XMLName, key: String, from reader: inout XMLReader) throws(XMLError) {
        openBox()
        while let event = try reader.next(), event != .end(name) { try take(event, from: &reader) }
        notes[key] = TextBytes.collapse(closeBox().map(\.content).joined(separator: [0x20]))
    }

    private mutating func take(_ event: XMLReader.Event, from reader: inout XMLReader) throws(XMLError) {
        switch event {
        case .text:
            if isText, !isHidden, let last = paragraphs.indices.last {
                let start = paragraphs[last].text.count
                try reader.appendText(to: &paragraphs[last].text)
                let box = boxes.count - 1
                if !isBold, boxes[box].isBoldCell, !paragraphs[last].text[start...].allSatisfy(TextBytes.isSpace) {
                    boxes[box].isBoldCell = false
                }
            }
        case .start(let name):
            if let element = WordElement(name) {
                if element.isLeftOut { return try reader.skipElement() }
                try start(element, reader)
            } else if name.namespace == .math, name.local == "t" {
                isText = true
            } else if name.namespace == .compatibility, name.local == "Fallback" {
                // The form of a drawing for older readers.
                try reader.skipElement()
            }
        case .end(let name):
            if let element = WordElement(name) { end(element) }
            if name.namespace == .math, name.local == "t" { isText = false }
        }
    }

    private mutating func start(_ element: WordElement, _ reader: XMLReader) throws(XMLError) {
        switch element {
        case .p: paragraphs.append(WordParagraph())
        case .r: (isHidden, isBold) = (false, false)
        case .t: isText = true
        case .tab, .ptab, .br, .cr: append(0x20)
        case .noBreakHyphen: append(UInt8(ascii: "-"))
        case .vanish: isHidden = try isOn(reader)
        case .b: isBold = try isOn(reader)
        case .rStyle: isBold = try reader.attribute("val", in: .word) == "Strong"
        case .pStyle: try change(reader) { $0.style = $1 }
        case .outlineLvl: try change(reader) { $0.outlineLevel = Int($1) }
        case .numId: try change(reader) { $0.list = $1 }
        case .ilvl: try change(reader) { $0.listLevel = Int($1) }
        case .txbxContent: openBox()
        case .footnoteReference: try addNote("footnote", reader)
        case .endnoteReference: try addNote("endnote", reader)
        default: try startInTable(element, reader)
        }
    }

    private mutating func end(_ element: WordElement) {
        switch element {
        case .p: finishParagraph()
        case .t: isText = false
        case .txbxContent where boxes.count > 1:
            let blocks = closeBox()
            boxes[boxes.count - 1].asides.append(contentsOf: blocks)
        case .tbl, .tr, .tc: endInTable(element)
        default: break
        }
    }

    private mutating func addNote(_ kind: String, _ reader: XMLReader) throws(XMLError) {
        let key = "\(kind) \(try reader.attribute("id", in: .word) ?? "")"
        if let note = notes.removeValue(forKey: key), !note.isEmpty {
            boxes[boxes.count - 1].asides.append(LooseBlock(kind: .paragraph, content: note))
        }
    }

    /// Whether a property is on. `<w:vanish w:val="0"/>` turns one off.
    private func isOn(_ reader: XMLReader) throws(XMLError) -> Bool {
        let value = try reader.attribute("val", in: .word) ?? "true"
        return !["0", "false", "off"].contains(value)
    }

    // MARK: Paragraphs

    private mutating func append(_ byte: UInt8) {
        guard !isHidden, let last = paragraphs.indices.last else { return }
        paragraphs[last].text.append(byte)
    }

    private mutating func change(
        _ reader: XMLReader, _ assign: (inout WordParagraph, String) -> Void
    ) throws(XMLError) {
        guard let last = paragraphs.indices.last, let value = try reader.attribute("val", in: .word) else { return }
        assign(&paragraphs[last], value)
    }

    private mutating func finishParagraph() {
        guard let paragraph = paragraphs.popLast() else { return }
        let meaning = styles.meaning(of: paragraph.style)
        guard let kind = paragraph.kind(by: meaning) else { return }
        let text = TextBytes.collapse(paragraph.text)
        if !text.isEmpty {
            if builder.title == nil, boxes.count == 1, meaning.headingLevel == 1 {
                builder.title = String(decoding: TextBytes.prefix(text, upTo: 500), as: UTF8.self)
            }
            add(marked(text, paragraph, meaning, kind))
        }
        boxes[boxes.count - 1].finishParagraph()
        takeBlocks()
    }

    /// The paragraph with the number that Word shows before it, or the marker of an item without one.
    private mutating func marked(
        _ text: [UInt8], _ paragraph: WordParagraph, _ meaning: WordStyles.Meaning, _ kind: TextBlock.Kind
    ) -> LooseBlock {
        let list = paragraph.list ?? meaning.list
        let level = paragraph.listLevel ?? meaning.listLevel
        switch list.flatMap({ numbering.marker(ofList: $0, level: level, style: paragraph.style) }) {
        case .number(let number): return LooseBlock(kind: kind, content: ListMarker.marked(text, with: number))
        case .none where kind == .listItem, .bullet where kind == .listItem:
            return LooseBlock(kind: kind, content: ListMarker.marked(text, with: ListMarker.plain))
        case .hidden where kind == .listItem: return LooseBlock(kind: .paragraph, content: text)
        default: return LooseBlock(kind: kind, content: text)
        }
    }

    private mutating func add(_ block: LooseBlock) { boxes[boxes.count - 1].tables.append(block) }

    /// Moves the complete blocks of the body to the document.
    private mutating func takeBlocks() {
        guard boxes.count == 1 else { return }
        for block in boxes[0].tables.takeBlocks() { builder.append(block.kind, block.content) }
    }

    // MARK: Text boxes

    private mutating func openBox() { boxes.append(DocumentBox(budget: boxes[boxes.count - 1].tables.budget)) }

    private mutating func closeBox() -> [LooseBlock] {
        guard boxes.count > 1, var box = boxes.popLast() else { return [] }
        let blocks = box.finish()
        boxes[boxes.count - 1].tables.budget = box.tables.budget
        return blocks
    }

    // MARK: Tables

    private mutating func startInTable(_ element: WordElement, _ reader: XMLReader) throws(XMLError) {
        let last = boxes.count - 1
        switch element {
        case .tbl: boxes[last].tables.open()
        case .tr: boxes[last].tables.startRow()
        case .tblHeader: if try isOn(reader) { boxes[last].tables.markRow() }
        case .gridBefore: boxes[last].tables.skipColumns(try number(reader) ?? 0)
        case .tc:
            boxes[last].tables.startCell()
            boxes[last].isBoldCell = true
        case .gridSpan: boxes[last].tables.spanColumns(try number(reader) ?? 1)
        // A merged cell says so in each row; the first of them says "restart".
        case .vMerge: if try reader.attribute("val", in: .word) != "restart" { boxes[last].tables.continueAbove() }
        default: break
        }
    }

    private func number(_ reader: XMLReader) throws(XMLError) -> Int? {
        try reader.attribute("val", in: .word).flatMap { Int($0) }
    }

    private mutating func endInTable(_ element: WordElement) {
        let last = boxes.count - 1
        switch element {
        case .tc: boxes[last].tables.endCell(isBold: boxes[last].isBoldCell)
        case .tr: boxes[last].finishRow()
        default: boxes[last].tables.close()
        }
        takeBlocks()
    }
}
