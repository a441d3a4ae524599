/// Reads the output of `pdftotext -bbox-layout` while it arrives. It is XHTML with one element on each line; nothing
/// else is expected, and other lines are ignored.
struct PDFLayoutReader {
    /// The maximum size of the text in bytes.
    private static let maximumText = 64 << 20
    /// Each word takes about 80 bytes besides its text. A page of a book has 500.
    private static let maximumWords = 4_000_000

    private(set) var layout = PDFLayout()
    /// Whether the end of the document has arrived.
    private(set) var isComplete = false
    /// The beginning of a line whose end has not arrived.
    private var pending: [UInt8] = []
    private var isInDocument = false
    private var isInLine = false

    /// Returns false if the text exceeds its limits.
    mutating func read(_ piece: UnsafeBufferPointer<UInt8>) -> Bool {
        var start = 0
        while let end = piece[start...].firstIndex(of: 10) {
            let rest = UnsafeBufferPointer(rebasing: piece[start..<end])
            if pending.isEmpty {
                readLine(rest)
            } else {
                pending.append(contentsOf: rest)
                let whole = pending
                pending.removeAll(keepingCapacity: true)
                whole.withUnsafeBufferPointer { readLine($0) }
            }
            start = end + 1
        }
        pending.append(contentsOf: piece[start...])
        return layout.bytes.count <= Self.maximumText && pending.count <= Self.maximumText
            && layout.words.count + layout.lines.count <= Self.maximumWords
    }

    private mutating func readLine(_ line: UnsafeBufferPointer<UInt8>) {
        var start = 0
        while start < line.count, line[start] == 0x20 { start += 1 }
        guard start + 2 < line.count, line[start] == UInt8(ascii: "<") else { return }
        let name = UnsafeBufferPointer(rebasing: line[(start + 1)...])
        switch (name[0], name[1]) {
        case (UInt8(ascii: "w"), UInt8(ascii: "o")): if isInLine { readWord(name) }
        case (UInt8(ascii: "l"), UInt8(ascii: "i")):
            isInLine = isInDocument
            if isInLine { layout.startLine() }
        case (UInt8(ascii: "b"), UInt8(ascii: "l")): if isInDocument { layout.startBlock() }
        case (UInt8(ascii: "f"), UInt8(ascii: "l")): if isInDocument { layout.startFlow() }
        case (UInt8(ascii: "p"), UInt8(ascii: "a")): if isInDocument { startPage(name) }
        case (UInt8(ascii: "d"), UInt8(ascii: "o")): isInDocument = true
        case (UInt8(ascii: "/"), UInt8(ascii: "l")):
            if isInLine { layout.endLine() }
            isInLine = false
        case (UInt8(ascii: "/"), UInt8(ascii: "d")): isComplete = true
        default: break
        }
    }

    /// `page width="…" height="…"`
    private mutating func startPage(_ element: UnsafeBufferPointer<UInt8>) {
        var index = 0
        _ = Self.nextNumber(in: element, from: &index)
        layout.startPage(height: Self.nextNumber(in: element, from: &index))
    }

    /// `word xMin="…" yMin="…" xMax="…" yMax="…">text</word>`
    private mutating func readWord(_ element: UnsafeBufferPointer<UInt8>) {
        var index = 0
        var numbers: (Float, Float, Float, Float) = (0, 0, 0, 0)
        numbers.0 = Self.nextNumber(in: element, from: &index)
        numbers.1 = Self.nextNumber(in: element, from: &index)
        numbers.2 = Self.nextNumber(in: element, from: &index)
        numbers.3 = Self.nextNumber(in: element, from: &index)
        while index < element.count, element[index] != UInt8(ascii: ">") { index += 1 }
        guard index < element.count else { return }
        let text = element[(index + 1)...].prefix { $0 != UInt8(ascii: "<") }
        layout.add(
            Self.decoded(text), in: .init(left: numbers.0, top: numbers.1, right: numbers.2, bottom: numbers.3))
    }

    /// The number between the next two quotation marks; 0 for what is not a number.
    private static func nextNumber(in element: UnsafeBufferPointer<UInt8>, from index: inout Int) -> Float {
        while index < element.count, element[index] != UInt8(ascii: "\"") { index += 1 }
        index += 1
        let isNegative = index < element.count && element[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        // More digits than a Float has are not read, but passed over.
        var digits = 0
        var divisor: Float = 1
        var isFraction = false
        while index < element.count, element[index] != UInt8(ascii: "\"") {
            let byte = element[index]
            if byte == UInt8(ascii: ".") {
                isFraction = true
            } else if TextBytes.isDigit(byte), digits < 1_000_000_000 {
                digits = digits * 10 + Int(byte - 0x30)
                if isFraction { divisor *= 10 }
            }
            index += 1
        }
        index += 1
        let value = Float(digits) / divisor
        return isNegative ? -value : value
    }

    /// The text of a word as people type it: with entities decoded, ill-formed UTF-8 repaired, and no control characters.
    private static func decoded(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
        var word: [UInt8] = []
        word.reserveCapacity(text.count)
        var isPlain = true
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            if byte == UInt8(ascii: "&"), let entity = entity(at: index, in: text) {
                word.append(entity.byte)
                index += entity.size
                continue
            }
            isPlain = isPlain && byte < 0x80
            if byte >= 0x20 { word.append(byte) }
            index += 1
        }
        if isPlain { return word }
        // A soft hyphen at the end of a line divides a word, as a visible one does.
        if word.count > 2, word[word.count - 2] == 0xC2, word[word.count - 1] == 0xAD {
            word.removeLast(2)
            word.append(UInt8(ascii: "-"))
        }
        // Some fonts map to lone surrogates, or to numbers beyond Unicode.
        if String(validating: word, as: UTF8.self) == nil { word = Array(String(decoding: word, as: UTF8.self).utf8) }
        return TextBytes.normalised(word)
    }

    private static let entities: [(name: StaticString, byte: UInt8)] = [
        ("&amp;", UInt8(ascii: "&")), ("&lt;", UInt8(ascii: "<")), ("&gt;", UInt8(ascii: ">")),
        ("&quot;", UInt8(ascii: "\"")), ("&apos;", UInt8(ascii: "'")),
    ]

    private static func entity(
        at index: Int, in text: Slice<UnsafeBufferPointer<UInt8>>
    ) -> (byte: UInt8, size: Int)? {
        for (name, byte) in entities where index + name.utf8CodeUnitCount <= text.endIndex {
            let size = name.utf8CodeUnitCount
            if (0..<size).allSatisfy({ text[index + $0] == name.utf8Start[$0] }) { return (byte, size) }
        }
        return nil
    }
}
