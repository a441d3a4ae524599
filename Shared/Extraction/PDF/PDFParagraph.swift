/// Lines of a PDF that belong together: a paragraph, a heading, an item, or rows.
struct PDFParagraph {
    enum Kind: Equatable {
        case heading(level: Int)
        case text
        /// An item of a list.
        case item
        /// Lines that each are an item.
        case items
        /// Lines whose breaks mean something: addresses, rows.
        case rows
        case code
        /// The table with this index.
        case table(Int)
        /// The first copy of a line that repeats at the edge of pages.
        case running
    }

    var kind: Kind
    /// The index of the page on which it begins.
    let page: Int
    /// The indices of its lines; not always consecutive.
    var lines: [Int]
    let flow: Int
}

/// Divides the pages of a PDF into paragraphs.
struct PDFParagraphs {
    private(set) var all: [PDFParagraph] = []
    /// The mark of each line that is an item whose mark is set apart from it.
    let marks: PDFMarks
    private let margins: PDFMargins
    private let tables: PDFTables
    /// The tables that have their place.
    private var placedTables: Set<Int> = []
    let layout: PDFLayout
    /// The pages that have only what a scanner stamps on them.
    let pagesOfStamps: Set<Int>
    private(set) var style: PDFStyle

    init(_ layout: PDFLayout) {
        self.layout = layout
        style = PDFStyle(layout)
        marks = PDFMarks(in: layout)
        margins = PDFMargins(of: layout, style)
        let running = RunningLines(in: layout, style)
        pagesOfStamps = running.pagesOfStamps
        tables = PDFTables(in: layout, marks, without: running.blocks.union(running.firstCopies))
        var paragraphs = divided(running)
        let titles = paragraphs.filter { $0.kind == .heading(level: style.boldLevel) }.map { layout.lines[$0.lines[0]] }
        if style.learnMargins(of: titles) { paragraphs = divided(running) }
        for paragraph in paragraphs { append(paragraph) }
    }

    /// The parts of all blocks, with their kinds.
    private mutating func divided(_ running: RunningLines) -> [PDFParagraph] {
        placedTables.removeAll()
        var paragraphs: [PDFParagraph] = []
        for (page, blocks) in layout.pages.enumerated() {
            for block in blocks where !running.blocks.contains(block) {
                if running.firstCopies.contains(block) {
                    let (lines, flow) = (layout.blocks[block].lines, layout.blocks[block].flow)
                    paragraphs.append(PDFParagraph(kind: .running, page: page, lines: Array(lines), flow: flow))
                } else {
                    paragraphs += parts(of: block, page: page)
                }
            }
        }
        let sizes = paragraphs.filter { $0.kind == .heading(level: 0) }.map { layout.lines[$0.lines[0]].size }
        style.setHeadingSizes(sizes)
        for index in paragraphs.indices.reversed() { setKind(of: index, in: &paragraphs) }
        return paragraphs
    }

    /// What to write before a line: the mark of an item, unless it is written there.
    func mark(of line: Int, in paragraph: PDFParagraph) -> [UInt8]? {
        if let mark = marks.ofLines[line] { return mark }
        return paragraph.kind == .items && !isMarked(line) ? Array("• ".utf8) : nil
    }

    func isMarked(_ line: Int) -> Bool {
        let text = layout.text(of: layout.lines[line])
        return ListMarker(in: layout.bytes, at: text.startIndex..<min(text.endIndex + 1, layout.bytes.count)) != nil
    }

    /// The rows of the table of a paragraph, with the names of their columns.
    func rows(of table: Int, _ budget: inout RepetitionBudget) -> [LooseBlock] {
        tables.blocks(of: table, style, &budget)
    }

    // MARK: Parts of a block

