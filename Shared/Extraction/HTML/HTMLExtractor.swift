/// Reads HTML: headings, paragraphs, list items with their markers, code and table rows. Scripts, styles, navigation, form controls and
/// hidden elements are left out.
enum HTMLExtractor {
    static func extract(_ bytes: [UInt8]) -> ExtractedText {
        var budget = RepetitionBudget(sourceSize: bytes.count)
        return extract(bytes, below: 0, &budget)
    }

    /// - Parameter level: the level of the heading above.
    static func extract(_ bytes: [UInt8], below level: Int, _ budget: inout RepetitionBudget) -> ExtractedText {
        var reader = HTMLReader(bytes, below: level, budget)
        defer { budget = reader.tables.budget }
        return reader.read()
    }
}

private struct HTMLReader {
    private let bytes: [UInt8]
    private var tokenizer: HTMLTokenizer
    private var builder: TextBuilder
    /// The text of the current block.
    private var buffer: [UInt8] = []
    private var flow = HTMLFlow()
    /// The flows around the open tables.
    private var outerFlows: [HTMLFlow] = []
    private var definitions = DefinitionTerms()
    private(set) var tables: TableStack
    /// The part of a table that its rows belong to.
    private var tablePart = HTMLTablePart.body
    private var boldDepth = 0
    /// Whether all text of the open cell is bold so far.
    private var isBoldCell = false
    /// The level of the last heading, below which a summary is.
    private var level: Int
    private var hidden: HiddenElement?

    init(_ bytes: [UInt8], below level: Int, _ budget: RepetitionBudget) {
        self.bytes = bytes
        self.level = level
        tokenizer = HTMLTokenizer(bytes)
        builder = TextBuilder(capacity: bytes.count / 2)
        tables = TableStack(budget: budget)
    }

    mutating func read() -> ExtractedText {
        while let token = tokenizer.next() {
            if isHidden(token) { continue }
            switch token {
            case .text(let range): addText(range)
            case .start(let name, let isHidden):
                if isHidden, !HTMLElements.void.contains(name) { hide(name) } else { start(name) }
            case .end(let name): end(name)
            }
        }
        while tables.isOpen { closeTable() }
        finishTermOrBlock()
        endDefinitions()
        var text = builder.finish()
        text.warnings.skippedParts = tokenizer.skippedParts
        return text
    }

    private mutating func addText(_ range: Range<Int>) {
        if isBoldCell, boldDepth == 0, !bytes[range].allSatisfy(TextBytes.isSpace) { isBoldCell = false }
        HTMLText.decode(bytes, range, into: &buffer)
    }

    private mutating func hide(_ name: String) {
        let role = HTMLElements.roles[name]
        if role == .dropped { return tokenizer.skip(name) }
        if let role, role.endsText { finishBlock() }
        hidden = HiddenElement(name)
    }

    /// Whether a token belongs to a hidden element.
    private mutating func isHidden(_ token: HTMLTokenizer.Token) -> Bool {
        guard let place = hidden?.place(of: token) else { return false }
        if place != .inside { hidden = nil }
        if place == .inside, case .start(let name, _) = token, HTMLElements.roles[name] == .dropped {
            tokenizer.skip(name)
        }
        return place != .behind
    }

    // MARK: Tags

    private mutating func start(_ name: String) {
        guard let role = HTMLElements.roles[name] else { return }
        switch role {
        case .dropped: tokenizer.skip(name)
        case .heading(let level): startHeading(level)
        case .title: readTitle()
        case .summary: startHeading(min(level + 1, 6))
        case .item:
            finishBlock()
            flow.openItem(value: tokenizer.number("value"))
        case .list(let isOrdered):
            finishBlock()
            flow.openList(isOrdered ? .ordered(tokenizer) : .unordered)
        case .definitions where !tables.isOpen:
            finishTermOrBlock()
            endDefinitions()
        case .term where !tables.isOpen:
            finishTermOrBlock()
            if definitions.isBegun { endDefinitions() }
            definitions.isInTerm = true
        case .definition where !tables.isOpen:
            finishTermOrBlock()
            definitions.isBegun = true
        case .preformatted:
            finishBlock()
            flow.preDepth += 1
        case .lineBreak: buffer.append(flow.preDepth > 0 ? 10 : 0x20)
        case .bold: boldDepth += 1
        case .table, .rows, .row, .cell: startInTable(role)
        case .block, .details, .definitions, .term, .definition: breakBlock()
        }
    }

    private mutating func end(_ name: String) {
        guard let role = HTMLElements.roles[name] else { return }
        switch role {
        case .heading, .summary, .details: endHeading()
        case .item:
            finishBlock()
            flow.closeItem()
        case .list:
            finishBlock()
            flow.closeList()
        case .term where !tables.isOpen: finishTermOrBlock()
        case .definition where !tables.isOpen, .definitions where !tables.isOpen:
            finishTermOrBlock()
            endDefinitions()
        case .preformatted:
            finishBlock()
            flow.preDepth = max(0, flow.preDepth - 1)
        case .bold: boldDepth = max(0, boldDepth - 1)
        case .table, .rows, .row, .cell: endInTable(role)
        case .block, .definitions, .term, .definition: breakBlock()
        case .dropped, .title, .lineBreak: break
        }
    }

