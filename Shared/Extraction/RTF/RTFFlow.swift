/// What RTF says about the paragraph that is being read.
struct RTFParagraph {
    var style = 0
    /// Set in the paragraph itself; overrides its style. From 0 to 8; 9 for text.
    var outlineLevel: Int?
    /// The number of tables that it is in.
    var tables = 0
    var isInList = false
    /// Whether its first line begins left of the others, as items do.
    var hangs = false
}

/// The body of a document, or a note or text box, under construction.
struct RTFFlow {
    /// Notes of a paragraph that never ends do not wait.
    private static let mostAsides = 10_000
    /// Deeper tables are text of the cell that they are in.
    private static let deepestTable = 32
    /// The maximum length of a marker in bytes. Longer ones are text before the number.
    private static let longestMarker = 40

    var text = RTFText()
    /// What stands before the paragraph; nil if nothing does.
    var marker: RTFText?
    var isBoldCell = true
    /// What describes the open row, and the rows of tables in cells.
    var shape = RTFTable.RowShape()
    var innerShape = RTFTable.RowShape()
    /// Notes and text boxes that wait for the end of their paragraph or row.
    private var asides: [LooseBlock] = []
    /// The first heading of level 1.
    private(set) var title: String?
    private var tables: [RTFTable] = []
    private var blocks: [LooseBlock] = []
    var budget: RepetitionBudget

    init(budget: RepetitionBudget) { self.budget = budget }

    /// The complete blocks, once.
    mutating func takeBlocks() -> [LooseBlock] {
        defer { blocks.removeAll() }
        return blocks
    }

    /// Ends the flow and returns the blocks that are left.
    mutating func finish(_ paragraph: RTFParagraph, _ styles: RTFStyles) -> [LooseBlock] {
        if !text.isEmpty { finishParagraph(paragraph, styles) }
        enter(tables: 0)
        return takeBlocks() + asides
    }

    /// Adds blocks that follow the open paragraph or row.
    mutating func add(asides more: [LooseBlock]) {
        asides += more
        guard asides.count > Self.mostAsides else { return }
        add(asides)
        asides.removeAll()
    }

    // MARK: Paragraphs

    mutating func finishParagraph(_ paragraph: RTFParagraph, _ styles: RTFStyles) {
        enter(tables: paragraph.tables)
        let typed = text.take()
        let marker = self.marker?.take()
        self.marker = nil
        let level = paragraph.outlineLevel ?? styles.outlineLevel(of: paragraph.style)
        let heading = level.flatMap(WordStyles.headingLevel(outline:))
        if !styles.isContents(paragraph.style), let block = block(typed, marker, paragraph, heading) {
            if title == nil, heading == 1, tables.isEmpty {
                title = String(decoding: TextBytes.prefix(block.content, upTo: 500), as: UTF8.self)
            }
            if tables.isEmpty { blocks.append(block) } else { tables[tables.count - 1].append(block) }
        }
        if tables.isEmpty {
            blocks += asides
            asides.removeAll()
        }
    }

    private func block(
        _ typed: [UInt8], _ marker: [UInt8]?, _ paragraph: RTFParagraph, _ heading: Int?
    ) -> LooseBlock? {
        let text = TextBytes.collapse(typed)
        if text.isEmpty { return nil }
        let kind: TextBlock.Kind? = heading.map { .heading(level: $0) }
        if marker != nil || paragraph.isInList {
            let sign = Self.sign(marker ?? [])
            if let kind, sign == ListMarker.plain { return LooseBlock(kind: kind, content: text) }
            return LooseBlock(kind: kind ?? .listItem, content: ListMarker.marked(text, with: sign))
        }
        if kind == nil, paragraph.hangs, let item = Self.item(typed) { return item }
        return LooseBlock(kind: kind ?? .paragraph, content: text)
    }

    /// A number as it is shown; any other marker is a plain one.
    private static func sign(_ marker: [UInt8]) -> String {
        let text = TextBytes.collapse(marker)
        let isNumber = text.contains { TextBytes.isLetter($0) || TextBytes.isDigit($0) }
        return isNumber && text.count <= longestMarker ? String(decoding: text, as: UTF8.self) : ListMarker.plain
    }

    /// The item that begins with a marker and a tab, as some programs write lists.
    private static func item(_ typed: [UInt8]) -> LooseBlock? {
        let line = typed.drop(while: TextBytes.isSpace)
        guard let tab = line.prefix(longestMarker).firstIndex(of: 9) else { return nil }
        let marker = TextBytes.collapse(line[..<tab])
        let text = TextBytes.collapse(line[tab...])
        guard !text.isEmpty, ListMarker(in: marker + [0x20], at: 0..<(marker.count + 1)) != nil else { return nil }
        return LooseBlock(kind: .listItem, content: Array("\(sign(marker)) ".utf8) + text)
    }

    // MARK: Tables

    /// Opens and closes tables until this many are open.
    private mutating func enter(tables count: Int) {
        let count = min(count, Self.deepestTable)
        while tables.count > count, var table = tables.popLast() {
            add(table.finish(&budget))
        }
        while tables.count < count { tables.append(RTFTable()) }
    }

    private mutating func add(_ rest: [LooseBlock]) {
        if tables.isEmpty {
            blocks += rest
        } else {
            for block in rest { tables[tables.count - 1].append(block) }
        }
    }

    /// Ends the cell of the table that is open at this depth, from 1.
    mutating func endCell(depth: Int) {
        enter(tables: depth)
        let last = tables.count - 1
        tables[last].endCell(isBold: isBoldCell, followedBy: asides, &budget)
        asides.removeAll()
        isBoldCell = true
    }

    mutating func endRow(depth: Int) {
        guard tables.count >= depth else { return }
        enter(tables: depth)
        tables[tables.count - 1].endRow(of: depth == 1 ? shape : innerShape, &budget)
        if tables.count == 1 { blocks += tables[0].takeBlocks() }
    }
}
