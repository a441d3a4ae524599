import Wire

/// Looks for a `</think>` that ends a model's reasoning, in text that comes in pieces, unless a tag that opens it came
/// before: on a line of its own, or at the end of a line before an empty one. Something must come after it, and it must
/// not be in a block between fences, where it is quoted.
struct ClosingTagSearch {
    /// Whether the search is over: all text passes.
    var isOver = false
    private var textAfterTag: [UInt8]?
    /// What may be the tag and the blanks after it.
    private var held: [UInt8] = []
    /// Line ends after the tag.
    private var lineEnds = 0
    private var isTagLine = false
    /// Whether only blanks have come on this line.
    private var isAtLineStart = true
    /// Whether a block between fences is open, and the marks of a fence so far.
    private var isInBlock = false
    private var fence = 0
    private var fenceMark: UInt8 = 0
    /// The last eight bytes.
    private var recent: UInt64 = 0

    private static let tag = Array("</think>".utf8)
    private static let opening = "<think>".utf8.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    private static let openingMask = UInt64.max >> 8
    private static let shortestFence = 3

    /// What comes after the tag, once, when it has been found.
    mutating func takeTextAfterTag() -> [UInt8]? {
        defer { textAfterTag = nil }
        return textAfterTag
    }

    /// Returns the text that is not held back.
    mutating func pass(_ text: [UInt8]) -> [UInt8] {
        if isOver { return text }
        var passed: [UInt8] = []
        for (index, byte) in text.enumerated() {
            recent = recent << 8 | UInt64(byte)
            if recent & Self.openingMask == Self.opening {
                isOver = true
                passed += held + text[index...]
                held = []
                return passed
            }
            if held.count >= Self.tag.count, take(afterTag: byte) { continue }
            if held.count >= Self.tag.count, lineEnds >= (isTagLine ? 1 : 2) {
                (held, isOver, textAfterTag) = ([], true, Array(text[index...]))
                return passed
            }
            if !held.isEmpty, held.count < Self.tag.count, byte == Self.tag[held.count] {
                held.append(byte)
                continue
            }
            passed += held
            for byte in held { follow(byte) }
            held = []
            if byte == Self.tag[0], !isInBlock {
                (held, isTagLine, lineEnds) = ([byte], isAtLineStart, 0)
                continue
            }
            follow(byte)
            passed.append(byte)
        }
        return passed
    }

    /// Holds a blank after the tag.
    private mutating func take(afterTag byte: UInt8) -> Bool {
        guard ASCII.isBlank(byte) || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else { return false }
        if byte == UInt8(ascii: "\n") { lineEnds += 1 }
        held.append(byte)
        return true
    }

    /// Follows lines and fences.
    private mutating func follow(_ byte: UInt8) {
        if byte == UInt8(ascii: "\n") {
            (isAtLineStart, fence) = (true, 0)
            return
        }
        if byte == UInt8(ascii: "`") || byte == UInt8(ascii: "~") {
            if isAtLineStart {
                (fence, fenceMark) = (1, byte)
            } else if fence > 0, byte == fenceMark {
                fence += 1
                if fence == Self.shortestFence { isInBlock.toggle() }
            } else {
                fence = 0
            }
        } else if !ASCII.isBlank(byte) {
            fence = 0
        }
        if byte != 0x20, byte != 0x0D, byte != 0x09 { isAtLineStart = false }
    }

    /// Returns the text that was held back: a tag without anything after it is part of the text.
    mutating func finish() -> [UInt8] {
        defer { held = [] }
        return held
    }
}
