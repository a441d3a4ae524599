/// Control characters in text, which terminals and old systems leave there: a letter that is struck again after a
/// backspace for bold, colours, and Control-Z at the end of a file.
enum TextControls {
    private static let backspace: UInt8 = 8
    private static let escape: UInt8 = 0x1B
    private static let endOfFile: UInt8 = 0x1A

    /// The number of control characters that have no meaning in a text.
    static func count(in bytes: ArraySlice<UInt8>) -> Int {
        let text = bytes[..<end(of: bytes)]
        var count = 0
        for index in text.indices where text[index] < 0x20 && !TextBytes.isSpace(text[index]) {
            let isOverstrike =
                text[index] == backspace && index > text.startIndex && index + 1 < text.endIndex
                && text[index - 1] > 0x20 && text[index + 1] > 0x20
            if !isOverstrike, text[index] != escape { count += 1 }
        }
        return count
    }

    /// Whether bytes are text with one byte per letter, in ASCII at least. Many letters of UTF-16 are a control character
    /// and another one.
    static func isNarrow(_ bytes: [UInt8]) -> Bool {
        String(validating: bytes, as: UTF8.self) != nil && count(in: bytes[...]) * 4 < bytes.count
    }

    private static func end(of bytes: ArraySlice<UInt8>) -> Int {
        var end = bytes.endIndex
        while end > bytes.startIndex, bytes[end - 1] == endOfFile { end -= 1 }
        return end
    }

    /// A text in UTF-8 as one sees it, without overstrikes, colours, and the mark of its end.
    static func resolved(_ bytes: [UInt8]) -> [UInt8] {
        let end = end(of: bytes[...])
        guard end < bytes.count || bytes.contains(where: { $0 == backspace || $0 == escape }) else { return bytes }
        var output: [UInt8] = []
        output.reserveCapacity(end)
        var index = 0
        while index < end {
            if bytes[index] == backspace, let last = output.last, last > 0x20, index + 1 < end, bytes[index + 1] > 0x20
            {
                // One of both letters can be the line below the other.
                if bytes[index + 1] == UInt8(ascii: "_"), last != UInt8(ascii: "_") {
                    index += 2
                } else {
                    while let byte = output.popLast(), TextBytes.isContinuation(byte) {}
                    index += 1
                }
            } else if bytes[index] == escape, let after = endOfSequence(in: bytes[..<end], at: index) {
                index = after
            } else {
                output.append(bytes[index])
                index += 1
            }
        }
        return output
    }

    /// The position behind a control sequence, such as `ESC [ 1 ; 31 m` (ECMA-48, section 5.4).
    private static func endOfSequence(in bytes: ArraySlice<UInt8>, at start: Int) -> Int? {
        guard start + 2 < bytes.endIndex, bytes[start + 1] == UInt8(ascii: "[") else { return nil }
        var index = start + 2
        while index < bytes.endIndex, 0x20...0x3F ~= bytes[index], index - start < 32 { index += 1 }
        return index < bytes.endIndex && 0x40...0x7E ~= bytes[index] ? index + 1 : nil
    }
}
