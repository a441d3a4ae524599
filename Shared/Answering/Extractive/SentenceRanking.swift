/// A sentence and how well it answers.
struct RankedSentence {
    /// Its index among the sentences of the evidence.
    let index: Int
    fileprivate(set) var score: Double
    /// What tells whether it answers at all.
    fileprivate(set) var support: SentenceSupport

    fileprivate func joined(with meaning: SentenceSupport.Closeness) -> RankedSentence {
        var joined = self
        joined.score = max(0, score + Self.meaningWeight * (meaning.cosine - Self.ordinaryCosine))
        joined.support.meaning = meaning
        return joined
    }

    private static let meaningWeight = 5.0
    private static let ordinaryCosine = 0.82
}

/// Rates sentences against the question, and refuses (returns nothing) if the documents hold no answer.
struct SentenceRanking {
    private let evidence: Evidence
    private let question: Question
    /// The terms that an answer needs.
    private let needed: [Int]
    private let weights: [Double]
    private let total: Double
    private let topScore: Double

    /// How well a newer version of a document must answer to win, as a share of the best score of any version.
    private static let newerVersion = 0.4

    init(_ evidence: Evidence, for question: Question) {
        self.evidence = evidence
        self.question = question
        topScore = evidence.passages.map(\.score).max() ?? 0
        let terms = question.terms
        needed = terms.indices.filter { !terms[$0].isWeak }
        // Texts may say "cure" where the question says "fix", so a missing action alone must not prevent an answer.
        let others = needed.filter { !terms[$0].isAction }.map { evidence.weights[$0] }.sorted()
        let ordinary = others.isEmpty ? nil : others[others.count / 2]
        let isMixed = terms.contains { $0.isSpaced }
        weights = evidence.weights.enumerated().map { term, weight in
            let weight = terms[term].isAction ? min(weight, ordinary ?? weight) : weight
            // Beside other words, a run of letters counts as one.
            return isMixed ? weight / Double(terms[term].lettersOfRun) : weight
        }
        total = needed.reduce(0) { [weights] in $0 + weights[$1] }
    }

    /// Whether the question has a word that says what it is about.
    var hasTopic: Bool { !needed.isEmpty }

    /// Whether no sentence can answer, whatever it means: the question has no topic, or a number that no passage has.
    var isHopeless: Bool { !hasTopic || passagesLack { $0.isNumber } }

    /// The sentences that an answer can use, best first. Empty if the passages do not answer the question.
    ///
    /// - Parameter all: the sentences as they are ranked.
    func answers(among all: [RankedSentence]) -> [RankedSentence] {
        guard !isHopeless else { return [] }
        // Where meanings are compared, a name may be written in another way.
        if all.first?.support.meaning == nil, passagesLack(where: { $0.isSpecific }) { return [] }
        let rated = all.filter(\.support.isOfSubject)
        guard let best = rated.first else { return [] }
        // What the best sentence lacks, others may say.
        return best.support.suffices(for: question) ? withoutOlderVersions(rated) : []
    }

    /// The words of the question that the passage of a sentence and its heading lack, as typed, each once. In scripts
    /// without spaces, the letters that stand together are a word.
    func missing(_ sentence: RankedSentence) -> [String] {
        let passage = evidence.sentences[sentence.index].passage
        var words: [String] = []
        var last: Int?
        for term in needed where evidence.wholes[passage][term] == 0 && evidence.contexts[passage][term] == 0 {
            let surface = question.terms[term].surface
            if last == term - 1, question.isContinued(at: term), let before = words.popLast() {
                words.append(before + surface)
            } else {
                words.append(surface)
            }
            last = term
        }
        var seen: Set<String> = []
        return words.filter { seen.insert($0).inserted }
    }

