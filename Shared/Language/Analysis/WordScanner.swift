/// Finds the words of a text. Plain words, which are nearly all, take a short way; what may divide goes to
/// ``WordParts``. One thread at a time has it, so it does without the runtime's checks for exclusive access.
final class WordScanner {
    let folding: WordFolding
    @exclusivity(unchecked) var text = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    /// The position of the next word.
    @exclusivity(unchecked) var position = 0
    /// The letters that stems are wanted of.
    @exclusivity(unchecked) private var stemmed = InitialLetters.all
    /// Up to here, numbers have been read that spaces group.
    @exclusivity(unchecked) var endOfGroups = 0
    let window = WordWindow()
    let parts = WordParts()
    /// The lookup key of a word.
    @exclusivity(unchecked) var key: [UInt8] = []
    /// The letters of a script without spaces that are being read, folded.
    @exclusivity(unchecked) var pair: [UInt8] = []
    @exclusivity(unchecked) var letter: [UInt32] = []
    private let word = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: WordFolding.longestTerm)

    init(_ folding: WordFolding) {
        self.folding = folding
        word.initialize(repeating: 0)
    }

    deinit { word.deallocate() }

    /// - Parameter stemmed: words of ASCII letters that begin with others may be left without stems.
    func scan(
        _ text: UnsafeBufferPointer<UInt8>, stemming stemmed: InitialLetters = .all, _ body: TermBody
    ) -> Int {
        self.text = text
        self.stemmed = folding.hasStems ? stemmed : .none
        position = 0
        endOfGroups = 0
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte < 0x80 {
                index = ScalarClass.bits(byte) == 0 ? index + 1 : scanASCII(from: index, body)
                continue
            }
            let (scalar, length) = UTF8Scan.scalar(in: text, at: index)
            switch ScalarClass.of(scalar.value) {
            case ScalarClass.letter, ScalarClass.upper: index = scanLetters(from: index, body)
            case ScalarClass.unspaced, ScalarClass.unspaced | ScalarClass.compatible:
                index = scanUnspaced(from: index, body)
            case ScalarClass.emoji: index = scanEmoji(from: index, body)
            case let kind where ScalarClass.isWord(kind) && kind & 15 != ScalarClass.mark:
                index = scanWindow(from: index, body)
            default: index += length
            }
        }
        return position
    }

    // MARK: Plain words

    /// A run of ASCII letters, or of digits, that nothing continues.
    @inline(__always)
    private func scanASCII(from start: Int, _ body: TermBody) -> Int {
        let text = text
        let first = ScalarClass.bits(text[start])
        guard first != ScalarClass.digitBit else { return scanMixed(from: start, body) }
        let index = Self.endOfSmallLetters(in: text, from: start + 1)
        if index < text.count, text[index] != 0x20 {
            if text[index] >= 0x80 || ScalarClass.bits(text[index]) != 0 { return scanMixed(from: start, body) }
            if continues(at: index) { return scanWindow(from: start, body) }
        }
        if followsSign(start, isNumber: false) { return scanWindow(from: start, body) }
        var term = UnsafeBufferPointer(rebasing: text[start..<min(index, start + word.count)])
        if first == ScalarClass.upperBit {
            _ = word.update(from: term)
            word[0] |= 0x20
            term = UnsafeBufferPointer(rebasing: UnsafeBufferPointer(word)[..<term.count])
        }
        emitWord(term, start..<index, isStemmed: true, body)
        return index
    }

    /// The end of a run of the letters a to z, of which eight are read at a time.
    @inline(__always)
    private static func endOfSmallLetters(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        let ones: UInt64 = 0x0101_0101_0101_0101
        while let first = text.baseAddress, text.count - index >= 8 {
            let bytes = UInt64(littleEndian: UnsafeRawPointer(first + index).loadUnaligned(as: UInt64.self))
            // Without their highest bits, bytes plus 0x1F have these set from `a` on, and plus 5 from behind `z` on.
            let low = bytes & (ones &* 0x7F)
            let letters = (low &+ (ones &* 0x1F)) & ~(low &+ (ones &* 5)) & ~bytes
            let others = ~letters & (ones &* 0x80)
            if others != 0 { return index + others.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < text.count, text[index] &- 0x61 < 26 { index += 1 }
        return index
    }

    /// A run that is not only of small letters behind the first.
    private func scanMixed(from start: Int, _ body: TermBody) -> Int {
        let text = text
        var index = start
        var bits: UInt8 = 0
        var inner: UInt8 = 0
        while index < text.count {
            let byte = text[index]
            let kind = ScalarClass.bits(byte)
            if kind == 0 { break }
            if index > start { inner |= kind }
            bits |= kind
            if index - start < word.count { word[index - start] = kind == ScalarClass.upperBit ? byte | 0x20 : byte }
            index += 1
        }
        if bits & ScalarClass.digitBit == 0, index < text.count, text[index] >= 0x80 {
            return scanLetters(from: start, body)
        }
        let isNumber = bits == ScalarClass.digitBit
        let hasCapitalsInside = inner & ScalarClass.upperBit != 0 && bits & ScalarClass.lowerBit != 0
        guard isNumber || bits & ScalarClass.digitBit == 0 && !hasCapitalsInside, !continues(at: index),
            !followsSign(start, isNumber: isNumber)
        else { return scanWindow(from: start, body) }
        if isNumber, index - start <= 3, start >= endOfGroups, let end = scanGroups(from: start, body) { return end }
        let term = UnsafeBufferPointer(rebasing: UnsafeBufferPointer(word)[..<min(index - start, word.count)])
        emitWord(term, start..<index, isStemmed: !isNumber, body)
        return index
    }

    /// - Parameter term: in ASCII and lower case.
    @inline(__always)
    private func emitWord(
        _ term: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, isStemmed: Bool, _ body: TermBody
    ) {
        body(term, TermOccurrence(kind: .word, position: position, range: range))
        if isStemmed, stemmed.contains(term[0]) { emitStems(folding.fold(term).stems, position, range, body) }
        position += 1
    }

    /// A run of letters of any alphabet that nothing continues.
    private func scanLetters(from start: Int, _ body: TermBody) -> Int {
        var index = start
        var hasLower = false
        var hasCapitalsInside = false
        while index < text.count {
            let (scalar, length) = UTF8Scan.scalar(in: text, at: index)
            let kind = ScalarClass.of(scalar.value)
            switch kind {
            case ScalarClass.letter: hasLower = true
            case ScalarClass.upper: hasCapitalsInside = hasCapitalsInside || index > start
            case ScalarClass.mark, ScalarClass.ignored: break
            default:
                if ScalarClass.isWord(kind) { return scanWindow(from: start, body) }
                return emitLetters(start..<index, isDivisible: hasLower && hasCapitalsInside, body)
            }
            index += length
        }
        return emitLetters(start..<index, isDivisible: hasLower && hasCapitalsInside, body)
    }

    private func emitLetters(_ range: Range<Int>, isDivisible: Bool, _ body: TermBody) -> Int {
        let start = range.lowerBound
        guard !isDivisible, range.count <= WordCache.longestWord, !continues(at: range.upperBound),
            !followsSign(start, isNumber: false)
        else { return scanWindow(from: start, body) }
        let entry = folding.fold(UnsafeBufferPointer(rebasing: text[range]))
        guard !entry.folded.isEmpty else { return range.upperBound }
        body(entry.folded, TermOccurrence(kind: .word, position: position, range: range))
        emitStems(entry.stems, position, range, body)
        position += 1
        return range.upperBound
    }

    @inline(__always)
    func emitStems(_ stems: UnsafeBufferPointer<UInt8>, _ position: Int, _ range: Range<Int>, _ body: TermBody) {
        var index = 0
        while index < stems.count {
            let end = index + 1 + Int(stems[index])
            body(
                UnsafeBufferPointer(rebasing: stems[index + 1..<end]),
                TermOccurrence(kind: .stem, position: position, range: range))
            index = end
        }
    }

    // MARK: Context of a word

    /// Whether a word may go on at `index`, behind a letter or digit.
    @inline(__always)
    private func continues(at index: Int) -> Bool {
        guard index < text.count else { return false }
        let byte = text[index]
        if byte == 0x20 || byte == 0x0A { return false }
        if byte < 0x80, !ScalarClass.isSign(byte), byte != UInt8(ascii: "\"") { return false }
        return continuesBehindSign(at: index)
    }

    private func continuesBehindSign(at index: Int) -> Bool {
        let (scalar, length) = UTF8Scan.scalar(in: text, at: index)
        let kind = ScalarClass.of(scalar.value)
        if ScalarClass.isWord(kind) || kind == ScalarClass.ignored { return true }
        switch scalar {
        case "+", "#", "_": return true
        case "\"": return isHebrew(before: index) && isHebrew(at: index + 1)
        default: break
        }
        guard kind & 15 == ScalarClass.sign, index + length < text.count else { return false }
        return ScalarClass.isWord(ScalarClass.of(UTF8Scan.scalar(in: text, at: index + length).scalar.value))
    }

    func isHebrew(at index: Int) -> Bool { index < text.count && text[index] == 0xD7 }

    func isHebrew(before index: Int) -> Bool { index >= 2 && text[index - 2] == 0xD7 }

    /// Whether a sign stands before the word at `start` that may belong to it: `.NET`, `@user`, `#tag`, `-5`.
    @inline(__always)
    private func followsSign(_ start: Int, isNumber: Bool) -> Bool {
        guard start > 0 else { return false }
        switch text[start - 1] {
        case UInt8(ascii: "."), UInt8(ascii: "@"), UInt8(ascii: "#"): return true
        case UInt8(ascii: "-"), 0x92: return isNumber
        default: return false
        }
    }
}
