/// Recognises headings in plain text. Doubtful lines are paragraphs: a missed heading costs a little context, a false
/// one divides a section.
struct HeadingRules {
    private static let maximumBytes = 100
    private static let maximumWords = 12

    let bytes: [UInt8]
    /// Indents that many lines share: columns of the layout, as in a manual page.
    let columns: Set<Int>

    /// A title above a line of `=`, `-`, `~` or `^`.
    func underlined(_ lines: [TextLine]) -> TextBlock? {
        guard lines.count > 1, isShort(lines[0].range), let mark = bytes[lines[1].range].first,
            "=-~^".utf8.contains(mark), lines[1].range.count >= 3,
            bytes[lines[1].range].allSatisfy({ $0 == mark }),
            lines[1].range.count >= lines[0].range.count / 2,
            bytes[lines[0].range].contains(where: { TextBytes.isLetter($0) || $0 >= 0x80 }),
            !hasColumns(lines[0].range)
        else { return nil }
        let level = mark == UInt8(ascii: "=") ? 1 : 2
        return TextBlock(kind: .heading(level: level), range: lines[0].range)
    }

    /// A heading that is a paragraph of one line: numbered, a chapter, in capitals, centred, or a title before prose.
    /// Also the first of a few centred lines, and capitals above indented text.
    func standalone(_ lines: [TextLine], before next: [TextLine]) -> TextBlock? {
        let range = lines[0].range
        guard isShort(range), let last = bytes[range].last, !",;".utf8.contains(last),
            bytes[range].contains(where: { TextBytes.isLetter($0) || $0 >= 0x80 })
        else { return nil }
        if lines.count == 1 {
            if let title = numberedTitle(range) { return heading(range, level: title.depth + 1) }
            if isChapter(range) || isCapitals(range) { return heading(range, level: 1) }
            if lines[0].indent == 0, next.count > 1, next[0].range.count > 60, isTitle(range) {
                return heading(range, level: 2)
            }
        }
        // As in manual pages: the text is indented below its heading.
        if lines.count > 1, lines[0].indent == 0, lines[1].indent > 0, isCapitals(range) {
            return heading(range, level: 1)
        }
        return lines.count <= 3 && lines.allSatisfy(isCentred) ? heading(range, level: 1) : nil
    }

    /// "4. Redistribution. You may …": a numbered title, a full stop, and the text.
    func runIn(_ lines: [TextLine]) -> TextBlock? {
        guard let first = lines.first, let last = lines.last else { return nil }
        let whole = first.range.lowerBound..<last.range.upperBound
        guard let number = number(at: whole) else { return nil }
        let limit = min(whole.upperBound, whole.lowerBound + Self.maximumBytes)
        var index = number.end
        while index + 2 < limit {
            if bytes[index] == UInt8(ascii: "."), TextBytes.isSpace(bytes[index + 1]) { break }
            index += 1
        }
        guard index + 2 < limit, index - number.end >= 4, isTitleCase(number.end..<index)
        else { return nil }
        var next = index + 1
        while next < whole.upperBound, TextBytes.isSpace(bytes[next]) { next += 1 }
        guard next < whole.upperBound,
            TextBytes.isUppercase(bytes[next]) || bytes[next] == UInt8(ascii: "\"")
        else { return nil }
        let level = number.depth + 1
        return TextBlock(kind: .runInHeading(level: level), range: whole.lowerBound..<index)
    }

    /// A line like `5. Conveying Modified Source Versions.` or `2.1. Grants`.
    func numberedTitle(_ range: Range<Int>) -> (depth: Int, end: Int)? {
        guard isShort(range), let number = number(at: range),
            let last = bytes[range].last, !",;:".utf8.contains(last),
            isTitleCase(number.end..<range.upperBound)
        else { return nil }
        return number
    }

    private func heading(_ range: Range<Int>, level: Int) -> TextBlock {
        TextBlock(kind: .heading(level: min(level, 6)), range: range)
    }

