import Wire

/// A paragraph of a shape or of a cell (ECMA-376 part 1, section 21.1.2.2).
struct SlideParagraph {
    private(set) var text: [UInt8] = []
    /// From 0 to 8.
    private(set) var level = 0
    /// Nil if the paragraph does not set it.
    private(set) var bullet: SlideBullet?
    /// Whether all text is bold.
    private(set) var isBold = true

    /// Reads the paragraph that just started.
    init(_ reader: inout XMLReader) throws(XMLError) {
        let depth = reader.depth
        var isText = false
        var isRunBold = false
        while let event = try reader.next(within: depth) {
            switch event {
            case .text where isText:
                let start = text.count
                try reader.appendText(to: &text)
                if !isRunBold, !text[start...].allSatisfy(TextBytes.isSpace) { isBold = false }
            case .text: break
            case .end: isText = false
            case .start(let name):
                isText = name.local == "t" && (name.namespace == .drawing || name.namespace == .math)
                try start(name, &reader, &isRunBold)
            }
        }
        text = TextBytes.collapse(text)
    }

    private mutating func start(_ name: XMLName, _ reader: inout XMLReader, _ isRunBold: inout Bool) throws(XMLError) {
        if name.namespace == .compatibility, name.local == "Fallback" { return try reader.skipElement() }
        guard name.namespace == .drawing else { return }
        switch name.local {
        case "pPr":
            let level = try reader.attribute("lvl", in: .unqualified).flatMap { Int($0) } ?? 0
            self.level = min(max(0, level), SlideBullets.levels - 1)
        case "r": isRunBold = false
        case "rPr": isRunBold = ["1", "true"].contains(try reader.attribute("b", in: .unqualified) ?? "")
        case "br": text.append(0x20)
        // The slide's number is not its text.
        case "fld":
            let isNumber = try reader.attribute("type", in: .unqualified) == "slidenum"
            if isNumber { try reader.skipElement() }
        default: if let bullet = try SlideBullet(name, reader) { self.bullet = bullet }
        }
    }
}
