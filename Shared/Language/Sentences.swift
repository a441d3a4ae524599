/// Finds the sentences of a text.
///
/// A sentence ends at `.`, `!` or `?` before white space, possibly with closing quotes and brackets in between; at the
/// full stop of another script, such as `。` or `।`; and, where lines are items, at the end of its line. Abbreviations,
/// initials, ordinals, decimal points and section numbers do not end a sentence.
public enum Sentences {
    /// The sentences of `text` without surrounding space. Each line break ends a sentence, so hard-wrapped prose must
    /// be joined first.
    public static func split(_ text: String) -> [Range<String.Index>] {
        var copy = text
        let ranges = copy.withUTF8 { utf8 in
            split(utf8, in: 0..<utf8.count, lineBreaksEnd: true).flatMap { SpacedClauses.divide(utf8, $0) }
        }
        let utf8 = text.utf8
        // The offsets ascend, so each index is computed from the previous one: linear, not quadratic.
        var offset = 0
        var index = text.startIndex
        func advance(to target: Int) -> String.Index {
            index = utf8.index(index, offsetBy: target - offset)
            offset = target
            return index
        }
        return ranges.map { advance(to: $0.lowerBound)..<advance(to: $0.upperBound) }
    }

    /// The sentences within `range` of well-formed UTF-8, as byte ranges without surrounding space. Without
    /// `lineBreaksEnd`, a line break is like any other space.
    public static func split(
        _ utf8: UnsafeBufferPointer<UInt8>, in range: Range<Int>, lineBreaksEnd: Bool
    ) -> [Range<Int>] {
        var scan = scan(utf8, in: range, lineBreaksEnd: lineBreaksEnd)
        var sentences: [Range<Int>] = []
        while let sentence = scan.next() { sentences.append(sentence) }
        return sentences
    }

    /// Yields the same sentences one by one, for ranges of any size.
    ///
    /// - Parameter dandasEnd: whether stops of scripts other than Chinese and Japanese, such as `।` and `؟`, end sentences.
    public static func scan(
        _ utf8: UnsafeBufferPointer<UInt8>, in range: Range<Int>, lineBreaksEnd: Bool, dandasEnd: Bool = true
    ) -> SentenceScan {
        SentenceScan(utf8: utf8, range: range, lineBreaksEnd: lineBreaksEnd, dandasEnd: dandasEnd)
    }
}

public struct SentenceScan: IteratorProtocol {
    private let utf8: UnsafeBufferPointer<UInt8>
    private let range: Range<Int>
    private let lineBreaksEnd: Bool
    private let dandasEnd: Bool
    private var start: Int
    private var index: Int

    fileprivate init(utf8: UnsafeBufferPointer<UInt8>, range: Range<Int>, lineBreaksEnd: Bool, dandasEnd: Bool) {
        self.utf8 = utf8
        self.range = range.clamped(to: 0..<utf8.count)
        self.lineBreaksEnd = lineBreaksEnd
        self.dandasEnd = dandasEnd
        start = self.range.lowerBound
        index = start
        skipSpace()
    }

    public mutating func next() -> Range<Int>? {
        while index < range.upperBound {
            if let sentence = step() { return sentence }
        }
        return finish(at: range.upperBound)
    }

    /// Advances by one character; returns the sentence that ends there, if any.
    private mutating func step() -> Range<Int>? {
        switch utf8[index] {
        case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"):
            let stops = index..<endOfStops(from: index)
            let end = endOfClosers(from: stops.upperBound)
            index = end
            return isBoundary(stops: stops, end: end) ? finish(at: end) : nil
        case UInt8(ascii: "\n") where lineBreaksEnd:
            index += 1
            return finish(at: index - 1)
        case 0xD6, 0xD8, 0xDB, 0xE0, 0xE1, 0xE3, 0xEF:
            let (scalar, length) = UTF8Scan.scalar(in: utf8, at: index)
            index += length
            guard SentenceRules.isForeignStop(scalar), dandasEnd || scalar.value >= 0x3000,
                index <= range.upperBound
            else { return nil }
            index = endOfClosers(from: index)
            return finish(at: index)
        default:
            index += 1
            return nil
        }
    }

    private mutating func finish(at end: Int) -> Range<Int>? {
        var last = end
        while last > start, SentenceRules.isSpace(utf8[last - 1]) { last -= 1 }
        let sentence = last > start ? start..<last : nil
        start = max(start, end)
        skipSpace()
        return sentence
    }

