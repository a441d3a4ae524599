/// Decodes a canonical Huffman code (RFC 1951 section 3.2.2).
///
/// Codes of up to `fastBits` bits are looked up in one step, longer ones bit by bit.
struct HuffmanTable {
    static let fastBits = 10
    static let longestCode = 15

    /// Indexed by the next `fastBits` bits of the input: the symbol times 16, plus the length of its code; 0 if no code
    /// of at most `fastBits` bits matches.
    private var fast = [UInt16](repeating: 0, count: 1 << fastBits)
    /// The number of codes of each length.
    private var counts = [UInt16](repeating: 0, count: longestCode + 1)
    /// The symbols in the order of their codes.
    private var symbols: [UInt16] = []

    /// Loads the code that gives symbol `n` a code of `lengths[n]` bits; 0 means that the symbol is unused.
    ///
    /// Returns false for an invalid code: one with more codes than their lengths can distinguish, or with fewer. With
    /// `mayBeIncomplete`, no code at all or a single code of one bit is also valid: encoders write that when a block
    /// has no second symbol.
    mutating func assign(_ lengths: ArraySlice<UInt8>, mayBeIncomplete: Bool) -> Bool {
        for length in counts.indices { counts[length] = 0 }
        for length in lengths { counts[Int(length)] += 1 }
        counts[0] = 0
        var left = 1
        for length in 1...Self.longestCode {
            left = left << 1 - Int(counts[length])
            if left < 0 { return false }
        }
        if left > 0, !mayBeIncomplete || counts[2...].contains(where: { $0 > 0 }) { return false }
        sortSymbols(lengths)
        fillFastEntries(lengths)
        return true
    }

    private mutating func sortSymbols(_ lengths: ArraySlice<UInt8>) {
        var offsets = [Int](repeating: 0, count: Self.longestCode + 2)
        for length in 1...Self.longestCode { offsets[length + 1] = offsets[length] + Int(counts[length]) }
        symbols = [UInt16](repeating: 0, count: offsets[Self.longestCode + 1])
        for (symbol, length) in lengths.enumerated() where length > 0 {
            symbols[offsets[Int(length)]] = UInt16(symbol)
            offsets[Int(length)] += 1
        }
    }

    private mutating func fillFastEntries(_ lengths: ArraySlice<UInt8>) {
        for index in fast.indices { fast[index] = 0 }
        var code = 0
        var index = 0
        for length in 1...Self.fastBits {
            for _ in 0..<Int(counts[length]) {
                // Codes are stored with their highest bit first, everything else with the lowest first.
                var entry = Self.reversed(code, length)
                while entry < fast.count {
                    fast[entry] = symbols[index] << 4 | UInt16(length)
                    entry += 1 << length
                }
                code += 1
                index += 1
            }
            code <<= 1
        }
    }

    private static func reversed(_ code: Int, _ length: Int) -> Int {
        var reversed = 0
        for bit in 0..<length where code >> bit & 1 == 1 { reversed |= 1 << (length - 1 - bit) }
        return reversed
    }

    /// The symbol at the low end of `bits` and the length of its code; nil if no code matches.
    @inline(__always)
    func decode(_ bits: UInt64) -> (symbol: Int, length: Int)? {
        let entry = fast[Int(truncatingIfNeeded: bits) & (1 << Self.fastBits - 1)]
        if entry != 0 { return (Int(entry >> 4), Int(entry & 15)) }
        return decodeSlowly(bits)
    }

    private func decodeSlowly(_ bits: UInt64) -> (symbol: Int, length: Int)? {
        var code = 0
        var first = 0
        var index = 0
        for length in 1...Self.longestCode {
            code |= Int(bits >> UInt64(length - 1) & 1)
            let count = Int(counts[length])
            if code - first < count { return (Int(symbols[index + code - first]), length) }
            index += count
            first = (first + count) << 1
            code <<= 1
        }
        return nil
    }
}
