import Wire

/// Makes the citations in an answer follow one form, `[1]`, as it streams, and removes those of passages that do not
/// exist: models invent numbers, and readers must be able to follow every citation.
///
/// Changes only what can be meant as a citation (`Citation`). Indexes (`list[0]`), links (`[1](…)`), nested brackets,
/// formulas and code stay as they are. A number that does not exist is removed where a citation can be: after a word or
/// a sentence, and before the end of a clause. Ranges and lists of which nothing exists, and ranges that do not exist
/// as a whole, are something else: nobody invents those. So an invented `[7]` stays after `kg` or a colon, and `[2, 7]`
/// loses its 7 although it may be an interval: in these cases, readers cannot tell either.
struct CitationFilter {
    /// The numbers of the passages.
    private let existing: Set<Int>
    /// Whether the citations of passages that exist are removed, and all others stay.
    private let removesExisting: Bool
    /// Spaces, after them citations that are removed if another one follows, and after them text that may become one.
    private var spaces = ""
    private var chain = ""
    private var held = ""
    /// Whether only a footnote's mark, `^`, may follow the bracket that `held` begins with.
    private var mustBeFootnote = false
    /// Whether `held` ends with its closing bracket. What follows decides whether it is a link.
    private var isClosed = false
    private var code = CodeTracker()
    private var place = Place()

    /// What comes before the held text.
    private struct Place {
        /// The last scalar, and the last two that are not spaces.
        var last: Unicode.Scalar = "\n"
        var lastVisible: Unicode.Scalar = "\n"
        /// Whether a letter has come on this line.
        var isInText = false
        /// Whether a citation ends here.
        var isAfterCitation = false
        /// How many brackets are open around this place, if one directly follows the other.
        var nesting = 0
    }

    /// More citations in a row are something else, in bytes.
    private static let longestChain = 200

    init(existing: Set<Int>, removingExisting: Bool = false) {
        self.existing = existing
        removesExisting = removingExisting
    }

    /// Takes a piece of the answer; returns the text that can be passed on now.
    mutating func pass(_ piece: String) -> String {
        var passed = ""
        for scalar in piece.unicodeScalars { pass(scalar, to: &passed) }
        return passed
    }

    /// Returns the text that was held back, at the end of the answer.
    mutating func finish() -> String {
        var passed = ""
        settle(before: nil, to: &passed)
        return passed
    }

    private mutating func pass(_ scalar: Unicode.Scalar, to passed: inout String) {
        if isClosed, !continueChain(with: scalar) { settle(before: scalar, to: &passed) }
        let isCode = code.take(scalar)
        if isCode || place.nesting > 0 {
            settle(before: scalar, to: &passed)
            return emit(scalar, to: &passed)
        }
        extend(with: scalar, to: &passed)
    }

    private mutating func extend(with scalar: Unicode.Scalar, to passed: inout String) {
        if held.isEmpty {
            if Citation.isOpening(scalar) {
                mustBeFootnote = scalar == "[" && chain.isEmpty && isIndexOrFormula
                held.unicodeScalars.append(scalar)
            } else if scalar == " " {
                spaces.unicodeScalars.append(scalar)
            } else {
                emit(scalar, to: &passed)
            }
            return
        }
        if mustBeFootnote, scalar != "^" {
            settle(before: scalar, to: &passed)
            return extend(with: scalar, to: &passed)
        }
        mustBeFootnote = false
        if scalar == "[", Citation.isOpening(held) {
            settle(before: scalar, to: &passed)
            emit(scalar, to: &passed)
            place.nesting = 2
        } else if Citation.mayContinue(held, scalar) {
            held.unicodeScalars.append(scalar)
            isClosed = Citation.isClosing(scalar)
        } else {
            settle(before: scalar, to: &passed)
            extend(with: scalar, to: &passed)
        }
    }

    // MARK: Place

    /// Whether a bracket here belongs to a name, another bracket, a text in quotes, or a formula.
    private var isIndexOrFormula: Bool {
        if spaces.isEmpty {
            if place.isAfterCitation { return false }
            let last = place.last
            if last.isASCII && ASCII.isAlphanumeric(UInt8(last.value)) || Self.indexedMarks.contains(last) {
                return true
            }
        }
        return Self.mathSymbols.contains(place.lastVisible)
    }

