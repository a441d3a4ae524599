/// How much of a question a sentence and its context say: enough to answer it, or not.
struct SentenceSupport {
    /// The share of the question's weight that the sentence, its heading, its neighbours and its passage have.
    let coverage: Double
    /// The share that the sentence itself has; its heading counts half.
    let own: Double
    /// The number of words that an answer needs.
    let words: Double
    /// The share of what an amount belongs to. Texts are full of amounts.
    let subject: Double
    /// Whether it says what a word means, if the question asks for that. A text that mentions "life" does not
    /// necessarily say what life is.
    let isAboutWord: Bool
    /// The most adjacent letters that the context lacks.
    let missingLetters: Int
    /// How well the sentence answers, compared with others.
    let score: Double
    /// The passage's share of the best possible score of a search for the question's words.
    let wordScore: Double
    /// How close the sentence is to the question in meaning; nil if meanings are not compared.
    var meaning: Closeness?

    /// The cosine of the angle between the vectors of a sentence and of the question. How high it is for unrelated
    /// sentences differs between languages.
    struct Closeness {
        let cosine: Double
        /// Of the sentences that were compared.
        let average: Double
    }

    /// For one or two terms, and for more.
    private static let fewTermsCoverage = 0.85
    private static let manyTermsCoverage = 0.7
    private static let letterCoverage = 0.6
    private static let ownCoverage = 0.34
    private static let subjectCoverage = 0.5

    /// Whether it says something of the subject of the question.
    var isOfSubject: Bool { subject >= Self.subjectCoverage && isAboutWord }

    /// Whether it answers, as far as a sentence alone can tell.
    func suffices(for question: Question) -> Bool {
        if confidence >= Self.leastConfidence { return true }
        // Short questions have too few words to be sure, so an answer has nearly all of them.
        let least = words <= 1 ? Self.leastOfOneWord : Self.leastOfFewWords
        guard words <= Self.fewWords, meaning == nil || confidence >= least else { return false }
        let isUnspaced = question.terms.allSatisfy { !$0.isSpaced || $0.isWeak }
        let threshold =
            isUnspaced ? Self.letterCoverage : words <= 2 ? Self.fewTermsCoverage : Self.manyTermsCoverage
        return coverage >= threshold && own >= Self.ownCoverage && missingLetters < 2
    }

    /// The logarithm of the odds that the documents hold an answer. It is a logistic regression on questions in Italian,
    /// Thai, Turkish and Chinese, half of them about documents that are not there. The more words a sentence has in
    /// common with a question, the less it is by chance.
    private var confidence: Double {
        let score = min(score, 1.5)
        let common = own * min(words, 10)
        guard let meaning else { return 1.5 * score + 0.9 * common + 11 * wordScore - 5.8 }
        return 3.3 * score + 0.16 * common + 9.2 * wordScore + 66 * meaning.cosine
            + 10 * (meaning.cosine - meaning.average) - 61.3
    }

    private static let leastConfidence = 2.0
    private static let fewWords = 3.0
    private static let leastOfFewWords = 0.5
    private static let leastOfOneWord = -3.0
}
