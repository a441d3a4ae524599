/// What separates the cells of a delimited table, and where the table begins.
struct CSVDialect {
    let separator: UInt8
    /// The index of the first byte after a line like `sep=;`.
    let start: Int
    private let rating: Rating

    /// A reader of the table. Only tables with tabs and pipes are commonly written without quotes.
    func reader(of bytes: [UInt8]) -> CSVReader {
        let isUnquoted = separator == 9 || separator == UInt8(ascii: "|")
        return CSVReader(
            bytes, from: start, separator: separator,
            separatorsOfRow: isUnquoted && rating.width > 1 ? rating.width - 1 : nil)
    }

    /// In the order of preference between equals: what is rare in text comes first.
    private static let separators = Array("\t;|,".utf8)
    private static let sampleSize = 16_384
    private static let sampleRecords = 100
    /// The share of lines that a separator must divide into the same number of cells.
    private static let minimumShare = 0.3
    /// Divides nothing: a NUL does not occur in text.
    private static let none: UInt8 = 0

    init(of bytes: [UInt8]) {
        if let declared = Self.declared(in: bytes) {
            separator = declared.separator
            start = declared.end
            let sample = Array(bytes[start...].prefix(Self.sampleSize))
            rating = Rating(of: Self.widths(of: sample, separator: separator, isWhole: false))
            return
        }
        start = 0
        let sample = Array(bytes.prefix(Self.sampleSize))
        let isWhole = sample.count == bytes.count
        var best = (separator: Self.none, rating: Rating(of: []))
        for candidate in Self.separators {
            let rating = Rating(of: Self.widths(of: sample, separator: candidate, isWhole: isWhole))
            let isDecimal =
                candidate == UInt8(ascii: ",") && best.rating.share >= Self.minimumShare && Self.isDecimalComma(sample)
            if !isDecimal, rating.isBetter(than: best.rating) { best = (candidate, rating) }
        }
        separator = best.rating.share >= Self.minimumShare ? best.separator : Self.none
        rating = best.rating
    }

    /// Reads the first line if it is like `sep=;` or `"sep=;"`, as Excel understands it.
    private static func declared(in bytes: [UInt8]) -> (separator: UInt8, end: Int)? {
        let end = bytes.prefix(16).firstIndex { $0 == 10 || $0 == 13 } ?? min(bytes.count, 16)
        var line = bytes[..<end]
        if line.first == UInt8(ascii: "\""), let close = line.dropFirst().firstIndex(of: UInt8(ascii: "\"")) {
            line = line[1..<close]
        }
        guard TextBytes.hasPrefix("sep=", in: bytes, at: line.startIndex), line.count > 4 else { return nil }
        let separator = line[line.startIndex + 4]
        // Nothing else is on the line, except in a table that a program has filled up with separators.
        guard line.dropFirst(5).allSatisfy({ $0 == separator || $0 == 0x20 }), separator != UInt8(ascii: "\""),
            !TextBytes.isLetter(separator), !TextBytes.isDigit(separator), separator < 0x80
        else { return nil }
        return (separator, end)
    }

    private static func widths(of sample: [UInt8], separator: UInt8, isWhole: Bool) -> [Int] {
        var reader = CSVReader(sample, separator: separator)
        var widths: [Int] = []
        while widths.count < sampleRecords, let record = reader.next() { widths.append(record.cells.count) }
        // The end of the sample cuts the last record.
        if !isWhole, widths.count > 1, widths.count < sampleRecords { widths.removeLast() }
        return widths
    }

    /// How well a separator divides the records.
    private struct Rating {
        /// The most frequent number of cells above one.
        var width = 1
        /// The share of the records that have so many.
        var share = 0.0

        init(of widths: [Int]) {
            var counts: [Int: Int] = [:]
            for width in widths where width > 1 { counts[width, default: 0] += 1 }
            guard let best = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else { return }
            width = best.key
            share = Double(best.value) / Double(widths.count)
        }

        /// Of two that divide about as many records, the one that divides them into more cells is better.
        func isBetter(than other: Rating) -> Bool {
            share > other.share + 0.05 || share > other.share - 0.05 && width > other.width
        }
    }

    /// Whether nearly all commas are between digits.
    private static func isDecimalComma(_ sample: [UInt8]) -> Bool {
        var (decimal, other) = (0, 0)
        for index in sample.indices where sample[index] == UInt8(ascii: ",") {
            let isBetween =
                index > 0 && index + 1 < sample.count && TextBytes.isDigit(sample[index - 1])
                && TextBytes.isDigit(sample[index + 1])
            if isBetween { decimal += 1 } else { other += 1 }
        }
        return decimal > 20 * other
    }
}
