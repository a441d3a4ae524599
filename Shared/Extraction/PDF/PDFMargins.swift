/// How far lines reach to the right where they begin at about the same place.
struct PDFMargins {
    /// The right ends of the lines in steps of four points of their left ends, for each page.
    private var ofPages: [[Int: Float]] = []
    private var pageOfFlow: [Int: Int] = [:]

    private static let step: Float = 4
    /// A line can be indented by so many times its size, and still end at the same margin.
    private static let maximumIndent: Float = 5

    init(of layout: PDFLayout, _ style: PDFStyle) {
        for (page, blocks) in layout.pages.enumerated() {
            var ends: [Int: Float] = [:]
            for block in blocks {
                pageOfFlow[layout.blocks[block].flow] = page
                for line in layout.lines[layout.blocks[block].lines] {
                    guard !line.isTurned, line.size < style.bodySize * 1.12 else { continue }
                    let step = Self.step(of: line.left)
                    ends[step] = max(ends[step] ?? line.right, line.right)
                }
            }
            ofPages.append(ends)
        }
    }

    /// The right margin of the text around a line.
    func right(of line: PDFLayout.Line, in flow: Int) -> Float {
        guard let page = pageOfFlow[flow], line.size < 1_000 else { return line.right }
        let first = Self.step(of: line.left - Self.maximumIndent * line.size)
        let last = Self.step(of: line.left + line.size)
        return (first...max(first, last)).reduce(line.right) { max($0, ofPages[page][$1] ?? 0) }
    }

    private static func step(of left: Float) -> Int { Int(max(-1e6, min(left, 1e6)) / step) }
}
