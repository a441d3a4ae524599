/// The line that begins or ends an admonition, as the Markdown of GitHub, MkDocs, Docusaurus, MyST, GitBook and others
/// marks notes and warnings. Readers see its title, but not the line.
struct MarkdownAdmonition {
    /// The columns by which the text of an indented admonition is indented.
    static let indent = 4

    /// As Markdown; empty if there is none.
    private(set) var title: [UInt8] = []
    /// Whether the title is what one clicks to see the text.
    private(set) var isHeading = false
    /// Whether the text is indented below the line, rather than closed by another.
    private(set) var isIndented = false

    /// Nil for any other line.
    ///
    /// - Parameter isQuoted: whether the line is in a block quote.
    init?(_ line: ArraySlice<UInt8>, isQuoted: Bool) {
        switch line.first {
        case UInt8(ascii: "[") where isQuoted: readAlert(line)
        case UInt8(ascii: "!"), UInt8(ascii: "?"): readIndented(line)
        case UInt8(ascii: ":"): readFence(line)
        case UInt8(ascii: "{"): readTemplate(line)
        default: return nil
        }
        if !isFound { return nil }
    }

    private var isFound = false

    /// `[!NOTE] Title`, and Obsidian's `[!note]- Title`, in a block quote.
    private mutating func readAlert(_ line: ArraySlice<UInt8>) {
        guard line.starts(with: "[!".utf8), line.dropFirst(2).first.map(TextBytes.isLetter) ?? false,
            let end = line.firstIndex(of: UInt8(ascii: "]")),
            end + 1 == line.endIndex || line[end + 1] != UInt8(ascii: "(")
        else { return }
        isFound = true
        let rest = line[(end + 1)...]
        let isFolded = rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+")
        title = TextBytes.collapse(rest.dropFirst(isFolded ? 1 : 0))
    }

    /// `!!! note "Title"`, and `??? note "Title"` or `???+ note`, which can be opened.
    private mutating func readIndented(_ line: ArraySlice<UInt8>) {
        guard line.starts(with: "!!!".utf8) || line.starts(with: "???".utf8) else { return }
        let rest = line.dropFirst(3)
        let words = (rest.first == UInt8(ascii: "+") ? rest.dropFirst() : rest).drop(while: TextBytes.isSpace)
        // "!!!" alone is an exclamation.
        guard rest.first != line.first, let first = words.first,
            TextBytes.isLetter(first) || first == UInt8(ascii: "\"")
        else { return }
        let kind = words.prefix { $0 != UInt8(ascii: "\"") }
        guard
            kind.allSatisfy({
                TextBytes.isLetter($0) || TextBytes.isDigit($0) || TextBytes.isSpace($0) || "-_".utf8.contains($0)
            })
        else { return }
        let quoted = words.dropFirst(kind.count)
        guard quoted.isEmpty || quoted.count > 1 && quoted.last == UInt8(ascii: "\"") else { return }
        // Words without quotes are placement or classes. Anything else is an exclamation that readers must see.
        let classes = kind.split(whereSeparator: TextBytes.isSpace)
        guard
            !quoted.isEmpty || Self.isKind(classes[...].first ?? []) && classes.dropFirst().allSatisfy(Self.isPlacement)
        else { return }
        (isFound, isIndented) = (true, true)
        title = TextBytes.collapse(quoted.dropFirst().dropLast())
        isHeading = line.first == UInt8(ascii: "?") && !title.isEmpty
    }

    /// `:::note Title`, `:::note[Title]`, `::: {.note}`, `:::{note} Title`, and `:::` at the end.
    private mutating func readFence(_ line: ArraySlice<UInt8>) {
        let marks = line.prefix { $0 == UInt8(ascii: ":") }.count
        guard marks >= 3 else { return }
        let name = line.dropFirst(marks).drop(while: TextBytes.isSpace)
        let kind = name.prefix { !TextBytes.isSpace($0) && !"[{:".utf8.contains($0) }
        // Words that are no kind are text: "::: Never open the valve".
        guard kind.isEmpty || Self.isKnown(kind) || Self.isKind(kind) && kind.count == TextBytes.collapse(name).count
        else { return }
        isFound = true
        readName(name)
    }

