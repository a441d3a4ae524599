/// The parts of a word that signs, digits or capitals divide, and its wholes.
///
/// - Between letters and digits, and between parts of a name in camel case, a word divides: `iPhone15`, `HTTPServer2`.
///   It stays whole where a part at its edge would be one letter (`GmbH`, `iPhone`, `3D`), and where the parts are so
///   many that it is a code (`d41d8cd9`).
/// - `.`, `-` and `_` join letters and digits; `'` and `&` letters; `,`, `:` and `/` digits.
/// - A whole has no signs except between digits and `&`: `ppr9087`, `2024-03-05`, `10.0.0.1`, `at&t`.
/// - Two parts in camel case alone are one word with alternatives, because they are names of products more often than
///   of code: "GitHub actions" is the phrase `github actions`.
final class WordParts {
    struct Part {
        /// The folded form in ``WordParts/bytes``.
        var bytes: Range<Int>
        /// The scalars in the window. Signs among them do not count.
        var items: Range<Int>
        /// The place in the text.
        var range: Range<Int>
        /// The separator in front of this part: an ASCII sign, ``camel`` or ``change``.
        var join: UInt8
        var isDigits: Bool
        /// Whether it has stems.
        var isLetters: Bool
        /// The first item of its second half, in camel case.
        var half: Int?
        /// Another reading of a number, in ``WordParts/bytes``.
        var reading: Range<Int>?
    }

    /// What is behind a part, in another spelling of it.
    struct Addition {
        var bytes: Range<Int>
        /// Where it ends in the text.
        var end: Int
    }

    /// The next part begins with a capital.
    static let camel: UInt8 = 1
    /// Digits follow letters, or letters digits.
    static let change: UInt8 = 2
    /// The most parts of a word that has a whole.
    static let most = 8

    var parts: [Part] = []
    var bytes: [UInt8] = []
    /// The signs behind the word that belong to it: `++`, `+` or `#`. Those of a single letter are in its part.
    var ending: Addition?
    /// The ending that was removed from a single part: the `s` of `John's`.
    var possessive: Addition?
    private var cuts: [(index: Int, join: UInt8)] = []

    /// Reads the word that begins at `start`. Returns the index of the next item.
    func read(_ items: [WordWindow.Item], from start: Int) -> Int {
        parts.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        ending = nil
        possessive = nil
        var index = start
        var join: UInt8 = 0
        while true {
            let first = index
            while index < items.count, isInside(items, index, from: first) { index += 1 }
            divide(items, first..<index, join)
            if let signs = endingSigns(items, at: index) {
                addEnding(items, index..<index + signs)
                index += signs
                guard index < items.count, items[index].kind == ScalarClass.digit else { break }
                join = Self.change
            } else if let next = joined(items, at: index) {
                join = Self.ascii(items[index].scalar)
                index = next
            } else {
                break
            }
        }
        readApostrophe()
        readNumbers()
        return index
    }

    // MARK: Signs

    /// Whether an item belongs to the letters and digits that began at `first`. Catalan has a point inside: col·lecció.
    private func isInside(_ items: [WordWindow.Item], _ index: Int, from first: Int) -> Bool {
        if ScalarClass.isWord(items[index].kind) { return true }
        return [0xB7, 0x5F3, 0x5F4].contains(items[index].scalar) && index > first && isLetter(items, index + 1)
            && isLetter(items, index - 1)
    }

    private func isLetter(_ items: [WordWindow.Item], _ index: Int) -> Bool {
        items.indices.contains(index) && ScalarClass.isWord(items[index].kind)
            && items[index].kind != ScalarClass.digit
    }

    private func isDigit(_ items: [WordWindow.Item], _ index: Int) -> Bool {
        items.indices.contains(index) && items[index].kind == ScalarClass.digit
    }

    static func ascii(_ sign: UInt32) -> UInt8 {
        switch sign {
        case 0x2019: UInt8(ascii: "'")
        case 0x2010, 0x2011, 0x2212: UInt8(ascii: "-")
        case 0x2044: UInt8(ascii: "/")
        case 0x66B: UInt8(ascii: ".")
        case 0x66C: UInt8(ascii: ",")
        default: UInt8(truncatingIfNeeded: sign)
        }
    }

