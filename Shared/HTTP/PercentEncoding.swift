import Wire

/// Percent-encoding (RFC 3986 section 2.1).
public enum PercentEncoding {
    /// Decodes `%XX`, and in a form or query also `+` to a space. Incomplete escapes stay unchanged; ill-formed UTF-8
    /// is repaired.
    public static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String {
        let source = text.utf8
        guard source.contains(where: { $0 == UInt8(ascii: "%") || (plusIsSpace && $0 == UInt8(ascii: "+")) })
        else { return String(text) }
        let bytes = Array(source)
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let high = Hex.value(bytes[index + 1]), let low = Hex.value(bytes[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                let isSpace = plusIsSpace && bytes[index] == UInt8(ascii: "+")
                decoded.append(isSpace ? UInt8(ascii: " ") : bytes[index])
                index += 1
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    /// Encodes everything but the unreserved characters.
    public static func encode(_ text: String) -> String {
        let encoded = ByteBuffer(capacity: text.utf8.count + 16)
        for byte in text.utf8 {
            if isUnreserved(byte) {
                encoded.append(byte)
            } else {
                encoded.append(UInt8(ascii: "%"))
                encoded.append(contentsOf: Hex.encode([byte]).uppercasedASCII.utf8)
            }
        }
        return encoded.text
    }

    /// Characters that never need escaping in a URL (RFC 3986 section 2.3).
    public static func isUnreserved(_ byte: UInt8) -> Bool {
        ASCII.isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "~")
    }
}
