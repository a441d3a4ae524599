/// The marks of list items that `pdftotext` took for a column of their own: bullets, `1.` and `(a)`.
struct PDFMarks {
    /// The mark of each line that has one.
    private(set) var ofLines: [Int: [UInt8]] = [:]
    private var marks: Set<Int> = []

    /// A mark stands so many times its size before its item at most.
    private static let maximumDistance: Float = 5
    /// The number of lines to look at on each side.
    private static let reach = 200

    /// Whether a line is only a mark, which its item has got.
    func isMark(_ line: Int) -> Bool { marks.contains(line) }

    init(in layout: PDFLayout) {
        for blocks in layout.pages {
            guard let first = blocks.first, let last = blocks.last else { continue }
            let lines = layout.blocks[first].lines.lowerBound..<layout.blocks[last].lines.upperBound
            for line in lines {
                guard let mark = Self.mark(layout.text(of: layout.lines[line])) else { continue }
                guard let item = Self.item(of: line, in: lines, layout), ofLines[item] == nil else { continue }
                ofLines[item] = mark
                marks.insert(line)
            }
        }
    }

    /// The nearest line to the right of a mark, on the same height.
    private static func item(of mark: Int, in lines: Range<Int>, _ layout: PDFLayout) -> Int? {
        let box = layout.lines[mark]
        var nearest: (line: Int, left: Float)?
        for line in max(lines.lowerBound, mark - reach)..<min(lines.upperBound, mark + reach) where line != mark {
            let other = layout.lines[line]
            let overlap = min(box.bottom, other.bottom) - max(box.top, other.top)
            guard !other.isTurned, overlap > 0.5 * min(other.size, box.size), other.left >= box.right - 1,
                other.left - box.right < maximumDistance * other.size, Self.mark(layout.text(of: other)) == nil
            else { continue }
            if nearest.map({ other.left < $0.left }) ?? true { nearest = (line, other.left) }
        }
        // The item may be below its mark, if the mark was not drawn beside it.
        return nearest?.line
    }

    /// The mark, as it is written before the item.
    private static func mark(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count <= 6 else { return nil }
        if bullets.contains(where: { text.elementsEqual($0.utf8) }) { return Array("• ".utf8) }
        let marked = text + [0x20]
        if ListMarker(in: Array(marked), at: 0..<marked.count) != nil { return Array(marked) }
        return nil
    }

    /// The last two are those of the font Symbol.
    private static let bullets = [
        "•", "●", "▪", "◦", "–", "-", "*", "■", "□", "○", "‣", "⁃", "➢", "✓", "\u{F0B7}", "\u{F0A7}",
    ]
}
