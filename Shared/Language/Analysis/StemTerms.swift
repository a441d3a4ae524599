extension TextLanguage {
    /// The bytes that begin a stem of the language in the index. They are stored, so they never change.
    public var stemPrefix: [UInt8] {
        let byte: UInt8 =
            switch self {
            case .arabic: 0x01
            case .danish: 0x02
            case .dutch: 0x03
            case .english: 0x04
            case .finnish: 0x05
            case .french: 0x06
            case .german: 0x07
            case .greek: 0x08
            case .hindi: 0x09
            case .hungarian: 0x0A
            case .italian: 0x0B
            case .norwegian: 0x0C
            case .portuguese: 0x0D
            case .romanian: 0x0E
            case .russian: 0x0F
            case .spanish: 0x10
            case .swedish: 0x11
            case .turkish: 0x12
            case .chinese: 0x13
            case .japanese: 0x14
            case .korean: 0x15
            case .thai: 0x16
            case .vietnamese: 0x17
            }
        return [byte]
    }

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
        case .chinese, .japanese, .korean, .thai: nil
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
