import Wire

/// Reads the part of YAML that front matter uses: fields, lists, nesting by indentation, quotes, flow style and blocks of
/// text. Anchors and tags stay as they are written.
struct YAMLFields {
    private struct Line {
        var indent: Int
        var text: ArraySlice<UInt8>

        var isBlank: Bool { text.isEmpty || text.first == UInt8(ascii: "#") }
        var isItem: Bool {
            text.first == UInt8(ascii: "-") && (text.count == 1 || TextBytes.isSpace(text[text.startIndex + 1]))
        }
    }

    private static let colon = UInt8(ascii: ":")

    private var lines: [Line]
    private var index = 0

    /// The fields that the lines consist of; nil if they contain anything else.
    static func parse(_ lines: [ArraySlice<UInt8>]) -> JSONObject? {
        var fields = YAMLFields(lines)
        guard let object = fields.mapping(indent: 0, depth: 0) else { return nil }
        fields.skipBlank()
        return fields.index == fields.lines.count ? object : nil
    }

    /// Whether a line is `name: value`, with a name of at most `maximumWords`.
    static func isField(_ line: ArraySlice<UInt8>, maximumWords: Int) -> Bool {
        field(line).map { TextBytes.countWords($0.name.utf8) <= maximumWords } ?? false
    }

    private init(_ lines: [ArraySlice<UInt8>]) {
        self.lines = lines.map { line in
            let text = line.drop { $0 == 0x20 }
            return Line(indent: line.count - text.count, text: text)
        }
    }

    private mutating func skipBlank() {
        while index < lines.count, lines[index].isBlank { index += 1 }
    }

    private mutating func mapping(indent: Int, depth: Int) -> JSONObject? {
        guard depth < FieldScanner.maximumDepth else { return nil }
        var object = JSONObject()
        while true {
            skipBlank()
            guard index < lines.count, lines[index].indent >= indent else { return object }
            let line = lines[index]
            guard line.indent == indent, !line.isItem, let (name, rest) = Self.field(line.text) else { return nil }
            index += 1
            guard let value = value(rest, indent: indent, depth: depth) else { return nil }
            // A list of quantities can name a thing twice; fields cannot.
            if object[name] != nil { return nil }
            object.append(name, value)
        }
    }

    private mutating func sequence(indent: Int, depth: Int) -> JSON? {
        guard depth < FieldScanner.maximumDepth else { return nil }
        var items: [JSON] = []
        while true {
            skipBlank()
            guard index < lines.count, lines[index].indent == indent, lines[index].isItem else { break }
            let text = lines[index].text.dropFirst()
            let content = text.drop { $0 == 0x20 }
            if !content.isEmpty, Self.field(content) != nil, content.first != UInt8(ascii: "\"") {
                // The item is a mapping that begins on its line.
                lines[index] = Line(indent: indent + 1 + text.count - content.count, text: content)
                guard let object = mapping(indent: lines[index].indent, depth: depth + 1) else { return nil }
                items.append(.object(object))
            } else {
                index += 1
                guard let item = value(content, indent: indent, depth: depth) else { return nil }
                items.append(item)
            }
        }
        guard index >= lines.count || lines[index].indent <= indent else { return nil }
        return .array(items)
    }

    /// The value that begins with `rest`, the text after a name or a dash, and continues on more indented lines.
    private mutating func value(_ rest: ArraySlice<UInt8>, indent: Int, depth: Int) -> JSON? {
        let text = rest.drop { $0 == 0x20 }
        if text.isEmpty || text.first == UInt8(ascii: "#") { return nested(indent: indent, depth: depth) }
        if let first = text.first, first == UInt8(ascii: "|") || first == UInt8(ascii: ">"),
            text.dropFirst().allSatisfy({ "+-123456789 ".utf8.contains($0) })
        {
            return .string(block(indent: indent, isFolded: first == UInt8(ascii: ">")))
        }
        var whole = Array(text)
        while index < lines.count, lines[index].indent > indent || lines[index].text.isEmpty {
            whole.append(10)
            whole.append(contentsOf: lines[index].text)
            index += 1
        }
        // A tag, an alias and what else is not understood are kept as text.
        return FieldScanner.value(of: whole, sign: Self.colon)
            ?? .string(String(decoding: TextBytes.collapse(whole), as: UTF8.self))
    }

    private mutating func nested(indent: Int, depth: Int) -> JSON? {
        skipBlank()
        guard index < lines.count else { return .null }
        let line = lines[index]
        // A list may be as little indented as the name of its field.
        if line.isItem, line.indent >= indent { return sequence(indent: line.indent, depth: depth + 1) }
        guard line.indent > indent else { return .null }
        if Self.field(line.text) != nil { return mapping(indent: line.indent, depth: depth + 1).map { .object($0) } }
        index += 1
        return value(line.text, indent: indent, depth: depth)
    }

    /// The lines of a block of text.
    private mutating func block(indent: Int, isFolded: Bool) -> String {
        var text: [UInt8] = []
        let margin = lines[index...].first { !$0.text.isEmpty }?.indent ?? 0
        while index < lines.count, lines[index].indent > indent || lines[index].text.isEmpty {
            if !text.isEmpty { text.append(isFolded && !lines[index].text.isEmpty ? 0x20 : 10) }
            if !isFolded, lines[index].indent > margin {
                text.append(contentsOf: Array(repeating: 0x20, count: lines[index].indent - margin))
            }
            text.append(contentsOf: lines[index].text)
            index += 1
        }
        return String(decoding: text[TextBytes.trim(text, 0..<text.count)], as: UTF8.self)
    }

    /// The name and the rest of a line like `name: value`.
    private static func field(_ text: ArraySlice<UInt8>) -> (name: String, rest: ArraySlice<UInt8>)? {
        guard let first = text.first else { return nil }
        var scanner = FieldScanner(text, sign: colon)
        let name: String
        if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
            guard let quoted = scanner.string() else { return nil }
            name = quoted
        } else {
            guard TextBytes.isLetter(first) || TextBytes.isDigit(first) || first >= 0x80 || "_$@.".utf8.contains(first),
                let end = text.indices.first(where: { index in
                    text[index] == colon && (index + 1 == text.endIndex || TextBytes.isSpace(text[index + 1]))
                })
            else { return nil }
            return (String(decoding: TextBytes.collapse(text[..<end]), as: UTF8.self), text[(end + 1)...])
        }
        guard scanner.take(colon) else { return nil }
        let rest = text.dropFirst(scanner.index)
        return rest.isEmpty || rest.first == 0x20 ? (name, rest) : nil
    }
}
