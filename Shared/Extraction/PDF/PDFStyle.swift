/// What distinguishes a document's headings from its text.
struct PDFStyle {
    /// The size of most letters.
    let bodySize: Float
    /// The sizes of headings, from large to small; a heading's level is the index of its size.
    private(set) var headingSizes: [Float] = []
    /// Where bold titles begin, if there are at least two there.
    private var titleMargins: [Float] = []
    private let widths: LetterWidths
    private let isBodyMonospaced: Bool
    private let layout: PDFLayout

    /// A heading is larger than the text by at least this factor.
    private static let largerBy: Float = 1.12
    /// Up to this factor, it may be the same size in a font with taller letters.
    private static let certainlyLargerBy: Float = 1.4
    private static let maximumLines = 3
    private static let maximumWords = 25
    private static let maximumBytes = 240
    /// A title that is only bold is short.
    private static let maximumBoldWords = 12
    private static let maximumBoldBytes = 100

    init(_ layout: PDFLayout) {
        self.layout = layout
        // In quarters of a point.
        var letters = [Int](repeating: 0, count: 400)
        for line in layout.lines where line.size > 0 && line.size < 100 {
            letters[Int(line.size * 4)] += layout.text(of: line).count
        }
        // Neighbouring sizes count together: the same font differs by rounding.
        let weights = letters.indices.map { letters[max(0, $0 - 1)...min(399, $0 + 1)].reduce(0, +) }
        let mode = weights.indices.max { weights[$0] < weights[$1] } ?? 0
        let body = layout.lines.filter { abs($0.size * 4 - Float(mode) - 0.5) <= 1.5 && !$0.isTurned }
        let total = body.reduce(Float(0)) { $0 + $1.size }
        bodySize = body.isEmpty ? max(1, Float(mode) / 4) : max(1, total / Float(body.count))
        widths = LetterWidths(of: body, size: bodySize, in: layout)
        let sample = body.prefix(200)
        isBodyMonospaced = sample.count { Self.isMonospaced([$0][...], in: layout) } * 2 > sample.count
    }

    func isBodySize(_ size: Float) -> Bool { abs(size - bodySize) < 0.06 * bodySize }

    // MARK: Headings by size

    /// Whether consecutive lines of one size are a heading because of their size.
    func isLarge(_ lines: ArraySlice<PDFLayout.Line>) -> Bool {
        guard let line = lines.first, line.size >= bodySize * Self.largerBy, lines.count <= Self.maximumLines,
            isTitle(lines, words: Self.maximumWords, bytes: Self.maximumBytes), !isCode(lines)
        else { return false }
        if line.size >= bodySize * Self.certainlyLargerBy { return true }
        return lines.allSatisfy { (widths.factor(of: $0, in: layout, size: bodySize) ?? 2) >= 1.05 }
    }

    /// Tells the sizes that headings have.
    mutating func setHeadingSizes(_ sizes: [Float]) {
        var distinct: [Float] = []
        for size in sizes.sorted(by: >) where distinct.last.map({ size < $0 * 0.95 }) ?? true { distinct.append(size) }
        headingSizes = distinct
    }

    /// From 1 to 6.
    func level(ofSize size: Float) -> Int {
        let larger = headingSizes.count { $0 * 0.95 > size }
        return min(larger + 1, 6)
    }

    /// The level of a heading that only its weight distinguishes.
    var boldLevel: Int { min(max(headingSizes.count + 1, 2), 6) }

    // MARK: Headings by weight

    /// Whether a line of about the body's size is bold, and could be a title.
    func isBoldTitle(_ lines: ArraySlice<PDFLayout.Line>) -> Bool {
        guard let line = lines.first, lines.count <= 2, isBold(lines), line.size > bodySize * 0.9,
            isTitle(lines, words: Self.maximumBoldWords, bytes: Self.maximumBoldBytes),
            let first = layout.text(of: line).first,
            TextBytes.isUppercase(first) || TextBytes.isDigit(first) || first >= 0xC3 || first == UInt8(ascii: "("),
            ListMarker(in: layout.bytes, at: layout.text(of: line).indices) != .bullet
        else { return false }
        let text = layout.text(of: lines[lines.endIndex - 1])
        return text.last.map { !".;".utf8.contains($0) } ?? false
    }

