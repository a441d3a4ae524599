/// The operators of a query: quotes, and the minus before a word.
struct QueryText {
    enum Piece: Equatable {
        case words(Range<Int>)
        case phrase(Range<Int>)
        case excluded(Range<Int>)
    }

    private let utf8: UnsafeBufferPointer<UInt8>

    init(_ utf8: UnsafeBufferPointer<UInt8>) { self.utf8 = utf8 }

    /// The pieces in order, as ranges of bytes. Words that follow one another are one piece, because numbers may have
    /// spaces.
    func pieces() -> [Piece] {
        let closings = closingQuotes()
        var nextClosing = 0
        var pieces: [Piece] = []
        var index = 0
        var isWordStart = true
        while index < utf8.count {
            let isMinus = isWordStart && excludes(at: index)
            let start = isMinus ? index + 1 : index
            while nextClosing < closings.count, closings[nextClosing].lowerBound <= start { nextClosing += 1 }
            if let quote = quoteLength(at: start), nextClosing < closings.count {
                let closing = closings[nextClosing]
                let inside = start + quote..<closing.lowerBound
                pieces.append(isMinus ? .excluded(inside) : .phrase(inside))
                index = closing.upperBound
                isWordStart = true
                continue
            }
            let end = endOfWord(from: start)
            if isMinus {
                pieces.append(.excluded(start..<end))
            } else if case .words(let before)? = pieces.last {
                pieces[pieces.count - 1] = .words(before.lowerBound..<end)
            } else {
                pieces.append(.words(start..<end))
            }
            isWordStart = end < utf8.count && isSpace(utf8[end])
            index = isWordStart ? end + 1 : max(end, index + 1)
        }
        return pieces
    }

    /// Whether a minus at `index` excludes what follows. It does not before another one, before a number, and before a
    /// single letter, which is an option of a program: `tar -x`.
    private func excludes(at index: Int) -> Bool {
        guard isMinus(at: index), index + 1 < utf8.count else { return false }
        let next = utf8[index + 1]
        let following: UInt8 = index + 2 < utf8.count ? utf8[index + 2] : 0x20
        if isMinus(at: index + 1) || isDigit(next) { return false }
        if next == UInt8(ascii: "."), isDigit(following) { return false }
        return !(isASCIILetter(next) && isSpace(following))
    }

    private func isMinus(at index: Int) -> Bool { index < utf8.count && utf8[index] == UInt8(ascii: "-") }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    private func isASCIILetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    /// The next space or quotation mark.
    private func endOfWord(from start: Int) -> Int {
        var index = start
        while index < utf8.count, !isSpace(utf8[index]), quoteLength(at: index) == nil { index += 1 }
        // An unpaired quote is skipped.
        return index == start && index < utf8.count && !isSpace(utf8[index])
            ? index + (quoteLength(at: index) ?? 1) : index
    }

    private func closingQuotes() -> [Range<Int>] {
        var quotes: [Range<Int>] = []
        var index = 0
        while index < utf8.count {
            let length = quoteLength(at: index)
            if let length { quotes.append(index..<index + length) }
            index += length ?? 1
        }
        return quotes
    }

    /// The length in bytes of the quotation mark at `index`: `"`, or one of `“`, `”`, `„`. Between Hebrew letters, `"`
    /// belongs to an acronym.
    private func quoteLength(at index: Int) -> Int? {
        guard index < utf8.count else { return nil }
        if utf8[index] == UInt8(ascii: "\"") {
            let isHebrew = index >= 2 && utf8[index - 2] == 0xD7 && index + 1 < utf8.count && utf8[index + 1] == 0xD7
            return isHebrew ? nil : 1
        }
        guard index + 2 < utf8.count, utf8[index] == 0xE2, utf8[index + 1] == 0x80 else { return nil }
        return (0x9C...0x9E).contains(utf8[index + 2]) ? 3 : nil
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 9 < 5 }
}
