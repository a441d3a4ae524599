import Wire

/// A strict pull parser for XML 1.0 with namespaces and without document type declarations.
///
/// It reads UTF-8 and UTF-16, and skips comments and processing instructions. It checks well-formedness, except the
/// letters of names, duplicate attributes, and references in text that is skipped.
struct XMLReader {
    enum Event: Equatable {
        /// The start of an element. An empty element ends with the next event.
        case start(XMLName)
        case end(XMLName)
        /// Characters, which `appendText` decodes. A text may be split into several events.
        case text
    }

    static let maximumDepth = 256

    private let bytes: [UInt8]
    private var index = 0
    private var open: [OpenElement] = []
    private var namespaces = XMLNamespaces()
    private var attributes: [XMLAttribute] = []
    private var text = 0..<0
    private var isLiteral = false
    /// Whether the element that just started is empty.
    private var endsAtOnce = false
    private var hasRoot = false
    private let skipsDocumentType: Bool

    private struct OpenElement {
        let name: XMLName
        /// The position of the whole name, with its prefix.
        let range: Range<Int>
    }

    /// - Parameter skipsDocumentType: whether a document type is accepted that only names a published one.
    init(_ source: [UInt8], skippingDocumentType skipsDocumentType: Bool = false) throws(XMLError) {
        self.skipsDocumentType = skipsDocumentType
        let mark = TextDecoder.byteOrderMark(of: source)
        let decoded = mark == nil ? source : TextDecoder.decode(source)
        guard mark != nil || String(validating: source, as: UTF8.self) != nil,
            !decoded.contains(where: { $0 < 0x20 && $0 != 9 && $0 != 10 && $0 != 13 })
        else { throw .malformed }
        bytes = decoded
    }