    /// Whether a fence of code is a directive of MyST, as in "```{note}", whose content is text. Those of other kinds
    /// are code.
    static func isDirective(_ line: ArraySlice<UInt8>) -> Bool {
        let info = line.drop { $0 == UInt8(ascii: "`") || $0 == UInt8(ascii: "~") }
        guard info.first == UInt8(ascii: "{"), let end = info.firstIndex(of: UInt8(ascii: "}")) else { return false }
        return kinds.contains(word(info[(info.startIndex + 1)..<end]))
    }

    private static let kinds: Set<String> = [
        "admonition", "attention", "caution", "danger", "dropdown", "error", "hint", "important", "note", "seealso",
        "tip", "topic", "warning",
    ]

    /// The kinds of other dialects.
    private static let furtherKinds: Set<String> = [
        "abstract", "bug", "check", "cite", "details", "done", "example", "fail", "failure", "faq", "help", "info",
        "missing", "question", "quote", "success", "summary", "tldr", "todo",
    ]

    private static func isKnown(_ kind: ArraySlice<UInt8>) -> Bool {
        let kind = word(kind)
        return kinds.contains(kind) || furtherKinds.contains(kind)
    }

    /// Whether a word is a kind, if it stands alone: a known one, or a name in lower case.
    private static func isKind(_ kind: ArraySlice<UInt8>) -> Bool {
        isKnown(kind) || !kind.isEmpty && kind.allSatisfy { TextBytes.isLowercase($0) || "-_".utf8.contains($0) }
    }

    /// Where MkDocs places an admonition beside the text.
    private static func isPlacement(_ word: ArraySlice<UInt8>) -> Bool {
        word.elementsEqual("inline".utf8) || word.elementsEqual("end".utf8)
    }

    private static func word(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.map(TextBytes.lowercase), as: UTF8.self)
    }

    init(directive line: ArraySlice<UInt8>) {
        readName(line.drop { $0 == UInt8(ascii: "`") || $0 == UInt8(ascii: "~") })
    }

    /// Reads the title behind the kind: `note Title`, `note[Title]` or `{note} Title`.
    private mutating func readName(_ text: ArraySlice<UInt8>) {
        let text = text.drop(while: TextBytes.isSpace)
        let isBraced = text.first == UInt8(ascii: "{")
        let kind = text.prefix {
            isBraced ? $0 != UInt8(ascii: "}") : !TextBytes.isSpace($0) && !"[{".utf8.contains($0)
        }
        var rest = text.dropFirst(kind.count + (isBraced ? 1 : 0))
        if !isBraced, rest.first == UInt8(ascii: "["), let end = rest.lastIndex(of: UInt8(ascii: "]")) {
            rest = rest[(rest.startIndex + 1)..<end]
        }
        // Attributes, and marks that close the line, are no title.
        if let brace = rest.firstIndex(of: UInt8(ascii: "{")) { rest = rest[..<brace] }
        if rest.allSatisfy({ ": ".utf8.contains($0) }) { rest = [] }
        title = TextBytes.collapse(rest)
        isHeading =
            !title.isEmpty && ["details", "dropdown"].contains(Self.word(kind.filter { $0 != UInt8(ascii: "{") }))
    }

    /// `{: .note }` of kramdown, `{% hint %}` of GitBook and `{{< note >}}` of Hugo: lines that are a tag and nothing else.
    private mutating func readTemplate(_ line: ArraySlice<UInt8>) {
        let pairs = [("{:", "}"), ("{%", "%}"), ("{{<", ">}}"), ("{{%", "%}}")]
        isFound = pairs.contains { start, end in
            line.count > start.utf8.count + end.utf8.count && line.starts(with: start.utf8)
                && line.suffix(end.utf8.count).elementsEqual(end.utf8)
                // Only one tag: text between two is text.
                && line.count { $0 == UInt8(ascii: "{") } == start.utf8.count { $0 == UInt8(ascii: "{") }
                && (start != "{:" || Self.areAttributes(line.dropFirst(2).dropLast()))
        }
    }

    /// Whether a text consists of kramdown's attributes: `.note`, `#id`, `lang="en"`, `toc`.
    private static func areAttributes(_ text: ArraySlice<UInt8>) -> Bool {
        text.split(whereSeparator: TextBytes.isSpace).allSatisfy {
            $0.first == UInt8(ascii: ".") || $0.first == UInt8(ascii: "#") || $0.contains(UInt8(ascii: "="))
                || $0.elementsEqual("toc".utf8)
        }
    }
}
