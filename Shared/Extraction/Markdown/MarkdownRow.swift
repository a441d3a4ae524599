/// A row of a table in Markdown.
enum MarkdownRow {
    private static let pipe = UInt8(ascii: "|")
    private static let backslash = UInt8(ascii: "\\")

    static func cells(of line: [UInt8]) -> [[UInt8]] {
        var rest = line[TextBytes.trim(line, 0..<line.count)]
        if rest.first == pipe { rest = rest.dropFirst() }
        var cells: [[UInt8]] = []
        var start = rest.startIndex
        for index in rest.indices where rest[index] == pipe {
            // `\|` is a pipe within a cell, in code as well.
            if index > rest.startIndex, rest[index - 1] == backslash { continue }
            cells.append(text(of: rest[start..<index]))
            start = index + 1
        }
        // The pipe that closes a row is not followed by a cell.
        if start < rest.endIndex || cells.isEmpty { cells.append(text(of: rest[start...])) }
        return cells
    }

    private static func text(of cell: ArraySlice<UInt8>) -> [UInt8] {
        guard cell.contains(pipe) else { return MarkdownInline.text(of: Array(cell)) }
        let unescaped = cell.indices.filter { index in
            !(cell[index] == backslash && index + 1 < cell.endIndex && cell[index + 1] == pipe)
        }
        return MarkdownInline.text(of: unescaped.map { cell[$0] })
    }
}
