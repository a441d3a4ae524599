/// One condition of a search: a word, or a phrase of several words.
public struct QueryClause: Hashable, Sendable {
    public enum Occurrence: Sendable {
        /// Raises the score. A passage must contain at least one such clause unless others are required.
        case should
        /// Raises the score, and every hit contains it.
        case must
        /// No hit contains it.
        case mustNot
        /// Raises the score of what other clauses find, and finds nothing by itself: function words, neighbours in the
        /// query that are neighbours in the text. The inverse document frequencies of its words are averaged, so that
        /// nobody counts the phrase.
        case bonus
    }

    /// A term of the index that a word is found by.
    public struct Term: Hashable, Sendable {
        /// The term's bytes in the index.
        public var bytes: [UInt8]
        /// How much an occurrence counts, up to 1 for the form as typed.
        public var weight: Double

        /// Whether every term counts that begins with these bytes. Only in bonuses of one word.
        public var isPrefix: Bool

        public init(bytes: [UInt8], weight: Double = 1, isPrefix: Bool = false) {
            self.bytes = bytes
            self.weight = weight
            self.isPrefix = isPrefix
        }
    }

    public var occurrence: Occurrence
    /// A factor of the score.
    public var boost: Double
    /// The words of the clause, each as its alternative terms. Those of a phrase follow one another in the text.
    public var words: [[Term]]

    public init(_ occurrence: Occurrence, _ words: [[Term]], boost: Double = 1) {
        self.occurrence = occurrence
        self.words = words
        self.boost = boost
    }
}
