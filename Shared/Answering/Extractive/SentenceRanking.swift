/// A sentence and how well it answers.
struct RankedSentence {
    /// Its index among the sentences of the evidence.
    let index: Int
    let score: Double
}

/// Rates sentences against the question, and refuses (returns nothing) if the documents hold no answer.
enum SentenceRanking {
    /// The share of the question's weight that an answer must cover: for one or two terms, and for more.
    private static let fewTermsCoverage = 0.85
    private static let manyTermsCoverage = 0.7
    /// The same for pairs of letters in scripts that do not separate words, where some pairs are not words.
    private static let pairCoverage = 0.6
    /// The share that the sentence itself must cover; its heading counts half.
    private static let ownCoverage = 0.34
    /// The share of what an amount belongs to.
    private static let subjectCoverage = 0.5
    /// The weight of a term in the heading, in an adjacent sentence, and elsewhere in the passage.
    private static let inHeading = 0.7
    private static let nearby = 0.4
    private static let inPassage = 0.25

    /// How well a newer version of a document must answer to win, as a share of the best score of any version.
    private static let newerVersion = 0.4

    /// The sentences that an answer can use, best first. Empty if the passages do not answer the question.
    static func rank(_ evidence: Evidence, for question: ParsedQuestion) -> [RankedSentence] {
        let needed = question.terms.indices.filter { !question.terms[$0].isWeak }
        guard !needed.isEmpty, !lacksSpecifics(evidence, question) else { return [] }
        // Texts may say "cure" where the question says "fix", so a missing action alone must not prevent an answer.
        let ordinary = median(of: needed.filter { !question.terms[$0].isAction }.map { evidence.weights[$0] })
        // In scripts that do not separate words, a pair that never occurs must not outweigh one that is a word. Mixed
        // with other words, the pairs of a run weigh as much as one word together.
        let isUnspaced = needed.allSatisfy { question.terms[$0].isUnspaced }
        let weights = evidence.weights.enumerated().map { term, weight -> Double in
            if isUnspaced { return 1 }
            let size = question.runs.first { $0.contains(term) }?.count ?? 1
            return (question.terms[term].isAction ? min(weight, ordinary ?? weight) : weight) / Double(size)
        }
        let total = needed.reduce(0) { $0 + weights[$1] }
        let threshold = isUnspaced ? pairCoverage : needed.count <= 2 ? fewTermsCoverage : manyTermsCoverage
        let topScore = evidence.passages.map(\.score).max() ?? 0
        var ranked: [RankedSentence] = []
        for index in evidence.sentences.indices {
            guard !evidence.sentences[index].isHeading else { continue }
            let view = SentenceView(evidence, index)
            let coverage = needed.reduce(0) { $0 + weights[$1] * presence(of: $1, in: view, question) }
            let own = needed.reduce(0) { $0 + weights[$1] * view.ownPresence(of: $1) }
            guard coverage >= threshold * total, own >= ownCoverage * total, !lacksWord(view, question),
                isAboutSubject(view, question, needed, weights)
            else { continue }
            // A text that mentions "life" does not necessarily say what life is.
            if question.asksForMeaning, needed.count == 1, !view.context.contains(needed[0]),
                !AnswerShape.isAbout(view.sentence, question)
            {
                continue
            }
            let relevance = question.terms.indices.reduce(0) { sum, term in
                let weight = weights[term] * (question.terms[term].isWeak ? 0.25 : 1)
                return sum + weight * closeness(of: term, in: view)
            }
            let passageScore = topScore > 0 ? max(0, view.passage.score) / topScore : 1
            let score =
                relevance / total * AnswerShape.factor(of: view.sentence, for: question)
                * headingFactor(view, needed) * adjacencyFactor(view.sentence, question)
                * nameFactor(view, question, evidence.weights) * (0.7 + 0.3 * passageScore)
                * answerFactor(view, needed)
            ranked.append(RankedSentence(index: index, score: score))
        }
        ranked.sort { ($0.score, $1.index) > ($1.score, $0.index) }
        return withoutOlderVersions(ranked, evidence)
    }

