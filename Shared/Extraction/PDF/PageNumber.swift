/// `12`, `- 12 -`, `Page 12 of 30`, `Seite 3`, `xii`
enum PageNumber {
    /// Whether a line of more than a page number may contain one, as in `Handbook | 3` or `Handbook, page 3`.
    static func isWithin(_ line: [UInt8]) -> Bool {
        let words = String(decoding: line, as: UTF8.self).unicodeScalars.split { $0 == " " || $0 == "#" || $0 == "." }
        return words.contains { names.contains(String($0)) || marks.contains(String($0)) }
    }

    private static let marks: Set<String> = ["|", "-", "–", "—", "·", "•", "/"]

    static func matches(_ line: [UInt8]) -> Bool {
        guard line.count <= 24 else { return false }
        let words = String(decoding: line, as: UTF8.self).lowercased().unicodeScalars
            .split { !$0.properties.isAlphabetic && !($0.properties.numericType != nil) }.map(String.init)
        let numbers = words.filter { $0.utf8.allSatisfy(TextBytes.isDigit) }
        if numbers.isEmpty { return words.count == 1 && isRoman(line) }
        guard numbers.allSatisfy({ $0.utf8.count <= 4 }),
            words.allSatisfy({ numbers.contains($0) || names.contains($0) })
        else { return false }
        let isPair = words.contains(where: separators.contains) || line.contains(UInt8(ascii: "/"))
        return numbers.count == 1 || (numbers.count == 2 && isPair)
    }

    private static let separators: Set<String> = ["of", "von", "sur", "de", "di", "van", "av", "af", "из", "z"]
    private static let names = separators.union([
        "page", "seite", "pagina", "página", "pág", "strona", "str", "sida", "side", "sivu", "стр", "страница", "p",
        "s",
    ])

    /// Small letters, as before the first chapter.
    private static func isRoman(_ line: [UInt8]) -> Bool {
        line.count <= 6 && line.allSatisfy { "ivxl".utf8.contains($0) }
    }
}
