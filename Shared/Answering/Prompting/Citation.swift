import Wire

/// Numbers in brackets that can be meant as a citation of passages: `[7]`, `[2, 7]`, `[1-3]`, `[^1]`, `[passage 2]`,
/// and the same in brackets of East Asian writing, `【1】`, in which some models add more: `【1†source】`.
///
/// Zero, years and other numbers that no passage can have make it something else.
struct Citation {
    private let numbers: [Int]
    private let hasRange: Bool
    /// Whether it has the form `[2, 7]`, which stays as it is if all numbers exist.
    private let isPlain: Bool
    private let text: String

    /// No answer gets more passages than this (`topK` is at most 50).
    private static let largestNumber = 99
    /// Longer text in brackets is something else, in scalars.
    private static let longest = 60
    /// What follows the numbers within East Asian brackets.
    private static let additions: [Unicode.Scalar] = ["†", ":"]
    private static let words = ["passages", "passage", "sources", "source"]

    // MARK: Form

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
        switch next {
        case "0"..."9", ",", ";", " ", "-", "–", "^", "，", "、", "；": return true
        case "†", ":": return first != "["
        default:
            let word = String(String.UnicodeScalarView(scalars.dropFirst() + [next]))
            return words.contains { $0.starts(withBytes: word.lowercasedASCII) }
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
        var content = String(String.UnicodeScalarView(scalars[1..<scalars.count - 1]))
        if first != "[" {
            let cited = content.unicodeScalars.prefix { !Self.additions.contains($0) }
            content = String(String.UnicodeScalarView(cited))
        }
        let word = Self.words.first { content.lowercasedASCII.starts(withBytes: $0) }
        if let word { content = String(content.utf8.dropFirst(word.utf8.count)) ?? "" }
        var numbers: [Int] = []
        var hasRange = false
        for item in content.unicodeScalars.split(whereSeparator: { Self.separators.contains($0) }) {
            let bounds = item.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "–" }
                .map { Int(String($0.drop(while: Self.footnoteMarks.contains))) }
            guard let low = bounds.first ?? nil, let high = bounds.last ?? nil, bounds.count <= 2, low >= 1,
                high <= Self.largestNumber, bounds.count == 1 || low < high
            else { return nil }
            hasRange = hasRange || bounds.count == 2
            numbers += low...high
        }
        if numbers.isEmpty { return nil }
        (self.numbers, self.hasRange) = (numbers, hasRange)
        isPlain = first == "[" && !hasRange && word == nil && !content.contains(byte: "^")
    }

    private static let footnoteMarks: [Unicode.Scalar] = ["^"]
    private static let separators: [Unicode.Scalar] = [",", ";", " ", "，", "、", "；"]

    /// The citation of the passages that exist; empty if none does.
    ///
    /// - Parameter count: the number of passages.
    func text(count: Int) -> String {
        let existing = numbers.filter { $0 <= count }
        if isPlain {
            if existing.count == numbers.count { return text }
            return existing.isEmpty ? "" : "[" + existing.map(String.init).joined(separator: ", ") + "]"
        }
        // Nobody invents a range, so one that does not exist is something else.
        if hasRange, existing.count < numbers.count { return text }
        return existing.map { "[\($0)]" }.joined()
    }
}
