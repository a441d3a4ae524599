extension WordScanner {
    /// Reads a run of a script without spaces: its overlapping pairs of letters as words, its letters in any order. A
    /// lone letter is a word. A letter has its marks, and in Thai and Lao the vowels around it.
    func scanUnspaced(from start: Int, _ body: TermBody) -> Int {
        pair.removeAll(keepingCapacity: true)
        var end = readLetter(at: start)
        var first = start
        var firstEnd = end
        let firstPosition = position
        while true {
            end = skipIgnored(from: end)
            let size = pair.count
            let next = end < text.count && isUnspaced(at: end) ? readLetter(at: end) : end
            guard pair.count > size else {
                if next > end {  // A letter that has no form.
                    end = next
                    continue
                }
                break
            }
            emitPair(pair.count, .word, first..<next, body)
            emitPair(size, .stem, first..<firstEnd, body)
            position += 1
            pair.removeSubrange(..<size)
            first = end
            firstEnd = next
            end = next
        }
        if !pair.isEmpty {
            let isAlone = position == firstPosition
            if !isAlone { position -= 1 }
            emitPair(pair.count, isAlone ? .word : .stem, first..<firstEnd, body)
            position += 1
        }
        return max(end, start + 1)
    }

    private func emitPair(_ size: Int, _ kind: TermOccurrence.Kind, _ range: Range<Int>, _ body: TermBody) {
        guard size > 0 else { return }
        pair.withUnsafeBufferPointer {
            body(
                UnsafeBufferPointer(rebasing: $0[..<size]),
                TermOccurrence(kind: kind, position: position, range: range))
        }
    }

    private func isUnspaced(at index: Int) -> Bool {
        text[index] >= 0xE0
            && ScalarClass.of(UTF8Scan.scalar(in: text, at: index).scalar.value) & 15 == ScalarClass.unspaced
    }

    private func skipIgnored(from start: Int) -> Int {
        var index = start
        while index < text.count, text[index] >= 0xC2 {
            let (scalar, length) = UTF8Scan.scalar(in: text, at: index)
            guard ScalarClass.of(scalar.value) == ScalarClass.ignored else { break }
            index += length
        }
        return index
    }

    /// Appends the letter at `start` with its marks to the pair, folded. Returns where it ends.
    private func readLetter(at start: Int) -> Int {
        let (scalar, length) = UTF8Scan.scalar(in: text, at: start)
        var end = start + length
        let kind = ScalarClass.of(scalar.value)
        var last = scalar.value
        if kind & ScalarClass.compatible == 0, !isMark(at: skipIgnored(from: end), after: last) {
            ScalarForms.append(scalar.value, to: &pair)
            return end
        }
        letter.removeAll(keepingCapacity: true)
        add(scalar.value, kind)
        while true {
            let next = skipIgnored(from: end)
            guard isMark(at: next, after: last) else { break }
            let (mark, length) = UTF8Scan.scalar(in: text, at: next)
            if letter.count < Self.mostMarks { add(mark.value, ScalarClass.of(mark.value)) }
            last = mark.value
            end = next + length
        }
        if letter.count > 1 { WordFolding.compose(&letter) }
        for scalar in letter { ScalarForms.appendFolded(scalar, to: &pair) }
        return end
    }

    private static let mostMarks = 8

    private func add(_ scalar: UInt32, _ kind: UInt8) {
        if kind & ScalarClass.compatible != 0 {
            ScalarForms.appendCompatible(scalar, to: &letter)
            letter.removeAll { ScalarClass.of($0) == ScalarClass.break }
        } else {
            letter.append(scalar)
        }
    }

    /// Whether the scalar at `index` belongs to the letter before it: a mark, the vowel and the end of a Korean
    /// syllable, what stands below a letter in Khmer and Myanmar, and vowels around a letter in Thai and Lao.
    private func isMark(at index: Int, after last: UInt32) -> Bool {
        guard index < text.count, text[index] >= 0xC2 else { return false }
        let scalar = UTF8Scan.scalar(in: text, at: index).scalar.value
        let kind = ScalarClass.of(scalar)
        if kind & 15 == ScalarClass.mark { return true }
        switch last {
        case 0xE40...0xE44: return 0xE01...0xE2E ~= scalar
        case 0xEC0...0xEC4: return 0xE81...0xEAE ~= scalar || 0xEDC...0xEDD ~= scalar
        case 0xE01...0xEFF: return Self.followingVowels.contains(scalar)
        case 0x1100...0x115F, 0xA960...0xA97C: return 0x1160...0x11A7 ~= scalar
        case 0x1160...0x11A7, 0xAC00...0xD7A3: return 0x11A8...0x11FF ~= scalar
        case 0x17D2, 0x1039: return kind == ScalarClass.unspaced
        default: return false
        }
    }

    /// Vowels of Thai and Lao that stand behind a letter.
    private static let followingVowels: [UInt32] = [0xE30, 0xE32, 0xE33, 0xE45, 0xEB0, 0xEB2, 0xEB3]

    // MARK: Emoji

    /// An emoji, with those that are joined to it. Variants and colours of skin are dropped. Two letters of a flag are
    /// one.
    func scanEmoji(from start: Int, _ body: TermBody) -> Int {
        pair.removeAll(keepingCapacity: true)
        var index = start
        var isJoined = true
        var isFlag = false
        while index < text.count, text[index] >= 0xC2 {
            let (scalar, length) = UTF8Scan.scalar(in: text, at: index)
            let kind = ScalarClass.of(scalar.value)
            let isFlagLetter = 0x1F1E6...0x1F1FF ~= scalar.value
            if kind == ScalarClass.emoji, 0x1F3FB...0x1F3FF ~= scalar.value, index > start {
                isJoined = false
            } else if kind == ScalarClass.emoji, isJoined || isFlag && isFlagLetter {
                if pair.count < Self.longestEmoji { ScalarForms.append(scalar.value, to: &pair) }
                isFlag = isFlagLetter && !isFlag
                isJoined = false
            } else if kind == ScalarClass.ignored || kind == ScalarClass.mark {
                isJoined = scalar.value == 0x200D
            } else {
                break
            }
            index += length
        }
        emitPair(pair.count, .word, start..<index, body)
        position += 1
        return max(index, start + 1)
    }

    private static let longestEmoji = 32
}
