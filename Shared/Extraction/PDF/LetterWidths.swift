/// How wide each letter of the body text's font is, learned from the widths of its words.
///
/// `pdftotext` does not say which font a word has, and asking a second program would take as long again. But the
/// letters of a bold font are wider than those of the regular one, so a line whose words are longer than their letters
/// should be is bold, or in another font.
struct LetterWidths {
    /// Latin, Greek and Cyrillic letters.
    private static let maximumScalar = 0x600
    private static let samples = 4_000
    private static let passes = 6
    /// A letter counts as known after this many occurrences in the samples.
    private static let minimumOccurrences = 2

    /// In units of the font's size, by scalar.
    private var widths = [Float](repeating: 0.5, count: maximumScalar)
    private var occurrences = [Int32](repeating: 0, count: maximumScalar)
    /// The width of most capitals; 0 if no capital is known.
    private var capital: Float = 0
    /// The least factor that no line of the body text reaches by chance.
    private(set) var boldFactor: Float = .infinity

    /// - Parameters:
    ///   - lines: the lines of body text.
    ///   - size: their size, on average.
    init(of lines: [PDFLayout.Line], size: Float, in layout: PDFLayout) {
        guard lines.reduce(0, { $0 + $1.words.count }) >= 30 else { return }
        learn(from: lines, size, layout)
        // Once more without the lines that are not in the body's font.
        let plain = lines.filter { abs((factor(of: $0, in: layout, size: size) ?? 1) - 1) < 0.03 }
        guard plain.count * 2 > lines.count else { return }
        if plain.count < lines.count { learn(from: plain, size, layout) }
        setBoldFactor(plain, size, layout)
    }

    private mutating func learn(from lines: [PDFLayout.Line], _ size: Float, _ layout: PDFLayout) {
        let step = max(1, lines.reduce(0) { $0 + $1.words.count } / Self.samples)
        var samples: [(scalars: [Int], width: Float)] = []
        var index = 0
        for line in lines {
            for word in line.words {
                index += 1
                guard index.isMultiple(of: step), let scalars = Self.scalars(of: layout.words[word], in: layout)
                else { continue }
                samples.append((scalars, layout.words[word].length / size))
            }
        }
        occurrences = [Int32](repeating: 0, count: Self.maximumScalar)
        for sample in samples { for scalar in sample.scalars { occurrences[scalar] += 1 } }
        // Kaczmarz's method: each word corrects the widths of its own letters.
        for _ in 0..<Self.passes {
            for sample in samples {
                let error = sample.width - sample.scalars.reduce(0) { $0 + widths[$1] }
                let share = error / Float(sample.scalars.count)
                for scalar in sample.scalars { widths[scalar] += share / 2 }
            }
        }
        let capitals = widths.indices.filter { occurrences[$0] >= Self.minimumOccurrences && Self.isCapital($0) }
        let proportions = capitals.map { widths[$0] / Self.proportion(ofCapital: $0) }.sorted()
        capital = proportions.isEmpty ? 0 : proportions[proportions.count / 2]
    }

    /// The body text's own lines differ from the prediction by spacing, kerning and emphasised words.
    private mutating func setBoldFactor(_ lines: [PDFLayout.Line], _ size: Float, _ layout: PDFLayout) {
        let factors = lines.prefix(400).compactMap { factor(of: $0, in: layout, size: size) }.sorted()
        guard factors.count >= 5 else { return }
        let median = factors[factors.count / 2]
        let deviations = factors.map { abs($0 - median) }.sorted()
        boldFactor = max(1.022, median + 4 * deviations[deviations.count / 2])
    }

    /// How many times wider a line's words are than they would be in the body text's font of this size; nil if too many
    /// letters are unknown.
    func factor(of line: PDFLayout.Line, in layout: PDFLayout, size: Float) -> Float? {
        var actual: Float = 0
        var expected: Float = 0
        var letters = 0
        var unknown = 0
        for word in line.words {
            guard let scalars = Self.scalars(of: layout.words[word], in: layout), let width = width(of: scalars)
            else {
                unknown += Int(layout.words[word].end - layout.words[word].start)
                continue
            }
            actual += layout.words[word].length
            expected += width * size
            letters += scalars.count
        }
        guard letters >= 4, letters > unknown, expected > 0 else { return nil }
        return actual / expected
    }

    /// The width of a word; nil if a letter is unknown. Titles begin with capitals that are rare in a short text, so these
    /// are estimated.
    private func width(of scalars: [Int]) -> Float? {
        var width: Float = 0
        for scalar in scalars {
            if occurrences[scalar] >= Self.minimumOccurrences {
                width += widths[scalar]
            } else if Self.isCapital(scalar), capital > 0 {
                width += capital * Self.proportion(ofCapital: scalar)
            } else {
                return nil
            }
        }
        return width
    }

    private static func isCapital(_ scalar: Int) -> Bool {
        Unicode.Scalar(UInt32(scalar))?.properties.isUppercase ?? false
    }

    /// The width of a capital in proportion to that of most capitals.
    private static func proportion(ofCapital scalar: Int) -> Float {
        switch UInt8(truncatingIfNeeded: scalar) {
        case UInt8(ascii: "M"), UInt8(ascii: "W"): 1.35
        case UInt8(ascii: "I"), UInt8(ascii: "J"): 0.5
        default: 1
        }
    }

    private static func scalars(of word: PDFLayout.Word, in layout: PDFLayout) -> [Int]? {
        var scalars: [Int] = []
        var index = Int(word.start)
        while index < Int(word.end) {
            let byte = layout.bytes[index]
            if byte < 0x80 {
                scalars.append(Int(byte))
                index += 1
            } else if byte & 0xE0 == 0xC0, index + 1 < Int(word.end) {
                scalars.append((Int(byte & 0x1F) << 6 | Int(layout.bytes[index + 1] & 0x3F)) % maximumScalar)
                index += 2
            } else {
                return nil
            }
        }
        return scalars.isEmpty || scalars.count > 40 ? nil : scalars
    }
}
