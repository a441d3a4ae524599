extension StopWords {
    static let english: Set<String> = [
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
}
