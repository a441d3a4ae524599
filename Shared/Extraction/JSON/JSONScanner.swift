/// A scanner for JSON (RFC 8259). It reports events and builds nothing.
///
/// A lenient scanner also reads what people write into JSON by hand, and what careless programs write: comments, commas
/// after the last item, names without quotes, single quotes, line breaks in strings, and `NaN`, `None` or `+1`.
struct JSONScanner {
    static let maximumDepth = 128

    struct Failure: Error {
        let reason: String
        let offset: Int
        var isUnexpectedEnd: Bool { reason == Self.unexpectedEnd }
        static let unexpectedEnd = "unexpected end"
    }

    enum Event {
        case open, close
        /// A member's name, before its value; or the start of an array element.
        case key([UInt8])
        case element
        /// A decoded string, or a number or literal as written.
        case value([UInt8])
        /// The text of adjacent comments.
        case comment([UInt8])
    }

    let bytes: [UInt8]
    let end: Int
    var index: Int
    let isLenient: Bool
    /// The text of the comments before `index` that have not been reported.
    private var comments: [UInt8] = []

    init(_ bytes: [UInt8], in range: Range<Int>? = nil, isLenient: Bool = false) {
        self.bytes = bytes
        index = range?.lowerBound ?? 0
        end = range?.upperBound ?? bytes.count
        self.isLenient = isLenient
    }

    /// Whether the text is JSON or a sequence of objects and arrays, or could be the beginning of either.
    static func isPlausible(_ bytes: [UInt8], isWhole: Bool) -> Bool {
        var scanner = JSONScanner(bytes)
        do throws(Failure) {
            try scanner.scanSequence { _ in }
            return true
        } catch {
            return error.isUnexpectedEnd && !isWhole
        }
    }

    /// Reads one value; in a lenient scanner, an object or an array, because any word could be another value.
    mutating func scanDocument(_ report: (Event) -> Void) throws(Failure) {
        skipSpace()
        if isLenient, !startsContainer { throw failure("expected an object or an array") }
        try scanValue(depth: 0, report)
        skipSpace()
        reportComments(report)
        if index < end { throw failure("unexpected text after the end") }
    }

    /// Reads objects, arrays and strings, one after the other, and reports them as the elements of an array. In files of
    /// JSON Lines, each is on its own line.
    mutating func scanSequence(_ report: (Event) -> Void) throws(Failure) {
        report(.open)
        repeat {
            report(.element)
            try scanValue(depth: 0, report)
            skipSpace()
        } while startsContainer || index < end && bytes[index] == UInt8(ascii: "\"")
        report(.close)
        if index < end { throw failure("unexpected text after the end") }
    }

    /// Whether an object or an array is next.
    var startsContainer: Bool {
        index < end && (bytes[index] == UInt8(ascii: "{") || bytes[index] == UInt8(ascii: "["))
    }

    func failure(_ reason: String) -> Failure {
        Failure(reason: index < end ? reason : Failure.unexpectedEnd, offset: index)
    }

    private mutating func skipSpace() {
        while index < end {
            switch bytes[index] {
            case 0x20, 10, 13, 9: index += 1
            case UInt8(ascii: "/") where isLenient, UInt8(ascii: "#") where isLenient:
                guard takeComment() else { return }
            // The record separator of JSON text sequences (RFC 7464).
            case 0x1E: index += 1
            default: return
            }
        }
    }

