import Wire

/// Removes citations of passages that do not exist from an answer as it streams. Models invent numbers, and readers
/// must be able to follow every citation.
///
/// Numbers in brackets, `[7]` or `[2, 7]`, are citations, except in code.
struct CitationFilter {
    /// The number of passages. Their numbers start at 1.
    private let count: Int
    /// Text that may become a citation: spaces, a bracket, digits and separators.
    private var held = ""
    private var isInBrackets = false
    private var isInCode = false
    private var isAfterBacktick = false

    /// The maximum length of a citation. Longer text in brackets is something else.
    private static let longest = 40

    init(count: Int) { self.count = count }

    /// Takes a piece of the answer; returns the text that can be passed on now.
    mutating func pass(_ piece: String) -> String {
        var passed = ""
        for scalar in piece.unicodeScalars { pass(scalar, to: &passed) }
        return passed
    }

    /// Returns the text that was held back, at the end of the answer.
    mutating func finish() -> String {
        defer { (held, isInBrackets) = ("", false) }
        return held
    }

    private mutating func pass(_ character: Unicode.Scalar, to passed: inout String) {
        if character == "`" {
            // A run of backticks opens or closes code.
            if !isAfterBacktick { isInCode.toggle() }
            isAfterBacktick = true
        } else {
            isAfterBacktick = false
        }
        if isInCode || character == "`" { return release(and: character, to: &passed) }
        switch character {
        case "[" where !isInBrackets:
            held.unicodeScalars.append(character)
            isInBrackets = true
        case " " where !isInBrackets:
            held.unicodeScalars.append(character)
        case "0"..."9", ",", " ", ";":
            guard isInBrackets, held.utf8.count < Self.longest else { return release(and: character, to: &passed) }
            held.unicodeScalars.append(character)
        case "]" where isInBrackets:
            passed += citation()
            (held, isInBrackets) = ("", false)
        case "[":
            // The first bracket did not open a citation. This one may.
            passed += held
            held = "["
        default: release(and: character, to: &passed)
        }
    }

    private mutating func release(and character: Unicode.Scalar, to passed: inout String) {
        passed += finish()
        passed.unicodeScalars.append(character)
    }

    /// The citation without nonexistent numbers, with the spaces before it. Empty if no number exists.
    private func citation() -> String {
        let words = held.utf8.split { $0 &- UInt8(ascii: "0") >= 10 }.map(Substring.init)
        guard !words.isEmpty else { return held + "]" }
        let numbers = words.compactMap { Int($0) }.filter { (1...max(1, count)).contains($0) && count > 0 }
        if numbers.isEmpty { return "" }
        if numbers.count == words.count { return held + "]" }
        return held.prefix(beforeAnyOf: "[") + "[" + numbers.map(String.init).joined(separator: ", ") + "]"
    }
}
