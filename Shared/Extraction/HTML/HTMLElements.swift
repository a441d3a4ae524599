/// The roles of elements by name.
enum HTMLElements {
    /// Elements that are left out with their content.
    static let dropped: Set<String> = [
        "script", "style", "template", "svg", "math", "noscript", "iframe", "object", "canvas",
        "nav", "select", "button", "textarea", "audio", "video",
    ]

    /// Elements whose content is no text. Without an end tag, it extends to the end.
    static let program: Set<String> = ["script", "style"]

    /// Whether `<name/>` is a whole element in HTML, too. In browsers this is so for drawings and formulas only, but
    /// nobody means the rest of the page to be a script.
    static func endsItself(_ name: String) -> Bool { dropped.contains(name) || name == "title" }

    /// Elements that begin and end a block of text.
    static let blocks: Set<String> = [
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog",
        "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "head", "header",
        "hgroup", "hr", "html", "legend", "main", "p", "section", "caption",
    ]

    /// Void elements: they have no content that could be hidden.
    static let void: Set<String> = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    ]

    /// Elements that end at the next element of the same name, or at the end of their parent.
    static let endedByNext: Set<String> = ["dd", "dt", "li", "option", "p", "td", "th", "tr"]
    static let containers: Set<String> = ["article", "body", "div", "dl", "ol", "section", "table", "ul"]

    /// Elements whose content is bold.
    static let bold: Set<String> = ["b", "strong"]

    /// 1 to 6 for `h1` to `h6`.
    static func headingLevel(_ name: String) -> Int? {
        guard name.utf8.count == 2, name.utf8.first == UInt8(ascii: "h"),
            let digit = name.utf8.last, (0x31...0x36).contains(digit)
        else { return nil }
        return Int(digit) - 0x30
    }
}

/// Collects the text between tags.
enum HTMLText {
    /// Appends bytes, decoding their character references.
    static func decode(_ bytes: [UInt8], _ range: Range<Int>, into output: inout [UInt8]) {
        var index = range.lowerBound
        while index < range.upperBound {
            if bytes[index] == UInt8(ascii: "&"),
                let (scalar, end) = HTMLEntities.decode(bytes, at: index), end <= range.upperBound
            {
                if scalar == "\u{AD}" {
                    // A word goes on behind the line break.
                    index = TextBytes.startOfNextLine(in: bytes, at: end, before: range.upperBound) ?? end
                    continue
                }
                // A no-break space is a space, for readers and for the index.
                output.append(contentsOf: (scalar == "\u{A0}" ? " " : String(scalar)).utf8)
                index = end
            } else {
                output.append(bytes[index])
                index += 1
            }
        }
    }
}
