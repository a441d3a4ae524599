/// Divides text of scripts that end sentences with a space alone: Thai, Lao, Khmer and Burmese.
///
/// A space there ends a sentence, or only a clause, or stands beside a number or a name. So it ends a sentence if letters
/// of the script stand on both sides and the sentence is long enough.
enum SpacedClauses {
    /// The least size of a sentence in bytes: 80 letters. Shorter parts would often be clauses.
    private static let least = 240

    /// The parts of a sentence; the sentence itself in other scripts.
    static func divide(_ utf8: UnsafeBufferPointer<UInt8>, _ sentence: Range<Int>) -> [Range<Int>] {
        guard sentence.count >= 2 * least else { return [sentence] }
        var parts: [Range<Int>] = []
        var start = sentence.lowerBound
        var index = start
        while index < sentence.upperBound {
            defer { index += 1 }
            guard utf8[index] == 0x20, index - start >= least, sentence.upperBound - index > least,
                isLetter(utf8, before: index), isLetter(utf8, at: index + 1)
            else { continue }
            parts.append(start..<index)
            start = index + 1
        }
        return parts + [start..<sentence.upperBound]
    }

    private static func isLetter(_ utf8: UnsafeBufferPointer<UInt8>, before end: Int) -> Bool {
        end >= 3 && isLetter(utf8, at: end - 3)
    }

    private static func isLetter(_ utf8: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        guard index + 2 < utf8.count, utf8[index] == 0xE0 || utf8[index] == 0xE1 else { return false }
        switch UTF8Scan.scalar(in: utf8, at: index).scalar.value {
        case 0xE01...0xE4E, 0xE81...0xECD, 0x1000...0x103F, 0x1780...0x17D3: return true
        default: return false
        }
    }
}
