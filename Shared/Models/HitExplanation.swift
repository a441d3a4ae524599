import Wire

/// Why a passage has its score.
public struct HitExplanation: Sendable {
    /// 0 to 1; nil if words were not searched.
    public var words: Double?
    /// 0 to 1; nil if meaning was not searched, or if the passage has no vector yet.
    public var meaning: Double?
    /// What the score by words comes from.
    public var fields: FieldShares
    /// 0 to 1; nil if the passage was not reranked.
    public var rerank: Double?

    public init(of hit: SearchHit, _ fields: FieldShares) {
        (words, meaning, rerank) = (hit.words?.shown, hit.meaning?.shown, hit.reranked?.shown)
        self.fields = fields
    }

    /// The share that each field has in a score by words: they add up to 1, or are all 0.
    public struct FieldShares: Equatable, Sendable {
        public var name = 0.0
        public var heading = 0.0
        public var content = 0.0

        public init() {}

        /// Divides what each field adds to the score.
        public init(name: Double, heading: Double, content: Double) {
            let sum = name + heading + content
            guard sum > 0 else { return }
            (self.name, self.heading, self.content) = (
                (name / sum).shown, (heading / sum).shown, (content / sum).shown
            )
        }
    }
}

extension Double {
    /// To four digits, as scores are shown.
    fileprivate var shown: Double { (self * 10_000).rounded() / 10_000 }
}

extension HitExplanation: Shaped {
    public static let shape = Shape<HitExplanation>(
        "Explanation",
        [
            .nullable("words", "The score by words alone, 0 to 1; null if words were not searched.") { $0.words },
            .nullable(
                "meaning",
                "The score by meaning alone, 0 to 1; null if meaning was not searched, or if the passage has no vector yet."
            ) { $0.meaning },
            .field("fields") { $0.fields },
            .optional("rerank", "What the reranker gives, 0 to 1. Absent if it gave nothing.") { $0.rerank },
        ])
}

extension HitExplanation.FieldShares: Shaped {
    public static let shape = Shape<HitExplanation.FieldShares>(
        "FieldShares",
        [
            .field(
                "name", "The share of the document's name in the score by words. The three add up to 1, or are all 0."
            ) { $0.name },
            .field("heading") { $0.heading },
            .field("content") { $0.content },
        ])
}
