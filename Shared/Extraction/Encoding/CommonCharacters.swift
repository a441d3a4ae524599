/// The characters of a language of East Asia by how common they are.
struct CommonCharacters: Sendable {
    private let ranks: [Unicode.Scalar: Int]
    private let isUsual: @Sendable (Unicode.Scalar) -> Bool

    static func of(_ encoding: MultiByteEncoding) -> CommonCharacters {
        switch encoding {
        case .shiftJIS, .eucJP: japanese
        case .gb18030: simplified
        case .big5: traditional
        case .eucKR: korean
        }
    }

    private init(_ characters: StaticString, isUsual: @escaping @Sendable (Unicode.Scalar) -> Bool) {
        var ranks: [Unicode.Scalar: Int] = [:]
        for (rank, scalar) in EncodingTables.scalars(of: characters).enumerated() { ranks[scalar] = rank }
        self.ranks = ranks
        self.isUsual = isUsual
    }

    private static let simplified = CommonCharacters(LetterFrequencies.simplifiedChinese, isUsual: { isHan($0) })
    private static let traditional = CommonCharacters(LetterFrequencies.traditionalChinese, isUsual: { isHan($0) })
    private static let japanese = CommonCharacters(
        LetterFrequencies.japanese, isUsual: { isHan($0) || 0x3041...0x30FE ~= $0.value })
    private static let korean = CommonCharacters(
        LetterFrequencies.korean, isUsual: { 0xAC00...0xD7A3 ~= $0.value })

    private static func isHan(_ scalar: Unicode.Scalar) -> Bool { 0x4E00...0x9FA5 ~= scalar.value }

    /// The information of characters in half bits: of those up to a rank.
    private static let steps: [(rank: Int, cost: Int)] = [
        (24, 12), (50, 15), (100, 17), (200, 19), (400, 21), (640, 23),
    ]
    private static let usual = 30
    private static let unusual = 37
    private static let malformed = 70

    static func isAlphabetic(_ scalar: Unicode.Scalar) -> Bool {
        0x3041...0x9FFF ~= scalar.value || 0xAC00...0xD7A3 ~= scalar.value
    }

    func cost(of scalar: Unicode.Scalar, after last: Unicode.Scalar) -> Int {
        if scalar == EncodingTables.none { return Self.malformed }
        if let rank = ranks[scalar] { return Self.steps.first { rank < $0.rank }?.cost ?? Self.usual }
        switch scalar.value {
        case 0x3000...0x3002, 0x300C, 0x300D, 0xFF0C, 0xFF1A, 0x30FB: return 13
        case 0x300E...0x3011, 0x300A, 0x300B, 0xFF01, 0xFF08, 0xFF09, 0xFF1B, 0xFF1F, 0x2018...0x201D, 0x2026, 0x2014:
            return 15
        case 0xFF10...0xFF19, 0xFF21...0xFF3A, 0xFF41...0xFF5A, 0xB7, 0x2460...0x2473, 0x25A0...0x25CF: return 22
        case 0xFF61...0xFF9F: return 0xFF61...0xFF9F ~= last.value ? 14 : 20
        default: return isUsual(scalar) ? Self.usual : Self.unusual
        }
    }
}