    /// The sentences that are nearest to the question, best first.
    ///
    /// - Parameter meaning: nil to compare only words.
    func ranked(by meaning: SentenceMeaning?) -> [RankedSentence] {
        let views = evidence.sentences.indices.filter { !evidence.sentences[$0].isHeading }
            .map { (index: $0, view: SentenceView(evidence, $0)) }
        let near = views.map { ($0.index, $0.view, relevance(of: $0.view)) }.filter { $0.2 > 0 }
            .sorted { ($0.2, $1.0) > ($1.2, $0.0) }.prefix(Self.mostRated)
        let rated = near.map { rate($0.0, $0.1, relevance: $0.2) }.sorted(by: Self.isBetter)
        guard let meaning else { return rated }
        var chosen = Array(rated.prefix(Self.mostByWords))
        // The best passages may say it in other words.
        let known = Set(chosen.map(\.index))
        let others = views.lazy.filter { !known.contains($0.index) }.prefix(Self.mostCompared - chosen.count)
        chosen += others.map { rate($0.index, $0.view, relevance: relevance(of: $0.view)) }
        let texts = chosen.map { evidence.sentences[$0.index].text }
        guard let cosines = try? meaning.cosines(of: texts), !cosines.isEmpty else { return rated }
        let average = cosines.reduce(0, +) / Double(cosines.count)
        return zip(chosen, cosines).map { $0.joined(with: .init(cosine: $1, average: average)) }
            .sorted(by: Self.isBetter)
    }

    private static func isBetter(_ one: RankedSentence, than other: RankedSentence) -> Bool {
        (one.score, other.index) > (other.score, one.index)
    }

    /// Sentences that are rated: others share too few words with the question for their form to matter.
    private static let mostRated = 60
    /// Sentences whose meaning is compared with that of the question, which takes 2 to 5 ms each.
    private static let mostCompared = 18
    /// Those among them that words choose; the best passages choose the rest.
    private static let mostByWords = 12

    private func relevance(of view: SentenceView) -> Double {
        guard total > 0 else { return 0 }
        let shared = question.terms.indices.reduce(0) { sum, term in
            sum + weights[term] * (question.terms[term].isWeak ? 0.25 : 1) * view.closeness(of: term)
        }
        let passageScore = topScore > 0 ? max(0, view.passage.score) / topScore : 1
        return shared / total * (0.7 + 0.3 * passageScore)
    }

    private func rate(_ index: Int, _ view: SentenceView, relevance: Double) -> RankedSentence {
        let score =
            relevance * AnswerShape.factor(of: view.sentence, for: question)
            * headingFactor(view) * adjacencyFactor(view.sentence) * nameFactor(view) * answerFactor(view)
        return RankedSentence(index: index, score: score, support: support(of: view, score))
    }

    private func support(of view: SentenceView, _ score: Double) -> SentenceSupport {
        func share(_ presence: (Int) -> Double, of terms: [Int]) -> Double {
            let total = terms.reduce(0) { $0 + weights[$1] }
            return total == 0 ? 1 : terms.reduce(0) { $0 + weights[$1] * presence($1) } / total
        }
        // An amount answers where it stands: one of the next sentence belongs to something else.
        let coverage = share(
            { term in
                if question.terms[term].measure != nil { return view.sentence.presence[term] > 0 ? 1 : 0 }
                return WordMatcher.isForm(view.presence(of: term)) ? 1 : view.presence(of: term)
            },
            of: needed)
        let subject = needed.filter { question.terms[$0].measure == nil }
        let isAboutWord =
            !question.asksForMeaning || needed.allSatisfy { view.context[$0] > 0 }
            || AnswerShape.isAbout(view.sentence, question)
        return SentenceSupport(
            coverage: coverage, own: share(view.own, of: needed),
            words: needed.reduce(0) { $0 + question.terms[$1].words },
            subject: subject.count == needed.count ? 1 : share(view.named, of: subject),
            isAboutWord: isAboutWord, missingLetters: missingLetters(view), score: score,
            wordScore: view.passage.wordScore)
    }

