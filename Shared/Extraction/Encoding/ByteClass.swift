/// What kind of sign a byte stands for in an encoding, and how well two signs go together.
///
/// In the wrong encoding, letters stand beside signs of other scripts, capitals within words, and signs that nobody
/// uses. Costs are information in half bits.
enum ByteClass: Int, CaseIterable {
    case space, digit, punctuation
    case asciiLower, asciiUpper
    case latinLower, latinUpper
    /// Letters of other scripts, with case and without.
    case otherLower, otherUpper, caseless
    case mark
    /// A sign that joins words, such as an apostrophe.
    case joiner
    case quote, symbol, box, undefined

    init(ascii byte: UInt8) {
        self =
            switch byte {
            case 0...0x20, 0x7F: .space
            case 0x30...0x39: .digit
            case 0x41...0x5A: .asciiUpper
            case 0x61...0x7A: .asciiLower
            default: .punctuation
            }
    }

    init(_ scalar: Unicode.Scalar) {
        let properties = scalar.properties
        switch properties.generalCategory {
        case .lowercaseLetter where scalar != "ª" && scalar != "º":
            self = Self.isLatin(scalar) ? .latinLower : .otherLower
        case .uppercaseLetter, .titlecaseLetter: self = Self.isLatin(scalar) ? .latinUpper : .otherUpper
        case .otherLetter where scalar.value > 0xFF, .modifierLetter where scalar.value > 0x370: self = .caseless
        case .nonspacingMark, .spacingMark: self = .mark
        case .spaceSeparator: self = .space
        default:
            switch scalar.value {
            case 0x2500...0x25A0: self = .box
            case 0xFFFD: self = .undefined
            case 0x2019, 0xB7, 0xAD, 0x2013, 0x200C...0x200F: self = .joiner
            default: self = Self.signCosts[scalar] == Self.commonSign ? .quote : .symbol
            }
        }
    }

    private static func isLatin(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x250 || 0x1E00..<0x1F00 ~= scalar.value
    }

    // MARK: Signs

    private static let commonSign = 14

    /// The cost of a sign that is not a letter.
    static func cost(of sign: Unicode.Scalar) -> Int {
        if let cost = signCosts[sign] { return cost }
        switch sign.value {
        case 0x2500...0x25A0: return 21
        case 0xFFFD: return 70
        default: return 30
        }
    }

    private static let signCosts: [Unicode.Scalar: Int] = {
        var costs: [Unicode.Scalar: Int] = ["\u{A0}": 16, "\u{AD}": 16, "\u{200C}": 12, "\u{200E}": 16, "\u{200F}": 16]
        let groups: [(String, Int)] = [
            ("“”„’‘«»–—…€§°•№،؟؛·", commonSign), ("©®™½²³±×µ£‚‹›º´¿¡", 17), ("ª¼¾¶†‡‰¥÷¬¹", 23), ("¤", 44),
        ]
        for (signs, cost) in groups { for sign in signs.unicodeScalars { costs[sign] = cost } }
        return costs
    }()

    // MARK: Neighbours

    var isAlphabetic: Bool { Self.asciiLower.rawValue...Self.mark.rawValue ~= rawValue }
    var isLatin: Bool { Self.asciiLower.rawValue...Self.latinUpper.rawValue ~= rawValue }
    var isLower: Bool { self == .asciiLower || self == .latinLower || self == .otherLower }
    var isUpper: Bool { self == .asciiUpper || self == .latinUpper || self == .otherUpper }
    private var isASCII: Bool { rawValue <= Self.asciiUpper.rawValue }

    /// The costs of pairs, by `first * count + second`.
    static let pairs: [Int] = allCases.flatMap { first in allCases.map { cost(of: first, before: $0) } }
    static let count = allCases.count

    private static func cost(of first: ByteClass, before second: ByteClass) -> Int {
        // Pairs of ASCII are the same in all encodings.
        if first.isASCII && second.isASCII { return 0 }
        switch (first, second) {
        case (_, .mark): return first.isAlphabetic && first != .asciiUpper ? 0 : 14
        case _ where first.isAlphabetic && second.isAlphabetic && first != .mark && first.isLatin != second.isLatin:
            return 16
        case _ where first.isLower && second.isUpper: return 18
        case _ where second.isUpper: return first.isUpper ? 1 : 4
        case (.symbol, _) where second.isAlphabetic, (_, .symbol) where first.isAlphabetic: return 10
        case (.box, _) where second.isAlphabetic, (_, .box) where first.isAlphabetic: return 10
        case (.box, .box): return -6
        case (.digit, .otherLower), (.digit, .otherUpper), (.digit, .caseless): return 4
        default: return 0
        }
    }

    /// The cost of a sign between two letters, as in `Gr”áe`.
    static let signWithinWord = 22
    static let joinerWithinWord = 4
    /// The cost of the third of three equal letters.
    static let repeatedLetter = 14
    /// The cost of a small letter behind two capitals.
    static let smallBehindCapitals = 8
    /// The cost of a letter of another script than the last one.
    static let change = 8
    /// What a repeated sign of a drawn line costs less.
    static let repeatedLine = 12
}
