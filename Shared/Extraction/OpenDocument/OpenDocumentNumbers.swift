/// How far the levels of a list have counted (OpenDocument 1.3 part 3, section 5.3).
struct OpenDocumentNumbers {
    /// The maximum length of a marker in bytes. Longer ones are text before the number.
    private static let longestMarker = 40

    /// By level, from 1. Nil for one that has not begun.
    private var counts: [Int?] = Array(repeating: nil, count: OpenDocumentStyles.levels + 1)

    /// What stands before the next item; nil if a reader sees nothing.
    ///
    /// - Parameters:
    ///   - level: from 1.
    ///   - levels: those of the list's style; nil for a list without one, whose items have a plain marker.
    ///   - value: the number that the item gives itself.
    mutating func marker(
        level: Int, of levels: [Int: OpenDocumentStyles.ListLevel]?, startingAt value: Int? = nil
    ) -> String? {
        guard let levels else { return ListMarker.plain }
        guard let style = levels[level], counts.indices.contains(level) else { return nil }
        for deeper in (level + 1)..<max(level + 1, counts.count) { counts[deeper] = nil }
        let number = value ?? counts[level].map { $0 &+ 1 } ?? style.start
        counts[level] = number
        switch style.sign {
        case .hidden: return nil
        case .bullet: return ListMarker.plain
        case .number: break
        }
        var numbers: [String] = []
        for shown in max(1, level - max(1, style.shown) + 1)...level {
            guard case .number(let numbering) = levels[shown]?.sign else { continue }
            numbers.append(numbering.text(of: counts[shown] ?? levels[shown]?.start ?? 1))
        }
        let marker = TextBytes.collapse((style.prefix + numbers.joined(separator: ".") + style.suffix).utf8)
        if marker.isEmpty { return nil }
        return marker.count > Self.longestMarker ? ListMarker.plain : String(decoding: marker, as: UTF8.self)
    }
}

/// The numbers of a document's lists, of which one can go on counting where another stopped.
struct OpenDocumentLists {
    /// Further lists are not continued.
    private static let most = 10_000

    private var byID: [String: OpenDocumentNumbers] = [:]
    private var byStyle: [String: OpenDocumentNumbers] = [:]

    /// A list that is not in another one.
    struct Outer {
        let id: String?
        let style: String?
        var numbers: OpenDocumentNumbers
    }

    /// Opens the outermost list that just started.
    func open(_ reader: XMLReader) throws(XMLError) -> Outer {
        let style = try reader.attribute("style-name", in: .openText)
        var numbers: OpenDocumentNumbers?
        if let earlier = try reader.attribute("continue-list", in: .openText) {
            numbers = byID[earlier]
        } else if try reader.attribute("continue-numbering", in: .openText) == "true" {
            numbers = byStyle[style ?? ""]
        }
        // `xml:id`; no other attribute of a list has this name.
        let id = try reader.attribute("id", in: .other)
        return Outer(id: id, style: style, numbers: numbers ?? OpenDocumentNumbers())
    }

    mutating func close(_ list: Outer) {
        if let id = list.id, byID.count < Self.most { byID[id] = list.numbers }
        if byStyle.count < Self.most || byStyle[list.style ?? ""] != nil { byStyle[list.style ?? ""] = list.numbers }
    }
}
