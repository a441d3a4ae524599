import Language
import Models

/// Packs pieces into passages.
struct PassagePacker {
    private struct Span {
        /// The pieces, including those repeated from the previous passage.
        let pieces: Range<Int>
        /// The index of the first piece that is not repeated.
        let firstOwn: Int
    }

    private let utf8: UnsafeBufferPointer<UInt8>
    private let pieces: [TextPiece]
    private var passages: [Span] = []

    init(_ utf8: UnsafeBufferPointer<UInt8>, pieces: [TextPiece]) {
        self.utf8 = utf8
        self.pieces = pieces
    }

    /// Packs a run of pieces. No passage extends beyond the run.
    mutating func pack(_ run: Range<Int>) {
        var first = run.lowerBound
        var own = first
        var words = 0
        var size = 0
        var rest = Tally(pieces[run])
        var blockRest = Tally([])
        var endOfBlock = run.lowerBound
        var isInList = false
        for index in run {
            let piece = pieces[index]
            let startsBlock = index == endOfBlock
            if startsBlock {
                let block = index..<self.endOfBlock(from: index, in: run)
                endOfBlock = endOfList(announcedBy: block, in: run)
                isInList = endOfBlock > block.upperBound
                blockRest = Tally(pieces[index..<endOfBlock])
            }
            let isBlockStart = index > own && startsBlock
            let state = Fill(words: words, size: size)
            if index > own,
                state.isFull(
                    before: piece, isBlockStart: isBlockStart, isInList: isInList, block: blockRest, rest: rest)
            {
                passages.append(Span(pieces: first..<index, firstOwn: own))
                first = startOfOverlap(before: index, after: own)
                own = index
                words = pieces[first..<index].reduce(0) { $0 + $1.words }
                size = pieces[first..<index].reduce(0) { $0 + $1.size }
                if !Fill(words: words, size: size).hasRoom(for: piece.words, piece.size) {
                    first = index
                    words = 0
                    size = 0
                }
            }
            words += piece.words
            size += piece.size
            rest.remove(piece)
            blockRest.remove(piece)
        }
        if own < run.upperBound {
            passages.append(Span(pieces: first..<run.upperBound, firstOwn: own))
        }
    }

    private func endOfBlock(from index: Int, in run: Range<Int>) -> Int {
        var end = index
        while end < run.upperBound, pieces[end].block == pieces[index].block { end += 1 }
        return end
    }

    /// The end of the list, table or code that a paragraph announces with a colon, or without a mark directly before it, if
    /// all of it fits into a passage with the paragraph; otherwise the end of the paragraph.
    private func endOfList(announcedBy block: Range<Int>, in run: Range<Int>) -> Int {
        let announcement = pieces[block.upperBound - 1]
        let text = utf8[announcement.range]
        guard announcement.kind == .paragraph, ListText.endsWithColon(text) || ListText.endsOpenly(text) else {
            return block.upperBound
        }
        var tally = Tally(pieces[block])
        var end = block.upperBound
        while end < run.upperBound, [.listItem, .tableRow, .code].contains(pieces[end].kind) {
            tally.add(pieces[end])
            guard Fill(words: 0, size: 0).hasRoom(for: tally.words, tally.size) else { return block.upperBound }
            end += 1
        }
        return end
    }

    /// The index of the first sentence to repeat before `index`: at most two sentences, of the same section, and never
    /// the whole previous passage.
    private func startOfOverlap(before index: Int, after firstOwn: Int) -> Int {
        var start = index
        var words = 0
        var size = 0
        while start > firstOwn + 1, index - start < 2 {
            let piece = pieces[start - 1]
            words += piece.words
            size += piece.size
            guard words <= PassageLimits.overlapWords, size <= PassageLimits.overlapSize,
                piece.kind == .paragraph || piece.kind == .listItem,
                piece.section == pieces[index].section
            else { break }
            start -= 1
        }
        return start
    }

    // MARK: The result

    /// - Parameters:
    ///   - blocks: the blocks of the document, for their places.
    ///   - variants: other readings of words, in text order.
    func finish(
        _ sections: [TextSection], places blocks: [TextBlock], variants: [ExtractedText.Variant]
    ) -> [PassageDraft] {
        passages.enumerated().map { index, passage in
            let first = pieces[passage.pieces.lowerBound]
            let last = pieces[passage.pieces.upperBound - 1]
            let own = pieces[passage.firstOwn..<passage.pieces.upperBound]
            let start = own.first { !$0.isHeading } ?? own[own.startIndex]
            let (content, words) = content(of: passage.pieces)
            return PassageDraft(
                index: index, start: first.scalars.lowerBound, end: last.scalars.upperBound,
                place: blocks[start.block].place, heading: Self.heading(of: own, sections),
                headingPath: Self.path(to: start.section, in: sections), content: content,
                variants: Self.joined(variants, in: first.range.lowerBound..<last.range.upperBound), wordCount: words)
        }
    }

