/// A language that a text can be written in. The raw value is its ISO 639-1 code.
public enum TextLanguage: String, CaseIterable, Sendable {
    // Languages with a stemmer.
    case arabic = "ar"
    case danish = "da"
    case dutch = "nl"
    case english = "en"
    case finnish = "fi"
    case french = "fr"
    case german = "de"
    case greek = "el"
    case hindi = "hi"
    case hungarian = "hu"
    case italian = "it"
    case norwegian = "no"
    case portuguese = "pt"
    case romanian = "ro"
    case russian = "ru"
    case spanish = "es"
    case swedish = "sv"
    case turkish = "tr"
    // Languages without one.
    case bulgarian = "bg"
    case catalan = "ca"
    case chinese = "zh"
    case croatian = "hr"
    case czech = "cs"
    case galician = "gl"
    case hebrew = "he"
    case indonesian = "id"
    case japanese = "ja"
    case korean = "ko"
    case persian = "fa"
    case polish = "pl"
    case serbian = "sr"
    case slovak = "sk"
    case thai = "th"
    case ukrainian = "uk"
    case vietnamese = "vi"

    /// The number that marks the language's stems in the index, 1 to 31; nil if the index has none of them. Vietnamese
    /// words with their marks count as stems.
    ///
    /// It is stored, so that a number never changes its meaning. Those from 19 to 22 are not used. Past 31, a number is
    /// written in two bytes.
    public var stemByte: UInt8? {
        switch self {
        case .arabic: 1
        case .danish: 2
        case .dutch: 3
        case .english: 4
        case .finnish: 5
        case .french: 6
        case .german: 7
        case .greek: 8
        case .hindi: 9
        case .hungarian: 10
        case .italian: 11
        case .norwegian: 12
        case .portuguese: 13
        case .romanian: 14
        case .russian: 15
        case .spanish: 16
        case .swedish: 17
        case .turkish: 18
        case .vietnamese: 23
        case .bulgarian, .catalan, .chinese, .croatian, .czech, .galician, .hebrew, .indonesian, .japanese, .korean,
            .persian, .polish, .serbian, .slovak, .thai, .ukrainian:
            nil
        }
    }
}
