/// The escapes of RFC 8259 section 7, plus DEL, which terminals and logs do not like.
///
/// Every byte of every answer passes here, so it looks at eight bytes at a time and copies them
/// together when none of them needs an escape.
struct JSONEscape: Sendable {
    /// For a string, and for a string of JSON that is itself inside a string.
    static let once = JSONEscape(backslashes: 1)
    static let twice = JSONEscape(backslashes: 2)

    /// What `\n` begins with.
    let backslashes: Int

    /// Text is escaped in blocks of so many bytes at most.
    static let blockLength = 4096

    /// The most that `length` bytes can become, with what `copy` writes beyond its end.
    static func room(for length: Int) -> Int { length * 7 + 8 }

    /// Appends text with its escapes: in blocks, so that there is room for the longest ones without
    /// asking at each byte.
    func append(_ bytes: UnsafeBufferPointer<UInt8>, to buffer: ByteBuffer) {
        var start = 0
        while start < bytes.count {
            let block = UnsafeBufferPointer(rebasing: bytes[start..<min(bytes.count, start + Self.blockLength)])
            buffer.appendUninitialized(capacity: Self.room(for: block.count)) { target in
                guard let first = target.baseAddress else { return 0 }
                return copy(block, to: first) - first
            }
            start += block.count
        }
    }

    /// Copies `bytes` with their escapes to where `room(for:)` bytes are free, and returns what is
    /// behind them.
    func copy(
        _ bytes: UnsafeBufferPointer<UInt8>, to target: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        guard var source = bytes.baseAddress else { return target }
        var next = target
        let end = source + bytes.count
        while end - source >= 8 {
            let word = UInt64(littleEndian: UnsafeRawPointer(source).loadUnaligned(as: UInt64.self))
            UnsafeMutableRawPointer(next).storeBytes(of: word.littleEndian, as: UInt64.self)
            let clean = Self.cleanPrefix(of: word)
            source += clean
            next += clean
            if clean < 8 {
                next = write(source.pointee, at: next)
                source += 1
            }
        }
        while source != end {
            let byte = source.pointee
            source += 1
            if Self.isSpecial(byte) {
                next = write(byte, at: next)
            } else {
                next.pointee = byte
                next += 1
            }
        }
        return next
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x22 || byte == 0x5C || byte == 0x7F
    }

    /// How many of a word's bytes, from the lowest, need no escape: 0 to 8.
    ///
    /// A byte's highest bit comes up where it is zero, or below 0x20, in the ways of "Bit Twiddling
    /// Hacks" (haszero, hasless). A borrow can raise it wrongly too, but only above a right one, and
    /// the lowest is all that counts.
    private static func cleanPrefix(of word: UInt64) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }
        let special =
            (word &- ones &* 0x20) & ~word | zeros(word ^ (ones &* 0x22)) | zeros(word ^ (ones &* 0x5C))
            | zeros(word ^ (ones &* 0x7F))
        return (special & (ones &* 0x80)).trailingZeroBitCount / 8
    }

    /// Writes the escape of one byte and returns what is behind it.
    private func write(_ byte: UInt8, at target: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        let backslash = UInt8(ascii: "\\")
        target[0] = backslash
        target[1] = backslash
        var next = target + backslashes
        switch byte {
        case UInt8(ascii: "\""), backslash:
            // Escaped twice, each is a backslash that is escaped, and itself, escaped.
            if backslashes == 2 {
                next.pointee = backslash
                next += 1
            }
            next.pointee = byte
            return next + 1
        case 0x0A: next.pointee = UInt8(ascii: "n")
        case 0x0D: next.pointee = UInt8(ascii: "r")
        case 0x09: next.pointee = UInt8(ascii: "t")
        default:
            next[0] = UInt8(ascii: "u")
            next[1] = UInt8(ascii: "0")
            next[2] = UInt8(ascii: "0")
            next[3] = Hex.digit(byte >> 4)
            next[4] = Hex.digit(byte & 15)
            return next + 5
        }
        return next + 1
    }
}
