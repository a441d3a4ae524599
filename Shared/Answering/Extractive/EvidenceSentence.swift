/// A sentence of a passage.
struct EvidenceSentence {
    /// The text with each run of white space collapsed to one space.
    let text: String
    let words: [TextWord]
    /// How well it has each term of the question, from 0 to 1.
    let presence: [Double]
    /// The terms that are followed in it by the term that follows them in the question.
    let neighbours: Set<Int>
    /// The terms that it has spelt exactly as the question.
    let spelled: Set<Int>
    /// The index of its passage.
    let passage: Int
    /// The number of its line in the passage. Each list item is a line.
    let line: Int
    let isItem: Bool
    /// Whether it is a row of a table, with the names of its columns.
    let isRow: Bool
    /// A heading or a table-of-contents entry, which does not answer anything.
    let isHeading: Bool
    /// The index of the sentence that introduces its list (`…, provided that:`) or table.
    let leadIn: Int?
    /// The index of the question below which it stands, as on pages of frequent questions.
    let asked: Int?
    /// Where it stands below that question.
    let place: TextQuestion.Place?
    /// Whether it introduces a list or a table.
    let isLeadIn: Bool

    /// The sentence without which it does not make sense. A row with names does.
    var introduction: Int? { isRow ? nil : leadIn }

    /// The number of words; in scripts that do not separate them, about that.
    var wordCount: Int {
        let count = words.reduce(0.0) { sum, word in
            switch word.kind {
            case .word: sum + 1
            case .letter: sum + QuestionTerm.words(ofLetter: word.text)
            case .spelling, .pair: sum
            }
        }
        return Int(count.rounded(.up))
    }

    /// What tells whether two sentences say the same.
    var roots: Set<Int> { Set(words.lazy.filter { $0.kind == .word || $0.kind == .pair }.map(\.root)) }
}
