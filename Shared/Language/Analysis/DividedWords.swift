extension WordScanner {
    /// Reads what may divide from `start`, where a letter or digit is, to the next space.
    func scanWindow(from start: Int, _ body: TermBody) -> Int {
        let end = window.read(text, from: start)
        let items = window.items
        var index = 0
        while index < items.count {
            guard ScalarClass.isWord(items[index].kind), items[index].kind != ScalarClass.mark else {
                index += 1
                continue
            }
            let sign = index == 0 ? sign(before: start, isNumber: items[0].kind == ScalarClass.digit) : nil
            index = max(parts.read(items, from: index), index + 1)
            emitParts(sign, body)
        }
        return max(end, start + 1)
    }

    /// The terms of the word in ``parts``.
    private func emitParts(_ sign: Sign?, _ body: TermBody) {
        let count = parts.parts.count
        guard count > 0 else { return }
        for (index, part) in parts.parts.enumerated() {
            emit(part.bytes, .word, index, part.range, body)
            if part.isLetters { emitStems(of: part.items, index, part.range, body) }
            if let half = part.half { emitHalves(of: part, half, index, body) }
            if let reading = part.reading { emit(reading, .alternative, index, part.range, body) }
            if index == 0, count <= WordParts.most { emitWhole(sign, body) }
        }
        for numbers in parts.numbersInside() where numbers.count <= WordParts.most {
            emitJoined(numbers, body)
        }
        if let ending = parts.ending, let last = parts.parts.last {
            emit(last, with: ending, count - 1, body)
        }
        position += count
    }

    /// The whole of a word that divides, and what a sign before it makes of it.
    private func emitWhole(_ sign: Sign?, _ body: TermBody) {
        let all = parts.parts
        let range = all[0].range.lowerBound..<all[all.count - 1].range.upperBound
        let start = parts.bytes.count
        parts.appendWhole(all.indices)
        let whole = start..<parts.bytes.count
        if all.count > 1 {
            emit(whole, .alternative, 0, range, body)
            let isCompound = all.allSatisfy { $0.isLetters } && all.dropFirst().allSatisfy { $0.join == 0x2D }
            if isCompound {
                emitStems(of: all[0].items.lowerBound..<all[all.count - 1].items.upperBound, 0, range, body)
            }
        } else if let possessive = parts.possessive {
            emit(all[0], with: possessive, 0, body)
        }
        guard let sign else { return }
        let signed = parts.bytes.count
        parts.bytes.append(contentsOf: sign.spelling)
        parts.bytes.append(contentsOf: Array(parts.bytes[whole]))
        emit(signed..<parts.bytes.count, .alternative, 0, sign.start..<range.upperBound, body)
    }

    private func emitJoined(_ numbers: Range<Int>, _ body: TermBody) {
        let start = parts.bytes.count
        parts.appendWhole(numbers)
        let range =
            parts.parts[numbers.lowerBound].range.lowerBound..<parts.parts[numbers.upperBound - 1].range.upperBound
        emit(start..<parts.bytes.count, .alternative, numbers.lowerBound, range, body)
    }

    private func emitHalves(of part: WordParts.Part, _ half: Int, _ index: Int, _ body: TermBody) {
        for items in [part.items.lowerBound..<half, half..<part.items.upperBound] {
            let range = window.items[items.lowerBound].start..<window.items[items.upperBound - 1].end
            let start = parts.bytes.count
            for item in window.items[items] { ScalarForms.appendFolded(item.scalar, to: &parts.bytes) }
            emit(start..<parts.bytes.count, .alternative, index, range, body)
            emitStems(of: items, index, range, body)
        }
    }

    private func emit(_ part: WordParts.Part, with addition: WordParts.Addition, _ index: Int, _ body: TermBody) {
        let start = parts.bytes.count
        parts.bytes.append(contentsOf: Array(parts.bytes[part.bytes]))
        parts.bytes.append(contentsOf: Array(parts.bytes[addition.bytes]))
        emit(start..<parts.bytes.count, .alternative, index, part.range.lowerBound..<addition.end, body)
    }

    /// Emits bytes of ``parts`` at an offset from the position. Alternatives that are too long are left out.
    private func emit(
        _ bytes: Range<Int>, _ kind: TermOccurrence.Kind, _ offset: Int, _ range: Range<Int>, _ body: TermBody
    ) {
        guard kind == .word || bytes.count <= WordFolding.longestTerm, !bytes.isEmpty else { return }
        parts.bytes.withUnsafeBufferPointer { all in
            body(
                UnsafeBufferPointer(rebasing: all[bytes]),
                TermOccurrence(kind: kind, position: position + offset, range: range))
        }
    }

    private func emitStems(of items: Range<Int>, _ offset: Int, _ range: Range<Int>, _ body: TermBody) {
        guard folding.hasStems else { return }
        key.removeAll(keepingCapacity: true)
        var isASCII = true
        for item in window.items[items] where ScalarClass.isWord(item.kind) {
            isASCII = isASCII && item.scalar < 0x80
            ScalarForms.append(item.scalar, to: &key)
        }
        guard key.count <= WordCache.longestWord else { return }
        if isASCII {
            for index in key.indices where key[index] &- 0x41 < 26 { key[index] |= 0x20 }
        }
        key.withUnsafeBufferPointer { key in
            emitStems(folding.fold(key).stems, position + offset, range, body)
        }
    }

    // MARK: Signs before a word

    struct Sign {
        var start: Int
        var spelling: [UInt8]
    }

    /// The sign before a word that begins at `start`: `.` `@` `#` of `.NET`, `@user` and `#tag`; before digits `-` and
    /// `0.`, which is what the point of `.5` means.
    private func sign(before start: Int, isNumber: Bool) -> Sign? {
        guard start > 0 else { return nil }
        let byte = text[start - 1]
        switch byte {
        case UInt8(ascii: ".") where isNumber:
            if let minus = minus(before: start - 1) { return Sign(start: minus, spelling: Array("-0.".utf8)) }
            return isBoundary(start - 1) ? Sign(start: start - 1, spelling: Array("0.".utf8)) : nil
        case UInt8(ascii: "."), UInt8(ascii: "@"), UInt8(ascii: "#"):
            return isBoundary(start - 1) ? Sign(start: start - 1, spelling: [byte]) : nil
        default:
            guard isNumber, let minus = minus(before: start) else { return nil }
            return Sign(start: minus, spelling: [UInt8(ascii: "-")])
        }
    }

    /// Where a minus stands that ends at `end` and begins a number.
    private func minus(before end: Int) -> Int? {
        var start: Int?
        if end >= 1, text[end - 1] == UInt8(ascii: "-") {
            start = end - 1
        } else if end >= 3, text[end - 3] == 0xE2, text[end - 2] == 0x88, text[end - 1] == 0x92 {
            start = end - 3
        }
        return start.flatMap { isBoundary($0) ? $0 : nil }
    }

    /// Whether nothing before `index` belongs to the same word.
    private func isBoundary(_ index: Int) -> Bool {
        guard index > 0 else { return true }
        let byte = text[index - 1]
        if byte < 0x80 {
            return ScalarClass.bits(byte) == 0
                && (!ScalarClass.isSign(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "'"))
        }
        var lead = index - 1
        while lead > 0, text[lead] & 0xC0 == 0x80, index - lead < 4 { lead -= 1 }
        return ScalarClass.of(UTF8Scan.scalar(in: text, at: lead).scalar.value) & 15 == ScalarClass.break
    }

    // MARK: Groups of digits

    /// A number whose thousands spaces separate: `1 000.50`. Since they may be several numbers, its groups are words
    /// and the whole is an alternative.
    ///
    /// - Returns: Where it ends; nil if there is none at `start`, where at most three digits are.
    func scanGroups(from start: Int, _ body: TermBody) -> Int? {
        guard text[start] != UInt8(ascii: "0") else { return nil }
        var groups = [start..<digits(from: start)]
        let space = spaceLength(at: groups[0].upperBound)
        guard space > 0 else { return nil }
        var end = groups[0].upperBound
        while spaceLength(at: end) == space {
            let next = end + space
            let last = digits(from: next)
            guard last - next == 3, !isLetter(at: last) else { break }
            if groups.count <= Self.mostGroups { groups.append(next..<last) }
            end = last
        }
        endOfGroups = end
        guard 2...Self.mostGroups ~= groups.count else { return nil }
        if end + 1 < text.count, text[end] == UInt8(ascii: ".") || text[end] == UInt8(ascii: ","),
            ScalarClass.bits(text[end + 1]) == ScalarClass.digitBit
        {
            let last = digits(from: end + 1)
            guard !isLetter(at: last), last - end <= 20 else { return nil }
            groups.append(end + 1..<last)
        }
        emitGroups(groups, pointAt: end, body)
        return groups[groups.count - 1].upperBound
    }

    /// `1 000 000 000 000`
    private static let mostGroups = 5

    private func emitGroups(_ groups: [Range<Int>], pointAt point: Int, _ body: TermBody) {
        key.removeAll(keepingCapacity: true)
        for group in groups {
            if group.lowerBound == point + 1 { key.append(UInt8(ascii: ".")) }
            key.append(contentsOf: text[group])
        }
        for (offset, group) in groups.enumerated() {
            body(
                UnsafeBufferPointer(rebasing: text[group]),
                TermOccurrence(kind: .word, position: position + offset, range: group))
            guard offset == 0 else { continue }
            let range = group.lowerBound..<groups[groups.count - 1].upperBound
            key.withUnsafeBufferPointer {
                body($0, TermOccurrence(kind: .alternative, position: position, range: range))
            }
        }
        position += groups.count
    }

    private func digits(from start: Int) -> Int {
        var index = start
        while index < text.count, ScalarClass.bits(text[index]) == ScalarClass.digitBit { index += 1 }
        return index
    }

    private func isLetter(at index: Int) -> Bool {
        index < text.count
            && (text[index] < 0x80
                ? ScalarClass.bits(text[index]) != 0
                : ScalarClass.isWord(ScalarClass.of(UTF8Scan.scalar(in: text, at: index).scalar.value)))
    }

    /// The length of a space that may group digits: a plain one, U+00A0, U+2009 or U+202F.
    private func spaceLength(at index: Int) -> Int {
        guard index < text.count else { return 0 }
        if text[index] == 0x20 { return 1 }
        if text[index] == 0xC2, index + 1 < text.count, text[index + 1] == 0xA0 { return 2 }
        guard text[index] == 0xE2, index + 2 < text.count, text[index + 1] == 0x80 else { return 0 }
        return text[index + 2] == 0xAF || text[index + 2] == 0x89 ? 3 : 0
    }
}
