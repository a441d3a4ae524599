/// The lists of a Word document (ECMA-376 part 1, section 17.9), and how far each has counted.
struct WordNumbering {
    /// The list of a paragraph that is in none.
    static let none = "0"

    /// What stands before a paragraph of a list.
    enum Marker: Equatable {
        case number(String)
        case bullet
        /// Nothing that a reader sees.
        case hidden
    }

    /// Word has nine levels.
    private static let levels = 9
    /// The maximum length of a marker in bytes. Longer ones are text before the number.
    private static let longestMarker = 40

    private struct Level {
        var start = 1
        var format = "decimal"
        /// The marker, in which `%1` stands for the number of the first level.
        var text = ""
        /// The paragraph style that belongs to the level.
        var style: String?
    }

    private struct List {
        var definition: String
        var starts: [Int: Int] = [:]
    }

    private var definitions: [String: [Int: Level]] = [:]
    private var lists: [String: List] = [:]
    /// The numbers of each definition's levels. Lists with the same definition count on.
    private var counts: [String: [Int]] = [:]
    /// The lists that have begun, because a start of its own counts once.
    private var begun: Set<String> = []

    /// A document without this part has no lists.
    init(part: [UInt8]?) throws(XMLError) {
        guard let part else { return }
        var reader = try XMLReader(part)
        var definition: String?
        var list: String?
        var level = 0
        while let event = try reader.next() {
            guard case .start(let name) = event, name.namespace == .word else { continue }
            let value = try reader.attribute("val", in: .word)
            switch name.local {
            case "abstractNum":
                definition = try reader.attribute("abstractNumId", in: .word)
                list = nil
            case "num":
                list = try reader.attribute("numId", in: .word)
                definition = nil
            case "abstractNumId": if let list, let value { lists[list] = List(definition: value) }
            case "lvl", "lvlOverride":
                level = try reader.attribute("ilvl", in: .word).flatMap { Int($0) } ?? 0
                if let definition { definitions[definition, default: [:]][level] = Level() }
            case "startOverride":
                if let list, let start = value.flatMap({ Int($0) }) { lists[list]?.starts[level] = start }
            default:
                guard let definition, let value else { continue }
                Self.set(name.local, value, of: &definitions[definition, default: [:]][level, default: Level()])
            }
        }
    }

    private static func set(_ property: String, _ value: String, of level: inout Level) {
        switch property {
        case "start": level.start = Int(value) ?? 1
        case "numFmt": level.format = value
        case "lvlText": level.text = value
        case "pStyle": level.style = value
        default: break
        }
    }

    /// The marker of the next paragraph of a list; nil if the document does not describe the list.
    ///
    /// - Parameters:
    ///   - level: from 0; nil for the level that belongs to the paragraph's style.
    mutating func marker(ofList id: String, level: Int?, style: String?) -> Marker? {
        guard id != Self.none, let list = lists[id], let definition = definitions[list.definition] else { return nil }
        let level =
            level ?? style.flatMap { style in definition.filter { $0.value.style == style }.keys.min() } ?? 0
        guard (0..<Self.levels).contains(level), let properties = definition[level] else { return nil }
        var numbers = counts[list.definition] ?? Array(repeating: 0, count: Self.levels)
        if begun.insert(id).inserted {
            for (level, start) in list.starts where (0..<Self.levels).contains(level) { numbers[level] = start &- 1 }
        }
        count(level, definition, &numbers)
        counts[list.definition] = numbers
        switch properties.format {
        case "bullet": return .bullet
        case "none": return .hidden
        default: break
        }
        let text = text(of: properties, definition, numbers)
        return text.isEmpty ? .hidden : text.utf8.count > Self.longestMarker ? .bullet : .number(text)
    }

    /// Counts a paragraph. Levels above that have not begun do so; those below begin anew.
    private func count(_ level: Int, _ definition: [Int: Level], _ numbers: inout [Int]) {
        for upper in 0..<level where numbers[upper] == 0 { numbers[upper] = definition[upper]?.start ?? 1 }
        let start = definition[level]?.start ?? 1
        numbers[level] = numbers[level] == 0 ? start : numbers[level] &+ 1
        for lower in (level + 1)..<max(level + 1, Self.levels) { numbers[lower] = 0 }
    }

    private func text(of level: Level, _ definition: [Int: Level], _ numbers: [Int]) -> String {
        var text: [UInt8] = []
        var isReference = false
        for byte in level.text.utf8 {
            if isReference, (0x31...0x39).contains(byte) {
                let index = Int(byte - 0x31)
                let number = Self.numberings[definition[index]?.format ?? "decimal"] ?? .decimal
                text.append(contentsOf: number.text(of: numbers[index]).utf8)
                isReference = false
            } else if byte == UInt8(ascii: "%") {
                isReference = true
            } else {
                text.append(byte)
            }
        }
        return String(decoding: TextBytes.collapse(text), as: UTF8.self)
    }

    /// Other formats are written as decimal numbers.
    private static let numberings: [String: ListNumbering] = [
        "lowerLetter": .lowerLetter, "upperLetter": .upperLetter, "lowerRoman": .lowerRoman, "upperRoman": .upperRoman,
    ]
}
