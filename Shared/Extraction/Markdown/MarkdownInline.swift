/// Reduces inline Markdown to its text in one pass: links and images to their labels, code spans to their content.
/// Emphasis, HTML tags and escapes are removed.
enum MarkdownInline {
    static func text(of source: [UInt8]) -> [UInt8] {
        guard source.contains(where: isMarkup) else { return source }
        var scan = MarkdownInlineScan(source)
        return scan.run()
    }

    private static func isMarkup(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "["),
            UInt8(ascii: "<"), UInt8(ascii: "&"), UInt8(ascii: "\\"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}

private struct MarkdownInlineScan {
    /// The maximum length of an address or a comment.
    private static let reach = 2_000

    /// Longer runs of backticks open nothing, which bounds the search for closing runs.
    private static let longestFence = 8

    private let source: [UInt8]
    private var index = 0
    private var output: [UInt8] = []
    /// The output positions of the open labels, at their `[`.
    private var openLabels: [Int] = []
    /// The output positions of brackets that belong to a link and will be removed.
    private var dropped: [Int] = []
    /// For each byte, its next position after the last search, so that no search is repeated.
    private var nextPlaces: [UInt8: Int] = [:]
    /// The lengths of backtick runs with no closing run ahead.
    private var unpaired: Set<Int> = []
    /// The elements that were left out, and those that have a closing tag.
    private var opened: Set<String> = []
    private lazy var closed = MarkdownTag.closed(in: source)
    /// The end of the next comment after the last search; beyond the text if there is none.
    private var commentEnd: Int?

    init(_ source: [UInt8]) {
        self.source = source
        output.reserveCapacity(source.count)
    }

    mutating func run() -> [UInt8] {
        while index < source.count { step(source[index]) }
        guard !dropped.isEmpty else { return output }
        let isDropped = Set(dropped)
        return output.indices.filter { !isDropped.contains($0) }.map { output[$0] }
    }

    private mutating func step(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\\"): takeEscape()
        case UInt8(ascii: "`"): takeCode()
        case UInt8(ascii: "!") where peek(1) == UInt8(ascii: "["): index += 1
        case UInt8(ascii: "["):
            openLabels.append(output.count)
            take()
        case UInt8(ascii: "]"): closeLabel()
        case UInt8(ascii: "<"): takeTag()
        case UInt8(ascii: "&"): takeReference()
        case UInt8(ascii: "*"), UInt8(ascii: "~"), UInt8(ascii: "_"): takeEmphasis(byte)
        default: take()
        }
    }

    private mutating func take() {
        output.append(source[index])
        index += 1
    }

    private func peek(_ distance: Int) -> UInt8? {
        index + distance < source.count ? source[index + distance] : nil
    }

    private mutating func takeEscape() {
        // At the end of a line, a backslash is a hard break (CommonMark section 6.7).
        if peek(1) == 10 {
            index += 1
        } else if let next = peek(1), next > 0x20, next < 0x7F, !TextBytes.isLetter(next),
            !TextBytes.isDigit(next)
        {
            index += 1
        }
        take()
    }

    private mutating func takeCode() {
        let start = index
        while index < source.count, source[index] == UInt8(ascii: "`") { index += 1 }
        let count = index - start
        let content = index
        guard count <= Self.longestFence, !unpaired.contains(count) else {
            output.append(contentsOf: source[start..<content])
            return
        }
        while index < source.count {
            let run = index
            while index < source.count, source[index] == UInt8(ascii: "`") { index += 1 }
            if index - run == count {
                output.append(contentsOf: source[content..<run])
                return
            }
            if index == run { index += 1 }
        }
        unpaired.insert(count)
        output.append(contentsOf: source[start..<content])
        index = content
    }

    /// Handles a `]`. If `(address)` or `[name]` follows, it ends the label of a link.
    private mutating func closeLabel() {
        guard let label = openLabels.popLast() else { return take() }
        let closing: UInt8? =
            switch peek(1) {
            case UInt8(ascii: "("): UInt8(ascii: ")")
            case UInt8(ascii: "["): UInt8(ascii: "]")
            default: nil
            }
        guard let closing, let end = place(of: closing, from: index + 2), end - index < Self.reach
        else { return take() }
        dropped.append(label)
        let address = source[(index + 2)..<end]
        index = end + 1
        // An address may contain one level of parentheses, as encyclopedias use them.
        let hasBracket = closing == UInt8(ascii: ")") && address.contains(UInt8(ascii: "("))
        if hasBracket, peek(0) == closing { index += 1 }
    }