    /// The item behind a sign that joins what is around it.
    private func joined(_ items: [WordWindow.Item], at index: Int) -> Int? {
        guard index + 1 < items.count, items[index].kind == ScalarClass.sign else { return nil }
        let sign = Self.ascii(items[index].scalar)
        var next = index + 1
        if sign == UInt8(ascii: "_") {
            while next < items.count, items[next].scalar == 0x5F { next += 1 }
        }
        guard isDigit(items, next) || isLetter(items, next) else { return nil }
        let areLetters = isLetter(items, index - 1) && isLetter(items, next)
        let areDigits = isDigit(items, index - 1) && isDigit(items, next)
        switch sign {
        case UInt8(ascii: "."), UInt8(ascii: "_"): return next
        case UInt8(ascii: "-"): return items[index].scalar == 0x2212 ? nil : next
        case UInt8(ascii: "'"): return areLetters || areDigits ? next : nil
        case UInt8(ascii: "&"): return areLetters ? next : nil
        case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "/"): return areDigits ? next : nil
        default: return nil
        }
    }

    /// How many signs end a word: `C++`, `A+`, `C#`.
    private func endingSigns(_ items: [WordWindow.Item], at index: Int) -> Int? {
        guard index < items.count, isLetter(items, index - 1) else { return nil }
        let plus = UInt32(UInt8(ascii: "+"))
        switch items[index].scalar {
        case UInt32(UInt8(ascii: "#")): return isLetter(items, index + 1) || isDigit(items, index + 1) ? nil : 1
        case plus where index + 1 < items.count && items[index + 1].scalar == plus:
            return isLetter(items, index + 2) ? nil : 2
        case plus: return isLetter(items, index + 1) || isDigit(items, index + 1) ? nil : 1
        default: return nil
        }
    }

    private func addEnding(_ items: [WordWindow.Item], _ signs: Range<Int>) {
        guard let last = parts.indices.last else { return }
        let start = bytes.count
        for index in signs { bytes.append(UInt8(truncatingIfNeeded: items[index].scalar)) }
        let end = items[signs.upperBound - 1].end
        if parts[last].items.count == 1, parts[last].bytes.upperBound == start {
            parts[last].bytes = parts[last].bytes.lowerBound..<bytes.count
            parts[last].range = parts[last].range.lowerBound..<end
            parts[last].isLetters = false
        } else if signs.upperBound == items.count || items[signs.upperBound].kind != ScalarClass.digit {
            ending = Addition(bytes: start..<bytes.count, end: end)
        }
    }

    // MARK: Letters and digits

    private func divide(_ items: [WordWindow.Item], _ range: Range<Int>, _ join: UInt8) {
        findCuts(items, range)
        if cuts.count == 1, cuts[0].join == Self.camel {
            let half = cuts[0].index
            add(items, range, join)
            if parts.last?.items == range { parts[parts.count - 1].half = half }
            return
        }
        var start = range.lowerBound
        var before = join
        for cut in cuts {
            add(items, start..<cut.index, before)
            start = cut.index
            before = cut.join
        }
        add(items, start..<range.upperBound, before)
    }

    private func add(_ items: [WordWindow.Item], _ range: Range<Int>, _ join: UInt8) {
        let start = bytes.count
        var digits = 0
        for index in range {
            guard ScalarClass.isWord(items[index].kind) else { continue }
            if items[index].kind == ScalarClass.digit { digits += 1 }
            ScalarForms.appendFolded(items[index].scalar, to: &bytes)
        }
        if bytes.count - start > WordFolding.longestTerm {
            var end = start + WordFolding.longestTerm
            while end > start, bytes[end] & 0xC0 == 0x80 { end -= 1 }
            bytes.removeSubrange(end...)
        }
        guard bytes.count > start else { return }
        parts.append(
            Part(
                bytes: start..<bytes.count, items: range,
                range: items[range.lowerBound].start..<items[range.upperBound - 1].end, join: join,
                isDigits: digits == range.count, isLetters: digits == 0, half: nil, reading: nil))
    }

    private func findCuts(_ items: [WordWindow.Item], _ range: Range<Int>) {
        cuts.removeAll(keepingCapacity: true)
        var last = items[range.lowerBound].kind
        var lastIndex = range.lowerBound
        var capitals = last == ScalarClass.upper ? 1 : 0
        for index in range.dropFirst() {
            let kind = items[index].kind
            guard ScalarClass.isWord(kind), kind != ScalarClass.mark else { continue }
            if (kind == ScalarClass.digit) != (last == ScalarClass.digit) {
                cuts.append((index, Self.change))
            } else if kind == ScalarClass.upper, last == ScalarClass.letter {
                cuts.append((index, Self.camel))
            } else if kind == ScalarClass.letter, capitals > 1 {
                // HTTPServer divides before the S; PDFs is a plural.
                let isPlural = index == range.upperBound - 1 && items[index].scalar == 0x73
                if !isPlural { cuts.append((lastIndex, Self.camel)) }
            }
            capitals = kind == ScalarClass.upper ? capitals + 1 : 0
            last = kind
            lastIndex = index
        }
        if hasShortEdge(range) { cuts.removeAll { $0.join == Self.camel } }
        if isVersion(items, range) { return }
        let isCode = cuts.count >= Self.most || (cuts.count + 1) * 2 > range.count + 1
        if !cuts.isEmpty, isCode || isOrdinal(items, range) { cuts.removeAll(keepingCapacity: true) }
    }

    /// Whether a part in camel case would be one letter, at the edge of the letters.
    private func hasShortEdge(_ range: Range<Int>) -> Bool {
        for (place, cut) in cuts.enumerated() where cut.join == Self.camel {
            let before = place > 0 ? cuts[place - 1] : (range.lowerBound, Self.change)
            let after = place + 1 < cuts.count ? cuts[place + 1] : (range.upperBound, Self.change)
            if before.1 == Self.change, cut.index - before.0 == 1 { return true }
            if after.1 == Self.change, after.0 - cut.index == 1 { return true }
        }
        return false
    }

    /// `v1`
    private func isVersion(_ items: [WordWindow.Item], _ range: Range<Int>) -> Bool {
        cuts.count == 1 && cuts[0].index == range.lowerBound + 1 && items[range.lowerBound].scalar | 0x20 == 0x76
    }

    /// `1st`, `22nd`, `15th`
    private func isOrdinal(_ items: [WordWindow.Item], _ range: Range<Int>) -> Bool {
        guard cuts.count == 1, range.upperBound - cuts[0].index == 2 else { return false }
        let letters = [items[range.upperBound - 2], items[range.upperBound - 1]].map { $0.scalar | 0x20 }
        return ["st", "nd", "rd", "th"].contains { $0.unicodeScalars.map(\.value) == letters }
    }
}
