/// The lists, headings and preformatted text that are open, outside tables or within one cell.
struct HTMLFlow {
    /// Deeper lists are numbered like the deepest of these.
    private static let deepestList = 64

    var headingLevel: Int?
    var preDepth = 0
    private var lists: [HTMLList] = []
    private var deeperLists = 0
    /// The marker of the item whose text has begun or is still to come.
    private(set) var marker: String?

    mutating func openList(_ list: HTMLList) {
        marker = nil
        if lists.count < Self.deepestList { lists.append(list) } else { deeperLists += 1 }
    }

    mutating func closeList() {
        marker = nil
        if deeperLists > 0 { deeperLists -= 1 } else { _ = lists.popLast() }
    }

    /// - Parameter value: the number that the item gives itself.
    mutating func openItem(value: Int?) {
        guard let last = lists.indices.last else {
            marker = ListMarker.plain
            return
        }
        marker = lists[last].nextMarker(value: value)
    }

    mutating func closeItem() { marker = nil }
}

/// An open list.
struct HTMLList {
    /// Nil for a list without numbers.
    private let numbering: ListNumbering?
    private var next: Int
    private let step: Int

    static let unordered = HTMLList(numbering: nil, start: 1, isReversed: false)

    private init(numbering: ListNumbering?, start: Int, isReversed: Bool) {
        (self.numbering, next, step) = (numbering, start, isReversed ? -1 : 1)
    }

    /// The list whose tag was read last.
    static func ordered(_ tag: HTMLTokenizer) -> HTMLList {
        let numbering: ListNumbering =
            switch tag.attribute("type")?.first {
            case UInt8(ascii: "a"): .lowerLetter
            case UInt8(ascii: "A"): .upperLetter
            case UInt8(ascii: "i"): .lowerRoman
            case UInt8(ascii: "I"): .upperRoman
            default: .decimal
            }
        let start = tag.number("start")
        let isReversed = tag.attribute("reversed") != nil
        // Without a start, a reversed list counts down from its length, which is not known yet.
        return HTMLList(
            numbering: isReversed && start == nil ? nil : numbering, start: start ?? 1, isReversed: isReversed)
    }

    mutating func nextMarker(value: Int?) -> String {
        if let value { next = value }
        defer { next += step }
        return numbering.map { "\($0.text(of: next))." } ?? ListMarker.plain
    }
}

/// The part of a table that a row belongs to.
enum HTMLTablePart { case head, body, foot }
