extension WordParts {
    // MARK: Apostrophes

    /// English endings behind an apostrophe are no parts: `John's` is `john`, `don't` is `dont`.
    func readApostrophe() {
        guard parts.count > 1, let last = parts.last, last.join == UInt8(ascii: "'") else { return }
        let before = parts[parts.count - 2]
        let ending = Array(bytes[last.bytes])
        if ending == [UInt8(ascii: "t")], bytes[before.bytes].last == UInt8(ascii: "n") {
            parts.removeLast()
            parts[parts.count - 1].bytes = merge(parts.count - 1...parts.count - 1, with: last)
            parts[parts.count - 1].range = before.range.lowerBound..<last.range.upperBound
            parts[parts.count - 1].items = before.items.lowerBound..<last.items.upperBound
            parts[parts.count - 1].half = nil
        } else if Self.endings.contains(where: { $0.utf8.elementsEqual(ending) }) {
            parts.removeLast()
            if parts.count == 1 { possessive = Addition(bytes: last.bytes, end: last.range.upperBound) }
        }
    }

    private static let endings = ["s", "d", "m", "ll", "re", "ve"]

    private func merge(_ range: ClosedRange<Int>, with last: Part? = nil) -> Range<Int> {
        let start = bytes.count
        for part in parts[range] { bytes.append(contentsOf: Array(bytes[part.bytes])) }
        if let last { bytes.append(contentsOf: Array(bytes[last.bytes])) }
        return start..<bytes.count
    }

    // MARK: Numbers

    /// Reads numbers with separators: `1,000.50` and `1.000,50` are `1000` and `50`. `1,000` alone is `1000`, or
    /// `1.000`.
    func readNumbers() {
        guard parts.count > 1 else { return }
        var index = 0
        while index < parts.count {
            var end = index + 1
            if parts[index].isDigits {
                while end < parts.count, parts[end].isDigits, Self.isSeparator(parts[end].join) { end += 1 }
            }
            if end - index > 1 { group(index..<end) }
            index += 1
            while index < parts.count, index < end, parts[index].isDigits, Self.isSeparator(parts[index].join) {
                index += 1
            }
        }
    }

    private static func isSeparator(_ sign: UInt8) -> Bool {
        switch sign {
        case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "'"), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// Makes one part of the groups of a number.
    private func group(_ range: Range<Int>) {
        let first = range.lowerBound
        let separator = parts[first + 1].join
        var groups = first + 1
        while groups < range.upperBound, parts[groups].join == separator { groups += 1 }
        let isPoint = separator == UInt8(ascii: ".")
        let isComma = separator == UInt8(ascii: ",")
        let hasDecimals = groups == range.upperBound - 1 && Self.isDecimalSign(parts[groups].join)
        guard groups == range.upperBound || hasDecimals, areGroups(first..<groups, isComma: isComma),
            !(isPoint && groups - first == 4 && !hasDecimals)
        else { return }
        var reading: Range<Int>?
        if isPoint || isComma, !hasDecimals, groups - first == 2 || isPoint {
            let start = bytes.count
            appendWhole(first..<groups)
            reading = start..<bytes.count
        }
        let merged = merge(first...groups - 1)
        parts[first].bytes = merged
        parts[first].items = parts[first].items.lowerBound..<parts[groups - 1].items.upperBound
        parts[first].range = parts[first].range.lowerBound..<parts[groups - 1].range.upperBound
        parts[first].reading = reading
        parts.removeSubrange(first + 1..<groups)
        if hasDecimals { parts[first + 1].join = UInt8(ascii: ".") }
    }

    private static func isDecimalSign(_ sign: UInt8) -> Bool { sign == UInt8(ascii: ".") || sign == UInt8(ascii: ",") }

    /// Whether digits are groups of thousands, or of India: `12,34,567`.
    private func areGroups(_ range: Range<Int>, isComma: Bool) -> Bool {
        guard let first = range.first, let last = range.last, first < last, parts[first].bytes.count <= 3,
            parts[last].bytes.count == 3, bytes[parts[first].bytes.lowerBound] != UInt8(ascii: "0")
        else { return false }
        let inner = parts[first + 1..<last]
        return inner.allSatisfy { $0.bytes.count == 3 }
            || isComma && parts[first].bytes.count <= 2 && inner.allSatisfy { $0.bytes.count == 2 }
    }

    // MARK: Wholes

    /// Appends parts as one to ``bytes``.
    func appendWhole(_ range: Range<Int>) {
        for index in range {
            if index > range.lowerBound, let sign = sign(before: index) { bytes.append(sign) }
            bytes.append(contentsOf: Array(bytes[parts[index].bytes]))
        }
    }

    /// The sign between two parts that a whole keeps.
    private func sign(before index: Int) -> UInt8? {
        let join = parts[index].join
        if join == UInt8(ascii: "&") { return join }
        guard join > Self.change, isDigit(parts[index - 1].bytes.upperBound - 1), isDigit(parts[index].bytes.lowerBound)
        else { return nil }
        switch join {
        case UInt8(ascii: "'"): return nil
        case UInt8(ascii: ","): return UInt8(ascii: ".")
        default: return join
        }
    }

    private func isDigit(_ index: Int) -> Bool { bytes[index] &- 0x30 < 10 }

    /// Where digits that signs join are only a part of the word: the `1.2.3` of `v1.2.3`.
    func numbersInside() -> [Range<Int>] {
        guard parts.count > 2 else { return [] }
        var found: [Range<Int>] = []
        var start = 0
        for index in 1...parts.count {
            let goesOn =
                index < parts.count && parts[index].isDigits && parts[index - 1].isDigits
                && (start == index - 1 || parts[index].join == parts[start + 1].join)
            if goesOn { continue }
            if index - start > 1, index - start < parts.count { found.append(start..<index) }
            start = index
        }
        return found
    }
}
