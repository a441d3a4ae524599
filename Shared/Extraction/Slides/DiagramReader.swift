/// Reads the text of a diagram, known as SmartArt (ECMA-376 part 1, section 21.4): an item for each shape, in the order in
/// which its outline shows them.
struct DiagramReader {
    private struct Shape {
        var items: [LooseBlock] = []
        /// The shapes below it, and their places among its children.
        var children: [(place: Int, id: String)] = []
        var isRoot = false
    }

    private var shapes: [String: Shape] = [:]
    /// In the order of the part.
    private var order: [String] = []

    static func read(_ part: [UInt8]) throws(XMLError) -> [LooseBlock] {
        var diagram = DiagramReader()
        var reader = try XMLReader(part)
        while let event = try reader.next() {
            guard case .start(let name) = event, name.namespace == .diagram else { continue }
            if name.local == "pt" { try diagram.readShape(&reader) }
            if name.local == "cxn" { try diagram.connect(reader) }
        }
        return diagram.outline()
    }

    private mutating func readShape(_ reader: inout XMLReader) throws(XMLError) {
        let depth = reader.depth
        let id = try reader.attribute("modelId", in: .unqualified) ?? ""
        var shape = Shape(isRoot: try reader.attribute("type", in: .unqualified) == "doc")
        while let event = try reader.next(within: depth) {
            guard event == .start(XMLName(namespace: .drawing, local: "p")) else { continue }
            let paragraph = try SlideParagraph(&reader)
            if !paragraph.text.isEmpty { shape.items.append(.slideText(paragraph.text, ListMarker.plain)) }
        }
        if shapes.updateValue(shape, forKey: id) == nil { order.append(id) }
    }

    /// A connection without a type leads from a shape to one below it.
    private mutating func connect(_ reader: XMLReader) throws(XMLError) {
        guard try reader.attribute("type", in: .unqualified) ?? "parOf" == "parOf",
            let parent = try reader.attribute("srcId", in: .unqualified),
            let child = try reader.attribute("destId", in: .unqualified)
        else { return }
        let place = try reader.attribute("srcOrd", in: .unqualified).flatMap { Int($0) } ?? 0
        shapes[parent]?.children.append((place, child))
    }

    /// Each shape once: what can be reached from the root, then the rest.
    private func outline() -> [LooseBlock] {
        var blocks: [LooseBlock] = []
        var rest = shapes
        for start in order.filter({ shapes[$0]?.isRoot ?? false }) + order {
            var open = [start]
            while let id = open.popLast() {
                guard let shape = rest.removeValue(forKey: id) else { continue }
                blocks += shape.items
                open += shape.children.sorted { $0.place < $1.place }.reversed().map { $0.id }
            }
        }
        return blocks
    }
}
