/// Finds what stands at the edges of pages and is not their text: lines that repeat on most pages, the names of
/// chapters, and page numbers.
///
/// Of each line that repeats, the first copy stays. What looks like a page's edge may be all that a form or an invoice
/// says about something.
struct RunningLines {
    /// The blocks to leave out.
    private(set) var blocks: Set<Int> = []
    /// The first copies of the lines that are left out elsewhere.
    private(set) var firstCopies: Set<Int> = []
    /// The pages that have only a short line that most pages have, as scanners stamp it on pictures.
    private(set) var pagesOfStamps: Set<Int> = []

    /// A block at the top or bottom of a page counts as an edge if so many at most lie further out.
    private static let edgeBlocks = 3
    private static let maximumLines = 2
    private static let maximumBytes = 160
    /// The same line is in the same place on each page, apart from rounding and odd and even pages.
    private static let tolerance: Float = 4
    /// The share of a page's height that its margin takes, and what the outermost row may reach.
    private static let margin: Float = 0.12
    private static let widestMargin: Float = 0.2
    /// Larger lines are titles.
    private static let largestFactor: Float = 1.3
    private static let bytesOfStamp = 80

    private struct Candidate {
        let block: Int
        let page: Int
        let isTop: Bool
        let height: Float
        /// With the page number masked.
        let text: [UInt8]
        /// The page number within the text.
        let number: Int?
        /// The space towards the middle of the page, to the next row that is not at its edge.
        let gap: Float
        let isInMargin: Bool
        /// Whether that space is larger than within the page's text.
        let isApart: Bool
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
        let rest = candidates.filter { !blocks.contains($0.block) && $0.isInMargin }
        let groups = Dictionary(grouping: rest) { Key(isTop: $0.isTop, text: $0.text) }.values
            .flatMap(Self.byHeight)
            .filter { Self.isRepeated($0, layout, style) && $0.count(where: \.isApart) * 2 > $0.count }
        for group in groups where Self.isMost(Set(group.map(\.page)).count, of: pages) { leaveOut(group) }
        if pages > 3 { addNames(rest, pages, layout, style) }
        blocks.subtract(firstCopies)
        keepPagesOfOnlyRepeatedText(layout)
        findStamps(layout)
    }

    /// Leaves out all copies but the first.
    private mutating func leaveOut(_ copies: [Candidate]) {
        guard let first = copies.min(by: { $0.page < $1.page })?.block else { return }
        firstCopies.insert(first)
        for copy in copies where copy.block != first { blocks.insert(copy.block) }
    }

    /// Whether lines that differ in a page number at most are the same line: the numbers must grow with the pages. In a
    /// larger size they are titles, such as "Step 3".
    private static func isRepeated(_ group: [Candidate], _ layout: PDFLayout, _ style: PDFStyle) -> Bool {
        guard Set(group.map(\.page)).count >= 2 else { return false }
        let offsets = group.compactMap { candidate in candidate.number.map { $0 - candidate.page } }
        let factor = offsets.isEmpty ? largestFactor : 1.06
        guard
            group.allSatisfy({ candidate in
                layout.lines[layout.blocks[candidate.block].lines].allSatisfy { $0.size < style.bodySize * factor }
            })
        else { return false }
        let most = Dictionary(grouping: offsets) { $0 }.values.map(\.count).max() ?? 0
        return offsets.isEmpty || most * 2 > group.count
    }

    /// Odd and even pages may have different lines.
    private static func isMost(_ count: Int, of pages: Int) -> Bool {
        count == 2 ? pages == 2 : count >= 3 && count * 5 >= pages * 2
    }

    /// The small blocks at both ends of a page.
    private static func edges(of page: Int, in layout: PDFLayout) -> [Candidate] {
        let boxes = layout.pages[page].map { (block: $0, box: box(of: $0, in: layout)) }
            .sorted { $0.box.top < $1.box.top }
        let spacing = spacing(of: page, in: layout)
        return edges(Array(boxes.prefix(edgeBlocks + 1)), isTop: true, page, spacing, layout)
            + edges(boxes.suffix(edgeBlocks + 1).reversed(), isTop: false, page, spacing, layout)
    }

    private typealias Box = (top: Float, bottom: Float)

