/// Reads Markdown: headings, fenced and indented code, lists, tables and paragraphs, also where they are HTML. Inline markup
/// is reduced to its text. Front matter is not part of the text, nor are the markers of admonitions.
enum MarkdownExtractor {
    static func extract(_ bytes: [UInt8]) -> ExtractedText {
        var reader = MarkdownReader(bytes)
        return reader.read()
    }
}

private struct MarkdownReader {
    private let bytes: [UInt8]
    private var index = 0
    private var builder: TextBuilder
    /// The source of the current paragraph or item.
    private var buffer: [UInt8] = []
    private var kind = TextBlock.Kind.paragraph
    private var isAfterBlank = true
    private var table: TextTable?
    private var budget: RepetitionBudget
    /// The level of the last heading.
    private var level = 0
    /// The columns by which the text of the open admonitions is indented.
    private var indent = 0
    /// The open directives that look like code.
    private var directives: [MarkdownLine.Fence] = []
    private var html = MarkdownHTML()
    /// Where the line begins that ends a notice between two rules at the beginning.
    private var closingRule: Int?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        builder = TextBuilder(capacity: bytes.count)
        budget = RepetitionBudget(sourceSize: bytes.count)
    }

    mutating func read() -> ExtractedText {
        let frontMatter = readFrontMatter()
        while index < bytes.count {
            let start = index
            let range = nextLine()
            var line = MarkdownLine(bytes, range, without: indent)
            if indent > 0, !line.isBlank {
                // A line further to the left ends admonitions.
                let columns = MarkdownLine(bytes, range).indent
                if columns < indent {
                    endList()
                    indent = columns / MarkdownAdmonition.indent * MarkdownAdmonition.indent
                    line = MarkdownLine(bytes, range, without: indent)
                }
            }
            add(line, from: start)
            isAfterBlank = line.isBlank
        }
        finishTable()
        finishBlock()
        var text = builder.finish(joiningWords: true)
        text.frontMatter = frontMatter?.fields
        return text
    }

    private mutating func nextLine() -> Range<Int> {
        let start = index
        while index < bytes.count, bytes[index] != 10 { index += 1 }
        let end = index > start && bytes[index - 1] == 13 ? index - 1 : index
        index = min(index + 1, bytes.count)
        return start..<end
    }

    private mutating func readFrontMatter() -> FrontMatter? {
        guard let frontMatter = FrontMatter(bytes) else {
            readNotice()
            return nil
        }
        builder.title = frontMatter.title
        index = frontMatter.end
        // Where nothing follows, the fields are the text.
        if TextBytes.trim(bytes, index..<bytes.count).isEmpty {
            for line in bytes[..<index].split(separator: 10).dropFirst().dropLast() {
                builder.append(.tableRow, Array(line))
            }
        }
        return frontMatter
    }

    /// Reads fields between two rules that are no front matter, and finds out whether the second rule is one, and not
    /// the line below a heading.
    private mutating func readNotice() {
        guard let block = FrontMatter.Block(bytes) else { return }
        if block.areFields {
            for line in block.lines { append(.tableRow, Array(line)) }
            index = block.end
        } else if block.endsAsText {
            closingRule = block.lastLine
        }
    }

    /// - Parameter start: where the line begins.
    private mutating func add(_ line: MarkdownLine, from start: Int) {
        if table != nil {
            if !line.isBlank, line.hasPipe { return addRow(Array(bytes[line.text])) }
            finishTable()
        }
        if line.isBlank { return pauseBlock() }
        if let fence = line.fence {
            if MarkdownAdmonition.isDirective(bytes[line.text]) {
                directives.append(fence)
                return addAdmonition(MarkdownAdmonition(directive: bytes[line.text]))
            }
            if let open = directives.last, fence.closes(open) {
                directives.removeLast()
                return endList()
            }
            readFencedCode(until: fence)
            if line.indent == 0 { kind = .paragraph }
            return
        }
        if let admonition = MarkdownAdmonition(bytes[line.text], isQuoted: line.isQuoted) {
            return addAdmonition(admonition, at: line.indent)
        }
        if !line.isQuoted, line.indent < 4, let end = html.endOfBlock(in: bytes, from: start, at: line.text.lowerBound)
        {
            return readHTML(start..<end)
        }
        if let (level, text) = line.heading {
            endList()
            append(.heading(level: level), Array(bytes[text]))
        } else if let level = line.underlineLevel, !buffer.isEmpty, kind == .paragraph, start != closingRule {
            kind = .heading(level: level)
            finishBlock()
        } else if line.isRule || line.isLinkDefinition && (buffer.isEmpty || isAfterBlank) {
            endList()
        } else if line.indent >= 4, isAfterBlank, kind != .listItem {
            readIndentedCode(from: line)
        } else if let item = line.item {
            finishBlock()
            kind = .listItem
            buffer.append(contentsOf: item.marker.utf8)
            buffer.append(contentsOf: bytes[item.content])
        } else if line.isTableDelimiter, startTable() {
            return
        } else {
            addText(of: line)
        }
    }

    private mutating func addText(of line: MarkdownLine) {
        if isAfterBlank {
            // What is indented below an item belongs to it. It stays one text, so that its list stays a list.
            let continues = kind == .listItem && line.indent > 0 && buffer.count <= ListMarker.longestItem
            if !continues { finishBlock() }
            if line.indent == 0 { kind = .paragraph }
        }
        if !buffer.isEmpty { buffer.append(10) }
        buffer.append(contentsOf: bytes[line.text])
    }

    private mutating func addAdmonition(_ admonition: MarkdownAdmonition, at columns: Int = 0) {
        endList()
        if admonition.isIndented { indent += columns + MarkdownAdmonition.indent }
        append(admonition.isHeading ? .heading(level: min(level + 1, 6)) : .paragraph, admonition.title)
    }

    /// Ends a block at a blank line, unless it may go on behind it.
    private mutating func pauseBlock() {
        if kind != .listItem { finishBlock() }
    }

    private mutating func finishBlock() {
        append(kind, buffer)
        buffer.removeAll(keepingCapacity: true)
        if kind != .listItem { kind = .paragraph }
    }

    private mutating func endList() {
        finishBlock()
        kind = .paragraph
    }

    private mutating func append(_ kind: TextBlock.Kind, _ source: [UInt8]) {
        append(kind, text: MarkdownInline.text(of: source))
    }

    private mutating func append(_ kind: TextBlock.Kind, text: [UInt8]) {
        builder.append(kind, text)
        if case .heading(let level) = kind { self.level = level }
        if kind == .heading(level: 1), builder.title == nil {
            let title = TextBytes.collapse(TextBytes.prefix(text, upTo: 500))
            if !title.isEmpty { builder.title = String(decoding: title, as: UTF8.self) }
        }
    }

    // MARK: Code

    private mutating func readFencedCode(until fence: MarkdownLine.Fence) {
        finishBlock()
        var code: [UInt8] = []
        while index < bytes.count {
            let range = nextLine()
            let line = MarkdownLine(bytes, range, without: indent)
            if let end = line.fence, end.closes(fence) { break }
            code.append(contentsOf: bytes[line.isQuoted ? range : line.whole])
            code.append(10)
        }
        builder.append(.code, code)
    }

    private mutating func readIndentedCode(from first: MarkdownLine) {
        finishBlock()
        var code = Array(bytes[first.whole])
        var end = index
        while index < bytes.count {
            let line = MarkdownLine(bytes, nextLine(), without: indent)
            guard line.isBlank || line.indent >= 4 else {
                index = end
                break
            }
            end = index
            code.append(10)
            code.append(contentsOf: bytes[line.whole])
        }
        builder.append(.code, code)
    }

    /// Reads a block of HTML, which ends at `range.upperBound`.
    private mutating func readHTML(_ range: Range<Int>) {
        endList()
        index = range.upperBound
        let text = HTMLExtractor.extract(Array(bytes[range]), below: level, &budget)
        let utf8 = Array(text.text.utf8)
        for block in text.blocks { append(block.kind, text: Array(utf8[block.range])) }
    }

    // MARK: Tables

    /// Uses the line before the delimiter row as the column names.
    private mutating func startTable() -> Bool {
        guard kind == .paragraph || kind == .listItem, buffer.contains(UInt8(ascii: "|")) else { return false }
        let lines = buffer.split(separator: 10)
        guard let header = lines.last else { return false }
        buffer = Array(lines.dropLast().joined(separator: [10]))
        finishBlock()
        table = TextTable()
        addRow(Array(header), isHeader: true)
        return true
    }

    private mutating func addRow(_ line: [UInt8], isHeader: Bool = false) {
        table?.startRow(isHeader: isHeader, &budget)
        for cell in MarkdownRow.cells(of: line) {
            table?.startCell(&budget)
            let text = TextBytes.collapse(cell)
            if !text.isEmpty { table?.append(LooseBlock(kind: .paragraph, content: text), &budget) }
            table?.endCell(&budget)
        }
        table?.endRow(&budget)
        takeRows()
    }

    private mutating func finishTable() {
        guard table != nil else { return }
        table?.finish(&budget)
        takeRows()
        table = nil
    }

    private mutating func takeRows() {
        for block in table?.takeBlocks() ?? [] { builder.append(block.kind, block.content) }
    }
}
