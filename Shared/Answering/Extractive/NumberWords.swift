import Wire

/// Numbers in words.
enum NumberWords {
    static func contains(_ word: String) -> Bool { small[word] != nil || large.contains(word) }

    /// The number in digits; nil for other words and for large numbers.
    static func digits(of word: String) -> String? { small[word] }

    /// From two on, because "one" is seldom a number.
    private static let small: [String: String] = {
        let languages = [
            "two three four five six seven eight nine ten eleven twelve",
            "zwei drei vier funf sechs sieben acht neun zehn elf zwolf",
            "deux trois quatre cinq six sept huit neuf dix onze douze",
            "dos tres cuatro cinco seis siete ocho nueve diez once doce",
            "due tre quattro cinque sei sette otto nove dieci undici dodici",
        ]
        var numbers: [String: String] = [:]
        for words in languages {
            for (offset, word) in words.split(separator: " ").enumerated() {
                if !notNumbers.contains(String(word)) { numbers[String(word)] = "\(offset + 2)" }
            }
        }
        return numbers
    }()

    /// Words that are more often something else in another language: "due", "once", "Sept.".
    private static let notNumbers: Set<String> = ["dos", "due", "elf", "once", "sei", "sept"]

    private static let large: Set<String> = Set(
        """
        twenty thirty forty fifty sixty hundred thousand million zwanzig dreissig vierzig funfzig hundert tausend \
        millionen \
        vingt trente cent mille veinte treinta cien mil venti trenta cento
        """.split(separator: " ").map(String.init))
}
