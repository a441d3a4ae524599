/// Finds the sentences of a text.
///
/// A sentence ends at `.`, `!` or `?` before white space, possibly with closing quotes and brackets in between; at a
/// CJK full stop; and, where lines are items, at the end of its line. Abbreviations, initials, decimal points and
/// section numbers do not end a sentence.
public enum Sentences {
    /// The sentences of `text` without surrounding space. Each line break ends a sentence, so hard-wrapped prose must
    /// be joined first.
    public static func split(_ text: String) -> [Range<String.Index>] {
        var copy = text
        let ranges = copy.withUTF8 { split($0, in: 0..<$0.count, lineBreaksEnd: true) }
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
    public static func scan(
        _ utf8: UnsafeBufferPointer<UInt8>, in range: Range<Int>, lineBreaksEnd: Bool
    ) -> SentenceScan {
        SentenceScan(utf8: utf8, range: range, lineBreaksEnd: lineBreaksEnd)
    }
}

public struct SentenceScan: IteratorProtocol {
    private let utf8: UnsafeBufferPointer<UInt8>
    private let range: Range<Int>
    private let lineBreaksEnd: Bool
    private var start: Int
    private var index: Int

    fileprivate init(utf8: UnsafeBufferPointer<UInt8>, range: Range<Int>, lineBreaksEnd: Bool) {
        self.utf8 = utf8
        self.range = range.clamped(to: 0..<utf8.count)
        self.lineBreaksEnd = lineBreaksEnd
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
        case 0xE3, 0xEF:
            guard isWideStop(at: index) else {
                index += 1
                return nil
            }
            index = endOfClosers(from: index + 3)
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

    /// Whether the three bytes at `index` are one of `。！？｡`.
    private func isWideStop(at index: Int) -> Bool {
        guard index + 2 < range.upperBound else { return false }
        switch (utf8[index], utf8[index + 1], utf8[index + 2]) {
        case (0xE3, 0x80, 0x82), (0xEF, 0xBC, 0x81), (0xEF, 0xBC, 0x9F), (0xEF, 0xBD, 0xA1):
            return true
        default: return false
        }
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
        let following = wordBytes(from: next)
        if let first = following.first, SentenceRules.isLowercase(first) { return false }
        guard stops.count == 1, utf8[stops.lowerBound] == UInt8(ascii: ".") else { return true }
        let startsPlainly = SentenceRules.startsWord(utf8[next])
        return !isAbbreviation(
            endingAt: stops.lowerBound, before: following, startsPlainly: startsPlainly)
    }

    /// The word that starts at `index`, without opening quotes and brackets, up to 12 bytes.
    private func wordBytes(from index: Int) -> [UInt8] {
        var first = index
        while first < range.upperBound, SentenceRules.isOpener(utf8[first]) { first += 1 }
        var end = first
        while end < range.upperBound, end - first < 12, !SentenceRules.isSpace(utf8[end]) {
            end += 1
        }
        return Array(utf8[first..<end])
    }

    private func isAbbreviation(
        endingAt stop: Int, before following: [UInt8], startsPlainly: Bool
    ) -> Bool {
        var first = stop
        while first > start, stop - first < 24, !SentenceRules.isSpace(utf8[first - 1]) {
            first -= 1
        }
        let isSentenceStart = first == start
        while first < stop, SentenceRules.isOpener(utf8[first]) { first += 1 }
        let word = Array(utf8[first..<stop])
        if isSentenceStart, SentenceRules.isEnumerator(word) { return true }
        return SentenceRules.isAbbreviation(word, before: following, startsPlainly: startsPlainly)
    }
}