    /// - Parameters:
    ///   - blocks: from the edge of the page towards its middle.
    ///   - spacing: the space between most rows of the page.
    private static func edges(
        _ blocks: [(block: Int, box: Box)], isTop: Bool, _ page: Int, _ spacing: Float, _ layout: PDFLayout
    ) -> [Candidate] {
        var edges: [Candidate] = []
        let height = layout.pageHeights[page]
        for (place, (block, box)) in blocks.enumerated().prefix(edgeBlocks) {
            let lines = layout.lines[layout.blocks[block].lines]
            guard let size = lines.first?.size, lines.count <= maximumLines,
                lines.reduce(0, { $0 + layout.text(of: $1).count }) <= maximumBytes
            else { break }
            let next = blocks[(place + 1)...].lazy.map(\.box)
                .first { isTop ? $0.top > box.bottom - 1 : $0.bottom < box.top + 1 }
            let gap = next.map { isTop ? $0.top - box.bottom : box.top - $0.bottom } ?? .infinity
            let isOutermost = blocks[0].box.top < box.bottom && blocks[0].box.bottom > box.top
            let reach = isTop ? box.bottom : height - box.top
            let (text, number) = PageNumber.masked(text(of: block, in: layout))
            edges.append(
                Candidate(
                    block: block, page: page, isTop: isTop, height: box.top, text: text, number: number, gap: gap,
                    isInMargin: reach <= height * (isOutermost ? widestMargin : margin),
                    isApart: gap >= 0.9 * size && gap > 1.15 * spacing))
        }
        return edges
    }

    /// The space between most rows of a page; 0 if there are too few. In a form, all rows are equally far apart.
    private static func spacing(of page: Int, in layout: PDFLayout) -> Float {
        guard let first = layout.pages[page].first, let last = layout.pages[page].last else { return 0 }
        let range = layout.blocks[first].lines.lowerBound..<layout.blocks[last].lines.upperBound
        let lines = layout.lines[range].filter { !$0.isTurned }.sorted { $0.top < $1.top }
        var bottom = lines.first?.bottom ?? 0
        var gaps: [Float] = []
        for line in lines.dropFirst() {
            if line.top >= bottom - 0.3 * line.size { gaps.append(line.top - bottom) }
            bottom = max(bottom, line.bottom)
        }
        return gaps.count < 3 ? 0 : gaps.sorted()[gaps.count / 2]
    }

    private static func box(of block: Int, in layout: PDFLayout) -> Box {
        let lines = layout.lines[layout.blocks[block].lines]
        return (lines.map(\.top).min() ?? 0, lines.map(\.bottom).max() ?? 0)
    }

    private static func text(of block: Int, in layout: PDFLayout) -> [UInt8] {
        layout.lines[layout.blocks[block].lines].flatMap { layout.text(of: $0) + [0x20] }
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

    // MARK: Pages without other text

    /// If pages would be left with nothing, the repeated lines are the text, as in a form.
    private mutating func keepPagesOfOnlyRepeatedText(_ layout: PDFLayout) {
        let filled = layout.pages.filter { !$0.isEmpty }
        let emptied = filled.count { $0.allSatisfy { blocks.contains($0) || firstCopies.contains($0) } }
        guard emptied * 2 > filled.count else { return }
        blocks.removeAll()
        firstCopies.removeAll()
    }

    /// Finds the pages that have only a short line that differs in numbers at most, if most pages are such.
    private mutating func findStamps(_ layout: PDFLayout) {
        var pagesOfTexts: [[UInt8]: [Int]] = [:]
        for (page, range) in layout.pages.enumerated() where (1...Self.edgeBlocks).contains(range.count) {
            let text = range.flatMap { Self.text(of: $0, in: layout) }
            guard text.count <= Self.bytesOfStamp else { continue }
            pagesOfTexts[text.filter { !TextBytes.isDigit($0) }, default: []].append(page)
        }
        let stamped = pagesOfTexts.values.filter { $0.count > 1 }.joined()
        if stamped.count * 2 > layout.pages.count { pagesOfStamps = Set(stamped) }
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
            return candidate.isApart && (line?.size ?? 0) < 1.06 * style.bodySize
        }
        for zone in Self.byHeight(small) {
            let names = Dictionary(grouping: zone) { Self.letters(Self.text(of: $0.block, in: layout)[...]) }
            let echoes = names.filter { counts[$0.key, default: 0] > 1 }.values.joined()
            guard Set(echoes.map(\.page)).count * 2 > pages, echoes.count * 4 > zone.count * 3 else { continue }
            for (name, copies) in names {
                // The title of the chapter itself stays, or else the first copy.
                if counts[name, default: 0] > copies.count {
                    counts[name, default: 0] -= copies.count
                    blocks.formUnion(copies.map(\.block))
                } else {
                    leaveOut(copies)
                }
            }
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
