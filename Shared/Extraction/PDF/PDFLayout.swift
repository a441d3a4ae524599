/// The words of a PDF and where they are, as `pdftotext -bbox-layout` reports them: pages, flows (columns, headers),
/// blocks, lines and words, in reading order. Lengths are in points of 1/72 inch, from the top left.
struct PDFLayout {
    struct Word {
        /// Its text in `bytes`.
        let start: Int32
        let end: Int32
        /// Its length along the line.
        let length: Float
    }

    struct Line {
        var words: Range<Int>
        var left: Float
        var right: Float
        var top: Float
        var bottom: Float
        /// The height of its letters, from the highest to the lowest of the font: a little less than the font's size.
        var size: Float
        /// Whether it runs upwards or downwards.
        var isTurned: Bool
    }

    struct Block {
        var lines: Range<Int>
        /// The number of its flow, in the document.
        let flow: Int
    }

    /// The text of all words, each followed by a space.
    private(set) var bytes: [UInt8] = []
    private(set) var words: [Word] = []
    private(set) var lines: [Line] = []
    private(set) var blocks: [Block] = []
    /// The blocks of each page.
    private(set) var pages: [Range<Int>] = []
    /// The height of each page; 0 if it is not known.
    private(set) var pageHeights: [Float] = []
    private var flow = 0

    /// The text of a line, with single spaces between its words.
    func text(of line: Line) -> ArraySlice<UInt8> {
        guard let first = line.words.first, let last = line.words.last else { return [] }
        return bytes[Int(words[first].start)..<Int(words[last].end)]
    }

    /// The index of the page that a line is on.
    func page(ofLine line: Int) -> Int {
        var (start, end) = (0, pages.count)
        while end - start > 1 {
            let middle = (start + end) / 2
            let first = pages[middle].lowerBound
            if first < blocks.count, blocks[first].lines.lowerBound <= line { start = middle } else { end = middle }
        }
        return start
    }

    // MARK: Building

    mutating func startPage(height: Float = 0) {
        pages.append(blocks.count..<blocks.count)
        pageHeights.append(height)
    }

    mutating func startFlow() { flow += 1 }

    mutating func startBlock() {
        if pages.isEmpty { startPage() }
        blocks.append(Block(lines: lines.count..<lines.count, flow: flow))
        pages[pages.count - 1] = pages[pages.count - 1].lowerBound..<blocks.count
    }

    mutating func startLine() {
        if blocks.isEmpty { startBlock() }
        // A damaged line can lack its end.
        endLine()
        lines.append(
            Line(words: words.count..<words.count, left: 0, right: 0, top: 0, bottom: 0, size: 0, isTurned: false))
        blocks[blocks.count - 1].lines = blocks[blocks.count - 1].lines.lowerBound..<lines.count
    }

    mutating func add(_ text: [UInt8], in box: Box) {
        guard !text.isEmpty, let line = lines.indices.last else { return }
        let start = Int32(clamping: bytes.count)
        bytes.append(contentsOf: text)
        words.append(Word(start: start, end: Int32(clamping: bytes.count), length: box.right - box.left))
        bytes.append(0x20)
        boxes.append(box)
        let wasEmpty = lines[line].words.isEmpty
        lines[line].words = lines[line].words.lowerBound..<words.count
        lines[line].left = wasEmpty ? box.left : min(lines[line].left, box.left)
        lines[line].right = wasEmpty ? box.right : max(lines[line].right, box.right)
        lines[line].top = wasEmpty ? box.top : min(lines[line].top, box.top)
        lines[line].bottom = wasEmpty ? box.bottom : max(lines[line].bottom, box.bottom)
    }

    struct Box {
        var left: Float = 0
        var top: Float = 0
        var right: Float = 0
        var bottom: Float = 0
    }

    /// Of the words of the open line.
    private var boxes: [Box] = []

    mutating func endLine() {
        defer { boxes.removeAll(keepingCapacity: true) }
        guard let line = lines.indices.last, let first = boxes.first, let last = boxes.last else { return }
        let words = lines[line].words
        guard let longest = words.indices.max(by: { length(of: $0) < length(of: $1) }),
            boxes.indices.contains(longest - words.lowerBound)
        else { return }
        let box = boxes[longest - words.lowerBound]
        if boxes.count > 1 {
            lines[line].isTurned = abs(last.left - first.left) < abs(last.top - first.top)
        } else {
            lines[line].isTurned = length(of: longest) > 2 && box.bottom - box.top > 1.5 * (box.right - box.left)
        }
        lines[line].size = lines[line].isTurned ? box.right - box.left : box.bottom - box.top
        reorder(line)
    }

    /// Adds the pages of a document's second half.
    mutating func append(_ rest: PDFLayout) {
        let (byte, word, line, block) = (Int32(clamping: bytes.count), words.count, lines.count, blocks.count)
        bytes += rest.bytes
        words += rest.words.map { Word(start: $0.start + byte, end: $0.end + byte, length: $0.length) }
        lines += rest.lines.map {
            var moved = $0
            moved.words = $0.words.lowerBound + word..<$0.words.upperBound + word
            return moved
        }
        blocks += rest.blocks.map {
            Block(lines: $0.lines.lowerBound + line..<$0.lines.upperBound + line, flow: $0.flow + flow)
        }
        pages += rest.pages.map { $0.lowerBound + block..<$0.upperBound + block }
        pageHeights += rest.pageHeights
        flow += rest.flow
    }

    /// Puts the words of a line in reading order. A line from right to left is mirrored, so that it begins at its left.
    private mutating func reorder(_ line: Int) {
        guard let first = lines[line].words.first.map({ words[$0] }),
            let (text, isRightToLeft) = PDFDirection.reordered(self.text(of: lines[line]))
        else { return }
        bytes.removeSubrange(Int(first.start)...)
        let lengths = lines[line].words.map { words[$0].length }
        words.removeSubrange(lines[line].words)
        for (index, word) in text.split(separator: 0x20).enumerated() {
            let place = isRightToLeft ? lengths.count - 1 - index : index
            let start = Int32(clamping: bytes.count)
            bytes.append(contentsOf: word)
            words.append(
                Word(
                    start: start, end: Int32(clamping: bytes.count),
                    length: lengths.indices.contains(place) ? lengths[place] : 0))
            bytes.append(0x20)
        }
        lines[line].words = lines[line].words.lowerBound..<words.count
        if isRightToLeft { (lines[line].left, lines[line].right) = (-lines[line].right, -lines[line].left) }
    }

    private func length(of word: Int) -> Int { Int(words[word].end - words[word].start) }
}
