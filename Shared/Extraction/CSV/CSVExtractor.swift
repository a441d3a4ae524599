/// Reads delimited tables: RFC 4180, with `,`, `;` or tab as the delimiter.
///
/// Each row becomes a block, with the column names of the first row.
enum CSVExtractor {
    static func extract(_ bytes: [UInt8]) -> ExtractedText {
        var reader = CSVReader(bytes, separator: CSVReader.separator(of: bytes))
        var builder = TextBuilder(capacity: bytes.count)
        // Every row repeats the column names, so a table with long names and tiny cells could grow many times over.
        let limit = TableRow.textLimit(of: bytes.count)
        guard let first = reader.next() else { return builder.finish() }
        var headers: [[UInt8]] = []
        if TableRow.isHeader(first), let names = TableRow.headers(from: first), let second = reader.next() {
            headers = names
            builder.append(.tableRow, TableRow.text(of: second, headers: headers))
        } else {
            builder.append(.tableRow, TableRow.text(of: first, headers: []))
        }
        while let row = reader.next() {
            let names = builder.count < limit ? headers : []
            builder.append(.tableRow, TableRow.text(of: row, headers: names))
        }
        return builder.finish()
    }
}

/// Reads records one by one. Blank lines are skipped.
struct CSVReader {
    private let bytes: [UInt8]
    private let separator: UInt8
    private var index = 0
    /// Whether a quote was never closed. From there on, quotes are ordinary characters.
    private var ignoresQuotes = false

    init(_ bytes: [UInt8], separator: UInt8) {
        self.bytes = bytes
        self.separator = separator
    }

    /// The delimiter that divides the first records into the most columns, the same number in each.
    static func separator(of bytes: [UInt8]) -> UInt8 {
        let head = Array(bytes.prefix(16_384))
        var best = (separator: UInt8(ascii: ","), score: 0)
        for separator in ",;\t".utf8 {
            var reader = CSVReader(head, separator: separator)
            var widths: [Int] = []
            while widths.count < 20, let record = reader.next() { widths.append(record.count) }
            guard let first = widths.first, first > 1 else { continue }
            let score = widths.count { $0 == first } * 1_000 / widths.count + min(first, 100)
            if score > best.score { best = (separator, score) }
        }
        return best.separator
    }

    /// The cells of the next record; nil at the end.
    mutating func next() -> [[UInt8]]? {
        while index < bytes.count, bytes[index] == 10 || bytes[index] == 13 { index += 1 }
        guard index < bytes.count else { return nil }
        var cells: [[UInt8]] = []
        while true {
            cells.append(nextCell())
            guard index < bytes.count, bytes[index] == separator else { break }
            index += 1
        }
        return cells
    }

    private mutating func nextCell() -> [UInt8] {
        if !ignoresQuotes, index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
            let start = index
            if let cell = quotedCell() { return cell }
            index = start
            ignoresQuotes = true
        }
        return plainCell()
    }

    private mutating func plainCell() -> [UInt8] {
        let start = index
        while index < bytes.count, !endsCell(bytes[index]) { index += 1 }
        return Array(bytes[start..<index])
    }

    private func endsCell(_ byte: UInt8) -> Bool { byte == separator || byte == 10 || byte == 13 }

    /// Reads a quoted cell, in which a doubled quote is a quote; nil if the cell is not closed.
    private mutating func quotedCell() -> [UInt8]? {
        let quote = UInt8(ascii: "\"")
        var cell: [UInt8] = []
        index += 1
        while index < bytes.count {
            if bytes[index] != quote {
                cell.append(bytes[index])
                index += 1
            } else if index + 1 < bytes.count, bytes[index + 1] == quote {
                cell.append(quote)
                index += 2
            } else {
                index += 1
                // Characters after the closing quote are an error, but every reader accepts them.
                cell.append(contentsOf: plainCell())
                return cell
            }
        }
        return nil
    }
}