    private static func joined(_ variants: [ExtractedText.Variant], in range: Range<Int>) -> String? {
        var start = 0
        var end = variants.count
        while start < end {
            let middle = (start + end) / 2
            if variants[middle].position < range.lowerBound { start = middle + 1 } else { end = middle }
        }
        let own = variants[start...].prefix { $0.position < range.upperBound }
        return own.isEmpty ? nil : own.map(\.text).joined(separator: Passage.variantSeparator)
    }

    /// The headings of the sections in the passage, not counting repeated sentences; as many as fit.
    private static func heading(of own: ArraySlice<TextPiece>, _ sections: [TextSection]) -> String? {
        let body = own.filter { !$0.isHeading }
        guard let first = body.first ?? own.first else { return nil }
        var joined = sections[first.section].heading
        var section = first.section
        for piece in body where piece.section != section {
            section = piece.section
            guard let next = sections[section].heading else { continue }
            let both = joined.map { "\($0)\(PassageDraft.headingSeparator)\(next)" } ?? next
            if both.unicodeScalars.count <= PassageLimits.headingSize { joined = both }
        }
        return joined
    }

    /// The headings above that of a section, outermost first.
    private static func path(to section: Int, in sections: [TextSection]) -> [String] {
        var path: [String] = []
        var next = sections[section].parent
        while let section = next {
            if let heading = sections[section].heading { path.append(heading) }
            next = sections[section].parent
        }
        return path.reversed()
    }

    private func content(of range: Range<Int>) -> (text: String, words: Int) {
        var bytes: [UInt8] = []
        var words = 0
        for index in range {
            let piece = pieces[index]
            words += piece.words
            if index > range.lowerBound {
                bytes.append(contentsOf: separator(pieces[index - 1], piece).utf8)
            }
            if piece.kind == .code || piece.kind == .lines {
                bytes.append(contentsOf: utf8[piece.range])
            } else {
                TextBytes.appendCollapsed(utf8[piece.range], to: &bytes)
            }
        }
        return (String(decoding: bytes, as: UTF8.self), words)
    }

    private func separator(_ first: TextPiece, _ second: TextPiece) -> String {
        if first.block != second.block { return TextBuilder.separator(first.kind, second.kind) }
        // Sentences of Chinese and Japanese have no spaces between them.
        if first.range.upperBound == second.range.lowerBound { return "" }
        return first.kind == .code ? "\n" : " "
    }
}

/// The size of a number of pieces, in words and in scalars.
private struct Tally {
    var words: Int
    var size: Int

    init(_ pieces: ArraySlice<TextPiece>) {
        words = pieces.reduce(0) { $0 + $1.words }
        size = pieces.reduce(0) { $0 + $1.size }
    }

    mutating func add(_ piece: TextPiece) {
        words += piece.words
        size += piece.size
    }

    mutating func remove(_ piece: TextPiece) {
        words -= piece.words
        size -= piece.size
    }
}

/// How full a passage is.
private struct Fill {
    let words: Int
    let size: Int

    func hasRoom(for words: Int, _ size: Int) -> Bool {
        self.words + words <= PassageLimits.maximumWords
            && self.size + size <= PassageLimits.maximumSize
    }

    /// Whether to start a new passage before `piece`.
    ///
    /// - Parameters:
    ///   - isInList: whether the piece is in a list that goes with the paragraph that announces it.
    ///   - block: the rest of the piece's paragraph or list, including the piece.
    ///   - rest: the rest of the section, including the piece.
    func isFull(before piece: TextPiece, isBlockStart: Bool, isInList: Bool, block: Tally, rest: Tally) -> Bool {
        if !hasRoom(for: piece.words, piece.size) { return true }
        // One large passage is better than a small one at the end.
        if hasRoom(for: rest.words, rest.size) { return false }
        if words >= PassageLimits.targetWords {
            return isBlockStart || !isInList || !hasRoom(for: block.words, block.size)
        }
        return isBlockStart && words >= PassageLimits.paragraphBreakWords
            && !hasRoom(for: block.words, block.size)
    }
}
