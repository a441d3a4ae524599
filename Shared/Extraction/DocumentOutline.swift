import Language
import Models

/// The sections of a document, divided into pieces.
struct DocumentOutline {
    private let utf8: UnsafeBufferPointer<UInt8>
    private(set) var pieces: [TextPiece] = []
    private(set) var sections: [TextSection] = []
    private var blockCount = 0
    /// The open sections with headings, outermost first.
    private var headings: [Int] = []
    /// Beyond this number, small pieces of a block are joined to save memory, as small blocks are.
    private static let maximumPieces = 500_000
    /// A position in bytes and in scalars. It only advances, because pieces come in order.
    private var position = (byte: 0, scalar: 0)

    init(_ utf8: UnsafeBufferPointer<UInt8>) {
        self.utf8 = utf8
        open(heading: nil, level: 0, at: Place())
    }

    mutating func add(_ block: TextBlock) {
        let range = block.range.clamped(to: 0..<utf8.count)
        defer { blockCount += 1 }
        switch block.kind {
        case .heading(let level):
            open(heading: headingText(range), level: level, at: block.place)
            addBounded(range, of: block, isBody: false)
        case .runInHeading(let level): open(heading: headingText(range), level: level, at: block.place)
        case .code: addLines(range, of: block)
        case .lines: addBounded(range, of: block)
        // A row is divided only if it exceeds a passage, because the parts of it say little.
        case .tableRow where endOfPart(from: range.lowerBound, to: range.upperBound) == range.upperBound:
            addPiece(range, of: block, isBody: true)
        case .paragraph, .listItem, .tableRow:
            // The index knows only fragments of Hindi's words, so it finds whole paragraphs better than parts of them.
            var sentences = Sentences.scan(utf8, in: range, lineBreaksEnd: false, dandasEnd: false)
            while let sentence = sentences.next() { addBounded(sentence, of: block) }
        }
    }

    private mutating func open(heading: String?, level: Int, at place: Place) {
        while let last = headings.last, sections[last].level >= level { headings.removeLast() }
        let parent = headings.last
        if heading != nil { headings.append(sections.count) }
        sections.append(
            TextSection(
                heading: heading, level: level, parent: parent, place: place, pieces: pieces.count..<pieces.count,
                words: 0, size: 0, hasBody: false))
    }

    private func headingText(_ range: Range<Int>) -> String? {
        let text = String(decoding: TextBytes.collapse(utf8[range].prefix(2_000)), as: UTF8.self)
        guard !text.isEmpty else { return nil }
        let bounded = text.unicodeScalars.prefix(PassageLimits.headingSize)
        return String(String.UnicodeScalarView(bounded))
    }

    private mutating func addLines(_ range: Range<Int>, of block: TextBlock) {
        var start = range.lowerBound
        while start < range.upperBound {
            let end = utf8[start..<range.upperBound].firstIndex(of: 10) ?? range.upperBound
            if end > start { addBounded(start..<end, of: block) }
            start = end + 1
        }
    }

    /// Adds `range`, divided between words if it exceeds the size of a passage. A word that exceeds it is divided
    /// between scalars.
    private mutating func addBounded(
        _ range: Range<Int>, of block: TextBlock, isBody: Bool = true
    ) {
        var start = range.lowerBound
        while start < range.upperBound {
            let end = endOfPart(from: start, to: range.upperBound)
            addPiece(start..<end, of: block, isBody: isBody)
            start = end
        }
    }

    private func endOfPart(from start: Int, to limit: Int) -> Int {
        // A shorter range cannot have too many words or scalars.
        guard limit - start > 2 * PassageLimits.targetWords else { return limit }
        var words = 0
        var size = 0
        var isInWord = false
        var lastSpace: Int?
        for index in start..<limit {
            let byte = utf8[index]
            if TextBytes.isContinuation(byte) { continue }
            let isSpace = TextBytes.isSpace(byte)
            if isSpace { lastSpace = index }
            if !isSpace, !isInWord { words += 1 }
            isInWord = !isSpace
            size += 1
            if words > PassageLimits.maximumWords || size > PassageLimits.maximumSize - 4 {
                return lastSpace.map { $0 > start ? $0 : index } ?? index
            }
        }
        return limit
    }

    private mutating func addPiece(_ range: Range<Int>, of block: TextBlock, isBody: Bool) {
        let words = TextBytes.countWords(utf8[range])
        guard words > 0 else { return }
        // Without a heading, too, what is read apart is a section.
        if isBody, let last = sections.last, last.hasBody, !last.place.adjoins(block.place) {
            open(heading: nil, level: 0, at: block.place)
        }
        let section = sections.count - 1
        let scalars = scalars(of: range)
        let size = scalars.count + 2
        let piece = TextPiece(
            range: range, scalars: scalars, words: words, size: size, block: blockCount,
            kind: block.kind, section: section)
        if pieces.count >= Self.maximumPieces, let last = pieces.last, let joined = last.joined(with: piece) {
            pieces[pieces.count - 1] = joined
        } else {
            pieces.append(piece)
        }
        sections[section].pieces = sections[section].pieces.lowerBound..<pieces.count
        sections[section].words += words
        sections[section].size += size
        if isBody, !sections[section].hasBody {
            sections[section].hasBody = true
            sections[section].place = block.place
        }
    }

    private mutating func scalars(of range: Range<Int>) -> Range<Int> {
        let start = scalarOffset(of: range.lowerBound)
        return start..<scalarOffset(of: range.upperBound)
    }

    private mutating func scalarOffset(of byte: Int) -> Int {
        while position.byte < byte {
            if !TextBytes.isContinuation(utf8[position.byte]) { position.scalar += 1 }
            position.byte += 1
        }
        return position.scalar
    }
}
