/// Operations on UTF-8 bytes, shared by the extractors.
enum TextBytes {
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 9 < 5 }
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    static func isUppercase(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }
    static func isLowercase(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 }
    static func lowercase(_ byte: UInt8) -> UInt8 { isUppercase(byte) ? byte | 0x20 : byte }
    /// Whether the byte continues a scalar rather than starting one.
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

    /// `range` without surrounding white space.
    static func trim(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, isSpace(bytes[start]) { start += 1 }
        while end > start, isSpace(bytes[end - 1]) { end -= 1 }
        return start..<end
    }

    /// The bytes with each run of white space collapsed to one space, and none at the ends.
    static func collapse(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var collapsed: [UInt8] = []
        appendCollapsed(bytes, to: &collapsed)
        return collapsed
    }

    static func appendCollapsed(_ bytes: some Sequence<UInt8>, to output: inout [UInt8]) {
        let done: Void? = bytes.withContiguousStorageIfAvailable { appendCollapsed($0, to: &output) }
        if done == nil { Array(bytes).withUnsafeBufferPointer { appendCollapsed($0, to: &output) } }
    }

    private static func appendCollapsed(_ bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        var index = 0
        var isFirst = true
        while true {
            while index < bytes.count, isSpace(bytes[index]) { index += 1 }
            guard index < bytes.count else { return }
            let start = index
            // Most text has single spaces only, and is one run.
            while index < bytes.count {
                if isSpace(bytes[index]) {
                    guard bytes[index] == 0x20, index + 1 < bytes.count, !isSpace(bytes[index + 1]) else { break }
                }
                index += 1
            }
            if !isFirst { output.append(0x20) }
            isFirst = false
            output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<index]))
        }
    }

    /// Normalises text to what people type: composed (NFC), without soft hyphens (U+00AD), and with letters instead of
    /// ligatures (U+FB00 to U+FB06). PDF and HTML are full of both.
    static func normalised(_ bytes: [UInt8]) -> [UInt8] { Composition.composed(withoutPrintersMarks(bytes)) }

    private static func withoutPrintersMarks(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(where: { $0 == 0xAD || $0 == 0xAC }) else { return bytes }
        var typed: [UInt8] = []
        typed.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            if bytes[index] == 0xC2, next == 0xAD {
                index += 2
                // A word goes on behind the line break.
                if let start = startOfNextLine(in: bytes, at: index, before: bytes.count) { index = start }
            } else if bytes[index] == 0xEF, next == 0xAC, index + 2 < bytes.count,
                let letters = ligatures[bytes[index + 2]]
            {
                typed.append(contentsOf: letters.utf8)
                index += 3
            } else {
                typed.append(bytes[index])
                index += 1
            }
        }
        return typed
    }

    /// Where the next line's text begins, if a line ends at `index` and a letter follows.
    static func startOfNextLine(in bytes: [UInt8], at index: Int, before limit: Int) -> Int? {
        var index = index
        while index < limit, bytes[index] == 0x20 || bytes[index] == 13 { index += 1 }
        guard index < limit, bytes[index] == 10 else { return nil }
        index += 1
        while index < limit, bytes[index] == 0x20 || bytes[index] == 9 { index += 1 }
        return index < limit && (isLetter(bytes[index]) || bytes[index] >= 0xC3) ? index : nil
    }

    /// The letters of each ligature, by its last byte in UTF-8.
    private static let ligatures: [UInt8: String] = [
        0x80: "ff", 0x81: "fi", 0x82: "fl", 0x83: "ffi", 0x84: "ffl", 0x85: "st", 0x86: "st",
    ]

    /// At most `limit` bytes, cut between scalars.
    static func prefix(_ bytes: [UInt8], upTo limit: Int) -> ArraySlice<UInt8> {
        guard bytes.count > limit else { return bytes[...] }
        var end = limit
        while end > 0, isContinuation(bytes[end]) { end -= 1 }
        return bytes[..<end]
    }

    /// Whether `text`, which is in lower case, is at `index`, ignoring case.
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
