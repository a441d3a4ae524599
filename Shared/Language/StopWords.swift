/// Words that carry no topic, folded as ``Tokenizer`` folds (so `don't` is `don` and `t`).
public enum StopWords {
    /// Languages whose function words are known.
    public enum Language: CaseIterable, Sendable { case english, german, french, spanish, italian }

    /// English ones, in text whose language is not known.
    public static func contains(_ folded: String) -> Bool { english.contains(folded) }

    public static func contains(_ folded: String, in language: Language) -> Bool {
        words(of: language).contains(folded)
    }

    /// The language of a query, by its function words. English unless two words at least speak for another,
    /// and more than for English.
    public static func language(of words: some Sequence<String>) -> Language {
        let words = Set(words)
        var best = (language: Language.english, count: max(1, words.intersection(english).count))
        for language in Language.allCases {
            let count = words.intersection(self.words(of: language)).subtracting(english).subtracting(alsoEnglish).count
            if count > best.count { best = (language, count) }
        }
        return best.language
    }

    private static func words(of language: Language) -> Set<String> {
        switch language {
        case .english: english
        case .german: german
        case .french: french
        case .spanish: spanish
        case .italian: italian
        }
    }

    private static let english: Set<String> = [
        "a", "about", "above", "after", "again", "all", "also", "am", "an", "and", "any", "are",
        "aren", "as", "at", "be", "because", "been", "before", "being", "between", "both", "but",
        "by", "can", "cannot", "could", "couldn", "d", "did", "didn", "do", "does", "doesn",
        "doing", "don", "down", "during", "each", "few", "for", "from", "further", "get", "had",
        "hadn", "has", "hasn", "have", "haven", "having", "he", "her", "here", "hers", "him",
        "his", "how", "i", "if", "in", "into", "is", "isn", "it", "its", "just", "ll", "m", "may",
        "me", "might", "mine", "more", "most", "must", "mustn", "my", "need", "no", "nor", "not",
        "now", "of", "off", "on", "once", "only", "or", "other", "our", "ours", "out", "over",
        "own", "please", "re", "s", "same", "shall", "shan", "she", "should", "shouldn", "so",
        "some", "such", "t", "tell", "than", "that", "the", "their", "theirs", "them", "then",
        "there", "these", "they", "this", "those", "through", "to", "too", "under", "until", "up",
        "upon", "us", "ve", "very", "was", "wasn", "we", "were", "weren", "what", "when", "where",
        "whether", "which", "while", "who", "whom", "whose", "why", "will", "with", "within",
        "without", "won", "would", "wouldn", "you", "your", "yours",
    ]

    /// Function words elsewhere that English has, too, with a topic.
    private static let alsoEnglish: Set<String> = [
        "also", "come", "die", "due", "er", "hat", "man", "per", "plus", "pour", "prima", "pro", "sans", "son",
        "sur", "ton", "um", "war",
    ]

    private static let german: Set<String> = [
        "ab", "aber", "alle", "allem", "allen", "aller", "alles", "als", "also", "am", "an", "auch", "auf",
        "aus", "bei", "beim", "bin", "bis", "bitte", "da", "damit", "dann", "darf", "darfst", "das", "dass",
        "dein", "deine", "dem", "den", "denn", "der", "des", "dessen", "dich", "die", "dies", "diese",
        "diesem", "diesen", "dieser", "dieses", "dir", "doch", "du", "durch", "durfen", "ein", "eine",
        "einem", "einen", "einer", "eines", "er", "es", "etwa", "euch", "fur", "gegen", "gibt", "hab", "habe",
        "haben", "hast", "hat", "hatte", "hatten", "hier", "ich", "ihm", "ihn", "ihnen", "ihr", "ihre",
        "ihrem", "ihren", "ihrer", "im", "in", "innerhalb", "ins", "ist", "ja", "jede", "jedem", "jeden",
        "jeder", "jedes", "kann", "kannst", "kein", "keine", "keinem", "keinen", "keiner", "konnen", "man",
        "mein", "meine", "meinem", "meinen", "meiner", "mich", "mir", "mit", "muss", "mussen", "musst",
        "nach", "nicht", "noch", "nun", "nur", "ob", "oder", "ohne", "pro", "schon", "sehr", "sein", "seine",
        "seinem", "seinen", "seiner", "seit", "sich", "sie", "sind", "so", "soll", "sollen", "sollte", "sowie",
        "uber", "um", "und", "uns", "unser", "unsere", "unseren", "unserer", "unter", "viel", "viele",
        "vielen", "vom", "von", "vor", "wann", "war", "waren", "warum", "was", "weil", "welche", "welchem",
        "welchen", "welcher", "welches", "wem", "wen", "wenn", "wer", "werde", "werden", "weshalb", "wie",
        "wieso", "wieviel", "wieviele", "will", "wir", "wird", "wo", "woher", "wohin", "wurde", "wurden",
        "zu", "zum", "zur", "zwischen",
    ]

    private static let french: Set<String> = [
        "a", "ai", "ainsi", "alors", "apres", "as", "au", "aucun", "aucune", "aussi", "aux", "avant", "avec",
        "avez", "avoir", "avons", "c", "ce", "cela", "ces", "cet", "cette", "ceux", "chaque", "chez", "comme",
        "comment", "combien", "d", "dans", "de", "des", "dois", "doit", "doivent", "donc", "du", "elle",
        "elles", "en", "est", "et", "etaient", "etait", "etes", "etre", "eux", "faut", "il", "ils", "j", "je",
        "l", "la", "le", "les", "leur", "leurs", "lors", "lui", "m", "ma", "mais", "me", "mes", "moi", "mon",
        "n", "ne", "ni", "nos", "notre", "nous", "on", "ont", "ou", "par", "pas", "pendant", "peut",
        "peuvent", "peux", "plus", "pour", "pourquoi", "pouvez", "puis", "qu", "quand", "que", "quel",
        "quelle", "quelles", "quels", "qui", "quoi", "s", "sa", "sans", "se", "selon", "ses", "si", "son",
        "sont", "sous", "suis", "sur", "t", "ta", "te", "tes", "toi", "ton", "tous", "tout", "toute",
        "toutes", "tu", "un", "une", "vers", "vos", "votre", "vous", "y",
    ]

    private static let spanish: Set<String> = [
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

    private static let italian: Set<String> = [
        "a", "ad", "agli", "ai", "al", "alla", "alle", "allo", "anche", "c", "che", "chi", "ci", "cio", "come",
        "con", "cos", "cosa", "cui", "d", "da", "dagli", "dai", "dal", "dalla", "dalle", "degli", "dei", "del",
        "dell", "della", "delle", "dello", "deve", "devo", "devono", "di", "dopo", "dove", "due", "e", "ed",
        "essere", "gli", "ha", "hanno", "ho", "i", "il", "in", "io", "l", "la", "le", "lei", "li", "lo",
        "loro", "lui", "ma", "mi", "mia", "mio", "ne", "negli", "nei", "nel", "nell", "nella", "nelle", "no",
        "noi", "non", "nostra", "nostro", "o", "ogni", "per", "perche", "piu", "possiamo", "posso", "possono",
        "prima", "puo", "qual", "quale", "quali", "quando", "quanta", "quante", "quanti", "quanto", "quella",
        "quelle", "quello", "questa", "queste", "questi", "questo", "s", "se", "sei", "senza", "si", "sia",
        "siamo", "sono", "su", "sua", "sue", "sul", "sulla", "suo", "suoi", "tra", "tu", "tutti", "tutto",
        "un", "una", "uno", "vi", "voi",
    ]
}