    /// Of the versions of a document, only the newest one that answers, unless an older one answers much better.
    private static func withoutOlderVersions(_ ranked: [RankedSentence], _ evidence: Evidence) -> [RankedSentence] {
        func passage(of sentence: RankedSentence) -> EvidencePassage {
            evidence.passages[evidence.sentences[sentence.index].passage]
        }
        var best: [String: Double] = [:]
        var newest: [String: String] = [:]
        for sentence in ranked {
            let passage = passage(of: sentence)
            guard let version = passage.version else { continue }
            let top = best[passage.documentName] ?? sentence.score
            best[passage.documentName] = top
            guard sentence.score >= newerVersion * top else { continue }
            newest[passage.documentName] = max(newest[passage.documentName] ?? "", version.date)
        }
        return ranked.filter { sentence in
            let passage = passage(of: sentence)
            guard let version = passage.version, let date = newest[passage.documentName] else { return true }
            return version.date == date
        }
    }

    private static func median(of weights: [Double]) -> Double? {
        weights.isEmpty ? nil : weights.sorted()[weights.count / 2]
    }

    /// Whether a name or number in the question is missing from all passages.
    private static func lacksSpecifics(_ evidence: Evidence, _ question: ParsedQuestion) -> Bool {
        question.terms.indices.contains { term in
            question.terms[term].isSpecific
                && !evidence.passageTerms.contains { $0.contains(term) }
                && !evidence.contextTerms.contains { $0.contains(term) }
        }
    }

    /// In scripts that do not separate words: whether a word is missing, that is, a single letter or two adjacent pairs
    /// of a run. One pair may be missing, because it may span two words.
    private static func lacksWord(_ view: SentenceView, _ question: ParsedQuestion) -> Bool {
        guard question.terms.contains(where: \.isUnspaced) else { return false }
        let isMissing = question.terms.indices.map { view.presence(of: $0) == 0 }
        let inRuns = Set(question.runs.joined())
        let lacksLetter = question.terms.indices.contains { term in
            let word = question.terms[term]
            return word.isUnspaced && !word.isWeak && isMissing[term] && !inRuns.contains(term)
        }
        return lacksLetter
            || question.runs.contains { run in
                run.indices.contains { place in
                    run[max(place - 1, 0)...min(place + 1, run.count - 1)].allSatisfy { isMissing[$0] }
                }
            }
    }

    /// An amount answers where it stands: one of the next sentence belongs to something else.
    private static func presence(of term: Int, in view: SentenceView, _ question: ParsedQuestion) -> Double {
        guard question.terms[term].measure != nil else { return view.presence(of: term) }
        return view.sentence.terms.contains(term) ? 1 : 0
    }

    /// Whether an amount is one of what the question asks about: the sentence, the one before it or the heading names most
    /// of it. Texts are full of amounts.
    private static func isAboutSubject(
        _ view: SentenceView, _ question: ParsedQuestion, _ needed: [Int], _ weights: [Double]
    ) -> Bool {
        let subject = needed.filter { question.terms[$0].measure == nil }
        guard subject.count < needed.count else { return true }
        let total = subject.reduce(0) { $0 + weights[$1] }
        let named = subject.reduce(0) { $0 + weights[$1] * view.namedPresence(of: $1) }
        return named >= subjectCoverage * total
    }

    private static func closeness(of term: Int, in view: SentenceView) -> Double {
        if view.sentence.terms.contains(term) { return 1 }
        if view.context.contains(term) { return inHeading }
        if view.neighbours.contains(term) { return nearby }
        return view.passageTerms.contains(term) ? inPassage : 0
    }

