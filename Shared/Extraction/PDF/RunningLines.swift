/// Finds what stands at the edges of pages and is not their text: lines that repeat on most pages, the names of
/// chapters, and page numbers.
struct RunningLines {
    /// The blocks to leave out.
    private(set) var blocks: Set<Int> = []

    /// A block at the top or bottom of a page counts as an edge if so many at most lie further out.
    private static let edgeBlocks = 3
    private static let maximumLines = 2
    private static let maximumBytes = 160
    /// The same line is in the same place on each page, apart from rounding and odd and even pages.
    private static let tolerance: Float = 4

    private struct Candidate {
        let block: Int
        let page: Int
        let isTop: Bool
        let height: Float
        /// With digits masked.
        let text: [UInt8]
        /// The space towards the middle of the page, to the next row that is not at its edge.
        let gap: Float
    }

    private struct Key: Hashable {
        let isTop: Bool
        let text: [UInt8]
    }

    init(in layout: PDFLayout, _ style: PDFStyle) {
        let pages = layout.pages.count { !$0.isEmpty }
        var candidates: [Candidate] = []
        for page in layout.pages.indices { candidates += Self.edges(of: page, in: layout) }
        let heights = Self.byHeight(candidates)
        for group in heights { addPageNumbers(group, layout) }
        let rest = candidates.filter { !blocks.contains($0.block) }
        let groups = Dictionary(grouping: rest) { Key(isTop: $0.isTop, text: $0.text) }.values
            .flatMap(Self.byHeight)
            .filter { Self.isRepeated($0, layout, style) && Self.isApart($0, layout) }
        let most = groups.filter { Self.isMost(Set($0.map(\.page)).count, of: pages) }
        blocks.formUnion(most.joined().map(\.block))
        if pages > 3 { addNames(rest, pages, layout, style) }
        keepPagesOfOnlyRepeatedText(layout)
    }

    /// Whether lines that differ in their numbers at most are the same line: the numbers must be those of the pages. In
    /// a larger size they are titles, such as "Step 3".
    private static func isRepeated(_ group: [Candidate], _ layout: PDFLayout, _ style: PDFStyle) -> Bool {
        guard Set(group.map(\.page)).count >= 2 else { return false }
        let texts = Set(group.map { text(of: $0.block, in: layout) })
        if texts.count == 1 { return true }
        return group.allSatisfy { candidate in
            PageNumber.isWithin(candidate.text)
                && layout.lines[layout.blocks[candidate.block].lines].allSatisfy { $0.size < style.bodySize * 1.06 }
        }
    }

    /// Whether there is more space below (or above) the lines than within a text, so that they are not the first row of
    /// a table, for example.
    private static func isApart(_ group: [Candidate], _ layout: PDFLayout) -> Bool {
        group.count { $0.gap >= 0.9 * (layout.lines[layout.blocks[$0.block].lines].first?.size ?? 0) } * 2 > group.count
    }

    /// Odd and even pages may have different lines.
    private static func isMost(_ count: Int, of pages: Int) -> Bool {
        count == 2 ? pages == 2 : count >= 3 && count * 5 >= pages * 2
    }

    /// The small blocks at both ends of a page.
    private static func edges(of page: Int, in layout: PDFLayout) -> [Candidate] {
        let boxes = layout.pages[page].map { (block: $0, box: box(of: $0, in: layout)) }
            .sorted { $0.box.top < $1.box.top }
        return edges(Array(boxes.prefix(edgeBlocks + 1)), isTop: true, page, layout)
            + edges(boxes.suffix(edgeBlocks + 1).reversed(), isTop: false, page, layout)
    }

    private typealias Box = (top: Float, bottom: Float)

    /// - Parameter blocks: from the edge of the page towards its middle.
    private static func edges(
        _ blocks: [(block: Int, box: Box)], isTop: Bool, _ page: Int, _ layout: PDFLayout
    ) -> [Candidate] {
        var edges: [Candidate] = []
        for (place, (block, box)) in blocks.enumerated().prefix(edgeBlocks) {
            let lines = layout.lines[layout.blocks[block].lines]
            guard !lines.isEmpty, lines.count <= maximumLines,
                lines.reduce(0, { $0 + layout.text(of: $1).count }) <= maximumBytes
            else { break }
            let next = blocks[(place + 1)...].lazy.map(\.box)
                .first { isTop ? $0.top > box.bottom - 1 : $0.bottom < box.top + 1 }
            let gap = next.map { isTop ? $0.top - box.bottom : box.top - $0.bottom } ?? .infinity
            let text = masked(text(of: block, in: layout))
            edges.append(Candidate(block: block, page: page, isTop: isTop, height: box.top, text: text, gap: gap))
        }
        return edges
    }

