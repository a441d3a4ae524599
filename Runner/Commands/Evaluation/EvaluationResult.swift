import Wire

/// The measurements on one collection. A mean is nil if there was nothing to measure.
struct EvaluationResult {
    /// Of searches in one mode.
    struct Search {
        let mode: String
        var nDCG = Mean()
        var recall = Mean()
        var reciprocalRank = Mean()
        /// The right passage is first.
        var first = Mean()
        /// The right passage is among the first five.
        var firstFive = Mean()
        var times = Latencies()
        /// Searches that were cut short (`SEARCH_MAX_MS`).
        var partial = 0
        var failures = Failures()
    }

    /// Of answers.
    struct Chat {
        /// The question got an answer.
        var answered = Mean()
        /// The answer contains the gold answer.
        var golds = Mean()
        /// The first source is the right document.
        var firstSource = Mean()
        /// The words of each answer, separated by white space.
        var words = Mean()
        /// A question that no document answers got no answer.
        var refused = Mean()
        var times = Latencies()
        var failures = Failures()
    }

    /// Requests that got an error.
    struct Failures {
        private(set) var count = 0
        private(set) var first: String?

        mutating func add(_ message: String) {
            count += 1
            if first == nil { first = message }
        }
    }

    let name: String
    var documents = 0
    /// Documents without text.
    var skipped = 0
    var uploadSeconds = 0.0
    var searches: [Search] = []
    /// The modes that were asked for and that the functions do not have.
    var missingModes: [String] = []
    var chat: Chat?

    /// All requests that got an error.
    var failures: [Failures] { searches.map(\.failures) + (chat.map { [$0.failures] } ?? []) }
}
