extension StopWords {
    static let spanish: Set<String> = [
        "a", "al", "algun", "alguna", "ante", "antes", "asi", "aunque", "cada", "como", "con", "cual",
        "cuales", "cuando", "cuanta", "cuantas", "cuanto", "cuantos", "de", "debe", "deben", "debo", "del",
        "desde", "despues", "donde", "durante", "e", "el", "ella", "ellas", "ellos", "en", "entre", "era",
        "eran", "es", "esa", "ese", "eso", "esta", "estan", "estas", "este", "esto", "estos", "fue", "ha",
        "han", "hasta", "hay", "he", "la", "las", "le", "les", "lo", "los", "mas", "me", "mi", "mis", "muy",
        "ni", "no", "nos", "nosotros", "nuestra", "nuestro", "o", "os", "para", "pero", "por", "porque",
        "puede", "pueden", "puedo", "que", "quien", "quienes", "se", "segun", "ser", "si", "sin", "sobre",
        "son", "soy", "su", "sus", "tambien", "te", "tiene", "tienen", "tengo", "tu", "tus", "un", "una",
        "unas", "uno", "unos", "usted", "ustedes", "y", "ya", "yo",
    ]
}