    private static func box(of block: Int, in layout: PDFLayout) -> Box {
        let lines = layout.lines[layout.blocks[block].lines]
        return (lines.map(\.top).min() ?? 0, lines.map(\.bottom).max() ?? 0)
    }

    private static func text(of block: Int, in layout: PDFLayout) -> [UInt8] {
        layout.lines[layout.blocks[block].lines].flatMap { layout.text(of: $0) + [0x20] }
    }

    /// In lower case, with one `#` for each run of digits.
    private static func masked(_ text: [UInt8]) -> [UInt8] {
        var masked: [UInt8] = []
        for byte in text {
            let isDigit = TextBytes.isDigit(byte)
            if isDigit, masked.last == UInt8(ascii: "#") { continue }
            masked.append(isDigit ? UInt8(ascii: "#") : TextBytes.lowercase(byte))
        }
        return masked
    }

    /// Divides candidates into those of about the same height, and on the same end of the page.
    private static func byHeight(_ candidates: [Candidate]) -> [[Candidate]] {
        var groups: [[Candidate]] = []
        let sorted = candidates.sorted { ($0.isTop ? 1 : 0, $0.height) < ($1.isTop ? 1 : 0, $1.height) }
        for candidate in sorted {
            if let last = groups.last?.last, last.isTop == candidate.isTop,
                candidate.height - last.height <= tolerance
            {
                groups[groups.count - 1].append(candidate)
            } else {
                groups.append([candidate])
            }
        }
        return groups
    }

    /// If pages would be left with nothing, the repeated lines are the text, as in a form.
    private mutating func keepPagesOfOnlyRepeatedText(_ layout: PDFLayout) {
        let filled = layout.pages.filter { !$0.isEmpty }
        let emptied = filled.count { $0.allSatisfy(blocks.contains) }
        if emptied * 2 > filled.count { blocks.removeAll() }
    }

    // MARK: Names of chapters

    /// Adds the lines in the same place on most pages that say which chapter or section the page belongs to: the same
    /// words are elsewhere, too.
    private mutating func addNames(_ candidates: [Candidate], _ pages: Int, _ layout: PDFLayout, _ style: PDFStyle) {
        var counts: [[UInt8]: Int] = [:]
        for line in layout.lines {
            counts[Self.letters(layout.text(of: line).prefix(Self.maximumBytes)), default: 0] += 1
        }
        let small = candidates.filter { candidate in
            let line = layout.lines[layout.blocks[candidate.block].lines].first
            return candidate.gap >= 0.9 * (line?.size ?? 0) && (line?.size ?? 0) < 1.06 * style.bodySize
        }
        for zone in Self.byHeight(small) {
            let echoes = zone.filter {
                counts[Self.letters(Self.text(of: $0.block, in: layout)[...]), default: 0] > 1
            }
            guard Set(echoes.map(\.page)).count * 2 > pages, echoes.count * 4 > zone.count * 3 else { continue }
            blocks.formUnion(zone.map(\.block))
        }
    }

    private static func letters(_ text: ArraySlice<UInt8>) -> [UInt8] {
        text.filter { TextBytes.isLetter($0) || TextBytes.isDigit($0) || $0 >= 0x80 }.map(TextBytes.lowercase)
    }

    // MARK: Page numbers

    /// Adds the page numbers among candidates of one height. A number that stands alone may also be a year on a cover, a
    /// sum or a cell, so it must be the page's, or grow with the pages.
    private mutating func addPageNumbers(_ group: [Candidate], _ layout: PDFLayout) {
        var bare: [(block: Int, offset: Int)] = []
        for candidate in group where candidate.gap > 6 && layout.blocks[candidate.block].lines.count == 1 {
            let text = Self.text(of: candidate.block, in: layout).dropLast()
            guard PageNumber.matches(Array(text)) else { continue }
            if let number = Int(String(decoding: text, as: UTF8.self)) {
                bare.append((candidate.block, number - candidate.page))
            } else {
                blocks.insert(candidate.block)
            }
        }
        let offsets = Dictionary(grouping: bare, by: \.offset)
        let common = offsets.max { ($0.value.count, -$0.key) < ($1.value.count, -$1.key) }
        for number in bare where number.offset == 1 || number.offset == common?.key && (common?.value.count ?? 0) > 1 {
            blocks.insert(number.block)
        }
    }
}