    /// The next event; nil at the end of the document.
    mutating func next() throws(XMLError) -> Event? {
        if endsAtOnce {
            endsAtOnce = false
            return try close()
        }
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "<") else {
                if try readText() { return .text }
                continue
            }
            switch peek(1) {
            case UInt8(ascii: "/"): return try readEnd()
            case UInt8(ascii: "?"): try skip(to: "?>")
            case UInt8(ascii: "!"):
                if starts(with: "<!--") {
                    try skip(to: "-->")
                } else if starts(with: "<![CDATA["), !open.isEmpty {
                    try readLiteral()
                    return .text
                } else {
                    try skipDocumentType()
                }
            default: return try readStart()
            }
        }
        guard open.isEmpty, hasRoot else { throw .malformed }
        return nil
    }

    /// The number of open elements.
    var depth: Int { open.count }

    /// The next event within the element that started when `depth` elements were open, itself included; nil at its end.
    mutating func next(within depth: Int) throws(XMLError) -> Event? {
        guard let event = try next() else { throw .malformed }
        return open.count < depth ? nil : event
    }

    /// Skips the rest of the element that just started.
    mutating func skipElement() throws(XMLError) { try skipElement(at: open.count) }

    /// Skips the rest of the element that started when `depth` elements were open, itself included.
    mutating func skipElement(at depth: Int) throws(XMLError) {
        while open.count >= depth {
            guard try next() != nil else { throw .malformed }
        }
    }

    // MARK: The last event

    /// Decodes the text of the last event and appends it.
    func appendText(to output: inout [UInt8]) throws(XMLError) {
        if isLiteral { output.append(contentsOf: bytes[text]) } else { try decode(text, into: &output) }
    }

    /// The value of an attribute of the element that just started. Attributes without a prefix have the namespace
    /// `unqualified`.
    func attribute(_ name: String, in namespace: XMLNamespace) throws(XMLError) -> String? {
        for attribute in attributes where bytes[attribute.local].elementsEqual(name.utf8) {
            let found = attribute.prefix.isEmpty ? .unqualified : namespaces.find(bytes[attribute.prefix], in: bytes)
            guard found == namespace else { continue }
            var value: [UInt8] = []
            try decode(attribute.value, into: &value)
            return String(decoding: value, as: UTF8.self)
        }
        return nil
    }

    /// A document type has entities in brackets.
    private mutating func skipDocumentType() throws(XMLError) {
        guard starts(with: "<!DOCTYPE") else { throw .malformed }
        guard skipsDocumentType, !hasRoot, let end = bytes[index...].firstIndex(of: UInt8(ascii: ">")),
            !bytes[index..<end].contains(UInt8(ascii: "["))
        else { throw .documentType }
        index = end + 1
    }

    // MARK: Tags

    private mutating func readStart() throws(XMLError) -> Event {
        guard open.count < Self.maximumDepth else { throw .tooDeep }
        guard !open.isEmpty || !hasRoot else { throw .malformed }
        hasRoot = true
        index += 1
        let range = try readName()
        try readAttributes()
        for attribute in attributes { try declare(attribute) }
        let (prefix, local) = try split(range)
        guard let namespace = namespaces.find(bytes[prefix], in: bytes) else { throw .malformed }
        let name = XMLName(namespace: namespace, local: String(decoding: bytes[local], as: UTF8.self))
        open.append(OpenElement(name: name, range: range))
        if peek(0) == UInt8(ascii: "/") {
            endsAtOnce = true
            index += 1
        }
        guard peek(0) == UInt8(ascii: ">") else { throw .malformed }
        index += 1
        return .start(name)
    }

    private mutating func readAttributes() throws(XMLError) {
        attributes.removeAll(keepingCapacity: true)
        while true {
            let start = index
            skipSpace()
            guard let byte = peek(0) else { throw .malformed }
            if byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") { return }
            guard index > start else { throw .malformed }
            let (prefix, local) = try split(try readName())
            skipSpace()
            guard peek(0) == UInt8(ascii: "=") else { throw .malformed }
            index += 1
            skipSpace()
            guard let quote = peek(0), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
                let end = bytes[(index + 1)...].firstIndex(of: quote),
                !bytes[(index + 1)..<end].contains(UInt8(ascii: "<"))
            else { throw .malformed }
            attributes.append(XMLAttribute(prefix: prefix, local: local, value: (index + 1)..<end))
            index = end + 1
        }
    }

    private mutating func declare(_ attribute: XMLAttribute) throws(XMLError) {
        let isDefault = attribute.prefix.isEmpty && bytes[attribute.local].elementsEqual("xmlns".utf8)
        guard isDefault || bytes[attribute.prefix].elementsEqual("xmlns".utf8) else { return }
        var value: [UInt8] = []
        try decode(attribute.value, into: &value)
        try namespaces.declare(
            prefix: isDefault ? 0..<0 : attribute.local, XMLNamespace(uri: String(decoding: value, as: UTF8.self)),
            at: open.count)
    }

    private mutating func readEnd() throws(XMLError) -> Event {
        index += 2
        let range = try readName()
        skipSpace()
        guard peek(0) == UInt8(ascii: ">"), let element = open.last,
            bytes[range].elementsEqual(bytes[element.range])
        else { throw .malformed }
        index += 1
        return try close()
    }

    private mutating func close() throws(XMLError) -> Event {
        guard let element = open.popLast() else { throw .malformed }
        attributes.removeAll(keepingCapacity: true)
        namespaces.leave(open.count)
        return .end(element.name)
    }

    private mutating func readName() throws(XMLError) -> Range<Int> {
        let start = index
        while index < bytes.count, !Self.endsName[Int(bytes[index])] { index += 1 }
        guard index > start, !TextBytes.isDigit(bytes[start]), bytes[start] != UInt8(ascii: "-") else {
            throw .malformed
        }
        return start..<index
    }

    private static let endsName: [Bool] = (0..<256).map { " \t\r\n/>=<&\"'?!".utf8.contains(UInt8($0)) }

    /// Splits a name at its colon.
    private func split(_ name: Range<Int>) throws(XMLError) -> (prefix: Range<Int>, local: Range<Int>) {
        guard let colon = bytes[name].firstIndex(of: UInt8(ascii: ":")) else { return (0..<0, name) }
        guard colon > name.lowerBound, colon + 1 < name.upperBound else { throw .malformed }
        return (name.lowerBound..<colon, (colon + 1)..<name.upperBound)
    }

    // MARK: Text

    /// Returns false for white space outside the root.
    private mutating func readText() throws(XMLError) -> Bool {
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "<") { index += 1 }
        text = start..<index
        isLiteral = false
        if !open.isEmpty { return true }
        guard bytes[text].allSatisfy(TextBytes.isSpace) else { throw .malformed }
        return false
    }

    private mutating func readLiteral() throws(XMLError) {
        let start = index + 9
        try skip(to: "]]>")
        text = start..<max(start, index - 3)
        isLiteral = true
    }

    /// The five predefined entities, and numbers (section 4.1).
    private func decode(_ range: Range<Int>, into output: inout [UInt8]) throws(XMLError) {
        guard bytes[range].contains(UInt8(ascii: "&")) else { return output.append(contentsOf: bytes[range]) }
        var place = range.lowerBound
        while place < range.upperBound {
            guard bytes[place] == UInt8(ascii: "&") else {
                output.append(bytes[place])
                place += 1
                continue
            }
            guard let end = bytes[place..<min(place + 12, range.upperBound)].firstIndex(of: UInt8(ascii: ";")),
                let scalar = Self.scalar(of: String(decoding: bytes[(place + 1)..<end], as: UTF8.self))
            else { throw .malformed }
            output.append(contentsOf: String(scalar).utf8)
            place = end + 1
        }
    }

    private static func scalar(of reference: String) -> Unicode.Scalar? {
        switch reference {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            let hexadecimal = reference.without(prefix: "#x")
            guard let digits = hexadecimal ?? reference.without(prefix: "#"), !digits.starts(withBytes: "+"),
                let value = UInt32(digits, radix: hexadecimal == nil ? 10 : 16),
                value >= 0x20 || value == 9 || value == 10 || value == 13
            else { return nil }
            return Unicode.Scalar(value)
        }
    }

    // MARK: Bytes

    private func peek(_ distance: Int) -> UInt8? { index + distance < bytes.count ? bytes[index + distance] : nil }

    private func starts(with text: String) -> Bool { bytes[index...].starts(with: text.utf8) }

    private mutating func skipSpace() {
        while index < bytes.count, TextBytes.isSpace(bytes[index]) { index += 1 }
    }

    private mutating func skip(to end: StaticString) throws(XMLError) {
        let size = end.utf8CodeUnitCount
        while index + size <= bytes.count {
            if TextBytes.hasPrefix(end, in: bytes, at: index) {
                index += size
                return
            }
            index += 1
        }
        throw .malformed
    }
}
