import Language
import Wire

/// What a question asks the amount of. A text need not repeat the question's word: "It weighs 3 kg." answers "How heavy
/// is it?"
enum Measure: CaseIterable, Sendable {
    case money, mass, length, area, volume, temperature, speed, data
    /// A number of whatever: "How large is the team?"
    case size

    /// Whether a text states an amount: a number with a unit of the measure beside it, as in `3 kg`, `EUR 980` and
    /// `5°C`. For ``size``, a number is enough.
    ///
    /// - Parameters:
    ///   - words: the words of the text.
    ///   - ignored: words of the question, whose numbers are names: "sample S-002".
    func isStated(in words: [TextWord], of text: String, ignoring ignored: Set<String>) -> Bool {
        words.indices.contains { index in
            let word = words[index]
            let digits = word.text.utf8.prefix { ASCII.isDigit($0) }.count
            guard digits > 0 || NumberWords.contains(word.text), !ignored.contains(word.text) else { return false }
            if self == .size { return digits < word.text.utf8.count || counts(words[index...], in: text) }
            return isUnit(String(Substring(word.text.utf8.dropFirst(digits))))
                || words[max(0, index - 1)..<min(words.count, index + 3)].contains { isUnit($0.text) }
                || hasSign(near: word, in: text)
        }
    }

    /// Whether a number counts something: a word or a percent sign follows it. In "port 8443." it is a name.
    private func counts(_ words: ArraySlice<TextWord>, in text: String) -> Bool {
        guard let number = words.first else { return false }
        let behind = text.utf8.dropFirst(number.range.upperBound)
        if behind.prefix(2).contains(UInt8(ascii: "%")) { return true }
        return behind.first == 0x20 && words.dropFirst().first?.range.lowerBound == number.range.upperBound + 1
    }

    private func isUnit(_ word: String) -> Bool { Self.units[self]?.contains(word) ?? false }

    /// Whether a sign that is no word, such as `€`, stands beside a number.
    private func hasSign(near word: TextWord, in text: String) -> Bool {
        guard let signs = Self.signs[self] else { return false }
        let start = max(0, word.range.lowerBound - Self.reach)
        let near = text.utf8.dropFirst(start).prefix(word.range.upperBound - start + Self.reach)
        let copy = String(decoding: Array(near), as: UTF8.self)
        return signs.contains { copy.firstIndex(ofBytes: $0) != nil }
    }

    /// In bytes: a space and the longest sign.
    private static let reach = 4

    private static let signs: [Measure: [String]] = [
        .money: ["€", "$", "£", "¥", "₹", "₽", "₩", "₺", "₴"], .temperature: ["°", "℃", "℉"], .area: ["²"],
        .volume: ["³"], .length: ["″", "′"],
    ]

    /// The measure that a word asks for or names: "how heavy", "what does it weigh", "the price". An amount stands for
    /// it.
    ///
    /// - Parameter language: of the question; nil if it is unknown.
    static func asked(by folded: String, in language: TextLanguage?) -> Measure? {
        language.flatMap { askingWords[$0][folded] }
    }

    private static let askingWords = LanguageTables { language -> [String: Measure] in
        var measures: [String: Measure] = [:]
        for (languages, measure, list) in asking where languages.contains(language) {
            for word in list.description.split(atByte: " ") where measures[String(word)] == nil {
                measures[String(word)] = measure
            }
        }
        return measures
    }

