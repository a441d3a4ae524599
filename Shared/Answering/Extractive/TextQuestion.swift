/// A question of a text, as on pages of frequent questions. What stands below it, up to the next one, answers it. The
/// question itself is never an answer.
struct TextQuestion {
    /// The index of its sentence.
    let sentence: Int
    /// The first line below it that is no question.
    private var answerLine: Int?

    init(sentence: Int) { self.sentence = sentence }

    enum Place {
        case firstSentence, firstLine, later

        /// The first line answers the question, whatever it is about.
        var factor: Double {
            switch self {
            case .firstSentence: 1.5
            case .firstLine: 1.3
            case .later: 1
            }
        }
    }

    /// Where the next sentence stands below the question.
    mutating func place(ofNextOn line: Int) -> Place {
        guard let answerLine else {
            answerLine = line
            return .firstSentence
        }
        return line == answerLine ? .firstLine : .later
    }

    /// Whether a sentence is a question, also in bold and in quotes.
    static func isQuestion(_ sentence: String) -> Bool {
        let last = sentence.unicodeScalars.last { !closers.contains($0) }
        return last.map { marks.contains($0) } ?? false
    }

    private static let marks = Set("?？؟".unicodeScalars)
    private static let closers = Set(" *_\"'”“’»«)）]」』".unicodeScalars)
}
