/// The scripts without spaces whose letters count as words: Han, Kana and Hangul. The analyser divides more scripts
/// (`ScalarClass`).
public enum IndexForm {
    /// Whether a letter belongs to one of these scripts.
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