    private static let indexedMarks: [Unicode.Scalar] = ["]", "[", "_", ")", "}", "\"", "'", "\\", "/", "<", "#", "@"]
    private static let mathSymbols: [Unicode.Scalar] = [
        "=", "∈", "∉", "⊂", "⊆", "×", "≤", "≥", "≈", "≠", "±", "→", "∪", "∩", "$", "^", "+", "{",
    ]
    /// After these, a number is what the sentence is about.
    private static let introductions: [Unicode.Scalar] = [":", "(", "（", "：", "|", "-", "–", "—"]
    /// What may come after a citation, beside spaces and line ends.
    private static let followers: [Unicode.Scalar] = [
        ".", ",", ";", ":", "!", "?", ")", "…", "\"", "”", "»", "’", "<", "。", "，", "、", "；", "：", "！", "？", "）", "」",
        "』",
    ]

    /// Whether a number that does not exist can be an invented citation here.
    private func isCitation(before next: Unicode.Scalar?) -> Bool {
        guard place.isInText else { return place.lastVisible == "\n" && (next == nil || next == "\n" || next == "\r") }
        return !Self.introductions.contains(place.lastVisible) && Self.canFollow(next)
    }

    private static func canFollow(_ next: Unicode.Scalar?) -> Bool {
        guard let next else { return true }
        // Chinese and Japanese have no spaces.
        return followers.contains(next) || next.properties.isWhitespace || next.properties.isIdeographic
            || (0x3040...0x30FF).contains(next.value)
    }

    // MARK: Decision

    /// A citation that does not exist goes if another one directly follows; otherwise, `[7][name]` is a link.
    private mutating func continueChain(with next: Unicode.Scalar) -> Bool {
        guard Citation.isOpening(next), !removesExisting, chain.utf8.count < Self.longestChain,
            let citation = Citation(held), citation.numbers.count == 1,
            citation.numbers.allSatisfy({ !existing.contains($0) }),
            isCitation(before: nil)
        else { return false }
        chain += held
        (held, isClosed) = ("", false)
        return true
    }

    /// What a citation becomes; nil if it stays as it is.
    private func replacement(before next: Unicode.Scalar?) -> String? {
        if next == "(", held.utf8.first == UInt8(ascii: "[") { return nil }
        if next == ":", place.lastVisible == "\n" { return nil }
        guard let citation = Citation(held) else { return nil }
        let known = citation.numbers.filter(existing.contains)
        if removesExisting { return known.isEmpty ? nil : "" }
        if known.isEmpty {
            return citation.isUnmistakable || citation.numbers.count == 1 && isCitation(before: next) ? "" : nil
        }
        if known.count < citation.numbers.count, citation.hasRange || place.lastVisible == ":" { return nil }
        let canFollow = Self.canFollow(next) || next.map { Citation.isOpening($0) } == true
        return !citation.hasRange || canFollow ? citation.text(of: known) : nil
    }

    /// Passes on what is held: a citation in its proper form, without nonexistent numbers, and without the spaces
    /// before it if none exists; anything else as it is.
    private mutating func settle(before next: Unicode.Scalar?, to passed: inout String) {
        let replaced = isClosed ? replacement(before: next) : nil
        let whole =
            if let replaced { replaced.isEmpty ? "" : spaces + replaced } else { spaces + chain + held }
        let isCitation = isClosed && (replaced != nil || Citation(held) != nil)
        (spaces, chain, held, isClosed, mustBeFootnote) = ("", "", "", false, false)
        for scalar in whole.unicodeScalars { emit(scalar, to: &passed) }
        if isCitation { place.isAfterCitation = true }
    }

    private mutating func emit(_ scalar: Unicode.Scalar, to passed: inout String) {
        if !spaces.isEmpty, scalar != " " {
            let before = spaces
            spaces = ""
            passed += before
            (place.last, place.isAfterCitation) = (" ", false)
        }
        passed.unicodeScalars.append(scalar)
        // A blank line ends whatever was left open.
        if scalar == "\n" {
            if place.lastVisible == "\n" { place.nesting = 0 }
            place.isInText = false
        } else if !place.isInText {
            place.isInText = scalar.properties.isAlphabetic
        }
        if place.nesting > 0 {
            if scalar == "[" { place.nesting += 1 }
            if scalar == "]" { place.nesting -= 1 }
        }
        (place.last, place.isAfterCitation) = (scalar, false)
        if scalar != " " { place.lastVisible = scalar }
    }
}
