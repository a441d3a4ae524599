/// Reads HTML: headings, paragraphs, list items, code and table rows. Scripts, styles, navigation, form controls and
/// hidden elements are left out.
enum HTMLExtractor {
    static func extract(_ bytes: [UInt8]) -> ExtractedText {
        var reader = HTMLReader(bytes)
        return reader.read()
    }
}

/// The roles of elements by name.
enum HTMLElements {
    /// Elements that are left out with their content.
    static let dropped: Set<String> = [
        "script", "style", "template", "svg", "math", "noscript", "iframe", "object", "canvas",
        "nav", "select", "button", "textarea", "audio", "video",
    ]

    /// Elements whose content is not markup. Without a closing tag, it extends to the end.
    static let raw: Set<String> = ["script", "style", "iframe", "textarea"]

    /// Elements that begin and end a block of text.
    static let blocks: Set<String> = [
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog",
        "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "head", "header",
        "hgroup", "hr", "html", "legend", "main", "menu", "ol", "p", "section", "summary", "ul",
        "caption", "tbody", "thead", "tfoot",
    ]

    /// Void elements: they have no content that could be hidden.
    static let void: Set<String> = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    ]

    /// Elements that end at the next element of the same name, or at the end of their parent.
    static let endedByNext: Set<String> = ["dd", "dt", "li", "option", "p", "td", "th", "tr"]
    static let containers: Set<String> = ["article", "body", "div", "dl", "ol", "section", "table", "ul"]

    /// 1 to 6 for `h1` to `h6`.
    static func headingLevel(_ name: String) -> Int? {
        guard name.utf8.count == 2, name.utf8.first == UInt8(ascii: "h"),
            let digit = name.utf8.last, (0x31...0x36).contains(digit)
        else { return nil }
        return Int(digit) - 0x30
    }
}

/// The element with the attribute `hidden` whose content is being skipped.
private struct HiddenElement {
    let name: String
    private var depth = 1

    init(_ name: String) { self.name = name }

    enum Place { case inside, atEnd, behind }

    mutating func place(of token: HTMLTokenizer.Token) -> Place {
        let isEndedByNext = HTMLElements.endedByNext.contains(name)
        switch token {
        case .start(name, _):
            if isEndedByNext { return .behind }
            depth += 1
        case .end(name):
            depth -= 1
            if depth == 0 { return .atEnd }
        case .end(let other) where isEndedByNext && HTMLElements.containers.contains(other): return .behind
        default: break
        }
        return .inside
    }
}

