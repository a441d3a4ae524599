import Wire

/// Makes the citations in an answer follow one form, `[1]`, as it streams, and removes those of passages that do not
/// exist: models invent numbers, and readers must be able to follow every citation.
///
/// Changes only what can be meant as a citation (`Citation`). Indexes (`list[0]`), links (`[1](…)`), nested brackets,
/// formulas and code stay as they are. So an invented number directly after a word (`kg[7]`) stays too, and a vector such
/// as `[3, 4]` loses the numbers that no passage has: in these cases, readers cannot tell either.
struct CitationFilter {
    /// The number of passages. Their numbers start at 1.
    private let count: Int
    /// Spaces, and after them text that may become a citation.
    private var spaces = ""
    private var held = ""
    /// Whether only a footnote's mark, `^`, may follow the bracket that `held` begins with.
    private var mustBeFootnote = false
    /// Whether `held` ends with its closing bracket. What follows decides whether it is a link.
    private var isClosed = false
    private var code = CodeTracker()
    private var place = Place()

    /// What comes before the held text.
    private struct Place {
        /// The last scalar, and the last that is not a space.
        var last: Unicode.Scalar = "\n"
        var lastVisible: Unicode.Scalar = "\n"
        /// Whether a citation ends here.
        var isAfterCitation = false
        /// How many brackets are open around this place, if one directly follows the other.
        var nesting = 0
    }

    init(count: Int) { self.count = count }

    /// Takes a piece of the answer; returns the text that can be passed on now.
    mutating func pass(_ piece: String) -> String {
        var passed = ""
        for scalar in piece.unicodeScalars { pass(scalar, to: &passed) }
        return passed
    }

    /// Returns the text that was held back, at the end of the answer.
    mutating func finish() -> String {
        var passed = ""
        settle(isLink: false, to: &passed)
        return passed
    }

    private mutating func pass(_ scalar: Unicode.Scalar, to passed: inout String) {
        if isClosed {
            let isDefinition = scalar == ":" && place.lastVisible == "\n"
            settle(isLink: isDefinition || (scalar == "(" && held.utf8.first == UInt8(ascii: "[")), to: &passed)
        }
        let isCode = code.take(scalar, at: place.lastVisible == "\n")
        if isCode || place.nesting > 0 {
            settle(isLink: false, to: &passed)
            return emit(scalar, to: &passed)
        }
        extend(with: scalar, to: &passed)
    }

    private mutating func extend(with scalar: Unicode.Scalar, to passed: inout String) {
        if held.isEmpty {
            switch scalar {
            case " ": spaces.unicodeScalars.append(scalar)
            case "[", "【", "［", "〔":
                mustBeFootnote = scalar == "[" && isIndexOrFormula
                held.unicodeScalars.append(scalar)
            default: emit(scalar, to: &passed)
            }
            return
        }
        if mustBeFootnote, scalar != "^" {
            settle(isLink: false, to: &passed)
            return extend(with: scalar, to: &passed)
        }
        mustBeFootnote = false
        if scalar == "[", Citation.isOpening(held) {
            settle(isLink: false, to: &passed)
            emit(scalar, to: &passed)
            place.nesting = 2
        } else if Citation.mayContinue(held, scalar) {
            held.unicodeScalars.append(scalar)
            isClosed = Citation.isClosing(scalar)
        } else {
            settle(isLink: false, to: &passed)
            extend(with: scalar, to: &passed)
        }
    }

    /// Whether a bracket here belongs to a name, another bracket, or a formula.
    private var isIndexOrFormula: Bool {
        if spaces.isEmpty {
            if place.isAfterCitation { return false }
            let last = place.last
            if last == "]" || last == "[" || last == "_" || last.isASCII && ASCII.isAlphanumeric(UInt8(last.value)) {
                return true
            }
        }
        return Self.mathSymbols.contains(place.lastVisible)
    }

    private static let mathSymbols: [Unicode.Scalar] = [
        "=", "∈", "∉", "⊂", "⊆", "×", "≤", "≥", "≈", "≠", "±", "→", "∪", "∩", "$", "^",
    ]

    /// Passes on what is held: a citation in its proper form, without nonexistent numbers, and without the spaces
    /// before it if none exists; anything else as it is.
    private mutating func settle(isLink: Bool, to passed: inout String) {
        let text = held
        let isWhole = isClosed
        (held, isClosed, mustBeFootnote) = ("", false, false)
        if isWhole, !isLink, let citation = Citation(text) {
            let said = citation.text(count: count)
            let whole = said.isEmpty ? "" : spaces + said
            spaces = ""
            emit(whole, to: &passed)
            place.isAfterCitation = true
            return
        }
        let whole = spaces + text
        spaces = ""
        emit(whole, to: &passed)
    }

    private mutating func emit(_ text: String, to passed: inout String) {
        for scalar in text.unicodeScalars { emit(scalar, to: &passed) }
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
        if scalar == "\n", place.lastVisible == "\n" { place.nesting = 0 }
        if place.nesting > 0 {
            if scalar == "[" { place.nesting += 1 }
            if scalar == "]" { place.nesting -= 1 }
        }
        (place.last, place.isAfterCitation) = (scalar, false)
        if scalar != " " { place.lastVisible = scalar }
    }
}

/// Follows which parts of a Markdown text are code: spans between equal runs of backticks, which end with the paragraph
/// at the latest, and blocks between fences. CommonMark sections 4.5 and 6.1.
private struct CodeTracker {
    private enum State: Equatable {
        case text
        case span(Int)
        case block(Unicode.Scalar, Int)
    }

    private var state = State.text
    private var run = 0
    private var runScalar: Unicode.Scalar = "`"
    private var isRunAtLineStart = false
    private var isLineEmpty = true

    private static let shortestFence = 3

    /// Takes the next scalar. Returns whether it belongs to code or to its marks.
    mutating func take(_ scalar: Unicode.Scalar, at isLineStart: Bool) -> Bool {
        if scalar == "`" || scalar == "~" {
            if run > 0, scalar != runScalar { endRun() }
            if run == 0 { (runScalar, isRunAtLineStart) = (scalar, isLineStart) }
            run += 1
            isLineEmpty = false
            return scalar == "`" || state != .text
        }
        if run > 0 { endRun() }
        if scalar == "\n" {
            if isLineEmpty, case .span = state { state = .text }
            isLineEmpty = true
        } else if scalar != " ", scalar != "\r" {
            isLineEmpty = false
        }
        return state != .text
    }

    private mutating func endRun() {
        defer { run = 0 }
        switch state {
        case .text:
            if isRunAtLineStart, run >= Self.shortestFence {
                state = .block(runScalar, run)
            } else if runScalar == "`" {
                state = .span(run)
            }
        case .span(let length): if runScalar == "`", run == length { state = .text }
        case .block(let fence, let length):
            if isRunAtLineStart, runScalar == fence, run >= length { state = .text }
        }
    }
}
