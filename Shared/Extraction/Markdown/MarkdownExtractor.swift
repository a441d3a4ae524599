/// Reads Markdown: headings, fenced and indented code, lists, tables and paragraphs. Inline markup is reduced to its
/// text. Front matter is not part of the text.
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
    private var table: MarkdownTable?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        builder = TextBuilder(capacity: bytes.count)
    }

    mutating func read() -> ExtractedText {
        let frontMatter = readFrontMatter()
        while index < bytes.count {
            let line = MarkdownLine(bytes, nextLine())
            add(line)
            isAfterBlank = line.isBlank
        }
        finishBlock()
        var text = builder.finish()
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
        guard let frontMatter = FrontMatter(bytes) else { return nil }
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

    private mutating func add(_ line: MarkdownLine) {
        if table != nil {
            if !line.isBlank, line.hasPipe { return addRow(line) }
            table = nil
        }
        if line.isBlank { return finishBlock() }
        if let fence = line.fence {
            readFencedCode(until: fence)
            if line.indent == 0 { kind = .paragraph }
            return
        }
        if let (level, text) = line.heading {
            endList()
            append(.heading(level: level), Array(bytes[text]))
        } else if let level = line.underlineLevel, !buffer.isEmpty, kind == .paragraph {
            kind = .heading(level: level)
            finishBlock()
        } else if line.isRule || line.isLinkDefinition && buffer.isEmpty {
            endList()
        } else if line.indent >= 4, isAfterBlank, kind != .listItem {
            readIndentedCode(from: line)
        } else if let content = line.item {
            finishBlock()
            kind = .listItem
            buffer.append(contentsOf: bytes[content])
        } else if line.isTableDelimiter, startTable() {
            return
        } else {
            if isAfterBlank, line.indent == 0 { kind = .paragraph }
            if !buffer.isEmpty { buffer.append(10) }
            buffer.append(contentsOf: bytes[line.text])
        }
    }

    private mutating func finishBlock() {
        append(kind, buffer)
        buffer.removeAll(keepingCapacity: true)
        // An item may continue after a blank line. Anything else starts a new block.
        if kind != .listItem { kind = .paragraph }
    }

    private mutating func endList() {
        finishBlock()
        kind = .paragraph
    }

    private mutating func append(_ kind: TextBlock.Kind, _ source: [UInt8]) {
        let text = MarkdownInline.text(of: source)
        builder.append(kind, text)
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
            if let end = MarkdownLine(bytes, range).fence, end.closes(fence) { break }
            code.append(contentsOf: bytes[range])
            code.append(10)
        }
        builder.append(.code, code)
    }

    private mutating func readIndentedCode(from first: MarkdownLine) {
        finishBlock()
        var code = Array(bytes[first.whole])
        var end = index
        while index < bytes.count {
            let line = MarkdownLine(bytes, nextLine())
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

    // MARK: Tables

    /// Uses the line before the delimiter row as the column names.
    private mutating func startTable() -> Bool {
        guard kind == .paragraph, buffer.contains(UInt8(ascii: "|")) else { return false }
        let lines = buffer.split(separator: 10)
        guard let header = lines.last else { return false }
        table = MarkdownTable(header: Array(header))
        buffer = Array(lines.dropLast().joined(separator: [10]))
        finishBlock()
        if let row = table?.firstRow { builder.append(.tableRow, row) }
        return true
    }

    private mutating func addRow(_ line: MarkdownLine) {
        let source = Array(bytes[line.text])
        guard let row = table?.row(of: source, textSize: builder.count, of: bytes.count)
        else { return }
        builder.append(.tableRow, row)
    }
}

private struct MarkdownTable {
    private let headers: [[UInt8]]

    /// The first row, if it does not name the columns.
    let firstRow: [UInt8]?

    init(header: [UInt8]) {
        let cells = Self.cells(of: header)
        let names = TableRow.headers(from: cells)
        headers = names ?? []
        firstRow = names == nil ? TableRow.text(of: cells, headers: []) : nil
    }

    /// The row as text. Column names are left out if the text is much larger than its source, `sourceSize`.
    func row(of line: [UInt8], textSize: Int, of sourceSize: Int) -> [UInt8] {
        TableRow.text(of: Self.cells(of: line), headers: textSize > TableRow.textLimit(of: sourceSize) ? [] : headers)
    }

    private static func cells(of line: [UInt8]) -> [[UInt8]] {
        let pipe = UInt8(ascii: "|")
        var line = line[TextBytes.trim(line, 0..<line.count)]
        if line.first == pipe { line = line.dropFirst() }
        var cells: [[UInt8]] = [[]]
        for (index, byte) in zip(line.indices, line) {
            // `\|` is a pipe within a cell, in code as well.
            let isEscaped = index > line.startIndex && line[index - 1] == UInt8(ascii: "\\")
            if byte == pipe, !isEscaped {
                cells.append([])
            } else {
                if byte == pipe { cells[cells.count - 1].removeLast() }
                cells[cells.count - 1].append(byte)
            }
        }
        // The pipe that closes a row is not followed by a cell.
        if cells.count > 1, cells[cells.count - 1].isEmpty { cells.removeLast() }
        return cells.map { MarkdownInline.text(of: $0) }
    }
}
