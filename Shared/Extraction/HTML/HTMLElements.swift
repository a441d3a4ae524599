/// What an element means for the text.
enum HTMLRole: Equatable {
    /// It is left out with its content.
    case dropped
    case heading(level: Int)
    case title, summary, details, preformatted, lineBreak, bold, item
    case list(isOrdered: Bool)
    case definitions, term, definition
    case table, row
    case rows(HTMLTablePart)
    case cell(isHeader: Bool)
    /// It begins and ends a block of text.
    case block

    /// Whether it ends the text before it, even if it is hidden.
    var endsText: Bool {
        switch self {
        case .heading, .summary, .details, .item, .list, .definitions, .term, .definition, .block: true
        default: false
        }
    }
}

/// The roles of elements by name.
enum HTMLElements {
    /// Elements that have none are part of the text around them.
    static let roles: [String: HTMLRole] = {
        var roles: [String: HTMLRole] = [
            "title": .title, "summary": .summary, "details": .details, "pre": .preformatted, "br": .lineBreak,
            "b": .bold, "strong": .bold, "li": .item, "ol": .list(isOrdered: true), "dl": .definitions, "dt": .term,
            "dd": .definition, "table": .table, "thead": .rows(.head), "tbody": .rows(.body), "tfoot": .rows(.foot),
            "tr": .row, "td": .cell(isHeader: false), "th": .cell(isHeader: true),
        ]
        for level in 1...6 { roles["h\(level)"] = .heading(level: level) }
        for name in ["ul", "menu", "dir"] { roles[name] = .list(isOrdered: false) }
        for name in dropped { roles[name] = .dropped }
        for name in blocks { roles[name] = .block }
        return roles
    }()

    private static let dropped = [
        "script", "style", "template", "svg", "math", "noscript", "iframe", "object", "canvas", "nav", "select",
        "button",
        "textarea", "audio", "video",
    ]

    private static let blocks = [
        "address", "article", "aside", "blockquote", "body", "center", "dialog", "div", "fieldset", "figcaption",
        "figure",
        "footer", "form", "head", "header", "hgroup", "hr", "html", "legend", "main", "p", "section", "caption",
    ]

    /// Elements whose content is no text. Without an end tag, it extends to the end.
    static let program: Set<String> = ["script", "style"]

    /// Whether `<name/>` is a whole element in HTML, too. In browsers this is so for drawings and formulas only, but
    /// nobody means the rest of the page to be a script.
    static func endsItself(_ name: String) -> Bool { roles[name] == .dropped || name == "title" }

    /// Void elements: they have no content that could be hidden.
    static let void: Set<String> = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    ]

    /// Elements that end at the next element of the same name, or at the end of their parent.
    static let endedByNext: Set<String> = ["dd", "dt", "li", "option", "p", "td", "th", "tr"]
    static let containers: Set<String> = ["article", "body", "div", "dl", "ol", "section", "table", "ul"]
}

/// Collects the text between tags.
enum HTMLText {
    /// Appends bytes, decoding their character references.
    static func decode(_ bytes: [UInt8], _ range: Range<Int>, into output: inout [UInt8]) {
        let reference = UInt8(ascii: "&")
        var index = range.lowerBound
        while index < range.upperBound {
            let next = bytes[index..<range.upperBound].firstIndex(of: reference) ?? range.upperBound
            output.append(contentsOf: bytes[index..<next])
            index = next
            guard index < range.upperBound else { return }
            if let (scalar, end) = HTMLEntities.decode(bytes, at: index), end <= range.upperBound {
                if scalar == "\u{AD}" {
                    // A word goes on behind the line break.
                    index = TextBytes.startOfNextLine(in: bytes, at: end, before: range.upperBound) ?? end
                    continue
                }
                // A no-break space is a space, for readers and for the index.
                output.append(contentsOf: (scalar == "\u{A0}" ? " " : String(scalar)).utf8)
                index = end
            } else {
                output.append(reference)
                index += 1
            }
        }
    }
}
