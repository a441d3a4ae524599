/// The styles of a Word document (ECMA-376 part 1, section 17.7).
struct WordStyles {
    /// What a style means for the extracted text.
    struct Meaning: Equatable {
        /// From 1 to 6.
        var headingLevel: Int?
        var isList = false
        /// The list that its paragraphs belong to, and their level in it.
        var list: String?
        var listLevel: Int?
        /// Whether it is a style for tables of contents, which repeat the document's headings.
        var isContents = false
    }

    private struct Style {
        var name = ""
        var basedOn: String?
        /// From 0 to 8; 9 for text that is not a heading.
        var outlineLevel: Int?
        var list: String?
        var listLevel: Int?
    }

    /// The maximum length of a chain of styles, which also ends cycles. Word allows fewer.
    private static let longestChain = 16

    private var meanings: [String: Meaning] = [:]

    /// A document without this part has only the built-in styles.
    init(part: [UInt8]?) throws(XMLError) {
        guard let part else { return }
        let styles = try Self.read(part)
        for id in styles.keys { meanings[id] = Self.meaning(of: id, among: styles) }
    }

    /// What a style means. Identifiers are in the author's language (`berschrift1`), so names and levels are used
    /// instead.
    func meaning(of id: String?) -> Meaning {
        guard let id else { return Meaning() }
        return meanings[id] ?? Meaning(headingLevel: Self.headingLevel(named: id))
    }

    private static func read(_ part: [UInt8]) throws(XMLError) -> [String: Style] {
        var reader = try XMLReader(part)
        var styles: [String: Style] = [:]
        var current: (id: String, style: Style)?
        while let event = try reader.next() {
            switch event {
            case .start(let name) where name.namespace == .word:
                if name.local == "style" {
                    let type = try reader.attribute("type", in: .word) ?? "paragraph"
                    let id = try reader.attribute("styleId", in: .word)
                    current = type == "paragraph" ? id.map { ($0, Style()) } : nil
                } else if current != nil, let value = try reader.attribute("val", in: .word) {
                    switch name.local {
                    case "name": current?.style.name = value
                    case "basedOn": current?.style.basedOn = value
                    case "outlineLvl": current?.style.outlineLevel = Int(value)
                    case "numId": current?.style.list = value
                    case "ilvl": current?.style.listLevel = Int(value)
                    default: break
                    }
                }
            case .end(XMLName(namespace: .word, local: "style")):
                if let (id, style) = current { styles[id] = style }
                current = nil
            default: break
            }
        }
        return styles
    }

    private static func meaning(of id: String, among styles: [String: Style]) -> Meaning {
        var meaning = Meaning()
        var isLevelKnown = false
        var isListByName = false
        var next: String? = id
        for step in 0..<longestChain {
            guard let style = next.flatMap({ styles[$0] }) else { break }
            if step == 0 {
                let name = style.name.lowercased()
                meaning.isContents = name.hasPrefix("toc ") || name == "table of figures"
                if name == "title" { (meaning.headingLevel, isLevelKnown) = (1, true) }
            }
            if !isLevelKnown, let level = style.outlineLevel {
                meaning.headingLevel = WordStyles.headingLevel(outline: level)
                isLevelKnown = true
            } else if !isLevelKnown, let level = headingLevel(named: style.name) {
                meaning.headingLevel = level
                isLevelKnown = true
            }
            if meaning.listLevel == nil { meaning.listLevel = style.listLevel }
            if meaning.list == nil { meaning.list = style.list }
            // Documents that other programs wrote may have the style without its numbering.
            isListByName = isListByName || style.name.lowercased().hasPrefix("list bullet")
            next = style.basedOn
        }
        meaning.isList = meaning.list.map { $0 != WordNumbering.none } ?? isListByName
        return meaning
    }

    /// The heading level for an outline level from 0; nil for text.
    static func headingLevel(outline level: Int) -> Int? { (0...8).contains(level) ? min(level + 1, 6) : nil }

    /// The built-in styles are named `heading 1` to `heading 9` and `Title` in every language.
    static func headingLevel(named name: String) -> Int? {
        let word = name.utf8.lazy.filter { $0 != 0x20 }.map(TextBytes.lowercase)
        // Every paragraph asks, and few are headings.
        guard let first = word.first, "ht".utf8.contains(first) else { return nil }
        if word.elementsEqual("title".utf8) { return 1 }
        guard word.starts(with: "heading".utf8),
            let level = Int(String(decoding: Array(word.dropFirst(7)), as: UTF8.self)),
            level > 0
        else { return nil }
        return headingLevel(outline: level - 1)
    }
}