    /// Reads a comment: from `//` or `#` to the end of the line, or from `/*` to `*/`. Returns false if there is none.
    private mutating func takeComment() -> Bool {
        guard index + 1 < end else { return false }
        let text: Range<Int>
        let isShort = bytes[index] == UInt8(ascii: "#")
        switch bytes[index + 1] {
        case UInt8(ascii: "/"),
            _ where isShort:
            let stop = bytes[index..<end].firstIndex { $0 == 10 || $0 == 13 } ?? end
            text = min(index + (isShort ? 1 : 2), stop)..<stop
            index = stop
        case UInt8(ascii: "*"):
            var stop = index + 2
            while stop + 1 < end, bytes[stop] != UInt8(ascii: "*") || bytes[stop + 1] != UInt8(ascii: "/") { stop += 1 }
            text = index + 2..<min(stop, end)
            index = min(stop + 2, end)
        default: return false
        }
        if !comments.isEmpty { comments.append(0x20) }
        TextBytes.appendCollapsed(
            bytes[text].drop { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "/") }, to: &comments)
        return true
    }

    private mutating func reportComments(_ report: (Event) -> Void) {
        guard !comments.isEmpty else { return }
        report(.comment(comments))
        comments.removeAll(keepingCapacity: true)
    }

    /// Consumes `byte` if it is next; returns whether it was.
    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard index < end, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    /// Consumes a comma; returns whether another item follows. In a lenient scanner, the last item can have a comma.
    private mutating func takeComma(before closing: UInt8) -> Bool {
        guard take(UInt8(ascii: ",")) else { return false }
        guard isLenient else { return true }
        skipSpace()
        return index >= end || bytes[index] != closing
    }

    private mutating func scanValue(depth: Int, _ report: (Event) -> Void) throws(Failure) {
        skipSpace()
        reportComments(report)
        guard index < end else { throw failure("") }
        guard depth < Self.maximumDepth else { throw failure("too many levels") }
        switch bytes[index] {
        case UInt8(ascii: "{"): try scanObject(depth: depth, report)
        case UInt8(ascii: "["): try scanArray(depth: depth, report)
        case UInt8(ascii: "\""): report(.value(try scanString()))
        case UInt8(ascii: "'") where isLenient: report(.value(try scanString()))
        case _ where isLenient: report(.value(try scanBareValue()))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            report(.value(try scanNumber()))
        default: report(.value(try scanLiteral()))
        }
    }

    private mutating func scanObject(depth: Int, _ report: (Event) -> Void) throws(Failure) {
        index += 1
        report(.open)
        if !take(UInt8(ascii: "}")) {
            repeat {
                skipSpace()
                reportComments(report)
                report(.key(try scanName()))
                guard take(UInt8(ascii: ":")) else { throw failure("expected a colon") }
                try scanValue(depth: depth + 1, report)
            } while takeComma(before: UInt8(ascii: "}"))
            guard take(UInt8(ascii: "}")) else { throw failure("expected a comma or }") }
        }
        reportComments(report)
        report(.close)
    }

    private mutating func scanName() throws(Failure) -> [UInt8] {
        guard index < end else { throw failure("") }
        if bytes[index] == UInt8(ascii: "\"") || isLenient && bytes[index] == UInt8(ascii: "'") {
            return try scanString()
        }
        guard isLenient else { throw failure("expected a name") }
        let name = takeBareWord()
        if name.isEmpty { throw failure("expected a name") }
        return name
    }

    private mutating func scanArray(depth: Int, _ report: (Event) -> Void) throws(Failure) {
        index += 1
        report(.open)
        if !take(UInt8(ascii: "]")) {
            repeat {
                report(.element)
                try scanValue(depth: depth + 1, report)
            } while takeComma(before: UInt8(ascii: "]"))
            guard take(UInt8(ascii: "]")) else { throw failure("expected a comma or ]") }
        }
        reportComments(report)
        report(.close)
    }

    private mutating func scanLiteral() throws(Failure) -> [UInt8] {
        for literal: StaticString in ["true", "false", "null"] {
            let text = literal.withUTF8Buffer { Array($0) }
            let found = bytes[index..<end].prefix(text.count)
            if found.elementsEqual(text) {
                index += text.count
                return text
            }
            if index + found.count == end, text.starts(with: found) {
                index = end
                throw failure("")
            }
        }
        throw failure("expected a value")
    }

    private mutating func scanNumber() throws(Failure) -> [UInt8] {
        let start = index
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        let firstDigit = index
        try scanDigits()
        if bytes[firstDigit] == UInt8(ascii: "0"), index > firstDigit + 1 {
            throw failure("a number with leading zeros")
        }
        if index < end, bytes[index] == UInt8(ascii: ".") {
            index += 1
            try scanDigits()
        }
        if index < end, TextBytes.lowercase(bytes[index]) == UInt8(ascii: "e") {
            index += 1
            if index < end, bytes[index] == 0x2B || bytes[index] == 0x2D { index += 1 }
            try scanDigits()
        }
        return Array(bytes[start..<index])
    }

    private mutating func scanDigits() throws(Failure) {
        let start = index
        while index < end, TextBytes.isDigit(bytes[index]) { index += 1 }
        if index == start { throw failure("expected a digit") }
    }
}

extension JSONScanner {
    /// A number in any notation, or one of a few words.
    private mutating func scanBareValue() throws(Failure) -> [UInt8] {
        let start = index
        let word = takeBareWord()
        let text = word.drop { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
        let isNumber = (text.first == UInt8(ascii: ".") ? text.dropFirst() : text).first.map(TextBytes.isDigit) ?? false
        guard isNumber || Self.words.contains(String(decoding: text, as: UTF8.self)) else {
            index = start
            throw failure("expected a value")
        }
        return word
    }

    /// JSON's own, JSON5's and Python's.
    private static let words: Set<String> = [
        "true", "false", "null", "NaN", "Infinity", "undefined", "True", "False", "None", "nan", "inf",
    ]

    private mutating func takeBareWord() -> [UInt8] {
        let start = index
        while index < end, Self.isBare(bytes[index]) { index += 1 }
        return Array(bytes[start..<index])
    }

    private static func isBare(_ byte: UInt8) -> Bool {
        TextBytes.isLetter(byte) || TextBytes.isDigit(byte) || byte >= 0x80 || "_$.+-".utf8.contains(byte)
    }
}
