/// Base64 (RFC 4648): the standard alphabet with padding, and the URL-safe one without.
public enum Base64 {
    private static let standard = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let urlSafe = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The value of each character in either alphabet; 255 for all other characters.
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        for alphabet in [standard, urlSafe] {
            for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
        }
        return table
    }()

    public static func encode(_ bytes: [UInt8]) -> String {
        let text = ByteBuffer(capacity: (bytes.count + 2) / 3 * 4)
        bytes.withUnsafeBufferPointer { encode($0, into: text) }
        return text.text
    }

    public static func encode(_ bytes: UnsafeBufferPointer<UInt8>, into buffer: ByteBuffer) {
        write(bytes, alphabet: standard, padded: true, into: buffer)
    }

    public static func encodeURLSafe(_ bytes: some Collection<UInt8>) -> String {
        let text = ByteBuffer(capacity: (bytes.count + 2) / 3 * 4)
        Array(bytes).withUnsafeBufferPointer { write($0, alphabet: urlSafe, padded: false, into: text) }
        return text.text
    }

    private static func write(
        _ bytes: UnsafeBufferPointer<UInt8>, alphabet: [UInt8], padded: Bool, into buffer: ByteBuffer
    ) {
        alphabet.withUnsafeBufferPointer { letters in
            buffer.appendUninitialized(capacity: (bytes.count + 2) / 3 * 4) { target in
                var source = 0
                var used = 0
                while source + 2 < bytes.count {
                    let group = Int(bytes[source]) << 16 | Int(bytes[source + 1]) << 8 | Int(bytes[source + 2])
                    target[used] = letters[group >> 18]
                    target[used + 1] = letters[group >> 12 & 63]
                    target[used + 2] = letters[group >> 6 & 63]
                    target[used + 3] = letters[group & 63]
                    source += 3
                    used += 4
                }
                let rest = bytes.count - source
                guard rest > 0 else { return used }
                let group = Int(bytes[source]) << 16 | (rest == 2 ? Int(bytes[source + 1]) << 8 : 0)
                target[used] = letters[group >> 18]
                target[used + 1] = letters[group >> 12 & 63]
                used += 2
                if rest == 2 {
                    target[used] = letters[group >> 6 & 63]
                    used += 1
                }
                while padded && !used.isMultiple(of: 4) {
                    target[used] = UInt8(ascii: "=")
                    used += 1
                }
                return used
            }
        }
    }

    public static func decode(_ text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { decode($0) }
    }

    /// Decodes either alphabet, padded or not. Nil for any other character (including white space), an impossible
    /// length, or nonzero bits after the last byte, so that each value has one spelling.
    public static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var length = text.count
        while length > 0, text.count - length < 2, text[length - 1] == UInt8(ascii: "=") { length -= 1 }
        if length < text.count, !text.count.isMultiple(of: 4) { return nil }
        guard length % 4 != 1 else { return nil }
        var isValid = true
        let decoded = [UInt8](unsafeUninitializedCapacity: length / 4 * 3 + 2) { target, used in
            var group: UInt32 = 0
            values.withUnsafeBufferPointer { table in
                for index in 0..<length {
                    let value = table[Int(text[index])]
                    if value == 255 { isValid = false }
                    group = group << 6 | UInt32(value & 63)
                    guard index & 3 == 3 else { continue }
                    target[used] = UInt8(truncatingIfNeeded: group >> 16)
                    target[used + 1] = UInt8(truncatingIfNeeded: group >> 8)
                    target[used + 2] = UInt8(truncatingIfNeeded: group)
                    used += 3
                    group = 0
                }
            }
            switch length & 3 {
            case 2:
                target[used] = UInt8(truncatingIfNeeded: group >> 4)
                used += 1
                if group & 15 != 0 { isValid = false }
            case 3:
                target[used] = UInt8(truncatingIfNeeded: group >> 10)
                target[used + 1] = UInt8(truncatingIfNeeded: group >> 2)
                used += 2
                if group & 3 != 0 { isValid = false }
            default: break
            }
        }
        return isValid ? decoded : nil
    }
}
