/// What the rows of a table have in common, to tell whether the rows behind a blank line belong to it.
struct TableContinuation {
    enum Relation {
        case continues
        /// The first row names columns as the table's header does.
        case starts
        case unknown
    }

    /// How names and values are written.
    private enum Style {
        case lowercase, uppercase, capitals, other

        init(of cell: [UInt8]) {
            let letters = String(decoding: cell, as: UTF8.self).unicodeScalars.filter(\.properties.isAlphabetic)
            guard let first = letters.first?.properties, first.isLowercase || first.isUppercase else {
                self = .other
                return
            }
            let isCapitals = letters.count > 1 && letters.allSatisfy(\.properties.isUppercase)
            self = first.isLowercase ? .lowercase : isCapitals ? .capitals : .uppercase
        }
    }

    private struct Column {
        /// The kind of most cells if it is not text.
        var kind: CellKind?
        /// How the name is written, if nearly all cells are written differently.
        var style: Style?
        var values: Set<[UInt8]> = []
    }

    private static let sampleRows = 30
    private static let sampleColumns = 64
    /// Longer cells have no style, and do not occur twice.
    private static let longestWord = 40

    private var columns: [Column] = []

    init() {}

    /// - Parameter rows: the rows below the header.
    init(header: [[UInt8]], rows: some Sequence<[[UInt8]]>) {
        let rows = rows.prefix(Self.sampleRows)
        for column in 0..<min(header.count, Self.sampleColumns) {
            let cells = rows.compactMap { column < $0.count ? $0[column] : nil }.filter { CellKind($0) != .empty }
            let kinds = cells.map { CellKind($0) }
            var found = Column()
            found.kind = [CellKind.value, .code, .flag].first { kind in
                kinds.count { $0 == kind } * 10 >= max(1, kinds.count) * 6
            }
            if found.kind == nil {
                found.values = Set(cells.filter { $0.count <= Self.longestWord }.map { TextBytes.collapse($0) })
                let style = Style(of: header[column])
                let others = found.values.count { Style(of: $0) != style }
                if !found.values.isEmpty, others * 5 >= found.values.count * 4 { found.style = style }
            }
            columns.append(found)
        }
    }

    /// - Parameter rows: the rows behind a blank line, which have as many columns as the table.
    func relation(to rows: some Collection<[[UInt8]]>) -> Relation {
        guard let first = rows.first else { return .unknown }
        let filled = zip(first, columns).filter { CellKind($0.0) != .empty }
        let telling = filled.filter { $0.1.kind != nil }
        if columns.contains(where: { $0.kind != nil }) {
            let alike = telling.count { CellKind($0.0) == $0.1.kind }
            return alike * 2 >= telling.count ? .continues : .unknown
        }
        let repeats = rows.prefix(Self.sampleRows).contains { row in
            zip(row, columns).contains { $1.values.contains(TextBytes.collapse($0)) }
        }
        if repeats { return .continues }
        let styled = filled.filter { $0.1.style != nil && $0.0.count <= Self.longestWord }
        let alike = styled.count { Style(of: $0.0) == $0.1.style }
        if styled.isEmpty { return .unknown }
        return alike == styled.count ? .starts : alike == 0 ? .continues : .unknown
    }
}