    private mutating func skipSpace() {
        while start < range.upperBound, SentenceRules.isSpace(utf8[start]) { start += 1 }
    }

    private func endOfStops(from index: Int) -> Int {
        var end = index
        while end < range.upperBound, SentenceRules.isStop(utf8[end]) { end += 1 }
        return end
    }

    /// Skips closing quotes and brackets: `"'])}`, `’”»` and the CJK ones.
    private func endOfClosers(from index: Int) -> Int {
        var end = index
        while end < range.upperBound {
            switch utf8[end] {
            case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: ")"), UInt8(ascii: "]"),
                UInt8(ascii: "}"):
                end += 1
            case 0xC2, 0xE2, 0xE3, 0xEF:
                let (scalar, length) = UTF8Scan.scalar(in: utf8, at: end)
                guard SentenceRules.isWideCloser(scalar), end + length <= range.upperBound
                else { return end }
                end += length
            default: return end
            }
        }
        return end
    }

    private func isBoundary(stops: Range<Int>, end: Int) -> Bool {
        guard end < range.upperBound else { return true }
        guard SentenceRules.isSpace(utf8[end]) else { return false }
        var next = end
        while next < range.upperBound, SentenceRules.isSpace(utf8[next]) {
            if lineBreaksEnd, utf8[next] == UInt8(ascii: "\n") { return true }
            next += 1
        }
        guard next < range.upperBound else { return true }
        if let first = firstLetter(from: next), SentenceRules.isLowercase(first) { return false }
        guard stops.count == 1, utf8[stops.lowerBound] == UInt8(ascii: ".") else { return true }
        return !isAbbreviation(endingAt: stops.lowerBound, before: next)
    }

    /// The first letter of the word that starts at `index`, without opening quotes and brackets.
    private func firstLetter(from index: Int) -> Unicode.Scalar? {
        var index = index
        while index < range.upperBound, !SentenceRules.isSpace(utf8[index]) {
            let (scalar, length) = UTF8Scan.scalar(in: utf8, at: index)
            if !SentenceRules.isOpener(scalar) { return scalar }
            index += length
        }
        return nil
    }

    /// The word that starts at `index`, without opening quotes and brackets, up to 24 bytes.
    private func word(from index: Int) -> [Unicode.Scalar] {
        var end = index
        while end < range.upperBound, end - index < 24, !SentenceRules.isSpace(utf8[end]) { end += 1 }
        let scalars = String(decoding: utf8[index..<end], as: UTF8.self).unicodeScalars
        return Array(scalars.drop { SentenceRules.isOpener($0) })
    }

    /// Where the word that ends before `end` starts, up to 24 bytes earlier.
    private func startOfWord(endingAt end: Int) -> Int {
        var first = end
        while first > start, end - first < 24, !SentenceRules.isSpace(utf8[first - 1]) { first -= 1 }
        return first
    }

    private func isAbbreviation(endingAt stop: Int, before next: Int) -> Bool {
        let first = startOfWord(endingAt: stop)
        let word = word(in: first..<stop)
        if first == start, SentenceRules.isEnumerator(word) { return true }
        let rest = utf8[next..<min(next + SentenceRules.longestRestOfDate, range.upperBound)]
        if SentenceRules.isInDate(word, after: { previousWord(before: first) }, before: rest) { return true }
        return SentenceRules.isAbbreviation(
            word, after: { previousWord(before: first) }, before: { self.word(from: next) },
            startsPlainly: SentenceRules.startsWord(utf8[next]))
    }

    private func previousWord(before first: Int) -> String {
        var end = first
        while end > start, SentenceRules.isSpace(utf8[end - 1]) { end -= 1 }
        return SentenceRules.lowercase(word(in: startOfWord(endingAt: end)..<end))
    }

    /// The word without opening quotes and brackets.
    private func word(in range: Range<Int>) -> SentenceRules.Word {
        var first = range.lowerBound
        while first < range.upperBound {
            let (scalar, length) = UTF8Scan.scalar(in: utf8, at: first)
            guard SentenceRules.isOpener(scalar) else { break }
            first += length
        }
        return utf8[min(first, range.upperBound)..<range.upperBound]
    }
}
