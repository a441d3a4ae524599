import Wire

/// The key for finding names by a part of them: lower case and composed (NFC). Most systems write ü as one scalar;
/// macOS writes two in file names.
public enum SearchKey {
    public static func of(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
        return text.lowercased().composed
    }

    /// The same for UTF-8 bytes.
    public static func of(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        Array(of(String(decoding: text, as: UTF8.self)).utf8)
    }
}