    private mutating func startHeading(_ level: Int) {
        finishBlock()
        flow.closeItem()
        flow.headingLevel = level
    }

    private mutating func endHeading() {
        finishBlock()
        flow.headingLevel = nil
    }

    private mutating func readTitle() {
        guard let range = tokenizer.skipElement("title") else { return }
        var title: [UInt8] = []
        HTMLText.decode(bytes, range, into: &title)
        let bounded = TextBytes.collapse(TextBytes.prefix(title, upTo: 500))
        let text = String(decoding: bounded, as: UTF8.self)
        if builder.title == nil, !text.isEmpty { builder.title = text }
    }

    // MARK: Blocks

    /// Ends a block at an element within the current item or before it. All blocks of an item are one text, so that its
    /// list stays a list.
    private mutating func breakBlock() {
        guard flow.marker != nil, flow.preDepth == 0, buffer.count <= ListMarker.longestItem else {
            return finishBlock()
        }
        buffer.append(0x20)
    }

    private mutating func finishBlock() {
        // All blocks of a term become one text, too, unless it was never closed.
        if definitions.isInTerm, !tables.isOpen, flow.preDepth == 0, flow.headingLevel == nil {
            if buffer.count <= DefinitionTerms.longest { return buffer.append(0x20) }
            definitions.isInTerm = false
        }
        defer { buffer.removeAll(keepingCapacity: true) }
        if flow.preDepth > 0 || flow.headingLevel != nil || flow.marker != nil { endDefinitions() }
        if flow.preDepth > 0 { return add(.code, buffer) }
        let text = TextBytes.collapse(buffer)
        if text.isEmpty { return }
        if let headingLevel = flow.headingLevel {
            level = headingLevel
            // Generators of documentation end headings with a link to themselves.
            add(.heading(level: headingLevel), text.suffix(2).elementsEqual("¶".utf8) ? text.dropLast(2) : text)
        } else if let marker = flow.marker {
            flow.closeItem()
            add(.listItem, ListMarker.marked(text, with: marker))
        } else {
            add(.paragraph, tables.isOpen ? text : definitions.joined(to: text))
        }
    }

    private mutating func add(_ kind: TextBlock.Kind, _ text: [UInt8]) {
        guard tables.isOpen else { return builder.append(kind, text) }
        guard text.contains(where: { !TextBytes.isSpace($0) }) else { return }
        tables.append(LooseBlock(kind: kind, content: text))
        takeTableBlocks()
    }

    /// A term waits for its definition, so that both become one text.
    private mutating func finishTermOrBlock() {
        guard definitions.isInTerm else { return finishBlock() }
        definitions.add(TextBytes.collapse(buffer))
        buffer.removeAll(keepingCapacity: true)
        if definitions.isLong { endDefinitions() }
    }

    /// Terms without a definition become separate blocks.
    private mutating func endDefinitions() {
        builder.append(.paragraph, definitions.take())
    }

    // MARK: Tables

    private mutating func startInTable(_ role: HTMLRole) {
        switch role {
        case .table:
            finishTermOrBlock()
            // A table between the cells of another ends it, as in browsers.
            if tables.isOpen, !tables.isInCell { closeTable() }
            openTable()
        case .rows(let part): startGroup(part)
        default:
            // Rows and cells without a table are one nevertheless.
            if !tables.isOpen {
                finishTermOrBlock()
                openTable()
            }
            finishCell()
            if role == .row || !tables.isInRow {
                tables.startRow(isHeader: tablePart == .head, isFoot: tablePart == .foot)
            }
            if role == .row { break }
            if tables.startCell(
                isHeader: role == .cell(isHeader: true), columns: tokenizer.number("colspan") ?? 1, rows: rowSpan)
            {
                flow = HTMLFlow()
                (boldDepth, isBoldCell) = (0, true)
            }
        }
        takeTableBlocks()
    }

    /// Zero means all rows that follow (HTML Standard, section 4.9.11), of which there are no more than this.
    private var rowSpan: Int {
        guard let rows = tokenizer.number("rowspan") else { return 1 }
        return rows == 0 ? 65_534 : min(rows, 65_534)
    }

    private mutating func endInTable(_ role: HTMLRole) {
        switch role {
        case .table: closeTable()
        case .cell: finishCell()
        case .row:
            finishCell()
            tables.endRow()
        default: startGroup(.body)
        }
        takeTableBlocks()
    }

    private mutating func startGroup(_ part: HTMLTablePart) {
        finishCell()
        tables.endGroup()
        tablePart = part
    }

    private mutating func openTable() {
        guard tables.open() else { return }
        outerFlows.append(flow)
        (flow, tablePart, isBoldCell) = (HTMLFlow(), .body, false)
    }

    private mutating func closeTable() {
        finishBlock()
        guard tables.close() else { return }
        (flow, tablePart, isBoldCell) = (outerFlows.popLast() ?? HTMLFlow(), .body, false)
        takeTableBlocks()
    }

    private mutating func finishCell() {
        finishBlock()
        tables.endCell(isBold: isBoldCell)
    }

    private mutating func takeTableBlocks() {
        guard tables.hasBlocks else { return }
        endDefinitions()
        for block in tables.takeBlocks() { builder.append(block.kind, block.content) }
    }
}