    private static let asking: [(languages: [TextLanguage], measure: Measure, words: StaticString)] = [
        ([.english], .money, "cost costs costing price priced prices expensive"),
        ([.english], .mass, "heavy weigh weighs weight"),
        ([.english], .length, "tall height wide width deep depth thick thickness"),
        ([.english], .area, "area"), ([.english], .volume, "volume"),
        ([.english], .temperature, "hot cold warm temperature"), ([.english], .size, "large big high size"),
        ([.german], .money, "kostet kosten preis preise teuer gebuhr"),
        ([.german], .mass, "schwer wiegt wiegen gewicht"),
        ([.german], .length, "breit breite tief tiefe dick dicke hohe"), ([.german], .area, "flache"),
        ([.german], .temperature, "warm kalt heiss temperatur"), ([.german], .size, "gross grosse"),
        ([.french], .money, "coute coutent cout prix tarif cher"), ([.french], .mass, "pese pesent poids lourd"),
        ([.french], .length, "hauteur largeur longueur profondeur epaisseur haut"),
        ([.french], .area, "superficie surface"), ([.french], .temperature, "temperature chaud froid"),
        ([.french], .size, "grand grande taille"),
        ([.spanish], .money, "cuesta cuestan costo coste precio vale caro tarifa"),
        ([.spanish], .mass, "pesa pesan peso"),
        ([.spanish], .length, "alto altura ancho anchura longitud profundidad mide"),
        ([.spanish], .area, "superficie area"), ([.spanish], .temperature, "temperatura"),
        ([.spanish], .size, "grande tamano"),
        ([.italian], .money, "costa costano costo prezzo tariffa caro"),
        ([.italian], .mass, "pesa pesano peso pesante"),
        ([.italian], .length, "alto altezza largo larghezza lunghezza profondita misura"),
        ([.italian], .area, "superficie area"), ([.italian], .temperature, "temperatura"),
        ([.italian], .size, "grande dimensione dimensioni"),
        ([.portuguese], .money, "custa custam custo preco"), ([.portuguese], .mass, "pesa pesam peso"),
        ([.dutch], .money, "kost kosten prijs duur"), ([.dutch], .mass, "weegt wegen gewicht"),
        ([.swedish], .money, "kostar pris"), ([.danish, .norwegian], .money, "koster pris"),
        ([.polish], .money, "kosztuje kosztuja cena"), ([.polish], .mass, "wazy waga"),
        ([.czech, .slovak], .money, "stoji cena"), ([.romanian], .money, "costa pret pretul"),
        ([.turkish], .money, "fiyati ucreti tutar"), ([.russian], .money, "стоит стоят стоимость цена"),
        ([.russian], .mass, "весит вес"), ([.ukrainian], .money, "коштує ціна"), ([.greek], .money, "κοστιζει τιμη"),
    ]

    /// Names of units as tokens: folded words and symbols, in all languages.
    private static let units: [Measure: Set<String>] = [
        .money: words(
            """
            eur euro euros usd dollar dollars gbp pound pounds chf franc francs franken sek nok dkk krone kronen \
            kronor \
            kroner krona pln zloty czk huf jpy yen cny rmb yuan inr rupee rupees rub rubel ruble rubles cent cents \
            pence \
            dolar dolares libra libras lira peso pesos real reais dollari sterline free gratis kostenlos gratuit
            """),
        .mass: words(
            """
            g kg mg t lb lbs oz gram grams gramm gramme grammes gramos grammi kilogram kilograms kilogramm kilo kilos \
            kilogramme kilogrammes kilogramos chilogrammi ton tons tonne tonnes tonnen tonnellate toneladas pound \
            pounds \
            ounce ounces stone
            """),
        .length: words(
            """
            mm cm m km dm in ft yd mi inch inches foot feet yard yards mile miles metre metres meter meters metern \
            millimetre millimetres millimeter millimeters centimetre centimetres centimeter centimeters zentimeter \
            kilometre kilometres kilometer kilometers kilometern metros metri chilometri kilometros
            """),
        .area: words(
            """
            m2 km2 sqm sqft qm ha hectare hectares hektar acre acres square quadratmeter quadratmetern \
            quadratkilometer \
            carres cuadrados quadrati hectareas ettari
            """),
        .volume: words(
            "l ml cl hl m3 litre litres liter liters litern litros litri gallon gallons cubic kubikmeter pint"),
        .temperature: words("c f k celsius fahrenheit kelvin degree degrees grad degres grados gradi"),
        .speed: words("kmh mph kn kt knots s h second hour stunde sekunde heure seconde hora segundo ora secondo rpm"),
        .data: words("b kb mb gb tb pb kib mib gib tib byte bytes bit bits kbit mbit gbit octets ko mo go"),
    ]

    private static func words(_ list: String) -> Set<String> { Set(list.split(separator: " ").map(String.init)) }
}
