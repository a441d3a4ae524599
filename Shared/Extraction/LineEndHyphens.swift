/// Words that a hyphen divides at the end of a line: `cli-⏎mate` is one word, `self-⏎employed` keeps its hyphen.
///
/// No rule tells the two apart without a dictionary, so the text shows the likelier reading, and the index gets both.
struct LineEndHyphens {
    /// The other readings, with the words beside them, so that phrases find them too.
    private(set) var variants: [ExtractedText.Variant] = []
    /// The text with the likelier readings. Its length is unchanged: the line now breaks after the word.
    private(set) var bytes: [UInt8]

    /// Words of more lines than this are data.
    private static let maximumPasses = 3
    /// More of them are data: 45 MB of prose has 100,000. Each takes some hundred bytes of memory.
    private static let maximumBreaks = 200_000

    /// The only places where words go on, in order; nil for all.
    private let paragraphs: [Range<Int>]?

    /// - Parameters:
    ///   - bytes: lines of text, with empty lines between paragraphs.
    ///   - paragraphs: the parts of it in which words go on, in order; nil for all of it.
    init(joining bytes: [UInt8], within paragraphs: [Range<Int>]? = nil) {
        self.bytes = bytes
        self.paragraphs = paragraphs
        var passes = 0
        // After a pass, a word that goes on beyond the next line ends with a hyphen there.
        while passes < Self.maximumPasses, joinOnce() { passes += 1 }
        if passes > 0 { variants.sort { $0.position < $1.position } }
    }

    /// Returns whether a joined word ends with a hyphen again.
    private mutating func joinOnce() -> Bool {
        let breaks = inParagraphs(Self.breaks(in: bytes))
        guard !breaks.isEmpty else { return false }
        var vocabulary = HyphenVocabulary()
        for place in breaks { vocabulary.watch(bytes[place.left], bytes[place.letters]) }
        vocabulary.count(in: bytes, except: breaks)
        let isKept = breaks.map { vocabulary.keepsHyphen($0, in: bytes) }
        let goesOn = breaks.contains { Self.endsWithHyphen(bytes[$0.right]) }
        for (place, keeps) in zip(breaks, isKept) { join(place, keepingHyphen: keeps) }
        return goesOn
    }

    private func inParagraphs(_ breaks: [Break]) -> [Break] {
        guard let paragraphs else { return breaks }
        var rest = paragraphs[...]
        return breaks.filter { place in
            rest = rest.drop { $0.upperBound <= place.hyphen.lowerBound }
            guard let paragraph = rest.first else { return false }
            return paragraph.lowerBound <= place.left.lowerBound && place.right.upperBound <= paragraph.upperBound
        }
    }

    // MARK: Finding

    /// A hyphen at the end of a line.
    struct Break {
        /// The letters and digits directly before the hyphen.
        let left: Range<Int>
        let hyphen: Range<Int>
        /// What stands between the hyphen and the rest of the word: the line break, spaces and quote marks.
        let gap: Range<Int>
        /// Its part on the next line, if that is quoted as in mail: `> `.
        let quote: Range<Int>?
        /// The first word of the next line, up to white space, and the letters and digits at its start.
        let right: Range<Int>
        let letters: Range<Int>
    }

    private static func breaks(in bytes: [UInt8]) -> [Break] {
        var breaks: [Break] = []
        var index = 0
        while let end = bytes[index...].firstIndex(where: { $0 == 10 || $0 == 13 }) {
            // A word that goes on beyond the next line is left to the next pass.
            if let place = lineBreak(at: end, in: bytes), place.left.lowerBound >= breaks.last?.right.upperBound ?? 0 {
                if breaks.count == maximumBreaks { return [] }
                breaks.append(place)
                index = min(place.right.upperBound + 1, bytes.count)
            } else {
                index = end + 1
            }
        }
        return breaks
    }

    private static func lineBreak(at lineEnd: Int, in bytes: [UInt8]) -> Break? {
        var end = lineEnd
        while end > 0, bytes[end - 1] == 0x20 || bytes[end - 1] == 9 { end -= 1 }
        guard let hyphen = hyphen(before: end, in: bytes) else { return nil }
        var left = hyphen.lowerBound
        while left > 0, isWordByte(bytes[left - 1]), hyphen.lowerBound - left < maximumWord { left -= 1 }
        while let mark = bytes[left..<hyphen.lowerBound].lastIndex(where: isMark) {
            left = min(mark + markSize(bytes[mark]), hyphen.lowerBound)
        }
        guard left < hyphen.lowerBound else { return nil }
        var start = lineEnd + 1
        if bytes[lineEnd] == 13, start < bytes.count, bytes[start] == 10 { start += 1 }
        let nextLine = start
        let marks = quoteMarks(at: lineStart(before: left, in: bytes), in: bytes)
        let nextMarks = quoteMarks(at: nextLine, in: bytes)
        guard marks.depth == nextMarks.depth else { return nil }
        start = nextMarks.end
        while start < bytes.count, bytes[start] == 0x20 || bytes[start] == 9 { start += 1 }
        var stop = start
        while stop < bytes.count, !TextBytes.isSpace(bytes[stop]) { stop += 1 }
        let letters = bytes[start..<stop].prefix(maximumWord).prefix { isWordByte($0) && !isMark($0) }
        guard !letters.isEmpty, stop - start <= 2 * maximumWord,
            !conjunctions.contains(String(decoding: letters, as: UTF8.self)),
            ListMarker(in: bytes, at: start..<min(bytes.count, stop + 1)) == nil
        else { return nil }
        return Break(
            left: left..<hyphen.lowerBound, hyphen: hyphen, gap: hyphen.upperBound..<start,
            quote: marks.depth > 0 ? nextLine..<start : nil, right: start..<stop,
            letters: letters.startIndex..<letters.endIndex)
    }

