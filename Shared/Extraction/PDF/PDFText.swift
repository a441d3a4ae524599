/// The pages of a PDF as one text, without page numbers, and with bullets joined to their items again.
struct PDFText {
    private(set) var blocks: [TextBlock] = []
    private var bytes: [UInt8] = []

    var text: String { String(decoding: bytes, as: UTF8.self) }

    init(pages: [ArraySlice<UInt8>]) {
        for (index, page) in pages.enumerated() {
            let text = PlainTextExtractor.extract(Self.clean(page))
            guard !text.blocks.isEmpty else { continue }
            if !bytes.isEmpty { bytes.append(contentsOf: "\n\n".utf8) }
            for block in text.blocks {
                let range = (block.range.lowerBound + bytes.count)..<(block.range.upperBound + bytes.count)
                blocks.append(TextBlock(kind: block.kind, range: range, page: index + 1))
            }
            bytes.append(contentsOf: text.text.utf8)
        }
    }

    private static func clean(_ page: ArraySlice<UInt8>) -> [UInt8] {
        var lines = page.split(separator: 10, omittingEmptySubsequences: false).map { line in
            TextBytes.collapse(line.lazy.map { $0 < 0x20 ? 0x20 : $0 })
        }
        removePageNumber(from: &lines)
        setTitlesApart(in: &lines)
        var text: [UInt8] = []
        var isMarkPending = false
        for line in lines {
            if isMarkPending {
                // There may be an empty line between a bullet and its item.
                if line.isEmpty { continue }
                text.append(contentsOf: "• ".utf8)
                isMarkPending = false
            }
            if isMark(line) {
                isMarkPending = true
                continue
            }
            text.append(contentsOf: line)
            text.append(10)
        }
        return text
    }

    /// `pdftotext` writes a heading directly above its paragraph. Inserts an empty line between a numbered title and a
    /// longer line after it.
    private static func setTitlesApart(in lines: inout [[UInt8]]) {
        for place in lines.indices.dropLast().reversed() where place == 0 || lines[place - 1].isEmpty {
            let (line, next) = (lines[place], lines[place + 1])
            let rules = HeadingRules(bytes: line, columns: [])
            if next.count > line.count * 3 / 2, rules.numberedTitle(0..<line.count) != nil {
                lines.insert([], at: place + 1)
            }
        }
    }

    /// Removes the page number, which is the first or the last line of a page: `12`, `- 12 -`, `Page 12 of 30`.
    private static func removePageNumber(from lines: inout [[UInt8]]) {
        for place in [lines.firstIndex { !$0.isEmpty }, lines.lastIndex { !$0.isEmpty }] {
            if let place, isPageNumber(lines[place]) { lines[place] = [] }
        }
    }

    private static func isPageNumber(_ line: [UInt8]) -> Bool {
        guard line.count <= 24, line.contains(where: TextBytes.isDigit) else { return false }
        let words = String(decoding: line, as: UTF8.self).lowercased().split { !$0.isLetter && !$0.isNumber }
        let numbers = words.filter { $0.allSatisfy(\.isNumber) }
        guard numbers.allSatisfy({ $0.count <= 4 }),
            words.allSatisfy({ numbers.contains($0) || $0 == "page" || $0 == "of" })
        else { return false }
        let isPair = words.contains("of") || line.contains(UInt8(ascii: "/"))
        return numbers.count == 1 || (numbers.count == 2 && isPair)
    }

    /// Whether a line is only a bullet, which `pdftotext` took for a column.
    private static func isMark(_ line: [UInt8]) -> Bool {
        ["•", "●", "▪", "◦", "–"].contains { line.elementsEqual($0.utf8) }
    }
}
