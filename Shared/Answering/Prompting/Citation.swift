import Wire

/// Numbers in brackets that can be meant as a citation of passages: `[7]`, `[2, 7]`, `[1-3]`, `[^1]`, `[passage 2]`,
/// `[passages 1 and 2]`, and the same in brackets of East Asian writing, `【1】`, in which some models add more:
/// `【1†source】`.
///
/// Zero, years and other numbers that no passage can have make it something else.
struct Citation {
    let numbers: [Int]
    let hasRange: Bool
    /// Whether it has the form `[2, 7]`, which stays as it is if all numbers exist.
    private let isPlain: Bool
    /// Whether it cannot be meant otherwise, whatever is around it.
    let isUnmistakable: Bool
    private let text: String

    /// No answer gets more passages than this (`topK` is at most 50).
    private static let largestNumber = 99
    /// Longer text in brackets is something else, in scalars.
    private static let longest = 60
    /// What follows the numbers within East Asian brackets.
    private static let additions: [Unicode.Scalar] = ["†", ":"]

    // MARK: Form

    static func isOpening(_ scalar: Unicode.Scalar) -> Bool { ["[", "【", "［", "〔"].contains(scalar) }

    /// Whether the text is an opening bracket and at most spaces after it.
    static func isOpening(_ text: String) -> Bool {
        text.utf8.first == UInt8(ascii: "[") && text.utf8.dropFirst().allSatisfy { $0 == 0x20 }
    }

    static func isClosing(_ scalar: Unicode.Scalar) -> Bool { ["]", "】", "］", "〕"].contains(scalar) }

    /// Whether the text, which begins with a bracket, can become a citation if this scalar follows.
    static func mayContinue(_ text: String, _ next: Unicode.Scalar) -> Bool {
        let scalars = text.unicodeScalars
        guard let first = scalars.first, scalars.count < longest else { return false }
        if isClosing(next) { return next == closing(of: first) }
        if first != "[", next != "\n", scalars.contains(where: additions.contains) { return true }
        if CitationScanner.digit(next) != nil || CitationScanner.isSeparator(next) || CitationScanner.isDash(next) {
            return true
        }
        switch next {
        case " ", "^": return true
        case "†" where first != "[", ":" where first != "[": return true
        default:
            var word = ""
            for scalar in scalars {
                if CitationScanner.isLetter(scalar) { word.unicodeScalars.append(scalar) } else { word = "" }
            }
            word.unicodeScalars.append(next)
            return CitationScanner.isBeginningOfWord(word.lowercasedASCII)
        }
    }

    private static func closing(of opening: Unicode.Scalar) -> Unicode.Scalar {
        switch opening {
        case "【": "】"
        case "［": "］"
        case "〔": "〕"
        default: "]"
        }
    }

    // MARK: Numbers

    /// - Parameter text: with its brackets. Nil if it is not a citation.
    init?(_ text: String) {
        self.text = text
        let scalars = Array(text.unicodeScalars)
        guard let first = scalars.first, scalars.count > 2 else { return nil }
        var content = scalars[1..<scalars.count - 1]
        if first != "[" { content = content.prefix { !Self.additions.contains($0) } }
        var scanner = CitationScanner(content)
        var numbers: [Int] = []
        var (hasRange, hasMark, hasWord) = (false, false, false)
        repeat {
            if scanner.takeName() { hasWord = true }
            let isMarked = scanner.take("^")
            guard let low = scanner.takeNumber(), low >= 1, low <= Self.largestNumber else { return nil }
            var high = low
            if isMarked {
                hasMark = true
                _ = scanner.take("^")
            } else if scanner.takeDash() {
                guard let end = scanner.takeNumber(), end > low, end <= Self.largestNumber else { return nil }
                (high, hasRange) = (end, true)
            }
            numbers += low...high
        } while scanner.takeSeparator()
        guard scanner.isAtEnd else { return nil }
        (self.numbers, self.hasRange) = (numbers, hasRange)
        let isPadded = numbers.count == 1 && (content.first?.value == 0x20 || content.last?.value == 0x20)
        isPlain = first == "[" && !hasRange && !hasMark && !isPadded && scanner.isPlain
        isUnmistakable = first != "[" || hasWord
    }

    /// The citation of those of its passages that exist.
    func text(of existing: [Int]) -> String {
        if isPlain {
            return existing.count == numbers.count
                ? text : "[" + existing.map(String.init).joined(separator: ", ") + "]"
        }
        return existing.map { "[\($0)]" }.joined()
    }
}

/// Reads what is within the brackets of a citation.
struct CitationScanner {
    private var rest: ArraySlice<Unicode.Scalar>
    /// Whether nothing but plain numbers and marks has been read.
    private(set) var isPlain = true

    init(_ content: ArraySlice<Unicode.Scalar>) { rest = content }

    private static let names = ["passages", "passage", "sources", "source", "citations", "citation"]
    private static let joints = ["and", "und", "et"]
    private static let longestNumber = 4

    // MARK: Scalars

    static func isSeparator(_ scalar: Unicode.Scalar) -> Bool { [",", ";", "，", "、", "；"].contains(scalar) }
    static func isDash(_ scalar: Unicode.Scalar) -> Bool { scalar == "-" || scalar == "–" }
    static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && ASCII.isLetter(UInt8(truncatingIfNeeded: scalar.value))
    }

    /// The value of a digit, also of the wide ones of East Asian writing.
    static func digit(_ scalar: Unicode.Scalar) -> Int? {
        switch scalar {
        case "0"..."9": Int(scalar.value) - 0x30
        case "０"..."９": Int(scalar.value) - 0xFF10
        default: nil
        }
    }

    /// Whether one of the words begins with this, or the colon after it.
    static func isBeginningOfWord(_ text: String) -> Bool {
        joints.contains { $0.starts(withBytes: text) } || names.contains { "\($0):".starts(withBytes: text) }
    }

    // MARK: Parts

    /// Whether nothing but spaces is left.
    var isAtEnd: Bool { rest.allSatisfy { $0.value == 0x20 } }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool { take { $0 == scalar } }

    mutating func takeDash() -> Bool { take(where: Self.isDash) }

    /// A comma and the like, or a word for "and", or both.
    mutating func takeSeparator() -> Bool {
        let hasMark = take(where: Self.isSeparator)
        return takeWord(of: Self.joints) || hasMark
    }

    /// A word for a passage, and a colon after it.
    mutating func takeName() -> Bool {
        guard takeWord(of: Self.names) else { return false }
        _ = take(":")
        return true
    }

    mutating func takeNumber() -> Int? {
        rest = rest.drop { $0.value == 0x20 }
        let digits = rest.prefix { Self.digit($0) != nil }
        guard (1...Self.longestNumber).contains(digits.count) else { return nil }
        if digits.contains(where: { !$0.isASCII }) { isPlain = false }
        rest = rest.dropFirst(digits.count)
        return digits.reduce(0) { $0 * 10 + (Self.digit($1) ?? 0) }
    }

    private mutating func take(where isWanted: (Unicode.Scalar) -> Bool) -> Bool {
        let next = rest.drop { $0.value == 0x20 }
        guard let first = next.first, isWanted(first) else { return false }
        rest = next.dropFirst()
        return true
    }

    private mutating func takeWord(of words: [String]) -> Bool {
        let next = rest.drop { $0.value == 0x20 }
        let letters = next.prefix(while: Self.isLetter)
        guard words.contains(String(String.UnicodeScalarView(letters)).lowercasedASCII) else { return false }
        rest = next.dropFirst(letters.count)
        isPlain = false
        return true
    }
}
