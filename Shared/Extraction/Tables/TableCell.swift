/// A block of text that has no place in the document yet.
struct LooseBlock: Equatable {
    let kind: TextBlock.Kind
    var content: [UInt8]
}

/// A cell of a table, and the columns of the grid that it covers.
struct TableCell {
    /// Longer cells, and cells with more structure than a line can show, are not part of their row's line.
    private static let longestLine = 1_000

    /// The first column that it covers, from 0.
    var column = 0
    var columns = 1
    /// The rows that it covers, including its own.
    var rows = 1
    /// Whether it is marked as the name of a column or row.
    var isHeader = false
    /// Whether all its text is bold.
    var isBold = false
    /// Whether its content is that of a cell above.
    var isRepeated = false
    private var first: LooseBlock?
    private var rest: [LooseBlock] = []
    private(set) var size = 0

    var isEmpty: Bool { first == nil }
    /// The blocks as they are.
    var blocks: [LooseBlock] { (first.map { [$0] } ?? []) + rest }

    /// Adds a block that is not empty.
    mutating func append(_ block: LooseBlock) {
        size += block.content.count + 1
        if first == nil { first = block } else { rest.append(block) }
    }

    mutating func removeBlocks() { (first, rest, size) = (nil, [], 0) }

    /// Whether its text reads well on a line: paragraphs and items, or a single heading or line of code.
    var isLine: Bool {
        guard let first, size <= Self.longestLine else { return first == nil }
        switch first.kind {
        case .paragraph, .listItem: break
        case .heading: return rest.isEmpty
        case .code: return rest.isEmpty && !first.content.contains(10)
        case .runInHeading, .tableRow, .lines: return false
        }
        return rest.allSatisfy { $0.kind == .paragraph || $0.kind == .listItem }
    }

    /// All its text on one line.
    var line: [UInt8] {
        guard let first else { return [] }
        guard !rest.isEmpty || first.kind == .code else { return first.content }
        var line = TextBytes.collapse(first.content)
        for block in rest {
            line.append(0x20)
            TextBytes.appendCollapsed(block.content, to: &line)
        }
        return line
    }
}

/// How much larger than its source the text of a document may still become by names and cells that rows repeat.
struct RepetitionBudget {
    private var left: Int

    init(sourceSize: Int) { left = TableRow.textLimit(of: sourceSize) - sourceSize }

    /// Whether this many bytes may be repeated; if so, they have been.
    mutating func take(_ size: Int) -> Bool {
        guard left >= size else { return false }
        left -= size
        return true
    }

    var isSpent: Bool { left <= 0 }
}
