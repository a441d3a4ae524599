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
    case chinese = "zh"
    case japanese = "ja"
    case korean = "ko"
    case thai = "th"
    case vietnamese = "vi"
}
