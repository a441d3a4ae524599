/// `12`, `- 12 -`, `Page 12 of 30`, `Seite 3`, `xii`
enum PageNumber {
    /// A line in lower case with `#` for the page number that stands beside other words, as in `Handbook | 3` or
    /// `Handbook, page 3`, and that number.
    static func masked(_ line: [UInt8]) -> (text: [UInt8], number: Int?) {
        let lowercase = line.map(TextBytes.lowercase)
        guard line.contains(where: TextBytes.isDigit) else { return (lowercase, nil) }
        var words = lowercase.split(separator: 0x20)
        for index in words.indices {
            let digits = words[index].filter { !".,()".utf8.contains($0) }
            guard digits.count <= 4, digits.allSatisfy(TextBytes.isDigit),
                let number = Int(String(decoding: digits, as: UTF8.self))
            else { continue }
            let before = index > 0 ? String(decoding: words[index - 1], as: UTF8.self) : ""
            let name = before.unicodeScalars.filter { !"(.,".unicodeScalars.contains($0) }
                .map(\.properties.lowercaseMapping).joined()
            let isNamed = names.contains(name) && !separators.contains(name)
            let isLast = index == words.count - 1 && marks.contains(before)
            let isFirst = index == 0 && words.count > 1 && marks.contains(String(decoding: words[1], as: UTF8.self))
            guard isNamed || isLast || isFirst else { continue }
            words[index] = [UInt8(ascii: "#")]
            return (Array(words.joined(separator: [0x20])), number)
        }
        return (lowercase, nil)
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
