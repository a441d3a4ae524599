import Language
import Wire

/// What a line of a passage is.
enum EvidenceLine {
    /// Whether a line is a heading or a table-of-contents entry. It is a single word, has dot leaders to a page number,
    /// starts with a number of several parts, or is all capitals; and it does not end like a sentence.
    static func isHeading(_ line: String) -> Bool {
        let bytes = Array(line.utf8)
        guard let last = bytes.last, bytes.count <= 120, !".!?:;,|".utf8.contains(last) else { return false }
        let words = bytes.split(separator: 0x20)
        if line.firstIndex(ofBytes: "....") != nil || line.firstIndex(ofBytes: ". . .") != nil {
            return ASCII.isDigit(last) || "ivxlc".utf8.contains(last)
        }
        if words.count == 1 { return words[0].allSatisfy { ($0 | 0x20) &- 0x61 < 26 } }
        guard words.count <= 12, !bytes.contains(UInt8(ascii: "|")) else { return false }
        let letters = bytes.filter { ($0 | 0x20) &- 0x61 < 26 }
        let isShouted = letters.count >= 6 && letters.allSatisfy { $0 &- 0x41 < 26 }
        // "2.6. Recovering data", not "2.5 kg of flour".
        let isNumbered =
            words[0].allSatisfy { ASCII.isDigit($0) || $0 == UInt8(ascii: ".") }
            && words[0].dropLast().contains(UInt8(ascii: "."))
            && words[1].first.map { $0 &- 0x41 < 26 } ?? false
        let hasVerb = words.contains { verbs.contains(String(decoding: $0, as: UTF8.self).lowercased()) }
        return (isShouted || isNumbered) && !hasVerb
    }

    /// Whether a line is the marker of an admonition (`[!NOTE]`, `!!! warning`, `Achtung:`) or a page's footer, such as
    /// `Page 3 of 12`.
    static func isMarker(_ line: String) -> Bool {
        guard line.utf8.count <= 60 else { return false }
        if ["[!", "!!!", ":::", "©", "(c) "].contains(where: line.hasPrefix) { return true }
        let words = line.utf8.split { $0 == 0x20 || $0 == UInt8(ascii: "/") }.map { String(Substring($0)).lowercased() }
        if words.count == 1 { return admonitions.contains(words[0]) }
        guard let first = words.first, pages.contains(first) else { return false }
        return words.dropFirst().allSatisfy { word in word.utf8.allSatisfy(ASCII.isDigit) || links.contains(word) }
    }

    private static let admonitions: Set<String> = [
        "note:", "tip:", "warning:", "caution:", "important:", "hint:", "danger:", "info:", "attention:", "hinweis:",
        "achtung:", "warnung:", "tipp:", "wichtig:", "remarque:", "nota:", "aviso:", "attenzione:", "внимание:",
        "примечание:", "注意：", "注意:",
    ]
    private static let pages: Set<String> = [
        "page", "seite", "página", "pagina", "strona", "strana", "sida", "side", "sayfa", "страница", "стр.", "σελίδα",
    ]
    private static let links: Set<String> = ["of", "von", "de", "di", "van", "z", "ze", "av", "af", "из", "από", "sur"]

    /// Whether a line is a title: it does not end like a sentence, and either tells nothing that the question or the
    /// document's name does not, or capitalises its words and has text below it.
    ///
    /// - Parameter isKnown: whether a word is in the question, the heading or the name.
    static func isTitle(
        _ line: String, _ words: @autoclosure () -> [TextWord], isLast: Bool, isKnown: (TextWord) -> Bool
    ) -> Bool {
        let marks = line.unicodeScalars
        guard let last = marks.last, line.utf8.count <= 120, !endMarks.contains(last), !isItem(line),
            !marks.contains(where: { valueMarks.contains($0) })
        else { return false }
        let words = words().filter { $0.kind == .word || $0.kind == .letter }
        guard !words.isEmpty, words.count <= 24, words.count(where: \.isSpaced) <= 12,
            !words.contains(where: { verbs.contains($0.text) })
        else { return false }
        let content = words.filter { !StopWords.contains($0.text) }
        if content.allSatisfy(isKnown) { return true }
        guard !isLast else { return false }
        return content.allSatisfy { word in
            if word.text.utf8.allSatisfy(ASCII.isDigit) { return word.range == words[0].range || isYear(word.text) }
            let first = Substring(line.utf8.dropFirst(word.range.lowerBound)).unicodeScalars.first
            return word.range.count <= 3 || first?.properties.isUppercase ?? false
        }
    }

