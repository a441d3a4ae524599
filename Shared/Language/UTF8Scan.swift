/// Reads scalars from UTF-8 in place.
public enum UTF8Scan {
    /// The scalar at `index` and its length in bytes. For malformed bytes, U+FFFD and 1, so that a scan always
    /// advances.
    public static func scalar(
        in utf8: UnsafeBufferPointer<UInt8>, at index: Int
    ) -> (scalar: Unicode.Scalar, length: Int) {
        let lead = utf8[index]
        if lead < 0x80 { return (Unicode.Scalar(lead), 1) }
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
        guard lead >= 0xC2, index + length <= utf8.count else { return ("\u{FFFD}", 1) }
        var value = UInt32(lead & (0x7F >> UInt8(length)))
        for offset in 1..<length {
            let byte = utf8[index + offset]
            guard byte & 0xC0 == 0x80 else { return ("\u{FFFD}", 1) }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        guard let scalar = Unicode.Scalar(value) else { return ("\u{FFFD}", 1) }
        return (scalar, length)
    }
}
