/// A sentence in its context.
struct SentenceView {
    let sentence: EvidenceSentence
    let passage: EvidencePassage
    /// How well its heading, its document's name and the question below which it stands have each term.
    let context: [Double]
    /// How well that question has each term.
    let asked: [Double]
    /// How well any sentence of its passage has each term.
    let whole: [Double]
    /// How well the sentences before and after it, and its list's lead-in, have each term.
    let neighbours: [Double]
    /// How well the sentence before it in its paragraph, and its list's lead-in, have each term.
    let preceding: [Double]

    init(_ evidence: Evidence, _ index: Int) {
        let sentence = evidence.sentences[index]
        self.sentence = sentence
        passage = evidence.passages[sentence.passage]
        let nothing = [Double](repeating: 0, count: sentence.presence.count)
        asked = sentence.asked.map { evidence.sentences[$0].presence } ?? nothing
        context = zip(evidence.contexts[sentence.passage], asked).map(max)
        whole = evidence.wholes[sentence.passage]
        func presence(_ near: Int?) -> [Double] {
            guard let near, evidence.sentences.indices.contains(near),
                evidence.sentences[near].passage == sentence.passage
            else { return nothing }
            return evidence.sentences[near].presence
        }
        let leadIn = presence(sentence.introduction)
        let before = presence(index - 1)
        neighbours = zip(zip(before, presence(index + 1)).map(max), leadIn).map(max)
        let isContinued = index > 0 && evidence.sentences[index - 1].line == sentence.line
        preceding = isContinued ? zip(before, leadIn).map(max) : leadIn
    }

    /// Less if the term is not in the sentence, but in the heading, the sentence before or the lead-in.
    func named(_ term: Int) -> Double { max(sentence.presence[term], 0.6 * context[term], 0.6 * preceding[term]) }

    /// How well the sentence, its heading or its neighbours have a term; less if only the rest of the passage does.
    func presence(of term: Int) -> Double {
        max(sentence.presence[term], context[term], neighbours[term], 0.8 * whole[term])
    }

    func own(_ term: Int) -> Double { max(sentence.presence[term], 0.5 * context[term]) }

    /// The nearer a term is to the sentence, the more.
    func closeness(of term: Int) -> Double {
        max(sentence.presence[term], 0.7 * context[term], 0.4 * neighbours[term], 0.25 * whole[term])
    }

    /// Whether the passage says nothing of a term.
    func lacks(_ term: Int) -> Bool { whole[term] == 0 && context[term] == 0 }
}
