import Wire

public enum HeaderText {
    /// A header field's value as text. Bytes that are not UTF-8 are read as ISO 8859-1, which field values used to be
    /// (RFC 9110 section 5.5).
    public static func decode(_ bytes: Bytes) -> String {
        if UTF8Validation.isWellFormed(bytes) { return String(decoding: bytes, as: UTF8.self) }
        return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
}