    /// Divides a block where large or bold lines, code or items begin or end. Headings by size have level 0 for now.
    private mutating func parts(of block: Int, page: Int) -> [PDFParagraph] {
        let flow = layout.blocks[block].flow
        var parts: [PDFParagraph] = []
        let lines = layout.blocks[block].lines.filter { !marks.isMark($0) && !layout.lines[$0].words.isEmpty }
        var start = 0
        while start < lines.count {
            for table in tablesBefore(lines[start], page: page) {
                placedTables.insert(table)
                parts.append(
                    PDFParagraph(kind: .table(table), page: page, lines: tables.all[table].lines, flow: flow))
            }
            if tables.ofLines[lines[start]] != nil {
                start += 1
                continue
            }
            let end = endOfRun(from: start, in: lines)
            let run = lines[start..<end]
            let isHeading = style.isLarge(run.map { layout.lines[$0] }[...])
            parts.append(
                PDFParagraph(kind: isHeading ? .heading(level: 0) : .text, page: page, lines: Array(run), flow: flow))
            start = end
        }
        return parts.flatMap(withoutBoldTitles)
    }

    /// The tables of the page that have no place yet, and contain a line or end above it.
    private func tablesBefore(_ line: Int, page: Int) -> [Int] {
        let (table, box) = (tables.ofLines[line], layout.lines[line])
        return tables.ofPages[page].filter { index in
            let other = tables.all[index]
            return !placedTables.contains(index)
                && (table == index
                    || table == nil && !box.isTurned && other.bottom < box.top + 0.3 * box.size
                        && other.left < box.right && other.right > box.left)
        }
    }

    /// A run of lines of about the same size; an item begins a run of its own.
    private func endOfRun(from start: Int, in lines: [Int]) -> Int {
        let size = layout.lines[lines[start]].size
        let isLarge = size >= style.bodySize * 1.12
        let isCode = style.isCode([layout.lines[lines[start]]])
        var end = start + 1
        while end < lines.count {
            let next = layout.lines[lines[end]]
            let isNextLarge = next.size >= style.bodySize * 1.12
            if tables.ofLines[lines[end]] != nil { break }
            if marks.ofLines[lines[end]] != nil || isLarge != isNextLarge { break }
            if isLarge, abs(next.size - size) > 0.06 * size { break }
            if isCode != style.isCode([next]) { break }
            end += 1
        }
        return end
    }

    /// Bold lines directly above the text that they belong to become parts of their own.
    private func withoutBoldTitles(_ part: PDFParagraph) -> [PDFParagraph] {
        guard part.kind == .text, part.lines.count > 1 else { return [part] }
        var parts: [PDFParagraph] = []
        var start = 0
        func add(_ lines: Range<Int>) {
            guard !lines.isEmpty else { return }
            parts.append(PDFParagraph(kind: .text, page: part.page, lines: Array(part.lines[lines]), flow: part.flow))
        }
        for index in part.lines.indices.dropLast() where isBoldTitle(at: index, after: start, in: part) {
            add(start..<index)
            add(index..<index + 1)
            start = index + 1
        }
        add(start..<part.lines.count)
        return parts
    }

    // MARK: Kinds

    private mutating func setKind(of index: Int, in paragraphs: inout [PDFParagraph]) {
        let paragraph = paragraphs[index]
        guard paragraph.kind == .text || paragraph.kind == .heading(level: 0) else { return }
        let lines = paragraph.lines.map { layout.lines[$0] }
        if paragraph.kind == .heading(level: 0) {
            paragraphs[index].kind = .heading(level: style.level(ofSize: lines[0].size))
        } else if isTitle(paragraph, before: paragraphs[(index + 1)...].first(where: { $0.kind != .running })) {
            paragraphs[index].kind = .heading(level: style.boldLevel)
        } else if style.isCode(lines[...]) {
            paragraphs[index].kind = .code
        } else if marks.ofLines[paragraph.lines[0]] != nil {
            paragraphs[index].kind = .item
        } else if hasMeantBreaks(paragraph) {
            let isIndented = index > 0 && isIndented(paragraph, after: paragraphs[index - 1])
            paragraphs[index].kind = isIndented && !lines.contains(where: hasColumns) ? .items : .rows
        }
    }

