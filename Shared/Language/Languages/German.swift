extension StopWords {
    static let german: Set<String> = [
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
}
