import Wire

/// What stands before a paragraph of a slide (ECMA-376 part 1, section 21.1.2.4).
enum SlideBullet: Equatable {
    case nothing
    case sign
    /// The scheme, such as `alphaLcParenR`, and the first number.
    case number(scheme: String, start: Int)

    /// The bullet that an element sets; nil if it sets none.
    init?(_ name: XMLName, _ reader: XMLReader) throws(XMLError) {
        guard name.namespace == .drawing else { return nil }
        switch name.local {
        case "buNone": self = .nothing
        case "buChar", "buBlip": self = .sign
        case "buAutoNum":
            let start = try reader.attribute("startAt", in: .unqualified).flatMap { Int($0) } ?? 1
            self = .number(scheme: try reader.attribute("type", in: .unqualified) ?? "", start: start)
        default: return nil
        }
    }
}

/// The bullets of a list of nine levels, as far as it sets them.
struct SlideBullets {
    static let levels = 9

    private var bullets: [SlideBullet?] = Array(repeating: nil, count: levels)

    init() {}

    /// Reads the list style that just started: its `lvl1pPr` to `lvl9pPr`.
    init(_ reader: inout XMLReader) throws(XMLError) {
        let depth = reader.depth
        var level: Int?
        while let event = try reader.next(within: depth) {
            guard case .start(let name) = event, name.namespace == .drawing else { continue }
            if let digit = name.local.without(prefix: "lvl")?.utf8.first {
                level = Int(digit) - 0x31
            } else if let bullet = try SlideBullet(name, reader), let level, bullets.indices.contains(level) {
                bullets[level] = bullet
            }
        }
    }

    subscript(level: Int) -> SlideBullet? { bullets.indices.contains(level) ? bullets[level] : nil }
}

/// How far the numbered paragraphs of a shape have counted.
struct SlideNumbers {
    private var counts: [Int?] = Array(repeating: nil, count: SlideBullets.levels)

    /// What stands before the next paragraph; nil for one without a bullet.
    mutating func marker(of bullet: SlideBullet, level: Int) -> String? {
        guard counts.indices.contains(level) else { return bullet == .nothing ? nil : ListMarker.plain }
        for deeper in (level + 1)..<max(level + 1, counts.count) { counts[deeper] = nil }
        guard case .number(let scheme, let start) = bullet else {
            counts[level] = nil
            return bullet == .nothing ? nil : ListMarker.plain
        }
        let number = counts[level].map { $0 &+ 1 } ?? start
        counts[level] = number
        return Self.text(of: number, scheme)
    }

    /// A number in one of the schemes of section 20.1.10.61. Those of other scripts are written as decimal numbers.
    private static func text(of number: Int, _ scheme: String) -> String {
        let numbering = numberings.first { scheme.starts(withBytes: $0.name) }?.numbering ?? .decimal
        let text = numbering.text(of: number)
        if scheme.ends(withBytes: "ParenBoth") { return "(\(text))" }
        return text + (scheme.ends(withBytes: "ParenR") ? ")" : ".")
    }

    private static let numberings: [(name: String, numbering: ListNumbering)] = [
        ("alphaLc", .lowerLetter), ("alphaUc", .upperLetter), ("romanLc", .lowerRoman), ("romanUc", .upperRoman),
    ]
}

/// Where a shape of a slide gets what it does not set itself.
struct SlidePlaceholder: Equatable {
    /// `title`, `ctrTitle`, `body`, `ftr`, …
    var type = "obj"
    var index = "0"

    /// Reads the `ph` that just started.
    init(_ reader: XMLReader) throws(XMLError) {
        type = try reader.attribute("type", in: .unqualified) ?? "obj"
        index = try reader.attribute("idx", in: .unqualified) ?? "0"
    }

    /// 1 for the title of the presentation, 2 for that of a slide; nil for other text.
    var titleLevel: Int? { type == "ctrTitle" ? 1 : type == "title" ? 2 : nil }

    /// Whether it repeats on most slides, as the headers and footers of pages do.
    var isMargin: Bool { ["dt", "ftr", "hdr", "sldNum"].contains(type) }
}

/// The bullets that the shapes of a slide inherit from its layout and from the layout's master.
struct SlideDesign {
    private struct Shape {
        let placeholder: SlidePlaceholder
        let bullets: SlideBullets
    }

    private var layout: [Shape] = []
    private var master: [Shape] = []
    /// The master's styles of titles, of other placeholders, and of other text.
    private var titles = SlideBullets()
    private var bodies = SlideBullets()
    private var others = SlideBullets()

    /// A part that the presentation does not have is nil.
    init(layout: [UInt8]?, master: [UInt8]?) throws(XMLError) {
        if let layout { try read(layout, isMaster: false) }
        if let master { try read(master, isMaster: true) }
    }

    private mutating func read(_ part: [UInt8], isMaster: Bool) throws(XMLError) {
        var reader = try XMLReader(part)
        var placeholder: SlidePlaceholder?
        while let event = try reader.next() {
            guard case .start(let name) = event else { continue }
            switch (name.namespace, name.local) {
            case (.presentation, "sp"): placeholder = nil
            case (.presentation, "ph"): placeholder = try SlidePlaceholder(reader)
            case (.presentation, "titleStyle"): titles = try SlideBullets(&reader)
            case (.presentation, "bodyStyle"): bodies = try SlideBullets(&reader)
            case (.presentation, "otherStyle"): others = try SlideBullets(&reader)
            case (.drawing, "lstStyle"):
                guard let placeholder else { continue }
                let shape = Shape(placeholder: placeholder, bullets: try SlideBullets(&reader))
                if isMaster { master.append(shape) } else { layout.append(shape) }
            default: break
            }
        }
    }

    /// The bullet of a paragraph that sets none, in a shape that sets none.
    func bullet(of placeholder: SlidePlaceholder?, level: Int) -> SlideBullet {
        guard let placeholder else { return others[level] ?? .nothing }
        let model =
            layout.first { $0.placeholder.index == placeholder.index && placeholder.index != "0" }
            ?? layout.first { $0.placeholder.type == placeholder.type }
        let isTitle = placeholder.titleLevel != nil
        let type = isTitle ? "title" : "body"
        let inherited = model?.bullets[level] ?? master.first { $0.placeholder.type == type }?.bullets[level]
        return inherited ?? (isTitle ? titles : bodies)[level] ?? .nothing
    }
}
