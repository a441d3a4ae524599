import Models

/// The text of a PDF: its paragraphs, without what only the pages need.
struct PDFText {
    private(set) var blocks: [TextBlock] = []
    private(set) var variants: [ExtractedText.Variant] = []
    /// The pages, from 1, that have nothing but pictures or repeated lines.
    private(set) var pagesWithoutText: [Int] = []
    private var bytes: [UInt8] = []

    var text: String { String(decoding: bytes, as: UTF8.self) }

    init(_ layout: PDFLayout) {
        let paragraphs = PDFParagraphs(layout)
        var places: [(range: Range<Int>, lines: [Range<Int>])] = []
        var budget = RepetitionBudget(sourceSize: layout.bytes.count)
        for (index, paragraph) in paragraphs.all.enumerated() {
            if index > 0 { bytes.append(contentsOf: separator(paragraphs.all[index - 1].kind, paragraph.kind).utf8) }
            let start = bytes.count
            var lines: [Range<Int>] = []
            if case .table(let table) = paragraph.kind {
                for row in paragraphs.rows(of: table, &budget) {
                    if bytes.count > start { bytes.append(10) }
                    lines.append(bytes.count..<bytes.count + row.content.count)
                    bytes.append(contentsOf: row.content)
                }
                places.append((start..<bytes.count, lines))
                continue
            }
            for line in paragraph.lines {
                let text = layout.text(of: layout.lines[line])
                if bytes.count > start, paragraph.kind != .text || !isWithinUnspaced(text) { bytes.append(10) }
                let lineStart = bytes.count
                bytes.append(contentsOf: paragraphs.mark(of: line, in: paragraph) ?? [])
                bytes.append(contentsOf: text)
                lines.append(lineStart..<bytes.count)
            }
            places.append((start..<bytes.count, lines))
        }
        let joined = LineEndHyphens(joining: bytes)
        bytes = joined.bytes
        variants = joined.variants
        addBlocks(paragraphs.all, places)
        let filled = Set(
            paragraphs.all.lazy.filter { $0.kind != .running }.flatMap(\.lines).map(layout.page(ofLine:)))
        pagesWithoutText = layout.pages.indices
            .filter { !filled.contains($0) || paragraphs.pagesOfStamps.contains($0) }.map { $0 + 1 }
    }

    /// Whether the text goes on without a space, because both lines are in a script that has none.
    private func isWithinUnspaced(_ next: ArraySlice<UInt8>) -> Bool {
        guard let last = bytes.last, last >= 0x80, let first = next.first, first >= 0xE2 else { return false }
        let end = String(decoding: bytes.suffix(4), as: UTF8.self).unicodeScalars.last
        let start = String(decoding: next.prefix(4), as: UTF8.self).unicodeScalars.first
        return [end, start].allSatisfy { $0.map(Self.isUnspaced) ?? false }
    }

    /// Chinese and Japanese letters and punctuation; Korean has spaces.
    private static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
        (0x2E80...0xA4CF).contains(scalar.value) || (0xF900...0xFAFF).contains(scalar.value)
            || (0xFF00...0xFFEF).contains(scalar.value) || (0x20000...0x3FFFF).contains(scalar.value)
    }

    private func separator(_ first: PDFParagraph.Kind, _ second: PDFParagraph.Kind) -> String {
        first == second && (first == .item || first == .items || first == .rows || first == .code) ? "\n" : "\n\n"
    }

    /// Paragraphs of text can still contain items, numbered titles and other headings that only their words tell.
    private mutating func addBlocks(
        _ paragraphs: [PDFParagraph], _ places: [(range: Range<Int>, lines: [Range<Int>])]
    ) {
        var all = TextBlocks()
        var index = 0
        while index < paragraphs.count {
            let paragraph = paragraphs[index]
            let (range, lines) = places[index]
            index += 1
            switch paragraph.kind {
            case .heading(let level): all.append(block(.heading(level: level), range, paragraph))
            case .item: all.append(block(.listItem, range, paragraph))
            case .code: all.append(block(.code, range, paragraph))
            case .running: all.append(block(.paragraph, range, paragraph))
            case .items: for line in lines { all.append(block(.listItem, line, paragraph)) }
            case .rows, .table: for line in lines { all.append(block(.tableRow, line, paragraph)) }
            case .text:
                let first = index - 1
                while index < paragraphs.count, paragraphs[index].kind == .text { index += 1 }
                let run = range.lowerBound..<places[index - 1].range.upperBound
                var place = first
                for part in PlainTextExtractor.blocks(of: bytes, in: run) {
                    while place + 1 < index, places[place + 1].range.lowerBound <= part.range.lowerBound { place += 1 }
                    all.append(block(part.kind, part.range, paragraphs[place]))
                }
            }
        }
        blocks = all.all
    }

    private func block(_ kind: TextBlock.Kind, _ range: Range<Int>, _ paragraph: PDFParagraph) -> TextBlock {
        TextBlock(kind: kind, range: range, place: Place(page: paragraph.page + 1))
    }
}