    /// Names and numbers define the topic. Passages without them score less; sentences that spell them exactly as the
    /// question does score more.
    private static func nameFactor(
        _ view: SentenceView, _ question: ParsedQuestion, _ weights: [Double]
    ) -> Double {
        let names = question.terms.indices.filter { question.terms[$0].isSpecific }
        let total = names.reduce(0) { $0 + weights[$1] }
        guard total > 0 else { return 1 }
        let missing = names.reduce(0) {
            view.passageTerms.contains($1) || view.context.contains($1) ? $0 : $0 + weights[$1]
        }
        let exact = names.reduce(0) {
            view.sentence.surfaces.contains(question.terms[$1].surface) ? $0 + weights[$1] : $0
        }
        return 1 - 0.85 * missing / total + 0.3 * exact / total
    }

    /// Words that are adjacent both in the question and in the sentence belong together.
    private static func adjacencyFactor(
        _ sentence: EvidenceSentence, _ question: ParsedQuestion
    ) -> Double {
        let pairs = zip(question.terms, question.terms.dropFirst())
            .filter { !$0.isWeak && !$1.isWeak }
        let found = pairs.count { sentence.bigrams.contains("\($0.stem) \($1.stem)") }
        return pairs.isEmpty ? 1 : 1 + 0.25 * Double(found) / Double(pairs.count)
    }

    /// A section whose heading repeats the question probably answers it.
    private static func headingFactor(_ view: SentenceView, _ needed: [Int]) -> Double {
        let share = Double(needed.count { view.context.contains($0) }) / Double(needed.count)
        return share >= wholeQuestion ? 1.4 : 1 + 0.2 * share
    }

    /// The share of the terms that make a heading or a question of the text the same as the question.
    private static let wholeQuestion = 0.75

    private static func answerFactor(_ view: SentenceView, _ needed: [Int]) -> Double {
        let share = Double(needed.count { view.asked.contains($0) }) / Double(needed.count)
        return share >= wholeQuestion ? view.sentence.place?.factor ?? 1 : 1
    }
}

/// A sentence in its context.
struct SentenceView {
    let sentence: EvidenceSentence
    let passage: EvidencePassage
    /// The terms of its heading, its document's name and the question below which it stands.
    let context: Set<Int>
    /// The terms of that question.
    let asked: Set<Int>
    let passageTerms: Set<Int>
    /// The terms of the sentences before and after it, and of its list's lead-in.
    let neighbours: Set<Int>
    /// The terms of the sentence before it in its paragraph, and of its list's lead-in.
    let preceding: Set<Int>

    init(_ evidence: Evidence, _ index: Int) {
        let sentence = evidence.sentences[index]
        self.sentence = sentence
        passage = evidence.passages[sentence.passage]
        asked = sentence.asked.map { evidence.sentences[$0].terms } ?? []
        context = evidence.contextTerms[sentence.passage].union(asked)
        passageTerms = evidence.passageTerms[sentence.passage]
        var terms: Set<Int> = []
        for near in [index - 1, index + 1, sentence.introduction ?? -1]
        where evidence.sentences.indices.contains(near)
            && evidence.sentences[near].passage == sentence.passage
        {
            terms.formUnion(evidence.sentences[near].terms)
        }
        neighbours = terms
        let before = evidence.sentences.indices.contains(index - 1) ? evidence.sentences[index - 1] : nil
        let isContinued = before?.passage == sentence.passage && before?.line == sentence.line
        preceding = (isContinued ? before?.terms ?? [] : [])
            .union(sentence.introduction.map { evidence.sentences[$0].terms } ?? [])
    }

    /// 1 if the term is in the sentence, less if it is in the heading, the sentence before or the lead-in.
    func namedPresence(of term: Int) -> Double {
        sentence.terms.contains(term) ? 1 : context.contains(term) || preceding.contains(term) ? 0.6 : 0
    }

    /// 1 if the term is in the sentence, its heading or its neighbours; less elsewhere in the passage.
    func presence(of term: Int) -> Double {
        if sentence.terms.contains(term) || context.contains(term) || neighbours.contains(term) {
            return 1
        }
        return passageTerms.contains(term) ? 0.8 : 0
    }

    func ownPresence(of term: Int) -> Double {
        sentence.terms.contains(term) ? 1 : context.contains(term) ? 0.5 : 0
    }
}
