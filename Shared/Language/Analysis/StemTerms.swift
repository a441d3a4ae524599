extension TextLanguage {
    /// The bytes that begin a stem of the language in the index.
    public var stemPrefix: [UInt8] { stemByte.map { [$0] } ?? [] }

    /// The alphabet of the language; none for languages whose words are not stemmed.
    var alphabet: Alphabet? {
        switch self {
        case .arabic: .arabic
        case .greek: .greek
        case .hindi: .devanagari
        case .russian: .cyrillic
        case .danish, .dutch, .english, .finnish, .french, .german, .hungarian, .italian, .norwegian, .portuguese,
            .romanian, .spanish, .swedish, .turkish, .vietnamese:
            .latin
        default: nil
        }
    }
}

/// The alphabets of the languages with stems.
enum Alphabet {
    case latin, greek, cyrillic, arabic, devanagari

    /// The alphabet that a letter in lower case belongs to.
    init?(of letter: UInt32) {
        switch letter {
        case 0x61...0x7A, 0xDF...0x24F, 0x1E00...0x1EFF: self = .latin
        case 0x370...0x3FF, 0x1F00...0x1FFF: self = .greek
        case 0x400...0x52F: self = .cyrillic
        case 0x600...0x6FF, 0x750...0x77F: self = .arabic
        case 0x900...0x97F: self = .devanagari
        default: return nil
        }
    }
}
