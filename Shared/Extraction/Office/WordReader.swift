/// Reads the parts of a Word document and collects their text.
struct WordReader {
    private let styles: WordStyles
    private let size: Int
    private var builder: TextBuilder
    /// The open paragraphs, outermost first: a paragraph can contain a text box with more paragraphs.
    private var paragraphs: [WordParagraph] = []
    private var boxDepth = 0
    private var isText = false
    private var isHidden = false
    /// Notes and text boxes, which follow their paragraph or row.
    private var asides: [(kind: TextBlock.Kind, text: [UInt8])] = []
    /// Keyed by kind and number, such as `footnote 2`. Each is removed at its first reference.
    private var notes: [String: [UInt8]] = [:]

    private var table = TextTable()
    /// Tables within a cell become part of the cell's text.
    private var tableDepth = 0
    private var cell: [UInt8] = []
    private var columnsToSkip = 0
    private var mayHaveHeader = false
    private var isHeaderRow = false

    /// - Parameter size: the size of the main part in bytes.
    init(styles: WordStyles, size: Int) {
        self.styles = styles
        self.size = size
        builder = TextBuilder(capacity: size / 8)
    }

    /// Reads the main text. Read all notes before.
    mutating func read(_ part: [UInt8]) throws(XMLError) -> ExtractedText {
        var reader = try XMLReader(part)
        while let event = try reader.next() { try take(event, from: &reader) }
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
        boxDepth += 1
        while let event = try reader.next(), event != .end(name) { try take(event, from: &reader) }
        boxDepth -= 1
        notes[key] = Array(asides.map(\.text).joined(separator: [0x20]))
        asides.removeAll()
    }

    private mutating func take(_ event: XMLReader.Event, from reader: inout XMLReader) throws(XMLError) {
        switch event {
        case .text:
            if isText, !isHidden, let last = paragraphs.indices.last {
                try reader.appendText(to: &paragraphs[last].text)
            }
        case .start(let name):
            if Self.isLeftOut(name) { return try reader.skipElement() }
            if name.namespace == .word { try start(name.local, reader) }
            if name.namespace == .math, name.local == "t" { isText = true }
        case .end(let name):
            if name.namespace == .word { end(name.local) }
            if name.namespace == .math, name.local == "t" { isText = false }
        }
    }

    /// Elements that are left out: deleted and moved text, previous formatting, field instructions, and the form of a
    /// drawing for older readers.
    private static func isLeftOut(_ name: XMLName) -> Bool {
        switch name.namespace {
        case .compatibility: name.local == "Fallback"
        case .word:
            switch name.local {
            case "del", "moveFrom", "pPrChange", "rPrChange", "tblPrChange", "trPrChange", "tcPrChange", "instrText",
                "sdtPr", "sectPr", "tabs", "rt":
                true
            default: false
            }
        default: false
        }
    }

    private mutating func start(_ name: String, _ reader: XMLReader) throws(XMLError) {
        switch name {
        case "p": paragraphs.append(WordParagraph())
        case "r": isHidden = false
        case "t": isText = true
        case "tab", "ptab", "br", "cr": append(0x20)
        case "noBreakHyphen": append(UInt8(ascii: "-"))
        case "vanish": isHidden = try isOn(reader)
        case "pStyle": try change(reader) { $0.style = $1 }
        case "outlineLvl": try change(reader) { $0.outlineLevel = Int($1) }
        case "numId": try change(reader) { $0.isList = $1 != "0" }
        case "txbxContent": boxDepth += 1
        case "footnoteReference", "endnoteReference":
            let key = "\(name.dropLast("Reference".count)) \(try reader.attribute("id", in: .word) ?? "")"
            if let note = notes.removeValue(forKey: key) { asides.append((.paragraph, note)) }
        case "tbl", "tblLook", "tr", "tblHeader", "tc", "gridSpan": try startInTable(name, reader)
        default: break
        }
    }

    private mutating func end(_ name: String) {
        switch name {
        case "p": finishParagraph()
        case "t": isText = false
        case "txbxContent": boxDepth -= 1
        case "tbl", "tr", "tc": endInTable(name)
        default: break
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
        guard let paragraph = paragraphs.popLast(), let kind = paragraph.kind(by: styles) else { return }
        let text = TextBytes.collapse(paragraph.text)
        if boxDepth > 0 {
            asides.append((kind, text))
        } else if tableDepth > 0 {
            if !cell.isEmpty { cell.append(0x20) }
            cell.append(contentsOf: text)
        } else {
            if builder.title == nil, styles.meaning(of: paragraph.style).headingLevel == 1, !text.isEmpty {
                builder.title = String(decoding: TextBytes.prefix(text, upTo: 500), as: UTF8.self)
            }
            builder.append(kind, text)
            appendAsides()
        }
    }

    private mutating func appendAsides() {
        for aside in asides { builder.append(aside.kind, aside.text) }
        asides.removeAll()
    }

    // MARK: Tables

    private mutating func startInTable(_ name: String, _ reader: XMLReader) throws(XMLError) {
        guard boxDepth == 0 else { return }
        if name == "tbl" {
            tableDepth += 1
            if tableDepth == 1 { (table, mayHaveHeader) = (TextTable(), false) }
        }
        guard tableDepth == 1 else { return }
        switch name {
        case "tblLook":
            let bits = Int(try reader.attribute("val", in: .word) ?? "", radix: 16) ?? 0
            mayHaveHeader = try reader.attribute("firstRow", in: .word).map { $0 == "1" } ?? (bits & 0x20 != 0)
        case "tr": (isHeaderRow, columnsToSkip) = (false, 0)
        case "tblHeader": isHeaderRow = try isOn(reader)
        case "tc":
            // Skip the columns that the cell before spans, so that the cells below stay under their headers.
            for _ in 0..<columnsToSkip { addCell([]) }
            (cell, columnsToSkip) = ([], 0)
        case "gridSpan": columnsToSkip = min(63, max(1, Int(try reader.attribute("val", in: .word) ?? "") ?? 1)) - 1
        default: break
        }
    }

    private mutating func endInTable(_ name: String) {
        guard boxDepth == 0 else { return }
        if tableDepth == 1 {
            if name == "tc" { addCell(cell) }
            if name == "tr" { finishRow() }
        }
        guard name == "tbl" else { return }
        tableDepth -= 1
        if tableDepth == 0, let headers = table.finish() { builder.append(.tableRow, headers) }
    }

    private mutating func addCell(_ content: [UInt8]) {
        table.startCell(isHeader: isHeaderRow)
        table.endCell(with: content)
    }

    private mutating func finishRow() {
        // Word marks nearly every first row as special. One with two columns may just as well be a name and its value.
        if mayHaveHeader, table.cellCount > 2 { table.takeAsHeader() }
        for (kind, content) in table.finishRow(textSize: builder.count, limit: 4 * size) {
            builder.append(kind, content)
        }
        appendAsides()
    }
}
