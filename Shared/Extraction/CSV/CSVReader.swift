/// Reads records one by one (RFC 4180). Blank lines are skipped.
struct CSVReader {
    struct Record: Equatable {
        var cells: [[UInt8]]
        /// Whether a line without content is before it.
        var isAfterBlank = false
    }

    /// The number of columns of a spreadsheet; what follows on the line is part of the last cell.
    private static let maximumColumns = 16_384
    private static let quote = UInt8(ascii: "\"")

    private let bytes: [UInt8]
    private let separator: UInt8
    /// The number of separators on a line of the table, if known: a quoted cell that contains such lines was never
    /// closed.
    private let separatorsOfRow: Int?
    private(set) var index: Int
    /// The number of bytes that may be read in vain, in search of closing quotes.
    private var patience: Int

    init(_ bytes: [UInt8], from start: Int = 0, separator: UInt8, separatorsOfRow: Int? = nil) {
        self.bytes = bytes
        self.separator = separator
        self.separatorsOfRow = separatorsOfRow
        index = start
        patience = 4 * bytes.count
    }

    /// The next record; nil at the end.
    mutating func next() -> Record? {
        var lineEnds = 0
        var isBlank = false
        while index < bytes.count {
            while index < bytes.count, bytes[index] == 10 || bytes[index] == 13 {
                if bytes[index] == 10 || index + 1 == bytes.count || bytes[index + 1] != 10 { lineEnds += 1 }
                index += 1
            }
            guard index < bytes.count else { return nil }
            let cells = record()
            // The line end of the previous record comes first.
            if lineEnds > 1 { isBlank = true }
            guard cells.allSatisfy({ $0.allSatisfy(Self.isEmpty) }) else {
                return Record(cells: cells, isAfterBlank: isBlank)
            }
            isBlank = true
        }
        return nil
    }

    /// Whether a byte has no content, in whatever dialect.
    private static func isEmpty(_ byte: UInt8) -> Bool {
        TextBytes.isSpace(byte) || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "|")
    }

    private mutating func record() -> [[UInt8]] {
        var cells: [[UInt8]] = []
        while true {
            cells.append(nextCell())
            guard index < bytes.count, bytes[index] == separator else { return cells }
            index += 1
            if cells.count == Self.maximumColumns - 1 { break }
        }
        let start = index
        while index < bytes.count, !isLineEnd(bytes[index]) { index += 1 }
        return cells + [Array(bytes[start..<index])]
    }

    private mutating func nextCell() -> [UInt8] {
        let start = index
        skipSpaces()
        if index < bytes.count, bytes[index] == Self.quote, patience > 0 {
            if let cell = quotedCell(isAfterSpace: index > start) { return cell }
            patience -= index - start
        }
        index = start
        return plainCell()
    }

    /// Skips spaces and tabs, which some programs write around quoted cells.
    private mutating func skipSpaces() { index = endOfSpaces(at: index) }

    private func endOfSpaces(at start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] == 0x20 || bytes[end] == 9, bytes[end] != separator { end += 1 }
        return end
    }

    private mutating func plainCell() -> [UInt8] {
        let start = index
        while index < bytes.count, !endsCell(bytes[index]) { index += 1 }
        return Array(bytes[start..<index])
    }

    private func isLineEnd(_ byte: UInt8) -> Bool { byte == 10 || byte == 13 }
    private func endsCell(_ byte: UInt8) -> Bool { byte == separator || isLineEnd(byte) }

    /// Whether a cell ends at `index`, or after spaces there.
    private func endsCell(at index: Int) -> Bool {
        let end = endOfSpaces(at: index)
        return end == bytes.count || endsCell(bytes[end])
    }

    /// Reads a quoted cell, in which a doubled quote is a quote. Only a quote before a separator, a line end or the end
    /// of the file closes the cell; others are text.
    ///
    /// Nil if the cell is not closed, so that its quote is text, too. Signs of this are a quote that opens another cell,
    /// and a line that has all columns.
    /// - Parameter isAfterSpace: whether a space was before the quote, so that one can be before those of other cells.
    private mutating func quotedCell(isAfterSpace: Bool) -> [UInt8]? {
        var cell: [UInt8] = []
        var escapes = 0
        var separators: Int?
        var isWithinPair = false
        index += 1
        while index < bytes.count {
            let byte = bytes[index]
            let next = index + 1 < bytes.count ? bytes[index + 1] : 10
            index += 1
            switch byte {
            case Self.quote where next == Self.quote: index += 1
            // Some programs write `\"` within quotes, always in pairs. A path can end with a backslash.
            case Self.quote where cell.last == UInt8(ascii: "\\") && (!endsCell(at: index) || escapes % 2 == 1):
                escapes += 1
                cell.removeLast()
            // A space can be behind the cell, but also behind the second of two quotes that are text.
            case Self.quote where endsCell(next) || !isWithinPair && endsCell(at: index):
                skipSpaces()
                return separators != nil && separators == separatorsOfRow ? nil : cell
            case Self.quote:
                let before = isAfterSpace ? cell.last { $0 != 0x20 } : cell.last
                if let before, endsCell(before) { return nil }
                isWithinPair.toggle()
            case 10:
                if let separators, separators == separatorsOfRow { return nil }
                separators = 0
            case separator: separators = separators.map { $0 + 1 }
            default: break
            }
            cell.append(byte)
        }
        return nil
    }
}