    private mutating func place(of byte: UInt8, from start: Int) -> Int? {
        if let known = nextPlaces[byte], known >= start {
            return known < source.count ? known : nil
        }
        guard start <= source.count else { return nil }
        let found = source[start...].firstIndex(of: byte) ?? source.count
        nextPlaces[byte] = found
        return found < source.count ? found : nil
    }

    /// `<https://…>` yields the address, a tag or a comment nothing. Anything else in angle brackets is text.
    private mutating func takeTag() {
        if peek(1) == UInt8(ascii: "!") { return takeComment() }
        if let tag = MarkdownTag(in: source, at: index, before: source.count), isElement(tag) {
            if tag.endsWord { output.append(0x20) }
            index = tag.end
            return
        }
        guard let next = peek(1), TextBytes.isLetter(next), let end = place(of: UInt8(ascii: ">"), from: index + 1),
            end - index < Self.reach
        else { return take() }
        let content = source[(index + 1)..<end]
        let isAddress =
            !content.contains { TextBytes.isSpace($0) || $0 == UInt8(ascii: "<") }
            && content.contains { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "@") }
        guard isAddress else { return take() }
        output.append(contentsOf: content)
        index = end + 1
    }

    private mutating func isElement(_ tag: MarkdownTag) -> Bool {
        if tag.isClosing { return tag.isKnown || opened.contains(tag.name) }
        guard tag.isCertain || closed.contains(tag.name) else { return false }
        opened.insert(tag.name)
        return true
    }

    /// `<!-- … -->` and `<!DOCTYPE …>` yield nothing.
    private mutating func takeComment() {
        if peek(2) == UInt8(ascii: "-"), peek(3) == UInt8(ascii: "-") {
            guard let end = endOfComment(from: index + 2), end - index < Self.reach else { return take() }
            index = end
        } else if TextBytes.hasPrefix("doctype", in: source, at: index + 2),
            let end = place(of: UInt8(ascii: ">"), from: index + 1), end - index < Self.reach
        {
            index = end + 1
        } else {
            take()
        }
    }

    /// The position behind the next `-->`, which can overlap the comment's beginning (`<!-->`).
    private mutating func endOfComment(from start: Int) -> Int? {
        if let known = commentEnd, known > start + 2 { return known <= source.count ? known : nil }
        var end = start + 2
        while end < source.count {
            if source[end] == UInt8(ascii: ">"), source[end - 1] == UInt8(ascii: "-"),
                source[end - 2] == UInt8(ascii: "-")
            {
                commentEnd = end + 1
                return end + 1
            }
            end += 1
        }
        commentEnd = .max
        return nil
    }

    private mutating func takeReference() {
        guard let (scalar, end) = HTMLEntities.decode(source, at: index) else { return take() }
        output.append(contentsOf: (scalar == "\u{A0}" ? " " : String(scalar)).utf8)
        index = end
    }

    /// A run of `*`, `~` or `_` next to a word is emphasis. Between words, as in `snake_case` or `2 * 3`, it is text.
    private mutating func takeEmphasis(_ mark: UInt8) {
        let start = index
        while index < source.count, source[index] == mark { index += 1 }
        let before = start > 0 ? source[start - 1] : 0x20
        let after = index < source.count ? source[index] : 0x20
        let isFree = TextBytes.isSpace(before) && TextBytes.isSpace(after)
        let isInWord = mark == UInt8(ascii: "_") && isWord(before) && isWord(after)
        let isSingleTilde = mark == UInt8(ascii: "~") && index - start == 1
        if isFree || isInWord || isSingleTilde { output.append(contentsOf: source[start..<index]) }
    }

    private func isWord(_ byte: UInt8) -> Bool {
        TextBytes.isLetter(byte) || TextBytes.isDigit(byte) || byte >= 0x80
    }
}
