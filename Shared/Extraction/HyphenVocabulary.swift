/// The document's own words, as far as they help to read its line-end hyphens. Words are compared by a 64-bit hash,
/// ignoring the case of ASCII letters.
struct HyphenVocabulary {
    private struct Hash {
        /// FNV-1a.
        private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

        mutating func add(_ byte: UInt8) { value = (value ^ UInt64(TextBytes.lowercase(byte))) &* 0x100_0000_01b3 }

        static func of(_ parts: [ArraySlice<UInt8>]) -> UInt64 {
            var hash = Hash()
            for part in parts { for byte in part { hash.add(byte) } }
            return hash.value
        }
    }

    private var counts: [UInt64: Int] = [:]
    /// One bit for each value of a hash's lowest bits. Most words of a text are not watched.
    private var filter = [Bool](repeating: false, count: 1 << 16)

    private static let hyphen: ArraySlice<UInt8> = [UInt8(ascii: "-")]

    /// Watches both readings of a divided word, and its parts.
    mutating func watch(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) {
        for word in [[left, right], [left, Self.hyphen, right], [left], [right]] {
            let hash = Hash.of(word)
            counts[hash] = 0
            filter[Int(hash & 0xFFFF)] = true
        }
    }

    /// Counts the watched words of a text, but not the divided ones themselves.
    mutating func count(in bytes: [UInt8], except breaks: [LineEndHyphens.Break]) {
        var start = 0
        for place in breaks {
            count(in: bytes[start..<place.left.lowerBound])
            start = place.letters.upperBound
        }
        count(in: bytes[start...])
    }

    private mutating func count(in bytes: ArraySlice<UInt8>) {
        /// The word at hand, and the same word with the one before the hyphen.
        var word = Hash()
        var pair: Hash?
        var isInWord = false
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            let isMark = LineEndHyphens.isMark(byte)
            let isHyphen =
                byte == UInt8(ascii: "-") || isMark && bytes[index...].starts(with: "\u{2010}".utf8)
            index += isMark ? LineEndHyphens.markSize(byte) : 1
            if LineEndHyphens.isWordByte(byte), !isMark {
                isInWord = true
                word.add(byte)
                pair?.add(byte)
                continue
            }
            guard isInWord else {
                pair = nil
                continue
            }
            note(word.value)
            if let pair { note(pair.value) }
            pair = nil
            if isHyphen {
                word.add(UInt8(ascii: "-"))
                pair = word
            }
            word = Hash()
            isInWord = false
        }
        guard isInWord else { return }
        note(word.value)
        if let pair { note(pair.value) }
    }

    private mutating func note(_ hash: UInt64) {
        guard filter[Int(hash & 0xFFFF)], let count = counts[hash] else { return }
        counts[hash] = count + 1
    }

    private func count(_ parts: [ArraySlice<UInt8>]) -> Int { counts[Hash.of(parts)] ?? 0 }

    /// Whether the likelier reading has a hyphen.
    func keepsHyphen(_ place: LineEndHyphens.Break, in bytes: [UInt8]) -> Bool {
        let (left, right) = (bytes[place.left], bytes[place.letters])
        let (joined, divided) = (count([left, right]), count([left, Self.hyphen, right]))
        if joined != divided { return divided > joined }
        guard let before = left.last, let after = right.first else { return true }
        // Part numbers and names: PX-4711, Jean-Paul. A heading in capitals is neither.
        let isInCapitals = left.count > 1 && left.allSatisfy { !TextBytes.isLowercase($0) && !TextBytes.isDigit($0) }
        if TextBytes.isDigit(before) || TextBytes.isDigit(after) { return true }
        if TextBytes.isUppercase(after) {
            return !(isInCapitals && right.count > 1 && right.allSatisfy { !TextBytes.isLowercase($0) })
        }
        // An address or a path.
        if place.right.contains(where: { bytes[$0] == UInt8(ascii: "/") || bytes[$0] == UInt8(ascii: "@") }) {
            return true
        }
        // "X-ray", "EU-wide".
        if left.count == 1 || isInCapitals && TextBytes.isLetter(before) { return true }
        if Self.prefixes.contains(String(decoding: left.map(TextBytes.lowercase), as: UTF8.self)) { return true }
        // Two words of their own: "price-determining".
        return left.count > 3 && right.count > 3 && count([left]) > 0 && count([right]) > 0
    }

    /// What mostly keeps its hyphen, in the languages of the product. Prefixes that are joined as often are missing.
    private static let prefixes: Set<String> = [
        "self", "non", "ex", "well", "all", "cross", "half", "high", "low", "long", "short", "full", "part", "quasi",
        "vice", "great", "year", "day", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "first", "second", "third",
        "real", "open", "state", "mid", "celui", "celle", "ceux", "celles", "peut", "demi", "mi", "vingt",
        "trente", "quarante", "cinquante", "soixante", "quatre", "по", "кое", "во",
    ]
}
