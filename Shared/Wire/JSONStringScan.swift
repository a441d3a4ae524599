/// Finds the special bytes in a JSON string, eight at a time, because every byte of every request and response passes
/// through here.
///
/// A match sets the byte's highest bit, as in "Bit Twiddling Hacks" (haszero, hasless). A borrow can also set the bit
/// of a byte above a match, but only the lowest match is used.
enum JSONStringScan {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// The number of bytes from `start` up to the first quote, backslash or control character.
    ///
    /// - Parameter hasNonASCII: set to true if any of them is not ASCII.
    static func plainRun(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, hasNonASCII: inout Bool
    ) -> Int {
        guard let base = bytes.baseAddress else { return 0 }
        var index = start
        var seen: UInt64 = 0
        defer { if seen & highBits != 0 { hasNonASCII = true } }
        while index + 8 <= bytes.count {
            let word = load(base + index)
            let special = specials(in: word)
            if special == 0 {
                seen |= word
                index += 8
                continue
            }
            let bits = UInt64(special.trailingZeroBitCount & ~7)
            seen |= word & ((1 << bits) &- 1)
            return index + Int(bits / 8) - start
        }
        while index < bytes.count, base[index] >= 0x20, base[index] != 0x22, base[index] != 0x5C {
            seen |= UInt64(base[index])
            index += 1
        }
        return index - start
    }

    /// Copies a string's content and resolves `\"` and `\\`, which are frequent in JSON within JSON. Stops at anything
    /// else: the end of the string, another escape, a control character, or the last bytes.
    ///
    /// - Parameter target: has room for all bytes from `start` on.
    /// - Returns: the number of bytes read, and the number written to `target`.
    static func copyRun(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to target: UnsafeMutablePointer<UInt8>,
        hasNonASCII: inout Bool
    ) -> (read: Int, written: Int) {
        guard let base = bytes.baseAddress else { return (0, 0) }
        var run = JSONStringRun(source: base + start, end: base + bytes.count, target: target)
        #if arch(x86_64)
            run.copyBlocks()
        #endif
        run.copyWords()
        if run.hasNonASCII { hasNonASCII = true }
        return (run.source - (base + start), run.target - target)
    }

    static func specials(in word: UInt64) -> UInt64 {
        ((word &- ones &* 0x20) & ~word | zeros(word ^ (ones &* 0x22)) | zeros(word ^ (ones &* 0x5C))) & highBits
    }

    static func load(_ pointer: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(pointer).loadUnaligned(as: UInt64.self))
    }

    private static func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }
}
