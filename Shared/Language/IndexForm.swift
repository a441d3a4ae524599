/// The form in which the full-text index stores text.
///
/// The index treats a run of letters as one word. Chinese and Japanese have no spaces, and Korean words take endings,
/// so a run would be a whole clause that nobody searches for. Instead, its letters and its pairs of adjacent letters
/// become words: 年假 is indexed as 年 年假 假. Searches use the pairs; single letters serve words of one letter. All other
/// text is unchanged.
public enum IndexForm {
    /// Nil for text that needs no change.
    public static func of(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        // In UTF-8, letters of these scripts start with E3 or above. Most texts contain no such byte.
        guard text.contains(where: { $0 >= 0xE3 }) else { return nil }
        var form = String.UnicodeScalarView()
        var last: Unicode.Scalar?
        var hasRuns = false
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            let isUnspaced = isUnspaced(scalar)
            if last != nil || isUnspaced { form.append(" ") }
            if let last, isUnspaced { form.append(contentsOf: [last, scalar, " "]) }
            form.append(scalar)
            last = isUnspaced ? scalar : nil
            hasRuns = hasRuns || isUnspaced
        }
        return hasRuns ? Array(String(form).utf8) : nil
    }

    /// Whether a letter belongs to a script that is indexed this way: Han, Kana or Hangul.
    public static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3005...0x3007, 0x3041...0x3096, 0x309D...0x309F, 0x30A1...0x30FA, 0x30FC...0x30FF, 0x31F0...0x31FF,
            0x3400...0x4DB5, 0x4E00...0x9FCC, 0xAC00...0xD7A3, 0xF900...0xFA6D, 0xFA70...0xFAD9, 0xFF66...0xFF9D,
            0x20000...0x2A6D6, 0x2A700...0x2B734, 0x2B740...0x2B81D, 0x2F800...0x2FA1D:
            scalar.value != 0x3006
        default: false
        }
    }
}
