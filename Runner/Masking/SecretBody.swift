import HTTP
import Wire

/// Bodies and queries. They are masked by their form, not by their media type: even a malformed login contains the real
/// password.
extension SecretMask {
    /// Text in a known form loses its secrets. Any other text with the name of a secret in it is replaced as a whole.
    func body(_ text: String) -> String {
        let mark = "\u{FEFF}"
        if let marked = text.without(prefix: mark) { return mark + body(String(marked)) }
        if let json = Self.document(text) { return value(json, of: "").text }
        if let parts = multipart(Array(text.utf8)) { return String(decoding: parts, as: UTF8.self) }
        if let form = form(text) { return form }
        // `password …`
        let first = text.prefix(beforeAnyOf: " \t\r\n")
        return first.endIndex < text.endIndex && SecretNames.contain(String(first))
            ? replacement("body", text) : unparsed(text)
    }

    func base64(_ text: String) -> String {
        guard let bytes = Base64.decode(text) else { return unparsed(text) }
        if let parts = multipart(bytes) { return parts == bytes ? text : Base64.encode(parts) }
        return SecretNames.areBeforeValues(in: bytes) ? replacement("body", text) : text
    }

    /// Masks text in an unknown form.
    package func unparsed(_ text: String) -> String {
        SecretNames.areBeforeValues(in: text.utf8) ? replacement("body", text) : self.text(text)
    }

    /// `name=value&name=value`; nil for other text, and if a value seems to contain a field.
    func form(_ text: String) -> String? {
        guard text.utf8.contains(UInt8(ascii: "=")) else { return nil }
        var pairs: [String] = []
        for pair in text.split(atByte: "&", omittingEmptySubsequences: false) {
            let name = pair.prefix(beforeAnyOf: "=")
            guard name.utf8.allSatisfy(Self.isNameByte) else { return nil }
            guard name.endIndex < pair.endIndex else {
                pairs.append(inner(String(pair)))
                continue
            }
            let value = String(pair[pair.utf8.index(after: name.endIndex)...])
            let plain = PercentEncoding.decode(value, plusIsSpace: true)
            if SecretNames.contain(String(name)) {
                // Decoded, so that it gets the same replacement as in JSON.
                pairs.append(name + "=" + (value.isEmpty ? "" : replacement(PercentEncoding.decode(name), plain)))
            } else if SecretNames.areBeforeValues(in: value.utf8) {
                return nil
            } else if value != plain, !inner(plain).hasSameBytes(as: plain) {
                pairs.append(name + "=" + replacement("value", value))
            } else {
                pairs.append(name + "=" + inner(value))
            }
        }
        return pairs.joined(separator: "&")
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte >= 0x20 && !"\"'<>{}:,;\\".utf8.contains(byte)
    }

    /// Masks the secret fields of a multipart body (RFC 2046 section 5.1); files stay. Nil for a body that does not
    /// begin like one.
    private func multipart(_ body: [UInt8]) -> [UInt8]? {
        guard body.starts(with: "--".utf8) else { return nil }
        let delimiter = body.prefix { $0 > 0x20 }
        guard delimiter.count > 2 else { return nil }
        var result: [UInt8] = []
        var head: [UInt8]? = []
        var secret: [UInt8]?
        func end() {
            guard let content = secret else { return }
            let text = content.prefix(content.count - content.reversed().prefix { $0 == 13 || $0 == 10 }.count)
            result += Array(replacement("field", String(decoding: text, as: UTF8.self)).utf8)
            result += content[text.endIndex...]
            secret = nil
        }
        var rest = body[...]
        while !rest.isEmpty {
            let line = rest[..<(rest.firstIndex(of: ASCII.lineFeed).map { $0 + 1 } ?? rest.endIndex)]
            rest = rest[line.endIndex...]
            let suffix = line.starts(with: delimiter) ? line.dropFirst(delimiter.count) : nil
            if let suffix, suffix.starts(with: "--".utf8) || suffix.allSatisfy({ $0 <= 0x20 }) {
                end()
                head = []
                result += line
            } else if secret != nil {
                secret? += line
            } else {
                result += line
                guard let lines = head else { continue }
                let isEnd = line.allSatisfy { $0 <= 0x20 }
                head = isEnd ? nil : lines + line
                if isEnd, Self.isSecretPart(lines) { secret = [] }
            }
        }
        end()
        return result
    }

    private static func isSecretPart(_ head: [UInt8]) -> Bool {
        head.split(whereSeparator: { ";\r\n".utf8.contains($0) }).contains { parameter in
            let pair = String(decoding: parameter, as: UTF8.self).split(atByte: "=", maxSplits: 1)
            return pair.count == 2 && ["name", "name*"].contains(pair[0].trimmed.lowercasedASCII)
                && SecretNames.contain(String(pair[1]))
        }
    }
}
