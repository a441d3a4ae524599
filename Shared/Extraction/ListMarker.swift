/// The marker of a list item in plain text.
enum ListMarker: Equatable {
    /// `-`, `*`, `+` or `•`.
    case bullet
    /// `1.`, `12)`
    case number(closing: UInt8)
    /// `(a)`, `b)`, `iv.`
    case letter(closing: UInt8)

    /// Finds the marker at the start of a line; a space must follow it.
    init?(in bytes: [UInt8], at range: Range<Int>) {
        let line = bytes[range]
        guard let first = line.first else { return nil }
        switch first {
        case UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "+"):
            guard line.dropFirst().first == 0x20 else { return nil }
            self = .bullet
        case 0xE2:
            guard line.starts(with: "• ".utf8) else { return nil }
            self = .bullet
        default:
            guard let marker = Self.enumerator(line) else { return nil }
            self = marker
        }
    }

    private static func enumerator(_ line: ArraySlice<UInt8>) -> ListMarker? {
        let isOpen = line.first == UInt8(ascii: "(")
        let rest = isOpen ? line.dropFirst() : line
        let label = rest.prefix(6).prefix { TextBytes.isDigit($0) || TextBytes.isLetter($0) }
        let tail = rest.dropFirst(label.count)
        guard let closing = tail.first, tail.dropFirst().first == 0x20, let first = label.first
        else { return nil }
        let isBracket = closing == UInt8(ascii: ")")
        guard isBracket || (!isOpen && closing == UInt8(ascii: ".")) else { return nil }
        if label.allSatisfy(TextBytes.isDigit) {
            return label.count <= 3 ? .number(closing: closing) : nil
        }
        // "A." and "I." begin sentences and names more often than list items.
        let isLabel =
            label.count == 1
            ? TextBytes.isLetter(first) && (isBracket || TextBytes.isLowercase(first))
            : label.allSatisfy { "ivxl".utf8.contains($0) }
        return isLabel ? .letter(closing: closing) : nil
    }
}
