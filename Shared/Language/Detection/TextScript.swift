/// The writing systems that languages are told by.
public enum TextScript: Int, CaseIterable, Sendable {
    case latin, cyrillic, greek, arabic, hebrew, devanagari, han, kana, hangul, thai, other

    /// The script of a letter; nil if it is none, or a sign of several scripts.
    public init?(of letter: UInt32) {
        switch letter {
        case 0x41...0x5A, 0x61...0x7A, 0xAA, 0xBA, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x24F, 0x1E00...0x1EFF:
            self = .latin
        case 0x400...0x52F: self = .cyrillic
        case 0x370...0x373, 0x376...0x37D, 0x386...0x3FF, 0x1F00...0x1FFF: self = .greek
        case 0x5D0...0x5F2: self = .hebrew
        case 0x620...0x64A, 0x66E...0x6D3, 0x6FA...0x6FF, 0x750...0x77F, 0xFB50...0xFDFF, 0xFE70...0xFEFC:
            self = .arabic
        case 0x904...0x963, 0x970...0x97F: self = .devanagari
        case 0xE01...0xE3A, 0xE40...0xE4E: self = .thai
        case 0x3041...0x30FA, 0x31F0...0x31FF, 0xFF66...0xFF9D: self = .kana
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: self = .han
        case 0x1100...0x11FF, 0x3131...0x318E, 0xAC00...0xD7A3: self = .hangul
        case 0x250...0x2FF, 0x530...0x58F, 0x700...0x8FF, 0x980...0xDFF, 0xE80...0x10FF, 0x1200...0x1DFF: self = .other
        default: return nil
        }
    }
}

extension TextLanguage {
    /// The script of the language. Serbian is also written in Latin letters, Japanese also in Han.
    public var script: TextScript {
        switch self {
        case .arabic, .persian: .arabic
        case .bulgarian, .russian, .serbian, .ukrainian: .cyrillic
        case .chinese: .han
        case .greek: .greek
        case .hebrew: .hebrew
        case .hindi: .devanagari
        case .japanese: .kana
        case .korean: .hangul
        case .thai: .thai
        case .catalan, .croatian, .czech, .danish, .dutch, .english, .finnish, .french, .galician, .german, .hungarian,
            .indonesian, .italian, .norwegian, .polish, .portuguese, .romanian, .slovak, .spanish, .swedish, .turkish,
            .vietnamese:
            .latin
        }
    }

    /// Whether words of the language can have letters of a script.
    public func uses(_ script: TextScript) -> Bool {
        switch (self, script) {
        case (.japanese, .han), (.korean, .han), (.serbian, .latin): true
        default: self.script == script
        }
    }
}
