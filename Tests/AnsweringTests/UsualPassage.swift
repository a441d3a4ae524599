@testable import Answering

extension EvidencePassage {
    /// The word score of a passage that has most words of a question.
    static let usualWordScore = 0.3
}
