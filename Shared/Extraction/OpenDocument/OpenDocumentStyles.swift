import Wire

/// The styles of an OpenDocument file (OpenDocument 1.3 part 3, section 16).
struct OpenDocumentStyles {
    /// What a style means for the extracted text. Nil is what the text around has.
    struct Meaning {
        var isBold: Bool?
        var isHidden: Bool?
        /// Whether it is the style for the document's title, or made from it.
        var isTitle = false
    }

    private struct Style {
        var parent: String?
        var meaning = Meaning()
    }

    /// A level of a list, or of the document's headings.
    struct ListLevel {
        enum Sign { case hidden, bullet, number(ListNumbering) }

        var sign: Sign
        var prefix = ""
        var suffix = ""
        var start = 1
        /// How many levels the marker shows, as in `2.1`.
        var shown = 1
    }

    static let levels = 10
    /// The maximum length of a chain of styles, which also ends cycles.
    private static let longestChain = 16
    /// More than a document has in which every paragraph was formatted by hand. Further styles mean nothing.
    private static let mostStyles = 100_000
    private static let mostLists = 10_000

    /// By family and name, because a name can stand for a style in each family.
    private var styles: [String: Style] = [:]
    private var lists: [String: [Int: ListLevel]] = [:]
    private var headings: [Int: ListLevel] = [:]

    /// - Parameter part: `styles.xml`.
    init(part: [UInt8]?) throws(XMLError) {
        guard let part else { return }
        var reader = try XMLReader(part)
        while let event = try reader.next() {
            guard case .start(let name) = event, name.namespace == .openOffice else { continue }
            if name.local == "styles" || name.local == "automatic-styles" { try read(&reader) }
        }
    }

    /// Reads the collection of styles that just started.
    mutating func read(_ reader: inout XMLReader) throws(XMLError) {
        let depth = reader.depth
        while let event = try reader.next(within: depth) {
            guard case .start(let name) = event else { continue }
            switch (name.namespace, name.local) {
            case (.openStyle, "style"): try readStyle(&reader)
            case (.openText, "list-style"):
                let levels = try readLevels(&reader)
                if lists.count < Self.mostLists { lists[levels.name] = levels.levels }
            case (.openText, "outline-style"): headings = try readLevels(&reader).levels
            default: break
            }
        }
    }

    private mutating func readStyle(_ reader: inout XMLReader) throws(XMLError) {
        let depth = reader.depth
        let family = try reader.attribute("family", in: .openStyle) ?? ""
        let name = try reader.attribute("name", in: .openStyle) ?? ""
        var style = Style(parent: try reader.attribute("parent-style-name", in: .openStyle).map { "\(family) \($0)" })
        style.meaning.isTitle = name == "Title"
        while let event = try reader.next(within: depth) {
            guard case .start(let name) = event, name.namespace == .openStyle else { continue }
            switch name.local {
            case "text-properties":
                if let weight = try reader.attribute("font-weight", in: .openFormatting) {
                    style.meaning.isBold = weight == "bold" || Int(weight).map { $0 >= 600 } ?? false
                }
                if let display = try reader.attribute("display", in: .openText) {
                    style.meaning.isHidden = display == "none"
                }
            case "drawing-page-properties":
                if let visibility = try reader.attribute("visibility", in: .openPresentation) {
                    style.meaning.isHidden = visibility == "hidden"
                }
            default: break
            }
        }
        if styles.count < Self.mostStyles { styles["\(family) \(name)"] = style }
    }

    /// What a style means; nothing for one that the document does not have.
    ///
    /// - Parameter family: `paragraph`, `text` or `drawing-page`.
    func meaning(of name: String?, in family: String) -> Meaning {
        var meaning = Meaning()
        var next = name.map { "\(family) \($0)" }
        for _ in 0..<Self.longestChain {
            guard let style = next.flatMap({ styles[$0] }) else { break }
            meaning.isBold = meaning.isBold ?? style.meaning.isBold
            meaning.isHidden = meaning.isHidden ?? style.meaning.isHidden
            meaning.isTitle = meaning.isTitle || style.meaning.isTitle
            next = style.parent
        }
        return meaning
    }

    // MARK: Lists

    private func readLevels(_ reader: inout XMLReader) throws(XMLError) -> (name: String, levels: [Int: ListLevel]) {
        let depth = reader.depth
        let name = try reader.attribute("name", in: .openStyle) ?? ""
        var levels: [Int: ListLevel] = [:]
        while let event = try reader.next(within: depth) {
            guard case .start(let name) = event, name.namespace == .openText,
                let level = try reader.attribute("level", in: .openText).flatMap({ Int($0) }),
                (1...Self.levels).contains(level)
            else { continue }
            levels[level] = try self.level(name.local, reader)
        }
        return (name, levels)
    }

    private func level(_ name: String, _ reader: XMLReader) throws(XMLError) -> ListLevel {
        if name == "list-level-style-bullet" || name == "list-level-style-image" { return ListLevel(sign: .bullet) }
        let format = try reader.attribute("num-format", in: .openStyle) ?? ""
        var level = ListLevel(sign: format.isEmpty ? .hidden : .number(Self.numberings[format] ?? .decimal))
        level.prefix = try reader.attribute("num-prefix", in: .openStyle) ?? ""
        level.suffix = try reader.attribute("num-suffix", in: .openStyle) ?? ""
        level.start = try reader.attribute("start-value", in: .openText).flatMap { Int($0) } ?? 1
        level.shown = try reader.attribute("display-levels", in: .openText).flatMap { Int($0) } ?? 1
        return level
    }

    private static let numberings: [String: ListNumbering] = [
        "a": .lowerLetter, "A": .upperLetter, "i": .lowerRoman, "I": .upperRoman,
    ]

    /// The levels of a list style, from 1; nil for one that the document does not have.
    func list(_ name: String?) -> [Int: ListLevel]? { name.flatMap { lists[$0] } }

    /// The levels of the headings, from 1.
    var outline: [Int: ListLevel] { headings }
}
