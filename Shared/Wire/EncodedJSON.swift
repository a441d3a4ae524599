/// JSON that was encoded before its final position was known.
///
/// It is stored escaped for use inside a JSON string, since most responses travel in an envelope. An embedding writer
/// copies it unchanged; any other writer removes the escapes.
public struct EncodedJSON {
    fileprivate let text: ByteBuffer

    /// - Parameter capacity: the number of bytes that `write` is expected to need.
    public init(capacity: Int = 1024, _ write: (inout JSONWriter) throws -> Void) rethrows {
        var writer = JSONWriter(embeddingInto: ByteBuffer(capacity: capacity))
        try write(&writer)
        text = writer.buffer
    }
}

extension JSONWriter {
    public mutating func value(_ json: EncodedJSON) {
        withExtendedLifetime(json.text) {
            if isEmbedded { copy(json.text.bytes) } else { copy(unescaping: json.text.bytes) }
        }
    }

    /// Removes the escapes of a JSON string's content (RFC 8259 section 7). Handles only those that `JSONEscape`
    /// produces.
    private mutating func copy(unescaping text: UnsafeBufferPointer<UInt8>) {
        let plain = ByteBuffer(capacity: text.count)
        var start = 0
        var index = 0
        while index < text.count {
            guard text[index] == UInt8(ascii: "\\"), index + 1 < text.count else {
                index += 1
                continue
            }
            plain.append(UnsafeBufferPointer(rebasing: text[start..<index]))
            index += 2
            start = index
            switch text[index - 1] {
            case UInt8(ascii: "n"): plain.append(0x0A)
            case UInt8(ascii: "r"): plain.append(0x0D)
            case UInt8(ascii: "t"): plain.append(0x09)
            case UInt8(ascii: "u"):
                let digits = String(decoding: text[index..<min(index + 4, text.count)], as: UTF8.self)
                plain.append(UInt8(digits, radix: 16) ?? UInt8(ascii: " "))
                index += digits.utf8.count
                start = index
            case let byte: plain.append(byte)
            }
        }
        plain.append(UnsafeBufferPointer(rebasing: text[start...]))
        withExtendedLifetime(plain) { copy(plain.bytes) }
    }
}
