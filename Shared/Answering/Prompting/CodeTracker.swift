import Wire

/// Follows which parts of a Markdown text are code or formulas, in text that comes scalar by scalar: spans between equal
/// runs of backticks, which end with the paragraph at the latest; blocks between fences; indented lines outside of
/// lists; `<code>` and `<pre>`; and formulas between dollar signs or `\(` and `\)`. CommonMark sections 4.4, 4.5, 6.1.
struct CodeTracker {
    private enum State: Equatable {
        case text
        case span(Int)
        case block(Unicode.Scalar, Int)
        /// The rest of a line.
        case line
        /// Up to this end, or the end of the paragraph.
        case enclosed(end: String)
    }

    private var state = State.text
    private var run = 0
    private var runScalar: Unicode.Scalar = "`"
    private var isRunAtLineStart = false
    /// Whether the line of the fence that opened a block has not ended.
    private var isAfterFence = false
    /// Blanks at the beginning of the line; nil after them.
    private var indent: Int? = 0
    /// Whether the last line that was not indented, or this one, is an item of a list.
    private var isInList = false
    private var previous: Unicode.Scalar = "\n"
    private var beforeDollar: Unicode.Scalar?
    /// The last scalars, in lower case.
    private var recent = ""

    private static let shortestFence = 3
    private static let codeIndent = 4
    private static let tags = [("<code>", "</code>"), ("<pre>", "</pre>")]
    /// What the first scalar of a formula can be beside a letter. Amounts of money begin with a digit.
    private static let formulaBeginnings: [Unicode.Scalar] = ["\\", "(", "[", "{", "|", "-"]

    /// Takes the next scalar. Returns whether it belongs to code or to its marks.
    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        defer { previous = scalar }
        if run > 0, scalar != runScalar { endRun() }
        if scalar == "\n" { return takeLineEnd() }
        let lineStart = takeIndent(scalar)
        if scalar == "`" || scalar == "~", state != .line {
            return takeMark(scalar, isAtLineStart: lineStart)
        }
        takeFormulaOrTag(scalar)
        return state != .text
    }

    // MARK: Lines

    private mutating func takeLineEnd() -> Bool {
        let isBlank = indent != nil
        (indent, isAfterFence, beforeDollar, recent) = (0, false, nil, "")
        switch state {
        case .line, .enclosed(end: "$"): state = .text
        case .span where isBlank, .enclosed where isBlank: state = .text
        default: break
        }
        return state != .text
    }

    /// Returns whether the line begins with this scalar, after its blanks.
    private mutating func takeIndent(_ scalar: Unicode.Scalar) -> Bool {
        guard let blanks = indent, scalar != "\r" else { return false }
        if scalar == " " || scalar == "\t" {
            indent = blanks + (scalar == " " ? 1 : Self.codeIndent)
            return false
        }
        indent = nil
        guard state == .text else { return true }
        if blanks < Self.codeIndent {
            isInList = ["-", "*", "+", "•"].contains(scalar) || ("0"..."9").contains(scalar)
        } else if !isInList {
            state = .line
        }
        return true
    }

    // MARK: Backticks and tildes

    private mutating func takeMark(_ scalar: Unicode.Scalar, isAtLineStart: Bool) -> Bool {
        // The line of a fence of backticks has no more of them, so this was no fence.
        if isAfterFence, run == 0, scalar == "`", case .block("`", let length) = state {
            (state, isAfterFence) = (.span(length), false)
        }
        if run == 0 { (runScalar, isRunAtLineStart) = (scalar, isAtLineStart) }
        run += 1
        return scalar == "`" || state != .text
    }

    private mutating func endRun() {
        defer { run = 0 }
        switch state {
        case .text:
            if isRunAtLineStart, run >= Self.shortestFence {
                (state, isAfterFence) = (.block(runScalar, run), true)
            } else if runScalar == "`" {
                state = .span(run)
            }
        case .span(let length): if runScalar == "`", run == length { state = .text }
        case .block(let fence, let length):
            if isRunAtLineStart, runScalar == fence, run >= length { state = .text }
        case .line, .enclosed: break
        }
    }

    // MARK: Formulas and tags

    private mutating func takeFormulaOrTag(_ scalar: Unicode.Scalar) {
        let small = scalar.isASCII ? Unicode.Scalar(ASCII.lowercase(UInt8(scalar.value))) : scalar
        switch state {
        case .text:
            if let before = beforeDollar {
                beforeDollar = nil
                if scalar == "$" {
                    state = .enclosed(end: "$$")
                } else if !before.properties.isAlphabetic, !before.isDigit,
                    scalar.properties.isAlphabetic || Self.formulaBeginnings.contains(scalar)
                {
                    state = .enclosed(end: "$")
                }
                recent = ""
            } else if scalar == "$", previous != "\\" {
                beforeDollar = previous
            } else if previous == "\\", scalar == "(" || scalar == "[" {
                (state, recent) = (.enclosed(end: scalar == "(" ? "\\)" : "\\]"), "")
            } else if scalar == "<" {
                recent = "<"
            } else if !recent.isEmpty {
                recent.unicodeScalars.append(small)
                guard let tag = Self.tags.first(where: { $0.0.starts(withBytes: recent) }) else { return recent = "" }
                if recent == tag.0 { (state, recent) = (.enclosed(end: tag.1), "") }
            }
        case .enclosed(let end):
            recent.unicodeScalars.append(small)
            if recent.utf8.count > 2 * end.utf8.count {
                recent = String(String.UnicodeScalarView(recent.unicodeScalars.suffix(end.utf8.count)))
            }
            if recent.hasSuffixBytes(end) { (state, recent) = (.text, "") }
        default: break
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
}

extension String {
    fileprivate func hasSuffixBytes(_ end: String) -> Bool { utf8.suffix(end.utf8.count).elementsEqual(end.utf8) }
}
