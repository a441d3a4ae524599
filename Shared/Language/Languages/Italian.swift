extension StopWords {
    static let italian: Set<String> = [
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
