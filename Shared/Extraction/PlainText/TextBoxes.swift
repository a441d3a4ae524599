/// Boxes of stars or hashes around paragraphs, as in licences and source files.
enum TextBoxes {
    /// Replaces the borders of boxes by spaces. Every other byte stays in place.
    static func removeBorders(from bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
            let line = TextBytes.trim(bytes, start..<end)
            if line.count >= 40, let first = bytes[line].first, first == bytes[line].last,
                first == UInt8(ascii: "*") || first == UInt8(ascii: "#")
            {
                blank(line, of: first, in: &result)
            }
            start = end + 1
        }
        return result
    }

    /// Blanks the border at both ends of a line, or the whole line above or below the box.
    private static func blank(_ line: Range<Int>, of border: UInt8, in bytes: inout [UInt8]) {
        var left = line.lowerBound
        while left < line.upperBound, bytes[left] == border {
            bytes[left] = 0x20
            left += 1
        }
        var right = line.upperBound
        while right > left, bytes[right - 1] == border {
            bytes[right - 1] = 0x20
            right -= 1
        }
    }
}