    private static func lineStart(before index: Int, in bytes: [UInt8]) -> Int {
        var start = index
        // Quotations have short lines.
        while start > 0, bytes[start - 1] != 10, bytes[start - 1] != 13, index - start < maximumQuoted { start -= 1 }
        return start
    }

    /// The number of quote marks at the beginning of a line, and the position behind them.
    private static func quoteMarks(at start: Int, in bytes: [UInt8]) -> (depth: Int, end: Int) {
        var (depth, end, index) = (0, start, start)
        while index < bytes.count, bytes[index] == UInt8(ascii: ">") || depth > 0 && bytes[index] == 0x20 {
            if bytes[index] == UInt8(ascii: ">") {
                depth += 1
                end = index + 1
            }
            index += 1
        }
        return (depth, end)
    }

    private static let maximumQuoted = 1_000

    /// The hyphen (U+002D or U+2010) that ends at `end`.
    private static func hyphen(before end: Int, in bytes: [UInt8]) -> Range<Int>? {
        if end >= 1, bytes[end - 1] == UInt8(ascii: "-") { return end - 1..<end }
        if end >= 3, bytes[end - 3] == 0xE2, bytes[end - 2] == 0x80, bytes[end - 1] == 0x90 { return end - 3..<end }
        return nil
    }

    static func endsWithHyphen(_ line: ArraySlice<UInt8>) -> Bool {
        let end = Array(line.suffix(4))
        guard let hyphen = hyphen(before: end.count, in: end), hyphen.lowerBound > 0 else { return false }
        return isWordByte(end[hyphen.lowerBound - 1])
    }

    /// Longer words are data.
    private static let maximumWord = 60

    static func isWordByte(_ byte: UInt8) -> Bool {
        TextBytes.isLetter(byte) || TextBytes.isDigit(byte) || byte >= 0x80
    }

    /// Whether the byte begins a quotation mark, a dash or another sign (U+0080 to U+00BF, U+2000 to U+2FFF).
    static func isMark(_ byte: UInt8) -> Bool { byte == 0xC2 || byte == 0xE2 }
    static func markSize(_ byte: UInt8) -> Int { byte == 0xE2 ? 3 : 2 }

    /// After these, the hyphen stands for a part that follows: "pre- and post-war", "Vor- und Nachteile".
    private static let conjunctions: Set<String> = [
        "and", "or", "to", "und", "oder", "bis", "sowie", "bzw", "et", "ou", "y", "o", "e", "i", "en", "of", "och",
        "eller", "og", "и", "или",
    ]

    // MARK: Joining

    private mutating func join(_ place: Break, keepingHyphen keeps: Bool) {
        let word = wordStart(before: place.left.lowerBound)..<place.hyphen.lowerBound
        let (first, rest) = (Array(bytes[word]), Array(bytes[place.right]))
        let hyphen = Array(bytes[place.hyphen])
        let other = first + (keeps ? [] : hyphen) + rest
        let text = [neighbour(before: word.lowerBound), other, neighbour(after: place.right.upperBound)]
            .filter { $0.contains(where: Self.isWordByte) }.map { String(decoding: $0, as: UTF8.self) }.joined(
                separator: " ")
        variants.append(ExtractedText.Variant(position: word.lowerBound, text: text))
        let shown = (keeps ? hyphen : []) + rest
        // The line break moves behind the word; if the word was its whole line, the break after that remains.
        let next = bytes[place.right.upperBound...].first { $0 != 0x20 && $0 != 9 }
        let isWholeLine = next == nil || next == 10 || next == 13
        let hasGap = bytes[place.gap].contains { $0 == 10 || $0 == 13 }
        var filler = [UInt8](repeating: 0x20, count: place.hyphen.count + place.gap.count + rest.count - shown.count)
        if !isWholeLine, hasGap {
            let lineStart = [10] + (place.quote.map { Array(bytes[$0]) } ?? [])
            if lineStart.count <= filler.count {
                filler.replaceSubrange((filler.count - lineStart.count)..., with: lineStart)
            }
        }
        // NB: `replaceSubrange` would move everything behind the word onto itself.
        for (index, byte) in zip(place.hyphen.lowerBound..., shown + filler) { bytes[index] = byte }
    }

    private func wordStart(before index: Int) -> Int {
        var start = index
        while start > 0, !TextBytes.isSpace(bytes[start - 1]), index - start < Self.maximumWord { start -= 1 }
        while start < index, TextBytes.isContinuation(bytes[start]) { start += 1 }
        return start
    }

    /// The word before `index`, in the same paragraph; empty if there is none.
    private func neighbour(before index: Int) -> [UInt8] {
        var end = index
        var breaks = 0
        while end > 0, TextBytes.isSpace(bytes[end - 1]) {
            if bytes[end - 1] == 10 { breaks += 1 }
            end -= 1
        }
        return breaks > 1 ? [] : Array(bytes[wordStart(before: end)..<end])
    }

    private func neighbour(after index: Int) -> [UInt8] {
        var start = index
        var breaks = 0
        while start < bytes.count, TextBytes.isSpace(bytes[start]) {
            if bytes[start] == 10 { breaks += 1 }
            start += 1
        }
        let word = bytes[start...].prefix(Self.maximumWord).prefix { !TextBytes.isSpace($0) }
        return breaks > 1 ? [] : Array(TextBytes.prefix(Array(word), upTo: Self.maximumWord - 4))
    }
}