    /// Whether each line of a paragraph is a unit: it starts like one, and ends although the next word would have had
    /// room.
    private func hasMeantBreaks(_ paragraph: PDFParagraph) -> Bool {
        let lines = paragraph.lines
        guard lines.count > 1, !lines.contains(where: { layout.lines[$0].isTurned }) else { return false }
        var ends = 0
        for line in lines {
            let text = layout.text(of: layout.lines[line])
            guard let first = text.first, let last = text.last, !TextBytes.isLowercase(first) else { return false }
            if ".!?".utf8.contains(last) { ends += 1 }
            if ",-".utf8.contains(last) || LineEndHyphens.endsWithHyphen(text) { return false }
        }
        guard ends == 0 || ends == lines.count else { return false }
        return zip(lines, lines.dropFirst()).allSatisfy { hasRoom(after: $0, for: $1, in: paragraph.flow) }
    }

    /// Whether the first word of the next line would have had room on the line before.
    func hasRoom(after line: Int, for next: Int, in flow: Int) -> Bool {
        let (line, next) = (layout.lines[line], layout.lines[next])
        guard let word = next.words.first else { return true }
        let length = layout.words[word].length + 0.6 * line.size
        return line.right + length < margins.right(of: line, in: flow)
    }

    private func isIndented(_ paragraph: PDFParagraph, after previous: PDFParagraph) -> Bool {
        let (first, last) = (layout.lines[paragraph.lines[0]], layout.lines[previous.lines[0]])
        let indent = (first.left - last.left) / first.size
        return previous.page == paragraph.page && first.top > last.top && indent > 1 && indent < 6
    }

    /// Whether words are further apart than in prose.
    private func hasColumns(_ line: PDFLayout.Line) -> Bool {
        let letters = line.words.reduce(Float(0)) { $0 + layout.words[$1].length }
        return line.words.count > 1 && line.right - line.left - letters > 0.8 * line.size * Float(line.words.count - 1)
    }

    // MARK: Paragraphs in several blocks

    /// More lines are no paragraph.
    private static let maximumLines = 1_000
    /// The number of lines at edges of pages to look behind.
    private static let runningLines = 8

    private mutating func append(_ next: PDFParagraph) {
        // Sentences go on behind the last line of a page.
        if let last = all.indices.suffix(Self.runningLines).last(where: { all[$0].kind != .running }),
            all[last].kind == .text, next.kind == .text, all[last].lines.count < Self.maximumLines,
            continues(all[last], with: next)
        {
            all[last].lines += next.lines
        } else {
            all.append(next)
        }
    }

    /// Whether a paragraph goes on in the next block: because the lines are far apart, or in the next column or page.
    private func continues(_ last: PDFParagraph, with next: PDFParagraph) -> Bool {
        guard let end = last.lines.last, let start = next.lines.first else { return false }
        let (above, below) = (layout.lines[end], layout.lines[start])
        let (text, following) = (layout.text(of: above), layout.text(of: below))
        guard abs(above.size - below.size) < 0.06 * above.size, above.isTurned == below.isTurned,
            let ending = text.last, let first = following.first, !isMarked(start)
        else { return false }
        if LineEndHyphens.endsWithHyphen(text) { return Self.isLowercase(following) }
        if ".!?:;".utf8.contains(ending) { return false }
        let isFull = above.isTurned || !hasRoom(after: end, for: start, in: last.flow)
        if last.flow == next.flow {
            let indent = above.left - below.left
            return isFull && below.top > above.top && below.top - above.top < 2.6 * above.size
                && indent > -2 && indent < 4 * above.size && !TextBytes.isDigit(first)
        }
        return isFull && last.lines.count > 1 && next.lines.count > 1 && Self.isLowercase(following)
    }

    private static func isLowercase(_ text: ArraySlice<UInt8>) -> Bool {
        guard let first = text.first else { return false }
        if first < 0x80 { return TextBytes.isLowercase(first) }
        return String(decoding: text.prefix(4), as: UTF8.self).unicodeScalars.first?.properties.isLowercase ?? false
    }
}