    private static func isYear(_ number: String) -> Bool {
        number.utf8.count == 4 && (number.hasPrefix("19") || number.hasPrefix("20"))
    }

    /// What ends a sentence or a cell.
    private static let endMarks = Set(".!?:;,|…。！？：；،؛؟।॥\"”’»)）".unicodeScalars)
    /// What stands between a name and its value.
    private static let valueMarks = Set(":：|=;\t→".unicodeScalars)

    /// Common words that mark a line as a sentence.
    private static let verbs: Set<String> = [
        "is", "are", "was", "were", "be", "has", "have", "had", "do", "does", "must", "shall", "should", "may", "can",
        "cannot", "will", "need", "not",
    ]

    /// Whether a line is a row as extraction writes it: `name: value; name: value`.
    static func isRow(_ line: String) -> Bool {
        let cells = line.utf8.split(separator: UInt8(ascii: ";"), maxSplits: 2)
        return cells.count > 1 && cells.prefix(2).allSatisfy { Substring($0).firstIndex(ofBytes: ": ") != nil }
    }

    /// Whether a line may be a row without names: `Bolt; 2.50`.
    static func isUnnamedRow(_ line: String) -> Bool {
        line.firstIndex(ofBytes: "; ") != nil && ListText.endsOpenly(line.utf8)
    }

    /// Whether a line has no end mark and the next is an item or a row, so that it introduces them. The clauses of a
    /// contract do not complete a title.
    static func isCompleted(_ line: String, by next: String) -> Bool {
        guard ListText.endsOpenly(line.utf8), !isItem(line), !isRow(line), !isUnnamedRow(line) else { return false }
        let mark = next.utf8.prefix { $0 != 0x20 }.dropLast()
        let isClause = mark.contains(UInt8(ascii: ".")) && mark.first.map(ASCII.isDigit) ?? false
        return isRow(next) || isItem(next) && !isClause
    }

    /// In bytes: a sign or a number and what follows it.
    private static let markerReach = 24

    /// Whether a line is a list item: `a) …`, `(1) …`, `1.2 …`, `iv. …`, `- …`.
    static func isItem(_ line: String) -> Bool {
        let start = Array(line.utf8.prefix(markerReach))[...]
        if ListText.lengthOfSign(start) > 0 || ListText.markOfWideNumber(start) != nil { return true }
        guard let space = line.utf8.firstIndex(of: 0x20) else { return false }
        let mark = Array(line.utf8[..<space])
        guard let last = mark.last, mark.count <= 6 else { return false }
        if mark.count == 1 { return "-*+".utf8.contains(last) }
        if mark.elementsEqual("–".utf8) || mark.elementsEqual("—".utf8) { return true }
        // "1.1" and "2.3.", as the clauses of contracts are numbered.
        let parts = mark.split(separator: UInt8(ascii: "."))
        if parts.count > 1, parts.joined().allSatisfy(ASCII.isDigit) { return true }
        let isClosed = last == UInt8(ascii: ")") || last == UInt8(ascii: ".")
        let label = mark.dropLast().drop { $0 == UInt8(ascii: "(") }
        let isNumber = label.allSatisfy(ASCII.isDigit)
        let isRoman = label.allSatisfy { "ivx".utf8.contains($0) }
        return isClosed && !label.isEmpty && (isNumber || isRoman || label.count == 1)
    }
}
