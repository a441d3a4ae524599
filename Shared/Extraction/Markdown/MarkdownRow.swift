/// A row of a table in Markdown.
enum MarkdownRow {
    static func cells(of line: [UInt8]) -> [[UInt8]] {
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
