/// The escapes of RFC 8259 section 7, plus one for DEL, which disturbs terminals and logs.
///
/// Every byte of every response passes through here, so sixteen or eight bytes are checked at a time, and copied
/// together if none needs an escape.
struct JSONEscape: Sendable {
    /// For a string, and for a string in JSON that is itself inside a string.
    static let once = JSONEscape(backslashes: 1)
    static let twice = JSONEscape(backslashes: 2)

    /// The first byte of `\n`.
    let backslashes: Int

    /// The block size for escaping text.
    static let blockLength = 4096

    /// The longest escaped form of `length` bytes, plus the excess that `copy` writes.
    static func room(for length: Int) -> Int { length * 7 + 8 }

    /// Appends escaped text, in blocks, so that the capacity is checked once per block instead of per byte.
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

    /// Copies and escapes `bytes`, and returns the end. `room(for:)` bytes must be free there.
    func copy(
        _ bytes: UnsafeBufferPointer<UInt8>, to target: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        guard let start = bytes.baseAddress else { return target }
        var source = UnsafeRawPointer(start)
        let end = source + bytes.count
        var next = target
        while end - source >= 16 {
            if copyClean(source, to: next) {
                next += 16
            } else {
                next = copy(Self.word(source), count: 8, to: next)
                next = copy(Self.word(source + 8), count: 8, to: next)
            }
            source += 16
        }
        let left = end - source
        if left == 0 { return next }
        // The last sixteen bytes, if none needs an escape. Those already copied are overwritten with the same values.
        if bytes.count >= 16, copyClean(end - 16, to: next - (16 - left)) { return next + left }
        if left >= 8 {
            next = copy(Self.word(source), count: 8, to: next)
            source += 8
        }
        let rest = end - source
        return rest == 0
            ? next : copy(Self.word(source, count: rest, isBehindText: bytes.count >= 8), count: rest, to: next)
    }

    /// Copies sixteen bytes if none of them needs an escape.
    @inline(__always)
    private func copyClean(_ source: UnsafeRawPointer, to target: UnsafeMutablePointer<UInt8>) -> Bool {
        let words = source.loadUnaligned(as: SIMD2<UInt64>.self)
        guard Self.isClean(words) else { return false }
        UnsafeMutableRawPointer(target).storeBytes(of: words, as: SIMD2<UInt64>.self)
        return true
    }

    private static func word(_ source: UnsafeRawPointer) -> UInt64 {
        UInt64(littleEndian: source.loadUnaligned(as: UInt64.self))
    }

    /// The last bytes of a text, as the low bytes of a word.
    private static func word(_ source: UnsafeRawPointer, count: Int, isBehindText: Bool) -> UInt64 {
        if isBehindText {
            return UInt64(littleEndian: (source + count - 8).loadUnaligned(as: UInt64.self)) >> UInt64(64 - count * 8)
        }
        var word: UInt64 = 0
        for index in 0..<count {
            word |= UInt64(source.load(fromByteOffset: index, as: UInt8.self)) << UInt64(index * 8)
        }
        return word
    }

    /// Copies the low `count` bytes of a word. All eight are stored; `room(for:)` includes the excess.
    private func copy(_ word: UInt64, count: Int, to target: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8>
    {
        var (word, left, next) = (word, count, target)
        var marks = Self.marks(of: word)
        while true {
            UnsafeMutableRawPointer(next).storeBytes(of: word.littleEndian, as: UInt64.self)
            let clean = marks.trailingZeroBitCount / 8
            guard clean < left else { return next + left }
            next = write(UInt8(truncatingIfNeeded: word >> UInt64(clean * 8)), at: next + clean)
            left -= clean + 1
            word >>= UInt64(clean * 8 + 8)
            marks >>= UInt64(clean * 8 + 8)
        }
    }

    /// A word with the highest bit set in each byte that needs an escape: below 0x20, a quote, a backslash or DEL.
    ///
    /// With its highest bit cleared, a byte plus 0x60 has that bit set unless it is below 0x20, and a byte plus 0x7F
    /// has it set unless it is zero. No sum overflows its byte.
    private static func marks(of word: UInt64) -> UInt64 {
        let low = word & (ones &* 0x7F)
        func differs(from byte: UInt64) -> UInt64 { (low ^ (ones &* byte)) &+ (ones &* 0x7F) }
        let fine = (low &+ (ones &* 0x60)) & differs(from: 0x22) & differs(from: 0x5C) & differs(from: 0x7F)
        return ~(fine | word) & (ones &* 0x80)
    }

    /// Whether neither word has a byte that `marks` would find. Checks both at once, in one register.
    @inline(__always)
    private static func isClean(_ words: SIMD2<UInt64>) -> Bool {
        let low = words & (ones &* 0x7F)
        func differs(from byte: UInt64) -> SIMD2<UInt64> { (low ^ (ones &* byte)) &+ (ones &* 0x7F) }
        let fine = (low &+ (ones &* 0x60)) & differs(from: 0x22) & differs(from: 0x5C) & differs(from: 0x7F) | words
        return fine[0] & fine[1] & (ones &* 0x80) == ones &* 0x80
    }

    private static let ones: UInt64 = 0x0101_0101_0101_0101

    /// Writes the escape of one byte and returns its end.
    private func write(_ byte: UInt8, at target: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        let backslash = UInt8(ascii: "\\")
        target[0] = backslash
        target[1] = backslash
        var next = target + backslashes
        switch byte {
        case UInt8(ascii: "\""), backslash:
            // Escaped twice, each becomes an escaped backslash followed by the escaped character.
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