    func isBold(_ lines: ArraySlice<PDFLayout.Line>) -> Bool {
        lines.allSatisfy { line in
            guard !line.isTurned, line.size < bodySize * Self.certainlyLargerBy,
                let factor = widths.factor(of: line, in: layout, size: isBodySize(line.size) ? bodySize : line.size)
            else { return false }
            return factor >= widths.boldFactor && factor < 1.4
        }
    }

    /// Tells the lines that are certainly bold titles. Returns whether other titles can be told by them.
    mutating func learnMargins(of titles: [PDFLayout.Line]) -> Bool {
        let lefts = titles.filter { $0.size < bodySize * Self.largerBy }.map(\.left).sorted()
        for (left, next) in zip(lefts, lefts.dropFirst()) where next - left < 1 {
            if titleMargins.last.map({ left - $0 >= 1 }) ?? true { titleMargins.append(left) }
        }
        return !titleMargins.isEmpty
    }

    /// Whether a line begins where bold titles do, looks like one, and is not narrower than it would be in the font of
    /// the text, as far as its letters are known. The widths of short words with rare capitals are uncertain.
    func isLikelyTitle(_ line: PDFLayout.Line) -> Bool {
        guard isBodySize(line.size), !line.isTurned, titleMargins.contains(where: { abs(line.left - $0) < 1.5 }),
            isTitle([line], words: Self.maximumBoldWords / 2, bytes: Self.maximumBoldBytes / 2),
            let first = layout.text(of: line).first, TextBytes.isUppercase(first) || first >= 0xC3,
            let last = layout.text(of: line).last, !".:!?)".utf8.contains(last)
        else { return false }
        return (widths.factor(of: line, in: layout, size: bodySize) ?? 1) >= 1
    }

    private func isTitle(_ lines: ArraySlice<PDFLayout.Line>, words: Int, bytes: Int) -> Bool {
        let texts = lines.map { layout.text(of: $0) }
        guard lines.reduce(0, { $0 + $1.words.count }) <= words, texts.reduce(0, { $0 + $1.count }) <= bytes,
            let text = texts.last, let last = text.last, last != UInt8(ascii: ","), last != UInt8(ascii: ";"),
            !LineEndHyphens.endsWithHyphen(text),
            !texts.contains(where: HeadingRules.hasLeader)
        else { return false }
        return texts.reduce(0) { $0 + $1.count { TextBytes.isLetter($0) || $0 >= 0x80 } } >= 3
    }

    // MARK: Code

    /// Whether the lines are in a typewriter's font, and the text is not.
    func isCode(_ lines: ArraySlice<PDFLayout.Line>) -> Bool {
        !isBodyMonospaced && Self.isMonospaced(lines, in: layout)
    }

    /// Whether all letters are equally wide.
    private static func isMonospaced(_ lines: ArraySlice<PDFLayout.Line>, in layout: PDFLayout) -> Bool {
        var least = Float.infinity
        var most: Float = 0
        var letters = 0
        var distinct: Set<UInt8> = []
        for line in lines {
            for word in line.words {
                let word = layout.words[word]
                let text = layout.bytes[Int(word.start)..<Int(word.end)]
                let width = word.length / Float(text.count { !TextBytes.isContinuation($0) })
                least = min(least, width)
                most = max(most, width)
                letters += text.count
                if distinct.count < 6 { distinct.formUnion(text) }
                if most > least * 1.02 { return false }
            }
        }
        return letters >= 8 && distinct.count >= 6 && lines.contains { $0.words.count > 1 }
    }
}