    /// Of the letters in scripts that do not separate words, the most in a row that the context lacks. One that stands
    /// alone is a word, and counts 2.
    private func missingLetters(_ view: SentenceView) -> Int {
        var (most, run) = (0, 0)
        for (index, term) in question.terms.enumerated() where !term.isSpaced && !term.isWeak {
            let weight = term.lettersOfRun == 1 ? 2 : 1
            // A letter without a common pair ends a run.
            let before = question.isContinued(at: index) ? run : 0
            run = view.presence(of: index) == 0 ? before + weight : 0
            most = max(most, run)
        }
        return most
    }

    /// Of the versions of a document, only the newest one that answers, unless an older one answers much better.
    private func withoutOlderVersions(_ ranked: [RankedSentence]) -> [RankedSentence] {
        func passage(of sentence: RankedSentence) -> EvidencePassage {
            evidence.passages[evidence.sentences[sentence.index].passage]
        }
        func newest(among sentences: [RankedSentence]) -> [String: String] {
            var best: [String: Double] = [:]
            var newest: [String: String] = [:]
            for sentence in sentences {
                let passage = passage(of: sentence)
                guard let version = passage.version else { continue }
                let top = best[passage.documentName] ?? sentence.score
                best[passage.documentName] = top
                guard sentence.score >= Self.newerVersion * top else { continue }
                newest[passage.documentName] = max(newest[passage.documentName] ?? "", version.date)
            }
            return newest
        }
        // What does not answer by itself does not replace what does.
        let newest = newest(among: ranked.filter { $0.support.suffices(for: question) })
            .merging(newest(among: ranked)) { answering, _ in answering }
        return ranked.filter { sentence in
            let passage = passage(of: sentence)
            guard let version = passage.version, let date = newest[passage.documentName] else { return true }
            return version.date == date
        }
    }

    /// Whether all passages lack one of the terms of a kind.
    private func passagesLack(where isOfKind: (QuestionTerm) -> Bool) -> Bool {
        question.terms.indices.contains { term in
            isOfKind(question.terms[term])
                && evidence.wholes.allSatisfy { $0[term] == 0 }
                && evidence.contexts.allSatisfy { $0[term] == 0 }
        }
    }

    // MARK: Factors

    /// Names and numbers define the topic. Passages without them score less; sentences that spell them exactly as the
    /// question does score more.
    private func nameFactor(_ view: SentenceView) -> Double {
        let names = question.terms.indices.filter { question.terms[$0].isSpecific }
        let total = names.reduce(0) { $0 + evidence.weights[$1] }
        guard total > 0 else { return 1 }
        let missing = names.filter { view.lacks($0) }.reduce(0) { $0 + evidence.weights[$1] }
        let exact = names.filter { view.sentence.spelled.contains($0) }.reduce(0) { $0 + evidence.weights[$1] }
        return 1 - 0.85 * missing / total + 0.3 * exact / total
    }

    /// Words that are adjacent both in the question and in the sentence belong together.
    private func adjacencyFactor(_ sentence: EvidenceSentence) -> Double {
        let pairs = question.terms.indices.dropLast().filter {
            !question.terms[$0].isWeak && !question.terms[$0 + 1].isWeak && question.terms[$0].isSpaced
        }
        return pairs.isEmpty
            ? 1 : 1 + 0.25 * Double(pairs.count(where: sentence.neighbours.contains)) / Double(pairs.count)
    }

    /// The share of the terms that make a heading or a question of the text the same as the question.
    private static let wholeQuestion = 0.75

    private func share(_ presence: [Double]) -> Double {
        needed.reduce(0) { $0 + presence[$1] } / Double(max(needed.count, 1))
    }

    /// A section whose heading repeats the question probably answers it.
    private func headingFactor(_ view: SentenceView) -> Double {
        let share = share(view.context)
        return share >= Self.wholeQuestion ? 1.4 : 1 + 0.2 * share
    }

    private func answerFactor(_ view: SentenceView) -> Double {
        share(view.asked) >= Self.wholeQuestion ? view.sentence.place?.factor ?? 1 : 1
    }
}
