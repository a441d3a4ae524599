import Wire

/// Names as they are compared when something is looked for by a part of its name: in lower case, and composed
/// (NFC), since most systems write ü as one scalar, and macOS in the names of files as two.
public enum SearchKey {
    public static func of(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
        return text.lowercased().composed
    }

    /// The same of bytes.
    public static func of(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        Array(of(String(decoding: text, as: UTF8.self)).utf8)
    }
}
