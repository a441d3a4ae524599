/// Divides HTML into text and tags in one pass. Accepts any input.
struct HTMLTokenizer {
    enum Token {
        /// Text whose character references are not decoded.
        case text(Range<Int>)
        /// The name in lower case.
        case start(String, isHidden: Bool)
        case end(String)
    }

    private let bytes: [UInt8]
    private var index = 0
    /// What follows in a longer name of an element is ignored.
    private static let longestName = 32
    /// Names of elements with no closing tag ahead, so that each is searched for only once.
    private var unclosed: Set<String> = []
    /// Whether no comment that begins from here on has an end, so that it is searched for only once.
    private var hasUnclosedComment = false
    /// The same for sections of text.
    private var hasUnclosedSection = false
    /// What was left out although it may be text, in words.
    private(set) var skippedParts: [String] = []
    /// The attributes of the last start tag.
    private var attributes = 0..<0
    /// Whether the document is XML, where `/>` ends any element.
    private var isXML: Bool
    /// The name of an element that has ended with its start tag.
    private var ended: String?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        let start = bytes.firstIndex { !TextBytes.isSpace($0) } ?? 0
        isXML = TextBytes.hasPrefix("<?xml", in: bytes, at: start)
    }

    /// The next token; nil at the end. Comments, declarations and processing instructions are skipped.
    mutating func next() -> Token? {
        if let name = ended {
            ended = nil
            return .end(name)
        }
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "<") else { return text() }
            guard index + 1 < bytes.count else { return text() }
            switch bytes[index + 1] {
            case UInt8(ascii: "!") where isXML && bytes[index...].starts(with: "<![CDATA[".utf8):
                if let token = section() { return token }
            case UInt8(ascii: "!"), UInt8(ascii: "?"): skipDeclaration()
            case UInt8(ascii: "/"): if let token = tag(isEnd: true) { return token }
            case let byte where TextBytes.isLetter(byte): return tag(isEnd: false)
            default: return text()
            }
        }
        return nil
    }

    /// Advances past the closing tag of the element that was just opened, and returns the range of its content. Returns
    /// nil and does not advance if there is no closing tag.
    mutating func skipElement(_ name: String) -> Range<Int>? {
        if ended != nil {
            ended = nil
            return index..<index
        }
        guard !unclosed.contains(name) else { return nil }
        let wanted = Array("</\(name)".utf8)
        let start = index
        var position = start
        while let found = bytes[position...].firstIndex(of: UInt8(ascii: "<")) {
            if isClosing(wanted, at: found) {
                index = found
                _ = tag(isEnd: true)
                return start..<found
            }
            position = found + 1
        }
        unclosed.insert(name)
        return nil
    }

    /// Skips the content of the element that was just opened, as far as it goes.
    mutating func skip(_ name: String) {
        guard skipElement(name) == nil, HTMLElements.program.contains(name) else { return }
        if bytes[index...].contains(where: { !TextBytes.isSpace($0) }) {
            skippedParts = ["what follows a <\(name)> without an end tag"]
        }
        index = bytes.count
    }

    private func isClosing(_ wanted: [UInt8], at start: Int) -> Bool {
        let end = start + wanted.count
        guard end <= bytes.count else { return false }
        for offset in wanted.indices
        where TextBytes.lowercase(bytes[start + offset]) != wanted[offset] {
            return false
        }
        guard end < bytes.count else { return true }
        return !TextBytes.isLetter(bytes[end]) && !TextBytes.isDigit(bytes[end])
    }

    /// Reads text up to the next `<`. A `<` that does not start a tag is text, too.
    private mutating func text() -> Token {
        let start = index
        index += 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "<") { index += 1 }
        return .text(start..<index)
    }

    private mutating func skipDeclaration() {
        if bytes[index...].starts(with: "<!--".utf8) {
            skipComment()
        } else {
            index = (bytes[index...].firstIndex(of: UInt8(ascii: ">")) ?? bytes.count - 1) + 1
        }
    }

    /// An unclosed comment ends with its first tag, rather than with the document, as in browsers.
    private mutating func skipComment() {
        if !hasUnclosedComment, let end = Self.endOfComment(in: bytes, from: index) {
            index = end
        } else {
            hasUnclosedComment = true
            index = (bytes[index...].firstIndex(of: UInt8(ascii: ">")) ?? bytes.count - 1) + 1
        }
    }

    /// The index after the comment that begins at `start`; nil if it has no end. It ends with `-->` or `--!>`, or at once
    /// as `<!-->` or `<!--->` (HTML Standard, section 13.2.5.43 and following).
    static func endOfComment(in bytes: [UInt8], from start: Int) -> Int? {
        var index = start + 4
        while index < bytes.count {
            defer { index += 1 }
            guard bytes[index] == UInt8(ascii: ">") else { continue }
            let isMarked = bytes[index - 1] == UInt8(ascii: "!") && index >= start + 7
            let dashes = isMarked ? index - 3 : index - 2
            if bytes[dashes] == UInt8(ascii: "-"), bytes[dashes + 1] == UInt8(ascii: "-") { return index + 1 }
        }
        return nil
    }

    /// The text of a section that is not markup; nil if it has no end, so that only its mark is left out.
    private mutating func section() -> Token? {
        index += 9
        let start = index
        guard !hasUnclosedSection else { return nil }
        while index < bytes.count {
            if bytes[index...].starts(with: "]]>".utf8) {
                defer { index += 3 }
                return .text(start..<index)
            }
            index += 1
        }
        (index, hasUnclosedSection) = (start, true)
        return nil
    }

    /// Reads the tag at `index`, ignoring attributes other than `hidden`; nil for `</` without a name.
    private mutating func tag(isEnd: Bool) -> Token? {
        index += isEnd ? 2 : 1
        let start = index
        while index < bytes.count, !TextBytes.isSpace(bytes[index]),
            bytes[index] != UInt8(ascii: ">"), bytes[index] != UInt8(ascii: "/")
        {
            index += 1
        }
        let end = index
        let size = min(end - start, Self.longestName)
        let isHidden = skipAttributes()
        attributes = end..<index
        guard size > 0 else { return nil }
        let name = String(unsafeUninitializedCapacity: size) { name in
            for place in 0..<size { name[place] = TextBytes.lowercase(bytes[start + place]) }
            return size
        }
        if isEnd { return .end(name) }
        if !isXML, name == "html" { isXML = attribute("xmlns") != nil }
        if endsItself, isXML ? !HTMLElements.void.contains(name) : HTMLElements.endsItself(name) { ended = name }
        return .start(name, isHidden: isHidden)
    }

    /// Whether the last tag is `<name/>`, with a slash that is not part of a value without quotes.
    private var endsItself: Bool {
        let tag = bytes[attributes]
        guard tag.last == UInt8(ascii: ">"), tag.dropLast().last == UInt8(ascii: "/") else { return false }
        let rest = tag.dropLast(2)
        guard let last = rest.last else { return true }
        return TextBytes.isSpace(last) || last == UInt8(ascii: "\"") || last == UInt8(ascii: "'")
            || !rest[(rest.lastIndex(where: TextBytes.isSpace) ?? rest.startIndex)...].contains(UInt8(ascii: "="))
    }

    /// Advances to the `>` that ends the tag, past any in quoted values. Returns whether the tag has the attribute
    /// `hidden`.
    private mutating func skipAttributes() -> Bool {
        var quote: UInt8?
        var value = index
        var isValue = false
        var isHidden = false
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: ">") {
                return isHidden
            } else if isValue, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
                isValue = false
                value = index
            } else if !TextBytes.isSpace(byte) {
                isHidden = isHidden || !isValue && isHiddenAttribute(at: index - 1)
                isValue = byte == UInt8(ascii: "=")
            }
        }
        // A quote that is never closed does not make the rest of the document a value.
        if quote != nil, let end = bytes[value...].firstIndex(of: UInt8(ascii: ">")) { index = end + 1 }
        return isHidden
    }

    /// The value of an attribute of the last start tag, without quotes; nil if there is none. Character references are
    /// not decoded.
    func attribute(_ wanted: StaticString) -> ArraySlice<UInt8>? {
        // Most tags have only their closing bracket.
        guard attributes.count > wanted.utf8CodeUnitCount else { return nil }
        var place = attributes.lowerBound
        let end = attributes.upperBound
        func skip(while condition: (UInt8) -> Bool) -> Range<Int> {
            let start = place
            while place < end, condition(bytes[place]) { place += 1 }
            return start..<place
        }
        while place < end {
            _ = skip { TextBytes.isSpace($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ">") }
            let name = skip { !TextBytes.isSpace($0) && !"=/>".utf8.contains($0) }
            _ = skip(while: TextBytes.isSpace)
            var value = place..<place
            if place < end, bytes[place] == UInt8(ascii: "=") {
                place += 1
                _ = skip(while: TextBytes.isSpace)
                let quote = place < end ? bytes[place] : 0
                if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
                    place += 1
                    value = skip { $0 != quote }
                    place += 1
                } else {
                    value = skip { !TextBytes.isSpace($0) && $0 != UInt8(ascii: ">") }
                }
            } else if name.isEmpty {
                place += 1
            }
            if name.count == wanted.utf8CodeUnitCount, TextBytes.hasPrefix(wanted, in: bytes, at: name.lowerBound) {
                return bytes[value]
            }
        }
        return nil
    }

    /// The number that an attribute of the last start tag begins with; nil if there is none.
    func number(_ wanted: StaticString) -> Int? {
        guard let value = attribute(wanted)?.drop(while: TextBytes.isSpace) else { return nil }
        let isNegative = value.first == UInt8(ascii: "-")
        let digits = value.dropFirst(isNegative ? 1 : 0).prefix(9).prefix(while: TextBytes.isDigit)
        return Int(String(decoding: digits, as: UTF8.self)).map { isNegative ? -$0 : $0 }
    }

    private func isHiddenAttribute(at start: Int) -> Bool {
        let end = start + 6
        guard TextBytes.isSpace(bytes[start - 1]), end < bytes.count,
            TextBytes.hasPrefix("hidden", in: bytes, at: start)
        else { return false }
        return TextBytes.isSpace(bytes[end]) || "=>/".utf8.contains(bytes[end])
    }
}
