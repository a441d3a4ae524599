import Wire

/// Where a text file says how it is encoded.
enum DeclaredEncoding {
    /// How much of a page is searched (WHATWG HTML, section 13.2.3.2).
    private static let headLength = 1024

    /// The `charset` of a media type such as `text/plain; charset="utf-8"`; nil for none and for an unknown one.
    static func ofMediaType(_ mediaType: String) -> TextEncoding? {
        for parameter in mediaType.split(atByte: ";").dropFirst() {
            guard let equals = parameter.firstIndex(ofByte: "="),
                parameter[..<equals].trimmed.lowercasedASCII == "charset"
            else { continue }
            let value = parameter[parameter.index(after: equals)...].trimmed
            let label = value.utf8.filter { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'") }
            return TextEncoding(label: String(decoding: label, as: UTF8.self))
        }
        return nil
    }

    /// What a page or an XML file says in its first bytes; nil for other text.
    static func ofContent(_ bytes: [UInt8]) -> TextEncoding? {
        let head = Array(bytes.prefix(headLength))
        guard let start = head.firstIndex(where: { !TextBytes.isSpace($0) }), head[start] == UInt8(ascii: "<") else {
            return nil
        }
        let declared = TextBytes.hasPrefix("<?xml", in: head, at: start) ? ofXML(head, from: start) : nil
        guard let encoding = declared ?? ofMeta(head, from: start) else { return nil }
        // It could not be read if it were so.
        if case .utf16 = encoding.scheme { return .utf8 }
        if case .utf32 = encoding.scheme { return .utf8 }
        return encoding
    }

    private static func ofXML(_ head: [UInt8], from start: Int) -> TextEncoding? {
        let end = head[start...].firstIndex(of: UInt8(ascii: ">")) ?? head.count
        return value(of: "encoding", in: head, start..<end)
    }

    private static func ofMeta(_ head: [UInt8], from start: Int) -> TextEncoding? {
        var index = start
        while index < head.count {
            if TextBytes.hasPrefix("<!--", in: head, at: index) {
                index += 4
                while index < head.count, !TextBytes.hasPrefix("-->", in: head, at: index) { index += 1 }
            } else if TextBytes.hasPrefix("<meta", in: head, at: index) {
                let end = head[index...].firstIndex(of: UInt8(ascii: ">")) ?? head.count
                if let encoding = value(of: "charset", in: head, index..<end) { return encoding }
                index = end
            }
            index += 1
        }
        return nil
    }

    /// The encoding in `name=label`, with or without quotes and spaces.
    private static func value(of name: StaticString, in head: [UInt8], _ range: Range<Int>) -> TextEncoding? {
        func isBlank(_ byte: UInt8) -> Bool {
            TextBytes.isSpace(byte) || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
        }
        for found in range where TextBytes.hasPrefix(name, in: head, at: found) {
            var index = found + name.utf8CodeUnitCount
            while index < range.upperBound, TextBytes.isSpace(head[index]) { index += 1 }
            guard index < range.upperBound, head[index] == UInt8(ascii: "=") else { continue }
            index += 1
            while index < range.upperBound, isBlank(head[index]) { index += 1 }
            let label = head[index..<range.upperBound].prefix {
                !isBlank($0) && $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?")
            }
            if let encoding = TextEncoding(label: String(decoding: label, as: UTF8.self)) { return encoding }
        }
        return nil
    }
}
