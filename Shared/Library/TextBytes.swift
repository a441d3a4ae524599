/// What the extractors ask of UTF-8 bytes.
enum TextBytes {
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 9 < 5 }
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    static func isUppercase(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }
    static func isLowercase(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 }
    static func lowercase(_ byte: UInt8) -> UInt8 { isUppercase(byte) ? byte | 0x20 : byte }
    /// Whether the byte continues a scalar, and so cannot start one.
    static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

    static func countWords(_ bytes: some Sequence<UInt8>) -> Int {
        var words = 0
        var isInWord = false
        for byte in bytes {
            let isSpace = isSpace(byte)
            if !isSpace, !isInWord { words += 1 }
            isInWord = !isSpace
        }
        return words
    }

    /// `range` without the white space at its ends.
    static func trim(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, isSpace(bytes[start]) { start += 1 }
        while end > start, isSpace(bytes[end - 1]) { end -= 1 }
        return start..<end
    }

    /// The bytes with each run of white space as one space and none at the ends.
    static func collapse(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var collapsed: [UInt8] = []
        appendCollapsed(bytes, to: &collapsed)
        return collapsed
    }

    static func appendCollapsed(_ bytes: some Sequence<UInt8>, to output: inout [UInt8]) {
        var isPending = false
        var isFirst = true
        for byte in bytes {
            if isSpace(byte) {
                isPending = !isFirst
            } else {
                if isPending { output.append(0x20) }
                isPending = false
                isFirst = false
                output.append(byte)
            }
        }
    }

    /// At most `limit` bytes of `bytes`, cut between scalars.
    static func prefix(_ bytes: [UInt8], upTo limit: Int) -> ArraySlice<UInt8> {
        guard bytes.count > limit else { return bytes[...] }
        var end = limit
        while end > 0, isContinuation(bytes[end]) { end -= 1 }
        return bytes[..<end]
    }

    /// Whether `text` (lower case) stands at `index`, whatever its case.
    static func hasPrefix(
        _ text: StaticString, in bytes: [UInt8], at index: Int
    ) -> Bool {
        guard index >= 0, index + text.utf8CodeUnitCount <= bytes.count
        else { return false }
        return text.withUTF8Buffer { wanted in
            wanted.indices.allSatisfy { lowercase(bytes[index + $0]) == wanted[$0] }
        }
    }
}
