/// The paragraph styles of an RTF document.
struct RTFStyles {
    private static let longestChain = 16
    private static let most = 10_000

    struct Style {
        var number = 0
        var name: [UInt8] = []
        /// From 0 to 8; 9 for text.
        var outlineLevel: Int?
        var basedOn: Int?
    }

    private var styles: [Int: Style] = [:]

    mutating func add(_ style: Style) {
        if styles.count < Self.most { styles[style.number] = style }
    }

    /// From 0 to 8 for headings; nil for text.
    func outlineLevel(of number: Int) -> Int? {
        var next: Int? = number
        for _ in 0..<Self.longestChain {
            guard let style = next.flatMap({ styles[$0] }) else { return nil }
            if let level = style.outlineLevel { return level }
            if let level = WordStyles.headingLevel(named: String(decoding: style.name, as: UTF8.self)) {
                return level - 1
            }
            next = style.basedOn == style.number ? nil : style.basedOn
        }
        return nil
    }

    /// Whether it is a style for tables of contents, which repeat the document's headings.
    func isContents(_ number: Int) -> Bool {
        guard let name = styles[number]?.name.map(TextBytes.lowercase) else { return false }
        return name.starts(with: "toc ".utf8) || name.starts(with: "contents ".utf8)
            || name.starts(with: "table of figures".utf8)
    }
}