    /// The section number at the start of `range`: the number of its parts, and the start of the title after it.
    private func number(at range: Range<Int>) -> (depth: Int, end: Int)? {
        var index = range.lowerBound
        var depth = 0
        while index < range.upperBound, TextBytes.isDigit(bytes[index]) {
            let start = index
            while index < range.upperBound, TextBytes.isDigit(bytes[index]) { index += 1 }
            guard index - start <= 3 else { return nil }
            depth += 1
            guard index < range.upperBound, bytes[index] == UInt8(ascii: ".") else { break }
            index += 1
        }
        guard depth > 0, index < range.upperBound, TextBytes.isSpace(bytes[index])
        else { return nil }
        // A number without a point is a quantity more often than a section.
        guard depth > 1 || bytes[index - 1] == UInt8(ascii: ".") else { return nil }
        while index < range.upperBound, TextBytes.isSpace(bytes[index]) { index += 1 }
        return (min(depth, 5), index)
    }

    /// Whether all longer words begin with a capital, as in titles.
    private func isTitleCase(_ range: Range<Int>) -> Bool {
        let words = bytes[range].split(whereSeparator: TextBytes.isSpace)
        guard let first = words.first, words.count <= Self.maximumWords, startsUpper(first)
        else { return false }
        return words.dropFirst().allSatisfy { word in
            word.count { TextBytes.isLetter($0) || $0 >= 0x80 } < 4 || startsUpper(word)
                || Self.shortWords.contains(String(decoding: word, as: UTF8.self))
        }
    }

    /// Two or more words in title case without a full stop.
    private func isTitle(_ range: Range<Int>) -> Bool {
        guard let last = bytes[range].last, TextBytes.isLetter(last) || last >= 0x80
        else { return false }
        let words = TextBytes.countWords(bytes[range])
        return (2...8).contains(words) && isTitleCase(range) && !hasColumns(range)
    }

    private func startsUpper(_ word: ArraySlice<UInt8>) -> Bool {
        let letter = word.first { TextBytes.isLetter($0) || TextBytes.isDigit($0) || $0 >= 0x80 }
        return letter.map { !TextBytes.isLowercase($0) } ?? false
    }

    private static let shortWords: Set<String> = [
        "from", "with", "into", "over", "upon", "your", "this", "that", "than", "under",
    ]

    private func isChapter(_ range: Range<Int>) -> Bool {
        let words = bytes[range].split(separator: 0x20)
        guard words.count > 1, words.count <= Self.maximumWords else { return false }
        let name = String(decoding: words[0].map(TextBytes.lowercase), as: UTF8.self)
        guard Self.chapterNames.contains(name), TextBytes.isUppercase(words[0][words[0].startIndex])
        else { return false }
        let label = words[1].filter { TextBytes.isLetter($0) || TextBytes.isDigit($0) }
        return label.allSatisfy(TextBytes.isDigit) || label.count == 1
            || label.allSatisfy { "IVXLC".utf8.contains($0) }
    }

    private static let chapterNames: Set<String> = [
        "chapter", "section", "article", "part", "appendix", "annex", "schedule", "exhibit",
        "book",
    ]

    private func isCapitals(_ range: Range<Int>) -> Bool {
        let line = bytes[range]
        let letters = line.count(where: TextBytes.isUppercase)
        return letters >= 4 && !line.contains(where: TextBytes.isLowercase)
            && letters * 3 >= line.count * 2
    }

    /// Whether a line is far indented, has its middle near that of a page of 80 columns, and is not just part of a
    /// column.
    private func isCentred(_ line: TextLine) -> Bool {
        let middle = line.indent + line.range.count / 2
        return line.indent >= 12 && line.range.count <= 64 && (30...46).contains(middle)
            && !hasColumns(line.range) && !columns.contains(line.indent)
    }

    private func isShort(_ range: Range<Int>) -> Bool {
        range.count <= Self.maximumBytes && !range.isEmpty
            && TextBytes.countWords(bytes[range]) <= Self.maximumWords && !Self.hasLeader(bytes[range])
    }

    /// Whether dots lead to a page number, as in a table of contents.
    static func hasLeader(_ text: ArraySlice<UInt8>) -> Bool {
        var dots = 0
        for byte in text where byte != 0x20 {
            dots = byte == UInt8(ascii: ".") ? dots + 1 : 0
            if dots == 4 { return true }
        }
        return false
    }

    /// Whether the line has gaps of several spaces, as tables do.
    private func hasColumns(_ range: Range<Int>) -> Bool {
        range.dropFirst().contains {
            (bytes[$0] == 0x20 && bytes[$0 - 1] == 0x20) || bytes[$0] == 9
        }
    }
}