private struct HTMLReader {
    private let bytes: [UInt8]
    private var tokenizer: HTMLTokenizer
    private var builder: TextBuilder
    /// The text of the current block.
    private var buffer: [UInt8] = []
    private var headingLevel: Int?
    private var isItem = false
    private var definitions = DefinitionTerms()
    private var preDepth = 0
    private var table = TextTable()
    private var hidden: HiddenElement?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        tokenizer = HTMLTokenizer(bytes)
        builder = TextBuilder(capacity: bytes.count / 2)
    }

    mutating func read() -> ExtractedText {
        while let token = tokenizer.next() {
            if isHidden(token) { continue }
            switch token {
            case .text(let range): HTMLText.decode(bytes, range, into: &buffer)
            case .start(let name, let isHidden):
                if isHidden, !HTMLElements.void.contains(name) { hide(name) } else { start(name) }
            case .end(let name): end(name)
            }
        }
        finishTable()
        finishTermOrBlock()
        endDefinitions()
        return builder.finish()
    }

    private mutating func hide(_ name: String) {
        if HTMLElements.dropped.contains(name) { return skip(name) }
        let isBlock = name == "li" || HTMLElements.blocks.contains(name) || HTMLElements.headingLevel(name) != nil
        if isBlock { finishBlock() }
        hidden = HiddenElement(name)
    }

    /// Whether a token belongs to a hidden element.
    private mutating func isHidden(_ token: HTMLTokenizer.Token) -> Bool {
        guard let place = hidden?.place(of: token) else { return false }
        if place != .inside { hidden = nil }
        if place == .inside, case .start(let name, _) = token, HTMLElements.dropped.contains(name) { skip(name) }
        return place != .behind
    }

    private mutating func skip(_ name: String) {
        if tokenizer.skipElement(name) == nil, HTMLElements.raw.contains(name) { tokenizer.skipToEnd() }
    }

    private mutating func start(_ name: String) {
        if HTMLElements.dropped.contains(name) { return skip(name) }
        if let level = HTMLElements.headingLevel(name) {
            finishBlock()
            headingLevel = level
            return
        }
        switch name {
        case "title": readTitle()
        case "li":
            finishBlock()
            isItem = true
        case "dl" where !table.isInCell:
            finishTermOrBlock()
            endDefinitions()
        case "dt" where !table.isInCell:
            finishTermOrBlock()
            if definitions.isBegun { endDefinitions() }
            definitions.isInTerm = true
        case "dd" where !table.isInCell:
            finishTermOrBlock()
            definitions.isBegun = true
        case "pre":
            finishBlock()
            preDepth += 1
        case "br": buffer.append(preDepth > 0 ? 10 : 0x20)
        case "table":
            finishTable()
            finishBlock()
        case "tr": finishRow()
        case "td", "th": startCell(isHeader: name == "th")
        default: if HTMLElements.blocks.contains(name) { finishBlock() }
        }
    }

    private mutating func end(_ name: String) {
        if HTMLElements.headingLevel(name) != nil {
            finishBlock()
            headingLevel = nil
            return
        }
        switch name {
        case "li", "ul", "ol":
            finishBlock()
            isItem = false
        case "dt" where !table.isInCell: finishTermOrBlock()
        case "dd" where !table.isInCell, "dl" where !table.isInCell:
            finishTermOrBlock()
            endDefinitions()
        case "pre":
            finishBlock()
            preDepth = max(0, preDepth - 1)
        case "td", "th": endCell()
        case "tr": finishRow()
        case "table": finishTable()
        default: if HTMLElements.blocks.contains(name) { finishBlock() }
        }
    }

    private mutating func readTitle() {
        guard let range = tokenizer.skipElement("title") else { return }
        var title: [UInt8] = []
        HTMLText.decode(bytes, range, into: &title)
        let bounded = TextBytes.collapse(TextBytes.prefix(title, upTo: 500))
        let text = String(decoding: bounded, as: UTF8.self)
        if builder.title == nil, !text.isEmpty { builder.title = text }
    }

    // MARK: Blocks

    private mutating func finishBlock() {
        // All blocks of a cell become one text.
        guard !table.isInCell else {
            if buffer.last != 0x20 { buffer.append(0x20) }
            return
        }
        // So do the blocks of a term, unless it was never closed.
        if definitions.isInTerm, preDepth == 0, headingLevel == nil {
            if buffer.count <= DefinitionTerms.longest { return buffer.append(0x20) }
            definitions.isInTerm = false
        }
        defer { buffer.removeAll(keepingCapacity: true) }
        if preDepth > 0 || headingLevel != nil { endDefinitions() }
        if preDepth > 0 {
            builder.append(.code, buffer)
        } else {
            builder.append(blockKind, definitions.joined(to: TextBytes.collapse(buffer)))
        }
    }

    /// A term waits for its definition, so that both become one text.
    private mutating func finishTermOrBlock() {
        guard definitions.isInTerm else { return finishBlock() }
        definitions.add(TextBytes.collapse(buffer))
        buffer.removeAll(keepingCapacity: true)
        if definitions.isLong { endDefinitions() }
    }

    /// Terms without a definition become separate blocks.
    private mutating func endDefinitions() {
        builder.append(.paragraph, definitions.take())
    }

    private var blockKind: TextBlock.Kind {
        if let headingLevel { return .heading(level: headingLevel) }
        return isItem ? .listItem : .paragraph
    }

    // MARK: Tables

    private mutating func startCell(isHeader: Bool) {
        if table.isInCell { endCell() } else { finishBlock() }
        table.startCell(isHeader: isHeader)
    }

    private mutating func endCell() {
        guard table.isInCell else { return }
        table.endCell(with: buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    private mutating func finishTable() {
        finishRow()
        if let headers = table.finish() { builder.append(.tableRow, headers) }
        table = TextTable()
    }

    private mutating func finishRow() {
        endCell()
        let rows = table.finishRow(textSize: builder.count, limit: TableRow.textLimit(of: bytes.count))
        if !rows.isEmpty { endDefinitions() }
        for (kind, content) in rows { builder.append(kind, content) }
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
