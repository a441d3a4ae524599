extension StopWords {
    static let french: Set<String> = [
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
}
